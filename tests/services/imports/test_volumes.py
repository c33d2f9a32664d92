from datetime import date
from decimal import Decimal

from portal.db import Database
from portal.services.volumes import volume_series
from portal.tenancy import system_scope
from tests.services.imports.files import VOLUMES, bring, bring_all, problems
from tests.usage.sample import NOW


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
