"""A text of the hub as its reader sees it: the same on its page and in the editor's preview."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import pgettext
from markupsafe import Markup

from portal.domain.knowledge import RELEASE_NOTE, SHAPES
from portal.domain.page_parts import Section, parts_of, share_left
from portal.services.knowledge import Gathering, ItemPage
from portal.web.formats import clock, weekday, zone_city
from portal.web.prose import comma
from reports.charts import Change, Chart, slope

MOST_FIGURES = 3
_LAST = -1


@dataclass(frozen=True, slots=True)
class Told:
    """A section, or the answer in short. `acts`: it says what the reader has to do."""

    id: str
    heading: Markup
    html: Markup
    acts: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """When an event is, on the reader's clock. `there`: on the clock of its own place, "" where
    that is the same.
    """

    day: str
    hours: str
    there: str
    over: bool


@dataclass(frozen=True, slots=True)
class Article:
    """`figures`: (41 → 9 h, measure) of the first rows of a comparison. `before` and `after`
    stand around the `chart`; without one `before` is all of the text.
    """

    figures: list[tuple[str, str]]
    before: Markup
    after: Markup
    chart: Chart | None
    answer: Told | None
    sections: list[Told]
    when: When | None


def article_of(page: ItemPage, now: datetime, zone: str) -> Article:
    """`zone` is the reader's; "" for nobody's."""
    kind = page.line.type
    parts = parts_of(page.html, kind, page.comparison)
    chart = _chart(page.comparison) if parts.table else None
    before = parts.before if chart or not parts.table else parts.before + parts.table + parts.after
    acting = set(SHAPES[RELEASE_NOTE].sections[_LAST]) if kind == RELEASE_NOTE else set()
    return Article(
        figures=[] if chart else figures(page.comparison),
        before=_safe(before),
        after=_safe(parts.after if chart else ""),
        chart=chart,
        answer=_told(parts.answer) if parts.answer else None,
        sections=[_told(one, acts=one.heading in acting) for one in parts.sections],
        when=_when(page.gathering, now, zone) if page.gathering else None,
    )


def figures(comparison: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """(41 → 9 h, Waiting time at the last approver) of the first rows of a comparison."""
    return [
        (f"{_bare(before, after)} → {after}", measure)
        for measure, before, after in comparison[1 : 1 + MOST_FIGURES]
    ]


def event_kind(kind: str) -> str:
    """Of EVENT_KINDS, in words."""
    return {
        "open-class": _("Open class"),
        "customer-voice": _("Customer voice"),
        "launch": _("Launch"),
        "salon": _("Salon"),
    }.get(kind, pgettext("gathering", "Event"))


def _bare(before: str, after: str) -> str:
    """The figure without the unit, where the other one names the same."""
    first, second = (re.fullmatch(r"([−±+-]?[\d.,:]+)(.*)", figure) for figure in (before, after))
    same = first is not None and second is not None and first[2] == second[2]
    return first[1] if first is not None and same else before


def _chart(comparison: Sequence[Sequence[str]]) -> Chart | None:
    """None where one of the rows cannot be reckoned, or begins at nothing."""
    changes = []
    for measure, before, after in comparison[1:]:
        share = share_left(before, after)
        if share is None:
            return None
        changes.append(Change(measure, before, after, share))
    if not changes:
        return None
    title = comma().join(
        _(
            "%(measure)s: %(before)s before, %(after)s after",
            measure=one.name,
            before=one.before,
            after=one.after,
        )
        for one in changes[:MOST_FIGURES]
    )
    measure, before, after = comparison[0]
    return slope("comparison", title, changes, (measure, before, after))


def _when(event: Gathering, now: datetime, zone: str) -> When:
    own = zone or event.zone
    here = event.starts_at.astimezone(ZoneInfo(own))
    same = here.utcoffset() == event.starts_at.astimezone(ZoneInfo(event.zone)).utcoffset()
    return When(
        day=weekday(here.date()),
        hours=_hours(event, own),
        there="" if same else _hours(event, event.zone),
        over=event.ends_at < now,
    )


def _hours(event: Gathering, zone: str) -> str:
    return _(
        "%(begin)s–%(end)s in %(city)s",
        begin=clock(event.starts_at, zone),
        end=clock(event.ends_at, zone),
        city=zone_city(zone),
    )


def _told(section: Section, *, acts: bool = False) -> Told:
    return Told(section.id, _safe(section.heading), _safe(section.html), acts)


def _safe(html: str) -> Markup:
    return Markup(html)  # noqa: S704 # sanitised when it was rendered (domain/markdown_text.py)
