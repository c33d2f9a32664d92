from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.models import (
    Account,
    AccountQuota,
    AuditEntry,
    CatalogueState,
    Edition,
    EditionQuota,
    Entitlement,
    Feature,
    Person,
)
from portal.services.catalogue.editions import create_edition
from portal.services.catalogue.rules import rule_owners
from portal.services.imports import (
    ImportRefused,
    ImportReport,
    import_accounts,
    import_entitlements,
    import_features,
    import_outcomes,
    import_people,
    import_quotas,
    import_usage_days,
    import_volumes,
)
from portal.services.volumes import volume_series
from portal.tenancy import system_scope
from tests.usage.sample import NOW

ACCOUNTS = b"""key,name,time_zone,tier,industry,region,seats,currency,arr,\
contract_start,contract_end,go_live
acme,Acme GmbH,Europe/Berlin,strategic,retail,north,40,EUR,12000.50,2026-01-01,2026-12-31,
globex,\xe7\x92\x83\xe5\x88\xa9,Asia/Shanghai,,,,,,,,,
"""
PEOPLE = b"""account,external_id,name,email,team,decision_role,active_from,active_until
acme,7,Ada,ada@acme.example,Sales,sponsor,2026-01-01,
acme,8,,,,,2026-02-01,2026-03-01
globex,7,Bo,,,,2026-01-01,
"""
FEATURES = b"""key,event,name_en,name_zh,module,core,kind,depth_target_per_week
orders,Order Created,Orders,\xe8\xae\xa2\xe5\x8d\x95,Core,yes,process,2.5
chat,Chat Opened,Chat,,,no,,
"""
ENTITLEMENTS = b"account,feature\nacme,orders\nacme,chat\nglobex,orders\n"
VOLUMES = b"""account,series,timestamp,value,id,name_en,unit
acme,orders,2026-02-01T23:30:00Z,5,a,Orders,pcs
acme,orders,2026-02-02T08:00:00+01:00,-1.5,b,,
globex,hours,2026-02-01T16:00:00Z,3,a,,h
"""
OUTCOMES = b"""account,day,outcome,amount,currency,note
acme,2026-01-31,renewed,12000.50,EUR,
globex,2026-01-15,left,,,They moved on
"""
QUOTAS = b"""edition,account,measure,amount
,acme,integration_calls,1000
,globex,volume:orders,12.5
"""
DAYS = b"""day,account,user,event,count,minutes
2026-02-01,acme,7,Order Created,5,2.5
2026-02-01,acme,7,,1,
2026-02-01,globex,7,Order Created,5,
"""
IMPORTS = {
    "account": (import_accounts, ACCOUNTS),
    "person": (import_people, PEOPLE),
    "feature": (import_features, FEATURES),
    "entitlement": (import_entitlements, ENTITLEMENTS),
    "outcome": (import_outcomes, OUTCOMES),
    "quota": (import_quotas, QUOTAS),
    "volume": (import_volumes, VOLUMES),
    "usage": (import_usage_days, DAYS),
}


def bring(
    database: Database, noun: str, data: bytes | None = None, *, dry_run: bool = False
) -> ImportReport:
    run, standard = IMPORTS[noun]
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        return run(session, standard if data is None else data, dry_run=dry_run)


def bring_all(database: Database) -> None:
    for noun in IMPORTS:
        bring(database, noun)


def problems(database: Database, noun: str, data: bytes) -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        bring(database, noun, data)
    return [str(error) for error in refused.value.errors]


