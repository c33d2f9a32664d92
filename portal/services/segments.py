"""Segments of accounts, by rule."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.segments import USUAL_SEGMENTS, SegmentRule, Traits, segment_of
from portal.models import Account, Segment


def segment_rules(session: Session) -> tuple[SegmentRule, ...]:
    """In the order in which they are tried; the usual ones by tier where the vendor made none."""
    wanted = select(
        Segment.key,
        Segment.name_en,
        Segment.name_zh,
        Segment.tiers,
        Segment.industries,
        Segment.regions,
        Segment.stages,
    ).order_by(Segment.position, Segment.key)
    found = tuple(
        SegmentRule(row.key, row.name_en, row.name_zh, *(tuple(part) for part in row[3:]))
        for row in session.execute(wanted)
    )
    return found or USUAL_SEGMENTS


def segments_by_account(session: Session) -> dict[int, str]:
    """Account id → key of its segment, for the accounts in reach."""
    rules = segment_rules(session)
    wanted = select(Account.id, Account.tier, Account.industry, Account.region, Account.stage)
    return {row.id: segment_of(rules, Traits(*row[1:])) for row in session.execute(wanted)}
