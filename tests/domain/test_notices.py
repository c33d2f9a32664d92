import pytest

from portal.domain.notices import USUAL, Notified, Way, kinds_for, mentioned, way_of, ways_for
from portal.domain.permissions import Role

NAMES = {1: "Ann Li", 2: "Anna Berg", 3: "王小明", 4: "Bo Li", 5: "Bo Berg", 6: ""}


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("@Ann Li, look", {1}),
        ("@ann: look", {1}),
        ("@Anna", {2}),
        ("@Annabel", set()),
        ("请@王小明看一下", {3}),
        ("＠王小明", {3}),
        ("@Bo", set()),
        ("@bo berg and @Anna Berg", {5, 2}),
        ("mail ann@li.example", set()),
        ("Ann Li", set()),
        ("@", set()),
    ],
)
def test_whom_a_text_mentions(text: str, whom: set[int]) -> None:
    assert mentioned(text, NAMES) == whom


def test_what_is_chosen_goes_before_what_is_usual() -> None:
    assert way_of(Notified.MENTIONED, {}) is Way.NOW
    assert way_of(Notified.MENTIONED, {"mentioned": "off"}) is Way.OFF
    assert way_of(Notified.FOLLOWED_MOVED, {"mentioned": "off"}) is Way.DIGEST
    assert way_of(Notified.FOLLOWED_MOVED, {"followed_moved": "no-such-way"}) is Way.DIGEST


def test_every_kind_is_chosen_by_somebody() -> None:
    assert {kind for role in Role for kind in kinds_for(role)} == set(Notified)
    assert all(USUAL[kind] in ways_for(kind) for kind in Notified)


def test_what_is_new_comes_by_a_mail_of_its_own() -> None:
    assert ways_for(Notified.WHATS_NEW) == (Way.WEEKLY, Way.DIGEST, Way.OFF)
    assert [kind for kind in Notified if Way.WEEKLY in ways_for(kind)] == [Notified.WHATS_NEW]


def test_floods_are_for_administrators_and_never_in_the_daily_mail() -> None:
    told = {role for role in Role if Notified.FLOODED in kinds_for(role)}
    assert told == {Role.ADMIN}
    assert Way.DIGEST not in ways_for(Notified.FLOODED)
    assert way_of(Notified.FLOODED, {"flooded": "digest"}) is Way.NOW
