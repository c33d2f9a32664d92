import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from msgspec.structs import replace

from reports.figures import Definition, FigureKey, Unit
from reports.model import Author, Names, Note, Party, Snapshot, SnapshotError, Week, Window
from tests.reports.snapshots import AS_OF, SNAPSHOT, figure

STORED: dict[str, Any] = json.loads(SNAPSHOT.to_json())


def changed(**fields: object) -> str:
    return json.dumps({**STORED, **fields})


def test_a_snapshot_survives_its_json_byte_for_byte() -> None:
    again = Snapshot.from_json(SNAPSHOT.to_json())
    assert again == SNAPSHOT
    assert again.to_json() == SNAPSHOT.to_json()
    assert SNAPSHOT.checked() == SNAPSHOT


def test_times_are_stored_in_utc_and_days_as_days() -> None:
    assert STORED["published_at"] == "2026-10-06T08:00:00Z"
    assert STORED["period"] == {"first": "2026-07-01", "last": "2026-09-30"}
    assert STORED["features"][0]["names"]["zh-Hans"] == "审批链"
    assert STORED["schema"] == 1


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        ("{", "cannot be read"),
        (b"\xff", "cannot be read"),
        ("{}", "missing required field `schema`"),
        (changed(schema=2), "Schema 2 of the snapshot is not known here, only 1"),
        (changed(colour="red"), "unknown field `colour`"),
        (changed(version=0), r"`int` >= 1 - at `\$.version`"),
        (changed(version="2"), r"Expected `int`, got `str` - at `\$.version`"),
        (changed(time_zone="Oslo"), "'Oslo' is no time zone"),
        (changed(published_at="2026-10-06T10:00:00+02:00"), "must be a time in UTC"),
        (changed(published_at="2026-10-06T10:00:00"), r"timezone component - at `\$.published_at`"),
        (changed(weeks=STORED["weeks"][:2][::-1]), "weeks must rise, 2026-06-29 follows"),
        (changed(calls=STORED["calls"][:1] * 2), "calls must rise"),
        (changed(notes=STORED["notes"][:1] * 2), "notes holds en twice"),
        (changed(notes=[{"locale": "fr", "paragraphs": ["x"]}]), "Invalid enum value 'fr'"),
        (changed(features=STORED["features"][:1] * 2), "features holds approval_chains twice"),
        (changed(figures=STORED["figures"][:1] * 2), "figures holds activation_rate twice"),
        (changed(period={"first": "2026-07-02", "last": "2026-07-01"}), "before it begins"),
    ],
)
def test_what_is_no_snapshot_is_refused_with_place_and_reason(
    stored: str | bytes, reason: str
) -> None:
    with pytest.raises(SnapshotError, match=reason):
        Snapshot.from_json(stored)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("key", "happiness", r"Invalid enum value 'happiness' - at `\$.figures\[0\].key`"),
        ("as_of", None, "figures"),
        ("unit", "calls", "activation_rate is measured in ratio, not calls"),
        ("value", -1, "figures"),
        ("sources", [], "figures"),
    ],
)
def test_a_wrong_figure_is_named(field: str, value: object, reason: str) -> None:
    wrong = {**STORED["figures"][0], field: value}
    with pytest.raises(SnapshotError, match=reason):
        Snapshot.from_json(changed(figures=[wrong]))


def test_a_figure_built_with_a_local_time_is_refused() -> None:
    oslo = timezone(timedelta(hours=2))
    with pytest.raises(ValueError, match="as_of must be a time in UTC"):
        replace(figure(FigureKey.MAU, 1, Definition.MAU), as_of=AS_OF.astimezone(oslo))


def test_building_one_with_a_wrong_type_is_found_when_checked() -> None:
    wrong = replace(SNAPSHOT, version=0)
    with pytest.raises(SnapshotError, match="version"):
        wrong.checked()


def test_a_week_begins_on_monday() -> None:
    with pytest.raises(ValueError, match="2026-07-01 is none"):
        Week(monday=date(2026, 7, 1), active=1, provisioned=1)


def test_a_snapshot_may_be_all_but_empty() -> None:
    day = date(2026, 7, 1)
    bare = Snapshot(
        account=Party(key="a", name="A"),
        vendor=Party(key="v", name="V"),
        period=Window(first=day, last=day),
        time_zone="Asia/Taipei",
        author=Author(name="Mara Quill", written_on=day),
        version=1,
        published_at=None,
    )
    assert Snapshot.from_json(bare.to_json()) == bare
    assert bare.figure(FigureKey.MAU) is None
    assert bare.note("en") is None


def test_a_figure_is_found_by_its_key() -> None:
    found = SNAPSHOT.figure(FigureKey.LOGIN_RATIO)
    assert found is not None
    assert found.unit is Unit.RATIO


def test_words_fall_back_to_the_nearest_language() -> None:
    def locale_for(asked: str, *written: str) -> str:
        notes = tuple(Note(locale=one, paragraphs=("x",)) for one in written)  # type: ignore[arg-type] # known locales
        found = replace(SNAPSHOT, notes=notes).note(asked)
        assert found is not None
        return found.locale

    assert locale_for("zh-Hant", "en", "zh-Hans") == "zh-Hans"
    assert locale_for("zh-Hans", "en", "zh-Hant") == "zh-Hant"
    assert locale_for("en", "zh-Hans", "en") == "en"
    assert locale_for("en", "zh-Hant", "zh-Hans") == "zh-Hant"


def test_names_fall_back_to_the_nearest_language() -> None:
    only_hans = Names(en="Chains", zh_hans="审批链")
    assert only_hans.said_in("zh-Hant") == "审批链"
    assert Names(en="Chains", zh_hant="簽核鏈").said_in("zh-Hans") == "簽核鏈"
    assert Names(en="Chains").said_in("zh-Hans") == "Chains"
    assert only_hans.said_in("en") == "Chains"


def test_the_cast_is_frozen() -> None:
    with pytest.raises(AttributeError):
        SNAPSHOT.version = 3  # type: ignore[misc] # that is the point
    assert SNAPSHOT.published_at == datetime(2026, 10, 6, 8, 0, tzinfo=UTC)
