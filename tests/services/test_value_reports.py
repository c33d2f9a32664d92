"""Which periods a value report may have."""

from datetime import date

import pytest

from portal.db import Database
from portal.domain.errors import Invalid
from portal.domain.permissions import Role
from portal.services.value_reports import draft_report, list_reports, show_report
from portal.tenancy import Scope
from reports.figures import FigureKey
from tests.blueprints.usage import work
from tests.world import MARA, NOW, OSKELUND, build_world

SCOPE = Scope(user_id=None, role=Role.CSM, accounts=None, now=NOW, origin="test", actor=MARA)


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (date(2026, 7, 2), date(2026, 7, 1), "ends-before-it-begins"),
        (date(2025, 1, 1), date(2026, 1, 3), "too-long"),
        (date(2001, 12, 31), date(2002, 1, 31), "too-early"),
        (date(1, 1, 1), date(1, 1, 31), "too-early"),
        (NOW.date(), NOW.date(), "not-over"),
        (date(9999, 12, 1), date(9999, 12, 31), "not-over"),
    ],
)
def test_an_impossible_period_is_refused_and_leaves_no_draft(
    database: Database, first: date, last: date, code: str
) -> None:
    build_world(database)
    with database.session(SCOPE, writes=True) as session:
        with pytest.raises(Invalid) as refused:
            draft_report(session, OSKELUND.key, first, last)
        assert refused.value.code == code
        assert list_reports(session) == []


def test_the_earliest_period_can_be_looked_at(database: Database) -> None:
    build_world(database)
    with database.session(SCOPE, writes=True) as session:
        key = draft_report(session, OSKELUND.key, date(2002, 1, 1), date(2003, 1, 1))
        assert show_report(session, key).row.first == date(2002, 1, 1)


def test_active_people_are_counted_in_the_whole_period_and_of_those_set_up(
    database: Database,
) -> None:
    build_world(database)
    work(database, OSKELUND, range(1, 4), [date(2026, 7, 6)])
    work(database, OSKELUND, [4, 99], [date(2026, 9, 15)])
    with database.session(SCOPE, writes=True) as session:
        key = draft_report(session, OSKELUND.key, date(2026, 7, 1), date(2026, 9, 30))
        people = show_report(session, key).snapshot.figure(FigureKey.ACTIVE_PERSONS)
    assert people is not None
    assert (people.value, people.part, people.whole) == (5, 4, 6)
