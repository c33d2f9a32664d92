"""What an address of the list asks for."""

from collections.abc import Mapping
from typing import Any

from portal.domain.health import Band
from portal.domain.lifecycle import STAGES
from portal.services.desk import NONE, ORDERS, TIERS, AccountQuestion
from portal.web.listing import DOWN, kept
from portal.web.pages import page_number

MAP = "map"
BANDS = (*(band.value for band in Band), NONE)
LONGEST_TEXT = 120


def read_question(asked: Mapping[str, str]) -> AccountQuestion:
    """Anything unknown counts as not asked."""
    sort, tier, stage = (asked.get(name, "") for name in ("sort", "tier", "stage"))
    band = asked.get("health", "")
    return AccountQuestion(
        text=" ".join(asked.get("q", "")[:LONGEST_TEXT].split()),
        tier=tier if tier in TIERS else "",
        segment=asked.get("segment", "")[:40],
        stage=stage if stage in STAGES else "",
        csm=asked.get("owner", "")[:40],
        band=band if band in BANDS else "",
        near=asked.get("near") == "1",
        sort=sort if sort in ORDERS else "name",
        descending=asked.get("dir") == DOWN,
        page=page_number(asked),
    )


def view_of(asked: Mapping[str, str]) -> str:
    """MAP, or empty for the table."""
    return MAP if asked.get("view") == MAP else ""


def filtered(question: AccountQuestion) -> bool:
    return question != AccountQuestion(
        sort=question.sort, descending=question.descending, page=question.page
    )


def address_of(question: AccountQuestion, **changes: object) -> dict[str, Any]:
    """Parameters of the address that asks for the same but for the changes; usual ones left out."""
    values = {
        "q": question.text,
        "tier": question.tier,
        "segment": question.segment,
        "stage": question.stage,
        "owner": question.csm,
        "health": question.band,
        "near": "1" if question.near else "",
        "sort": "" if question.sort == "name" else question.sort,
        "dir": DOWN if question.descending else "",
    }
    return kept(values, changes)
