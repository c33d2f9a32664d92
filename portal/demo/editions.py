"""What the cast has bought: three editions with their quotas, and here and there a feature more or
less; and whose public holidays it keeps.
"""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.demo.cast import ALL, CORE6, Company
from portal.domain.contract_quotas import CALLS as INTEGRATIONS
from portal.models import Account, Edition, EditionFeature, EditionQuota, Entitlement, Feature


@dataclass(frozen=True, slots=True)
class Sold:
    key: str
    name_en: str
    name_zh: str
    features: tuple[str, ...]


EDITIONS = (
    Sold("starter", "Starter", "入门版", CORE6),
    Sold("business", "Business", "商业版", ALL[:8]),
    Sold("complete", "Complete", "完整版", ALL),
)
# Calls of integrations in 30 days.
CALLS = {"starter": 2_000, "business": 20_000, "complete": 100_000}
COUNTRIES = {
    "Europe/Oslo": "NO",
    "Europe/Berlin": "DE",
    "Europe/Copenhagen": "DK",
    "Europe/Athens": "GR",
    "Europe/Dublin": "IE",
    "Europe/London": "GB-ENG",
    "Asia/Shanghai": "CN",
    "Asia/Taipei": "TW",
}
# Beside the edition: True for a feature more, False for one less.
OWN = {
    "tarnby-freight": {"mobile-card": True},
    "ottalie": {"theme-editor": True},
}


def add_editions(session: Session, companies: tuple[Company, ...]) -> None:
    """Every company gets the edition that holds what it is entitled to."""
    features = {row.key: row.id for row in session.execute(select(Feature.key, Feature.id))}
    ids = {}
    for place, sold in enumerate(EDITIONS, 1):
        edition = Edition(key=sold.key, name_en=sold.name_en, name_zh=sold.name_zh, position=place)
        session.add(edition)
        session.flush()
        ids[sold.features] = edition.id
        session.add(
            EditionQuota(
                edition_id=edition.id, measure=INTEGRATIONS, amount=Decimal(CALLS[sold.key])
            )
        )
        session.add_all(
            EditionFeature(edition_id=edition.id, feature_id=features[key]) for key in sold.features
        )
    accounts = {one.key: one for one in session.scalars(select(Account))}
    for company in companies:
        account = accounts[company.key]
        account.edition_id = ids[company.entitled]
        account.holidays = COUNTRIES.get(company.time_zone, "")
        session.add_all(
            Entitlement(account_id=account.id, feature_id=features[key], included=included)
            for key, included in OWN.get(company.key, {}).items()
        )
