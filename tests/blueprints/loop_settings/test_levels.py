"""/settings/service-levels: calendars, levels by tier and severity, and what follows of them."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.models import Job, ServiceCalendar
from portal.services.requests.levels import REWIND, LevelText, list_calendars, list_levels
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import field_of, text_of
from tests.services.requests.town import PAUL
from tests.world import INGRID, MARA, NOW

LEVELS = "/settings/service-levels"
WEEK = {f"hours_{day}": "9:00-12:00, 13:00–17:00" for day in range(5)}
OSLO = {"name": "Oslo", "zone": "Europe/Oslo", "country": "NO", "part": "", **WEEK}


@pytest.fixture
def paul(door: Door) -> FlaskClient:
    return door.sign_in(PAUL)


def keep_calendar(door: Door, client: FlaskClient, **more: str) -> str:
    assert client.post(f"{LEVELS}/calendars", data={**OSLO, **more}).status_code == 302
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return (
            session.scalars(select(ServiceCalendar.key).order_by(ServiceCalendar.id.desc())).first()
            or ""
        )


def levels(door: Door) -> dict[tuple[str, str], LevelText]:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return list_levels(session)


def test_a_calendar_is_kept_as_it_is_read(door: Door, paul: FlaskClient) -> None:
    assert "No calendar yet" in text_of(paul.get(LEVELS))
    assert 'value="09:00-17:00"' in field_of(paul.get(f"{LEVELS}/calendars/new"), "hours_0")
    key = keep_calendar(door, paul, days_off="2026-12-24\n2026-12-31")
    with door.world.database.session(system_scope(NOW, "test")) as session:
        row = list_calendars(session)[0]
    assert row.hours["0"] == [["09:00", "12:00"], ["13:00", "17:00"]]
    assert (row.holidays, row.days_off) == ("NO", ["2026-12-24", "2026-12-31"])
    assert "Mon–Fri 09:00–12:00, 13:00–17:00" in text_of(paul.get(LEVELS))
    shown = paul.get(f"{LEVELS}/calendars/{key}")
    assert 'value="09:00-12:00, 13:00-17:00"' in field_of(shown, "hours_4")


def test_what_cannot_be_read_stands_beside_its_field(paul: FlaskClient) -> None:
    wrong = {"hours_1": "17:00-09:00", "days_off": "Christmas", "part": "XYZ"}
    answer = paul.post(f"{LEVELS}/calendars", data={**OSLO, **wrong})
    assert answer.status_code == 422
    assert all("aria-invalid" in field_of(answer, name) for name in wrong)
    assert "aria-invalid" not in field_of(answer, "hours_0")
    assert "Christmas" in answer.text
    assert "Write spans like 09:00-17:00" in text_of(answer)


def test_levels_are_promised_in_a_calendar_and_what_is_due_follows(
    door: Door, paul: FlaskClient
) -> None:
    key = keep_calendar(door, paul)
    typed = {"blocking_first": "30 min", "blocking_solution": "1 h 30 min", "any_first": "8"}
    typed |= {"blocking_calendar": key, "any_calendar": key}
    assert paul.post(f"{LEVELS}/tiers/strategic", data=typed).status_code == 302
    assert levels(door) == {
        ("strategic", "blocking"): LevelText(key, 30, None, 90),
        ("strategic", ""): LevelText(key, 480),
    }
    with door.world.database.session(system_scope(NOW, "test")) as session:
        asked = session.scalars(select(Job.payload).where(Job.name == REWIND)).all()
    assert asked == [{"tier": "strategic"}]
    page = text_of(paul.get(f"{LEVELS}?tier=strategic&severity=blocking"))
    assert "We cannot work 30 min – 1 h 30 min Oslo" in page
    assert "(Europe/Oslo)" in page
    assert paul.post(f"{LEVELS}/tiers/strategic", data={"any_calendar": key}).status_code == 302
    assert levels(door) == {}


def test_a_level_that_cannot_be_read_keeps_what_was_typed(door: Door, paul: FlaskClient) -> None:
    key = keep_calendar(door, paul)
    typed = {"major_first": "soon", "major_update": "9999 h", "major_calendar": key}
    answer = paul.post(f"{LEVELS}/tiers/small", data=typed)
    assert answer.status_code == 422
    assert 'value="soon"' in field_of(answer, "major_first")
    assert "aria-invalid" in field_of(answer, "major_update")
    assert levels(door) == {}


def test_a_calendar_in_use_is_not_deleted(door: Door, paul: FlaskClient) -> None:
    key = keep_calendar(door, paul)
    typed = {"any_first": "8", "any_calendar": key}
    paul.post(f"{LEVELS}/tiers/small", data=typed)
    answer = paul.post(f"{LEVELS}/calendars/{key}/deletion", follow_redirects=True)
    assert "Service levels run in this calendar" in text_of(answer)
    paul.post(f"{LEVELS}/tiers/small", data={"any_calendar": key})
    paul.post(f"{LEVELS}/calendars/{key}/deletion")
    assert "No calendar yet" in text_of(paul.get(LEVELS))


def test_only_product_and_admin_settle_levels(door: Door, paul: FlaskClient) -> None:
    for email in (MARA, INGRID):
        assert door.sign_in(email).get(LEVELS).status_code == 403
        assert door.sign_in(email).post(f"{LEVELS}/tiers/small").status_code == 403
    assert paul.get(f"{LEVELS}/tiers/golden").status_code == 404
    assert paul.get(f"{LEVELS}/calendars/nothing").status_code == 404
