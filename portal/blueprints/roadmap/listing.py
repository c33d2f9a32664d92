"""The roadmap and the changelog: what an address asks for, chips, columns and pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.domain.requests import Kind
from portal.services.knowledge import ItemLine
from portal.services.requests.changelog import News, NewsPage
from portal.services.requests.roadmap import Roadmap, RoadmapQuestion, Stage
from portal.tenancy import Scope
from portal.web.formats import day_year, num
from portal.web.listing import Link, Paging, kept
from portal.web.marks import marked_paging, read_mark
from portal.web.prose import joined, spelled
from portal.web.request_words import KINDS_MANY
from portal.web.roadmap import Labels, RoadmapLine, lines_of

COLUMNS = {
    Stage.BUILDING: _l("In development"),
    Stage.PLANNED: _l("Planned"),
    Stage.RELEASED: _l("Released lately"),
    Stage.WEIGHED: _l("Under consideration"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """`more_url` leads to all of the stage where not all stand here."""

    stage: Stage
    name: str
    count: str
    lines: list[RoadmapLine]
    more_url: str


@dataclass(frozen=True, slots=True)
class RoadmapPage:
    """`paging` where one stage was asked for."""

    lead: str
    question: RoadmapQuestion
    kinds: list[Link]
    features: list[tuple[str, str]]
    columns: list[Column]
    weighed: Column | None
    paging: Paging | None
    filtered: bool


@dataclass(frozen=True, slots=True)
class NewsLine:
    """`lang` of the note's words, empty where they are the reader's."""

    day: str
    note: ItemLine | None
    lang: str
    lines: list[RoadmapLine]


def read_question(asked: Mapping[str, str]) -> RoadmapQuestion:
    """Anything unknown counts as not asked."""
    kind, stage = asked.get("kind", ""), asked.get("stage", "")
    return RoadmapQuestion(
        kind=kind if kind in set(Kind) else "",
        feature=asked.get("feature", "")[:120],
        stage=Stage(stage) if stage in set(Stage) else None,
        mark=read_mark(asked),
    )


def roadmap_page(
    found: Roadmap,
    question: RoadmapQuestion,
    scope: Scope,
    labels: Labels,
    features: Sequence[tuple[str, str]],
) -> RoadmapPage:
    def here(**changes: Any) -> str:
        values = {"kind": question.kind, "feature": question.feature, "stage": question.stage or ""}
        return url_for("roadmap.index", **kept(values, changes))

    stages = list(Stage) if question.stage is None else [question.stage]
    columns = {}
    for stage in stages:
        lines = lines_of(found.items.get(stage, []), scope, labels)
        more = question.stage is None and found.counts[stage] > len(lines)
        columns[stage] = Column(
            stage,
            str(COLUMNS[stage]),
            num(found.counts[stage]),
            lines,
            here(stage=stage.value) if more else "",
        )
    return RoadmapPage(
        lead=_lead(found),
        question=question,
        kinds=kind_links(question.kind, here),
        features=list(features),
        columns=[column for stage, column in columns.items() if stage is not Stage.WEIGHED],
        weighed=columns.get(Stage.WEIGHED),
        paging=_paging(found, question, here),
        filtered=bool(question.kind or question.feature),
    )


def _paging(found: Roadmap, question: RoadmapQuestion, here: Any) -> Paging | None:
    if question.stage is None or found.place is None:
        return None
    shown, total = len(found.place.rows), found.counts[question.stage]
    return marked_paging(found.place, shown, total, here)


def kind_links(kind: str, here: Any) -> list[Link]:
    names = [("", _("All kinds")), *((one.value, str(KINDS_MANY[one])) for one in Kind)]
    return [Link(name, here(kind=value), kind == value) for value, name in names]


def _lead(found: Roadmap) -> str:
    building, planned = found.counts[Stage.BUILDING], found.counts[Stage.PLANNED]
    if not building and not planned:
        return _("What customers have asked for, and where it stands.")
    return joined(
        ngettext(
            "%(count)s request is in development.",
            "%(count)s requests are in development.",
            building,
            count=spelled(building),
        ),
        ngettext(
            "%(count)s is planned.",
            "%(count)s are planned.",
            planned,
            count=spelled(planned),
        ),
    )


def news_lines(found: NewsPage, scope: Scope, labels: Labels) -> list[NewsLine]:
    return [_news(one, scope, labels) for one in found.rows]


def _news(one: News, scope: Scope, labels: Labels) -> NewsLine:
    foreign = one.note is not None and one.note.locale != scope.locale
    return NewsLine(
        day=day_year(one.on),
        note=one.note,
        lang=one.note.locale if foreign and one.note else "",
        lines=lines_of(one.items, scope, labels),
    )


def news_paging(found: NewsPage, kind: str) -> tuple[list[Link], Paging]:
    def here(**changes: Any) -> str:
        return url_for("roadmap.whats_new", **kept({"kind": kind}, changes))

    return kind_links(kind, here), marked_paging(found.place, len(found.rows), found.total, here)