def test_everything_arrives(database: Database) -> None:
    bring_all(database)
    with database.session(system_scope(NOW, "test")) as session:
        acme, globex = session.scalars(select(Account).order_by(Account.key))
        assert (acme.name, acme.seats, acme.arr) == ("Acme GmbH", 40, Decimal("12000.50"))
        assert (acme.contract_end, acme.go_live) == (date(2026, 12, 31), None)
        assert (globex.name, globex.tier, globex.seats) == ("璃利", "standard", None)
        people = session.scalars(select(Person).order_by(Person.account_id, Person.external_id))
        assert [(one.name, one.active_until) for one in people] == [
            ("Ada", None),
            ("", date(2026, 3, 1)),
            ("Bo", None),
        ]
        orders = session.scalars(select(Feature).where(Feature.key == "orders")).one()
        assert (orders.core, orders.kind, orders.name_zh) == (True, "process", "订单")
        assert orders.depth_target_per_week == Decimal("2.5")
        assert len(session.scalars(select(Entitlement)).all()) == 3
        actions = set(session.scalars(select(AuditEntry.action)))
    assert actions == {f"{noun}.imported" for noun in IMPORTS}


def test_the_same_again_changes_nothing(database: Database) -> None:
    bring_all(database)
    for noun, (_, data) in IMPORTS.items():
        report = bring(database, noun, data)
        assert (report.added, report.changed) == (0, 0)
        assert report.unchanged == report.rows > 0


def edition_of(database: Database, key: str) -> str | None:
    with database.session(system_scope(NOW, "test")) as session:
        wanted = select(Edition.key).join(Account, Account.edition_id == Edition.id)
        return session.scalar(wanted.where(Account.key == key))


def catalogue_version(database: Database) -> int:
    with database.session(system_scope(NOW, "test")) as session:
        return session.scalar(select(CatalogueState.version)) or 0


def test_accounts_come_with_their_edition(database: Database) -> None:
    """A file without the column leaves it, an empty cell takes it away."""
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        create_edition(session, "team", "Team", "", [])
        create_edition(session, "firm", "Firm", "", [])
    head, row = b"key,name,time_zone", b"acme,Acme,UTC"
    assert bring(database, "account", head + b",edition\n" + row + b",team\n").added == 1
    assert edition_of(database, "acme") == "team"
    for cell, changes in ((b"team", 0), (b"firm", 1), (b"", 1)):
        version = catalogue_version(database)
        report = bring(database, "account", head + b",edition\n" + row + b"," + cell + b"\n")
        assert report.changed == changes
        assert edition_of(database, "acme") == (cell.decode() or None)
        assert catalogue_version(database) == version + changes
        assert bring(database, "account", head + b"\n" + row + b"\n").changed == 0
    wrong = head + b",edition\n" + row + b",gold\n"
    assert problems(database, "account", wrong) == ["row 2, edition: there is no edition 'gold'"]


def test_quotas_are_of_an_edition_or_an_account(database: Database) -> None:
    bring_all(database)
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        create_edition(session, "team", "Team", "", [])
    head = b"edition,account,measure,amount\n"
    report = bring(
        database, "quota", head + b"team,,integration_calls,5\n,acme,integration_calls,\n"
    )
    assert (report.added, report.changed) == (1, 1)
    with database.session(system_scope(NOW, "test")) as session:
        assert session.scalars(select(EditionQuota.amount)).all() == [Decimal(5)]
        assert session.scalars(select(AccountQuota.measure)).all() == ["volume:orders"]
    wrong = (
        b"team,acme,integration_calls,5\n,,integration_calls,5\ngold,,integration_calls,5\n"
        b",nobody,seats,0\n,acme,volume:Orders,1\n,acme,integration_calls,1\n"
        b",acme,integration_calls,1\n"
    )
    assert problems(database, "quota", head + wrong) == [
        "row 2, account: give an edition or an account, and not both",
        "row 3, account: give an edition or an account, and not both",
        "row 4, edition: there is no edition 'gold'",
        "row 5, account: there is no account 'nobody'",
        "row 5, amount: A number above 0, at most 999999999999.999999, is needed.",
        "row 5, measure: integration_calls, or volume: and the key of a series.",
        "row 6, measure: integration_calls, or volume: and the key of a series.",
        "row 8, measure: stands twice for the same account",
    ]


