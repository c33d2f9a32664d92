from sqlalchemy import delete, update

from portal.db import Database
from portal.models import Account, UsageDay, UsageNameDay
from portal.tenancy import system_scope
from portal.usage.comparison import compare_with_log
from portal.usage.fold import fold_pending
from portal.usage.rebuild import rebuild
from tests.usage.brute_force import truth_of
from tests.usage.checks import assert_exact
from tests.usage.sample import NOW, ZONES, load_lists, make_sample, send, send_all


def test_thrown_away_and_made_again(database: Database) -> None:
    sample = make_sample(bursts=40)
    load_lists(database, sample)
    send_all(database, sample.events)
    fold_pending(database, NOW)
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(delete(UsageNameDay))
        session.execute(update(UsageDay).values(events=0))
        session.commit()
    assert len(compare_with_log(database, NOW).differences) == 100
    rebuild(database, NOW)
    assert_exact(database, truth_of(sample))
    # What arrives afterwards is counted on top of it.
    send_all(database, sample.events)
    assert fold_pending(database, NOW).events == 0


def test_a_new_zone_moves_the_days_of_its_account_alone(database: Database) -> None:
    sample = make_sample(bursts=40)
    load_lists(database, sample)
    send_all(database, sample.events[50:])
    fold_pending(database, NOW)
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        account = update(Account).where(Account.key == "acme").values(time_zone="Asia/Tokyo")
        session.execute(account)
        session.commit()
    send(database, sample.events[:50])
    fold_pending(database, NOW)
    assert_exact(database, truth_of(sample, zones={**ZONES, "acme": "Asia/Tokyo"}))


def test_nothing_to_compare_is_no_difference(database: Database) -> None:
    compared = compare_with_log(database, NOW)
    assert (compared.checked, compared.differences, compared.settled) == (0, [], True)
