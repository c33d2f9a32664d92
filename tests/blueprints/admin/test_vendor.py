"""The vendor's own settings, and who looks after which account."""

from tests.apps import Door
from tests.world import ADMIN, JONAS, MARA, OSKELUND, QUILLON


def test_the_name_stands_on_every_page_once_kept(door: Door) -> None:
    admin = door.sign_in(ADMIN)
    form = {"name": "  Acme   Cloud ", "locale": "en", "time_zone": "Europe/Oslo"}
    assert admin.post("/admin/settings", data=form).status_code == 302
    assert "Acme Cloud" in admin.get("/admin/settings").text
    assert "Acme Cloud" in door.visitor().get("/sign-in").text


def test_a_bad_setting_is_named_and_what_was_typed_kept(door: Door) -> None:
    admin = door.sign_in(ADMIN)
    form = {"name": "", "locale": "en", "time_zone": "Mars/Olympus"}
    answer = admin.post("/admin/settings", data=form)
    assert answer.status_code == 422
    assert "Give the name that your customers know." in answer.text
    assert "Ferrymark" in door.visitor().get("/sign-in").text


def test_an_account_changes_hands_and_desks(door: Door) -> None:
    admin, mara = door.sign_in(ADMIN), door.sign_in(MARA)
    assert mara.get(f"/accounts/{OSKELUND.key}/adoption").status_code == 200
    jonas = door.world.keys[JONAS]
    answer = admin.post(f"/admin/assignments/{OSKELUND.key}", data={"lead": jonas})
    assert answer.status_code == 302
    assert mara.get(f"/accounts/{OSKELUND.key}/adoption").status_code == 404
    assert door.sign_in(JONAS).get(f"/accounts/{OSKELUND.key}/adoption").status_code == 200


def test_only_the_vendors_people_look_after_accounts(door: Door) -> None:
    admin = door.sign_in(ADMIN)
    champion = door.world.keys[door.world.first_of("champion")]
    for lead in (champion, "no-such-person"):
        answer = admin.post(f"/admin/assignments/{QUILLON.key}", data={"lead": lead})
        assert answer.status_code == 422
    assert door.sign_in(JONAS).get(f"/accounts/{QUILLON.key}/adoption").status_code == 200


def test_others_may_not(door: Door) -> None:
    mara = door.sign_in(MARA)
    assert mara.get("/admin/settings").status_code == 403
    assert mara.post(f"/admin/assignments/{QUILLON.key}", data={}).status_code == 403
    assert door.visitor().get("/admin/assignments").status_code == 302