def test_accounts_keep_the_holidays_of_their_country(database: Database) -> None:
    head, row = b"key,name,time_zone,holidays\n", b"acme,Acme,UTC,"
    bring(database, "account", head + row + b"de-by\n")
    with database.session(system_scope(NOW, "test")) as session:
        assert session.scalar(select(Account.holidays)) == "DE-BY"
    (said,) = problems(database, "account", head + row + b"DE-XX\n")
    assert said.startswith("row 2, holidays: 'DE-XX' has no calendar")


def test_rows_are_changed_by_their_key(database: Database) -> None:
    bring_all(database)
    data = b"key,name,time_zone,seats\nacme,Acme AG,Europe/Zurich,\nnew,New,UTC,3\n"
    report = bring(database, "account", data)
    assert (report.added, report.changed, report.unchanged) == (1, 1, 0)
    with database.session(system_scope(NOW, "test")) as session:
        acme = session.scalars(select(Account).where(Account.key == "acme")).one()
        assert (acme.name, acme.time_zone, acme.seats) == ("Acme AG", "Europe/Zurich", None)
        assert acme.tier == "strategic"


def test_a_dry_run_tells_and_does_nothing(database: Database) -> None:
    report = bring(database, "account", dry_run=True)
    assert (report.added, report.dry_run) == (2, True)
    assert bring(database, "account").added == 2
    changed = ACCOUNTS.replace(b"Acme GmbH", b"Acme AG")
    assert bring(database, "account", changed, dry_run=True).changed == 1
    assert bring(database, "account").unchanged == 2


def test_a_byte_order_mark_and_windows_lines(database: Database) -> None:
    data = b"\xef\xbb\xbf" + ACCOUNTS.replace(b"\n", b"\r\n")
    assert bring(database, "account", data).added == 2
    assert bring(database, "account").unchanged == 2


def test_every_wrong_cell_is_named_and_nothing_is_imported(database: Database) -> None:
    data = b"""key,name,time_zone,tier,seats,currency,arr,contract_start,contract_end
good,Good,UTC,,,,,,
no key,X,UTC,,,,,,
b,,UTC,,,,,,
c,C,Mars/Olympus,,,,,,
d,D,UTC,gold,,,,,
e,E,UTC,,-5,,,,
f,F,UTC,,,eur,12,,
g,G,UTC,,,EUR,twelve,,
h,H,UTC,,,,12,,
i,I,UTC,,,,,2026-13-01,
j,J,UTC,,,,,2026-02-01,2026-01-01
good,Again,UTC,,,,,,
k,K,UTC
"""
    found = problems(database, "account", data)
    assert [one.split(":")[0] for one in found] == [
        "row 3, key",
        "row 4, name",
        "row 5, time_zone",
        "row 6, tier",
        "row 7, seats",
        "row 8, currency",
        "row 9, arr",
        "row 10, currency",
        "row 11, contract_start",
        "row 12, contract_end",
        "row 13, key",
        "row 14",
    ]
    with database.session(system_scope(NOW, "test")) as session:
        assert session.scalars(select(Account)).all() == []


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "the file is empty"),
        (b"key;name;time_zone\nacme;Acme;UTC\n", "row 1: cells must be separated by commas"),
        (b"key,name\n", "row 1, time_zone: this column is missing"),
        (b"key,name,time_zone,colour\n", "row 1, colour: unknown column"),
        (b"key,name,time_zone,name\n", "row 1, name: this column stands there twice"),
        (b"key,name,time_zone\na,\xe4,UTC\n", "row 2: this is not UTF-8"),
        ("key,name,time_zone\n".encode("utf-16"), "the file is UTF-16, not UTF-8"),
        (b'key,name,time_zone\na,"open,UTC\n', "row 2: not valid CSV"),
        (b"key,name,time_zone\na,A\x00,UTC\n", "row 2, name: holds a zero character"),
        (b"key,name,time_zone\na," + b"x" * 140_000 + b",UTC\n", "row 2: not valid CSV"),
    ],
)
def test_files_that_are_no_table(sqlite_database: Database, data: bytes, problem: str) -> None:
    (found,) = problems(sqlite_database, "account", data)
    assert found.startswith(problem)


