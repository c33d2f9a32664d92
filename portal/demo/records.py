"""The cast's rows, for the demo and for the tests."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from portal.demo.cast import FEATURES, Company, FeatureRow
from portal.demo.usage import employees
from portal.models import Account, EventRule, Feature, Person


def make_features() -> list[Feature]:
    return [_feature(row, place) for place, row in enumerate(FEATURES)]


def _feature(row: FeatureRow, place: int) -> Feature:
    return Feature(
        key=row.key,
        rules=[EventRule(pattern=row.event)],
        name_en=row.name_en,
        name_zh=row.name_zh,
        module=row.module,
        core=row.core,
        kind=row.kind,
        depth_target_per_week=Decimal(str(row.target)),
        position=place,
    )


def make_account(company: Company, now: datetime, end: date) -> Account:
    """`end` is the day from which the company's days are counted."""
    return Account(
        key=company.key,
        name=company.name,
        time_zone=company.time_zone,
        locale=company.locale,
        tier=company.tier,
        industry=company.industry,
        region=company.region,
        seats=company.seats,
        currency=company.currency,
        arr=Decimal(company.arr),
        contract_start=end - timedelta(days=company.started),
        contract_end=end + timedelta(days=company.renews),
        go_live=end - timedelta(days=company.live),
        people_shown=company.people_shown,
        demo=True,
        created_at=now,
    )


def make_persons(company: Company, account_id: int, end: date) -> list[Person]:
    return [
        Person(
            account_id=account_id,
            external_id=one.external_id,
            name=one.name,
            email=one.email,
            team=one.team,
            active_from=one.since,
        )
        for one in employees(company, end)
    ]
