"""Integration calls, integration by integration: sentences, drawing, table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.services.adoption import CallsOfDay, IntegrationCalls, IntegrationUse
from portal.web.adoption.basis import basis_words
from portal.web.adoption.definitions import define
from portal.web.adoption.drawings import SHORT_WINDOW, WEEK, wording
from portal.web.adoption.span import Span
from portal.web.formats import day_year, num, pct, signed
from reports.charts import Chart, Series, Size, stacked_bar

BROAD, SLIM = Size(1160, 340), Size(354, 260)
MOST_SERIES = 4


@dataclass(frozen=True, slots=True)
class IntegrationRow:
    name: str
    calls: str
    share: str
    change: str
    direction: str
    days: str
    last: str


@dataclass(frozen=True, slots=True)
class IntegrationsPage:
    headline: str
    lead: str
    basis: str
    definition: dict[str, str]
    rows_definition: dict[str, str]
    chart: Chart | None
    rows: list[IntegrationRow]
    told: bool


def integrations_page(found: IntegrationCalls, span: Span) -> IntegrationsPage:
    return IntegrationsPage(
        headline=_headline(found, span),
        lead=_lead(found),
        basis=basis_words(found.basis),
        definition=define("integration_calls"),
        rows_definition=define("integration"),
        chart=_chart(found) if found.calls else None,
        rows=[_row(use, found) for use in found.integrations],
        told=found.basis.told_days > 0,
    )


def integration_name(name: str) -> str:
    return name or _("without a name")


def _headline(found: IntegrationCalls, span: Span) -> str:
    if not found.calls and found.basis.told_days:
        return _(
            "Calls by integrations are not known: the use came as sums of the day, which do not "
            "say by which way."
        )
    if not found.calls:
        return _("No integration has called %(when)s.", when=span.words())
    seen = sum(1 for one in found.named if one.calls)
    return ngettext(
        "%(count)s integration made %(calls)s calls %(when)s.",
        "%(count)s integrations made %(calls)s calls %(when)s.",
        seen,
        count=num(seen),
        calls=num(found.calls),
        when=span.words(),
    )


def _lead(found: IntegrationCalls) -> str:
    """What fell silent needs a look first."""
    silent = [one.name for one in found.named if one.calls_before and not one.calls]
    if silent:
        return _("%(name)s has fallen silent: ask who looks after it.", name=silent[0])
    if not found.calls:
        return _(
            "When another system works with the product through its API, its calls are counted "
            "here."
        )
    return ""


def _chart(found: IntegrationCalls) -> Chart:
    """The busiest three by name, the rest together; by day, or by week in a long window."""
    names = [one.name for one in found.integrations if one.calls]
    shown = names if len(names) <= MOST_SERIES else names[: MOST_SERIES - 1]
    groups, period = _periods(found.days)
    series = [
        Series(integration_name(name), tuple(_sum(group, [name]) for group in groups), style)
        for style, name in enumerate(shown, start=1)
    ]
    rest = names[len(shown) :]
    if rest:
        values = tuple(_sum(group, rest) for group in groups)
        series.append(Series(_("others"), values, MOST_SERIES))
    firsts: list[date] = [group[0].day for group in groups]
    return stacked_bar(
        "integrations",
        _("Calls by integration."),
        firsts,
        series,
        wording(period),
        broad=BROAD,
        slim=SLIM,
    )


def _periods(days: Sequence[CallsOfDay]) -> tuple[list[Sequence[CallsOfDay]], str]:
    if len(days) <= SHORT_WINDOW:
        return [[day] for day in days], _("Day")
    start = len(days) % WEEK
    return [days[at : at + WEEK] for at in range(start, len(days), WEEK)], _("Week of")


def _sum(days: Sequence[CallsOfDay], names: Sequence[str]) -> float:
    return float(sum(day.names.get(name, 0) for day in days for name in names))


def _row(use: IntegrationUse, found: IntegrationCalls) -> IntegrationRow:
    change = use.calls - use.calls_before
    return IntegrationRow(
        name=integration_name(use.name),
        calls=num(use.calls),
        share=pct(use.calls / found.calls if found.calls else None),
        change=signed(change) if found.compared else "",
        direction="up" if change > 0 else "down" if change < 0 else "",
        days=num(use.days),
        last=day_year(use.last_day) if use.last_day else "–",
    )
