import pytest

from portal.db import Database
from portal.domain.terms import TermKind
from portal.services.catalogue.rules import rule_owners
from portal.services.terms import read_terms
from portal.tenancy import system_scope
from tests.services.imports.files import bring, problems
from tests.usage.sample import NOW


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


def test_the_file_may_name_modules(database: Database) -> None:
    header = b"key,event,name_en,core,module,module_name_en,module_name_zh_hant\n"
    named = header + "a,A,A,no,m,Mail,信件\nb,B,B,no,m,Mail,信件\nc,C,C,no,n,,\n".encode()
    assert bring(database, "feature", named).added == 3
    assert _module(database) == ["Mail", "Mail", "信件"]
    twice = header + b"d,D,D,no,m,Mail,\ne,E,E,no,m,Post,\n"
    assert problems(database, "feature", twice) == [
        "row 3, module: its names differ from those in a row above"
    ]
    # Without the columns, or without any name, names stay.
    bring(database, "feature", header + b"f,F,F,no,m,,\n")
    bring(database, "feature", b"key,event,name_en,core,module\ng,G,G,no,m\n")
    assert _module(database) == ["Mail", "Mail", "信件"]


def _module(database: Database) -> list[str]:
    with database.session(system_scope(NOW, "test")) as session:
        return [
            read_terms(session, locale).name(TermKind.MODULE, "m")
            for locale in ("en", "zh-Hans", "zh-Hant")
        ]
