from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.models import Entitlement, Feature
from portal.services.audit import record
from portal.services.catalogue.version import raise_version
from portal.services.imports import cells
from portal.services.imports.table import (
    Column,
    Comparison,
    ImportReport,
    Table,
    read_table,
)
from portal.usage.store import accounts_by_key

COLUMNS = (
    Column("account", cells.account_key),
    Column("feature", cells.text(120, needed=True)),
)
Pair = tuple[int, int]


def import_entitlements(session: Session, data: bytes, *, dry_run: bool = False) -> ImportReport:
    """Adds what accounts are entitled to beside their edition; takes nothing away. Raises
    ImportRefused. Commits.
    """
    table = read_table(data, COLUMNS, ("account", "feature"))
    pairs = _pairs(session, table)
    table.check()
    stored = {(one.account_id, one.feature_id): one for one in session.scalars(select(Entitlement))}
    found = Comparison(len(table.rows))
    for account, feature in pairs:
        known = stored.get((account, feature))
        if known is None:
            found.new.append({"account_id": account, "feature_id": feature, "included": True})
        elif not known.included:
            found.changed.append((known, {"included": True}))
    if not dry_run:
        if found.new:
            session.execute(insert(Entitlement), found.new)
        found.apply()
        record(session, "entitlement.imported", "entitlement", "", **found.counts())
        raise_version(session)
        session.commit()
    return found.report("entitlement", dry_run=dry_run)


def _pairs(session: Session, table: Table) -> list[Pair]:
    accounts = accounts_by_key(session, {row.get("account", "") for _, row in table.rows})
    features = {row.key: row.id for row in session.execute(select(Feature.key, Feature.id))}
    found: list[Pair] = []
    for number, row in table.rows:
        account, feature = row.get("account", ""), row.get("feature", "")
        if account and account not in accounts:
            table.refuse(number, "account", f"there is no account {account!r}")
        if feature and feature not in features:
            table.refuse(number, "feature", f"there is no feature {feature!r}")
        if account in accounts and feature in features:
            found.append((accounts[account], features[feature]))
    return found
