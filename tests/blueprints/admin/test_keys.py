from portal.services.api_keys import create_key, list_keys
from portal.tenancy import system_scope
from tests.apps import Door
from tests.world import NOW


def made(door: Door, kind: str = "write") -> str:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        return create_key(session, "Shop", kind).key


def limits(door: Door) -> list[tuple[int | None, int | None]]:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return [(key.events_per_minute, key.requests_per_minute) for key in list_keys(session)]


def test_a_quota_is_set_shown_and_taken_away(door: Door) -> None:
    key, admin = made(door), door.role("admin")
    assert "no limit" in admin.get("/admin/keys").text
    assert admin.get(f"/admin/keys/{key}/quota").status_code == 200
    page = admin.post(
        f"/admin/keys/{key}/quota",
        data={"events_per_minute": "60000", "requests_per_minute": ""},
        follow_redirects=True,
    )
    assert "60,000 events" in page.text
    assert limits(door) == [(60_000, None)]
    assert 'value="60000"' in admin.get(f"/admin/keys/{key}/quota").text
    admin.post(f"/admin/keys/{key}/quota", data={})
    assert limits(door) == [(None, None)]


def test_a_quota_that_is_no_number_keeps_what_was_typed(door: Door) -> None:
    key, admin = made(door), door.role("admin")
    for wrong in ("many", "0", "-5", "1000000000000000000000", "9" * 400):
        page = admin.post(f"/admin/keys/{key}/quota", data={"events_per_minute": wrong})
        assert page.status_code == 422
        assert f'value="{wrong}"' in page.text
    assert limits(door) == [(None, None)]


def test_only_write_keys_have_one(door: Door) -> None:
    key = made(door, "api")
    answer = door.role("admin").post(f"/admin/keys/{key}/quota", data={"events_per_minute": "5"})
    assert answer.status_code == 422
    assert limits(door) == [(None, None)]


def test_a_key_may_be_made_with_its_quota(door: Door) -> None:
    admin, form = door.role("admin"), {"name": "Shop", "kind": "write", "account": ""}
    page = admin.post("/admin/keys", data={**form, "events_per_minute": "600"})
    assert page.status_code == 201
    assert limits(door) == [(600, None)]
    page = admin.post("/admin/keys", data={**form, "kind": "api", "events_per_minute": "600"})
    assert page.status_code == 422
    assert "Only a write key has a quota." in page.text
    assert 'value="600"' in page.text