def test_persons_need_their_account_and_days(sqlite_database: Database) -> None:
    bring(sqlite_database, "account")
    data = b"""account,external_id,active_from,active_until,email
umbrella,1,2026-01-01,,
acme,,2026-01-01,,
acme,2,,,
acme,3,2026-02-01,2026-01-01,
acme,4,2026-02-01,,nobody
acme,5,20260201,,
"""
    found = problems(sqlite_database, "person", data)
    assert [one.split(":")[0] for one in found] == [
        "row 2, account",
        "row 3, external_id",
        "row 4, active_from",
        "row 5, active_until",
        "row 6, email",
        "row 7, active_from",
    ]


def test_an_event_leads_to_one_feature(database: Database) -> None:
    bring(database, "feature")
    header = b"key,event,name_en,core\n"
    taken = problems(database, "feature", header + b"other,Chat Opened,Other,no\n")
    assert taken == ["row 2, event: belongs to feature 'chat' already"]
    exchanged = header + b"orders,Chat Opened,Orders,yes\nchat,Order Created,Chat,no\n"
    assert bring(database, "feature", exchanged).changed == 2


def rules(database: Database) -> dict[str, set[str]]:
    with database.session(system_scope(NOW, "test")) as session:
        found: dict[str, set[str]] = {}
        for text, key in rule_owners(session).items():
            found.setdefault(str(key), set()).add(str(text))
    return found


def test_a_feature_may_have_several_rules(database: Database) -> None:
    bring(database, "feature")
    header = b"key,event,name_en,core,activation\n"
    several = header + b"orders,Order Created; order.*|sale [kind=web],Orders,yes,yes\n"
    assert bring(database, "feature", several).changed == 1
    assert rules(database)["orders"] == {"Order Created", "order.*", "sale [kind=web]"}
    assert bring(database, "feature", several).unchanged == 1
    assert bring(database, "feature", several.replace(b"order.*|", b"")).changed == 1
    assert rules(database)["orders"] == {"Order Created", "sale [kind=web]"}
    taken = problems(database, "feature", header + b"x,sale [kind=web],X,no,no\n")
    assert taken == ["row 2, event: belongs to feature 'orders' already"]
    wrong = problems(database, "feature", header + b"x,a [b,X,no,no\n")
    assert wrong[0].startswith("row 2, event: 'a [b' is no event name")


@pytest.mark.parametrize("target", [b"0", b"-1", b"much", b"NaN", b"1e99"])
def test_a_target_is_above_nothing(sqlite_database: Database, target: bytes) -> None:
    data = b"key,event,name_en,core,depth_target_per_week\na,A,A,yes," + target + b"\n"
    (found,) = problems(sqlite_database, "feature", data)
    assert found.startswith("row 2, depth_target_per_week")


def test_entitlements_need_account_and_feature(sqlite_database: Database) -> None:
    bring(sqlite_database, "account")
    bring(sqlite_database, "feature")
    found = problems(sqlite_database, "entitlement", b"account,feature\nacme,x\ny,orders\n")
    assert found == [
        "row 2, feature: there is no feature 'x'",
        "row 3, account: there is no account 'y'",
    ]


def test_many_errors_are_cut_short(sqlite_database: Database) -> None:
    rows = "".join(f"{n},X,Nowhere\n" for n in range(250))
    with pytest.raises(ImportRefused) as refused:
        bring(sqlite_database, "account", f"key,name,time_zone\n{rows}".encode())
    assert (len(refused.value.errors), refused.value.more) == (100, 150)
    assert "more" in refused.value.message


