"""What an address of the list asks for."""

from collections.abc import Mapping
from typing import Any

from portal.services.desk import ORDERS, TIERS, AccountQuestion
from portal.web.pages import page_number

LONGEST_TEXT = 120
DOWN = "desc"


def read_question(asked: Mapping[str, str]) -> AccountQuestion:
    """Anything unknown counts as not asked."""
    sort, tier = asked.get("sort", ""), asked.get("tier", "")
    return AccountQuestion(
        text=" ".join(asked.get("q", "")[:LONGEST_TEXT].split()),
        tier=tier if tier in TIERS else "",
        sort=sort if sort in ORDERS else "name",
        descending=asked.get("dir") == DOWN,
        page=page_number(asked),
    )


def address_of(question: AccountQuestion, **changes: object) -> dict[str, Any]:
    """Parameters of the address that asks for the same but for the changes; usual ones left out."""
    kept: dict[str, Any] = {
        "q": question.text,
        "tier": question.tier,
        "sort": "" if question.sort == "name" else question.sort,
        "dir": DOWN if question.descending else "",
        **changes,
    }
    return {name: value for name, value in kept.items() if value}
