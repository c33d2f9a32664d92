from portal.db import Database
from portal.domain.terms import Wording
from portal.services.terms import read_terms
from portal.tenancy import system_scope
from tests.services.imports.files import bring, problems
from tests.usage.sample import NOW

FILE = """kind,key,name_en,name_zh_hans,name_zh_hant
module,m,Mail,邮件,
region,north,Nordics,,北歐
""".encode()


def test_a_file_names_and_takes_names_back(database: Database) -> None:
    report = bring(database, "term", FILE)
    assert (report.added, report.changed) == (2, 0)
    assert bring(database, "term", FILE).unchanged == 2
    assert bring(database, "term", b"kind,key,name_en\nmodule,m,\nregion,south,\n").changed == 1
    with database.session(system_scope(NOW, "test")) as session:
        assert read_terms(session).wordings == {("region", "north"): Wording("Nordics", "", "北歐")}


def test_a_wrong_file_is_refused_whole(sqlite_database: Database) -> None:
    head = b"kind,key,name_en\n"
    assert problems(sqlite_database, "term", head + b"planet,mars,Mars\n") == [
        "row 2, kind: 'planet' is none of module, industry, region"
    ]
    twice = head + b"module,m,A\nmodule,m,B\n"
    assert problems(sqlite_database, "term", twice) == [
        "row 3, key: row 2 is of the same kind and key"
    ]
