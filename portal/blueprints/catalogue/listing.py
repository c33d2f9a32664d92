"""The list of features: what its address asks for, and its addresses."""

from collections.abc import Mapping

from flask import url_for

from portal.services.catalogue.features import (
    ACTIVE,
    ARCHIVED,
    KINDS,
    SORTS,
    FeatureQuestion,
)
from portal.services.catalogue.names import SORTS as NAME_SORTS
from portal.services.catalogue.names import STATES, UNMAPPED, NamesQuestion
from portal.web.listing import DOWN, kept
from portal.web.pages import page_number

LONGEST_TEXT = 200


def read_text(asked: Mapping[str, str], name: str = "q") -> str:
    return asked.get(name, "").replace("\x00", "").strip()[:LONGEST_TEXT]


def read_question(asked: Mapping[str, str]) -> FeatureQuestion:
    """Anything unknown counts as not asked."""
    kind, core, sort = (asked.get(name, "") for name in ("kind", "core", "sort"))
    return FeatureQuestion(
        text=read_text(asked),
        module=read_text(asked, "module"),
        kind=kind if kind in KINDS else "",
        core=core if core in {"yes", "no"} else "",
        state=ARCHIVED if asked.get("state") == ARCHIVED else ACTIVE,
        sort=sort if sort in SORTS else "order",
        descending=asked.get("dir") == DOWN,
        page=page_number(asked),
    )


def features_address(question: FeatureQuestion, **changes: object) -> str:
    values = {
        "q": question.text,
        "module": question.module,
        "kind": question.kind,
        "core": question.core,
        "state": "" if question.state == ACTIVE else question.state,
        "sort": "" if question.sort == "order" else question.sort,
        "dir": DOWN if question.descending else "",
    }
    return url_for("catalogue.features", **kept(values, changes))


def read_names_question(asked: Mapping[str, str]) -> NamesQuestion:
    state, sort = asked.get("state", ""), asked.get("sort", "")
    sort = sort if sort in NAME_SORTS else "events"
    # Figures show the highest first unless the address says otherwise, names the lowest.
    way = asked.get("dir") or (DOWN if sort != "name" else "asc")
    return NamesQuestion(
        state=state if state in STATES else UNMAPPED,
        text=read_text(asked),
        sort=sort,
        descending=way == DOWN,
        page=page_number(asked),
    )


def names_address(question: NamesQuestion, **changes: object) -> str:
    values = {
        "q": question.text,
        "state": "" if question.state == UNMAPPED else question.state,
        "sort": "" if question.sort == "events" else question.sort,
        "dir": "" if question.descending == (question.sort != "name") else "asc",
    }
    return url_for("catalogue.names", **kept(values, changes))