def test_volume_belongs_to_the_day_over_there(database: Database) -> None:
    bring_all(database)
    first, last = date(2026, 2, 1), date(2026, 2, 2)
    with database.session(system_scope(NOW, "test")) as session:
        acme, globex = (volume_series(session, key, first, last) for key in ("acme", "globex"))
    assert [(one.key, one.name("en"), one.unit) for one in acme] == [("orders", "Orders", "pcs")]
    assert acme[0].days == [(first, Decimal(0)), (last, Decimal("3.5"))]
    assert globex[0].days == [(first, Decimal(0)), (last, Decimal(3))]


def test_volume_is_tried_without_being_kept(database: Database) -> None:
    bring(database, "account")
    assert bring(database, "volume", dry_run=True).added == 3
    assert bring(database, "volume").added == 3
    other = VOLUMES.replace(b"-1.5", b"-1.6") + b"acme,x,2026-02-03T08:00:00Z,1,c,,\n"
    wrong = problems(database, "volume", other)
    assert [one.partition(":")[0] for one in wrong] == ["row 3, id"]
    with database.session(system_scope(NOW, "test")) as session:
        assert len(volume_series(session, "acme", date(2026, 2, 1), date(2026, 2, 9))) == 1


def groups(database: Database) -> dict[str, str | None]:
    """Account → the group that it is part of."""
    with database.session(system_scope(NOW, "test")) as session:
        rows = session.execute(select(Account.id, Account.key, Account.parent_id)).all()
    keys = {row.id: row.key for row in rows}
    return {row.key: keys.get(row.parent_id) for row in rows}


def test_accounts_are_part_of_groups_wherever_these_stand(database: Database) -> None:
    header = b"key,name,time_zone,parent\n"
    data = header + b"north,North,UTC,group\ngroup,Group,UTC,\nsouth,South,UTC,group\n"
    assert bring(database, "account", data).added == 3
    assert groups(database) == {"north": "group", "south": "group", "group": None}
    assert bring(database, "account", data).unchanged == 3
    moved = header + b"south,South,UTC,\nnorth,North,UTC,south\n"
    assert bring(database, "account", moved, dry_run=True).changed == 2
    assert groups(database)["north"] == "group"
    assert bring(database, "account", moved).changed == 2
    assert groups(database) == {"north": "south", "south": None, "group": None}
    # A file without the column leaves them as they are.
    assert bring(database, "account", b"key,name,time_zone\nnorth,North,UTC\n").unchanged == 1
    assert groups(database)["north"] == "south"


def test_a_circle_of_groups_is_refused_by_its_row(database: Database) -> None:
    header = b"key,name,time_zone,parent\n"
    bring(database, "account", header + b"a,A,UTC,\nb,B,UTC,a\nc,C,UTC,b\n")
    found = problems(database, "account", header + b"a,A,UTC,c\nd,D,UTC,a\n")
    assert found == ["row 2, parent: makes a circle: a → c → b → a"]
    assert problems(database, "account", header + b"x,X,UTC,x\n") == [
        "row 2, parent: makes a circle: x → x"
    ]
    both = problems(database, "account", header + b"x,X,UTC,y\ny,Y,UTC,x\n")
    assert [one.split(":")[0] for one in both] == ["row 2, parent", "row 3, parent"]
    assert problems(database, "account", header + b"x,X,UTC,nobody\n") == [
        "row 2, parent: there is no account 'nobody'"
    ]
    assert groups(database) == {"a": None, "b": "a", "c": "b"}


def test_wrong_outcomes_are_named(sqlite_database: Database) -> None:
    bring(sqlite_database, "account")
    data = b"""account,day,outcome,amount,currency
acme,2026-01-31,won,,
umbrella,2026-01-31,left,,
acme,2099-01-31,left,,
acme,2026-01-30,shrank,12,
acme,,left,,
acme,2026-01-29,left,,
acme,2026-01-29,shrank,,
"""
    found = problems(sqlite_database, "outcome", data)
    assert [one.split(":")[0] for one in found] == [
        "row 2, outcome",
        "row 3, account",
        "row 4, day",
        "row 5, currency",
        "row 6, day",
        "row 8, day",
    ]
