"""`paceline account import` and its kin with files that are wrong: told where, nothing kept."""

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.cli import main
from portal.db import Database
from portal.models import Account, Entitlement, Feature, Person, UsageTold, VolumeItem
from portal.tenancy import system_scope
from tests.world import NOW, World, build_world

ACCOUNT = "key,name,time_zone,arr,currency\nacme,Acme,Europe/Oslo,1,EUR\n"
FEATURE = "key,event,name_en,core\nboards,Board Opened,Boards,yes\n"
VOLUME = "account,series,day,timestamp,value,id\noskelund-foods,orders,2026-01-31,,12.5,a\n"
DAYS = "day,account,user,event,count\n2026-01-31,oskelund-foods,u,Board Opened,3\n"
FILES = [
    ("account", "", "the file is empty"),
    ("account", "key;name;time_zone\n", "row 1: cells must be separated by commas"),
    ("account", "key,name\nacme,Acme\n", "row 1, time_zone: this column is missing"),
    ("account", ACCOUNT.replace("arr", "salary"), "row 1, salary: unknown column"),
    ("account", ACCOUNT + "globex,Globex,Mars/Base,1,EUR\n", "row 3, time_zone: "),
    ("account", ACCOUNT + "globex,Globex\n", "row 3: 2 cells, but the header has 5"),
    ("account", ACCOUNT + 'globex,"Globex\n', "row 3: not valid CSV"),
    ("account", ACCOUNT + "acme,Again,Europe/Oslo,1,EUR\n", "row 3, key: row 2 is of the same key"),
    ("account", ACCOUNT + "glo\x00bex,G,Europe/Oslo,1,EUR\n", "row 3, key: "),
    ("account", ACCOUNT + "globex,G,Europe/Oslo,1e999,EUR\n", "row 3, arr: "),
    ("account", ACCOUNT + "globex,G,Europe/Oslo,NaN,EUR\n", "row 3, arr: "),
    ("account", ACCOUNT + f"globex,{'G' * 140_000},Europe/Oslo,1,EUR\n", "row 3: not valid CSV"),
    ("person", "account,external_id,active_from\nacme,u,2026-01-01\n", "row 2, account: there is"),
    ("person", "account,external_id,active_from\noskelund-foods,u,9999-99-99\n", "row 2, active_"),
    ("feature", FEATURE + "maps,Map Opened,Maps,perhaps\n", "row 3, core: "),
    ("entitlement", "account,feature\noskelund-foods,no-such\n", "row 2, feature: "),
    ("volume", VOLUME + "no-such,orders,2026-01-31,,1,b\n", "row 3, account: there is no"),
    ("volume", VOLUME + "oskelund-foods,orders,2026-01-31,,1e9,b\n", "row 3, value: is a number"),
    ("volume", VOLUME + "oskelund-foods,orders,,,1,b\n", "row 3, day: is a day"),
    ("volume", VOLUME + "oskelund-foods,orders,,noon,1,b\n", "row 3, timestamp: is an ISO 8601"),
    ("volume", VOLUME + "oskelund-foods,hours,2026-01-31,,1,a\n", "row 3, id: row 2 is of the"),
    ("usage", DAYS + "2026-01-31,no-such,u,Board Opened,3\n", "row 3, account: there is no"),
    ("usage", DAYS + "soon,oskelund-foods,u,Board Opened,3\n", "row 3, day: is a day such as"),
    ("usage", DAYS + "2199-01-31,oskelund-foods,u,,3\n", "row 3, day: is in the future"),
    ("usage", DAYS + "2026-01-31,oskelund-foods,,Board Opened,3\n", "row 3, user: is a text"),
    ("usage", DAYS + "2026-01-31,oskelund-foods,v,,-1\n", "row 3, count: is a whole number"),
    ("usage", DAYS + "2026-01-31,oskelund-foods,v,,1000001\n", "row 3, count: is a whole number"),
    ("usage", DAYS + "2026-01-31,oskelund-foods,u,Board Opened,4\n", "row 3, event: row 2 is of"),
    ("usage", DAYS.replace(",event", ""), "row 1, event: this column is missing"),
]


OTHER_KINDS = [
    (b"\xff\xfek\x00", "the file is UTF-16"),
    (ACCOUNT.encode() + b"globex,Gr\xfcn,Europe/Oslo,1,EUR\n", "row 3: this is not UTF-8"),
    (b"\x00" * 500, "column"),
]


@dataclass
class CommandLine:
    """`paceline NOUN import` in this process, as in production but for the set-up of its logs."""

    world: World
    file: Path
    patch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]

    def refusal(self, noun: str, data: bytes) -> str:
        """What it says on standard error; it must end with 1."""
        self.file.write_bytes(data)
        self.patch.setattr(sys, "argv", ["paceline", noun, "import", str(self.file)])
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == 1
        return self.capture.readouterr().err

    def all_keys(self) -> list[list[str]]:
        columns = (
            Account.key,
            Person.external_id,
            Feature.key,
            Entitlement.feature_id,
            VolumeItem.item_id,
            UsageTold.external_id,
        )
        with self.world.database.session(system_scope(NOW, "test")) as session:
            return [sorted(map(str, session.scalars(select(column)))) for column in columns]


@pytest.fixture
def command_line(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> CommandLine:
    monkeypatch.setenv("PACELINE_ENVIRONMENT", "test")
    monkeypatch.setenv("PACELINE_DATABASE_URL", database.url)
    monkeypatch.setenv("PACELINE_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("portal.commands.context.configure_logging", lambda _environment: None)
    return CommandLine(build_world(database), tmp_path / "wrong.csv", monkeypatch, capsys)


@pytest.mark.parametrize(
    ("noun", "data", "told"),
    [(noun, text.encode(), told) for noun, text, told in FILES]
    + [("account", data, told) for data, told in OTHER_KINDS],
)
def test_a_wrong_file_is_told_by_row_and_column_and_nothing_kept(
    command_line: CommandLine, noun: str, data: bytes, told: str
) -> None:
    before = command_line.all_keys()
    said = command_line.refusal(noun, data)
    assert said.startswith("Error: ")
    assert told in said
    assert "Traceback" not in said
    assert command_line.all_keys() == before
