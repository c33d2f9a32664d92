from sqlalchemy import select

from portal.db import Database
from portal.models import (
    Account,
)
from portal.tenancy import system_scope
from tests.services.imports.files import bring, problems
from tests.usage.sample import NOW


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
