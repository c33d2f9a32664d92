"""Time online per day and per person: sentences, drawing, spread."""

from dataclasses import dataclass

from flask_babel import gettext as _

from portal.domain.distribution import Bucket
from portal.services.adoption import Online, OnlineDay
from portal.web.adoption.basis import basis_words, told_words
from portal.web.adoption.definitions import define
from portal.web.adoption.drawings import wording
from portal.web.adoption.span import Span
from portal.web.formats import hours, num, pct
from reports.charts import Chart, Series, Size, bar

BROAD = Size(1160, 300)
MINUTE, HOUR = 60, 3600
EVEN_DAYS = 4


@dataclass(frozen=True, slots=True)
class OnlinePage:
    """`buckets`: step, persons, share, whole per cent."""

    headline: str
    lead: str
    basis: str
    definition: dict[str, str]
    spread_definition: dict[str, str]
    chart: Chart | None
    buckets: list[tuple[str, str, str, int]]
    named: bool
    told: bool


def online_page(found: Online, span: Span) -> OnlinePage:
    known = any(day.median_seconds is not None for day in found.days)
    return OnlinePage(
        headline=_headline(found, span),
        lead=_lead(found),
        basis=basis_words(found.basis),
        definition=define("time_online_person"),
        spread_definition=define("online_spread"),
        chart=_chart(found.days) if known else None,
        buckets=[_bucket(bucket, found.persons) for bucket in found.buckets],
        named=found.named,
        told=found.basis.told_days > 0,
    )


def _headline(found: Online, span: Span) -> str:
    if found.basis.told_days and found.seconds is None:
        return _(
            "How long people work is not known: the use came as sums of the day, without times."
        )
    if found.median_seconds is None:
        return _("There is too little data to say how long people work.")
    return _(
        "Half of the %(persons)s active people spent %(time)s or more %(when)s.",
        persons=num(found.persons),
        time=hours(found.median_seconds),
        when=span.words(),
    )


def _lead(found: Online) -> str:
    """What changed: the second half of the days against the first. Or which days are left out."""
    if found.basis.told_days:
        return told_words(found.basis.told_days)
    half = len(found.days) // 2
    if half < EVEN_DAYS or found.median_seconds is None:
        return ""
    before = sum(day.seconds or 0 for day in found.days[:half])
    after = sum(day.seconds or 0 for day in found.days[-half:])
    if not before:
        return ""
    words = {"now": hours(after), "before": hours(before), "days": num(half)}
    if after >= before:
        return _("All together: %(now)s in the last %(days)s days, after %(before)s.", **words)
    return _("All together: %(now)s in the last %(days)s days, down from %(before)s.", **words)


def _chart(days: list[OnlineDay]) -> Chart:
    values = tuple(
        None if day.median_seconds is None else round(day.median_seconds / MINUTE, 1)
        for day in days
    )
    return bar(
        "online",
        _("Median time online of the people active on each day, in minutes."),
        [day.day for day in days],
        Series(_("minutes"), values),
        wording(_("Day")),
        broad=BROAD,
    )


def _bucket(bucket: Bucket, persons: int) -> tuple[str, str, str, int]:
    share = bucket.persons / persons if persons else 0.0
    return _step(bucket), num(bucket.persons), pct(share), round(100 * share)


def _step(bucket: Bucket) -> str:
    if bucket.high is None and not bucket.low:
        return _("any time")
    if bucket.high is None:
        return _("%(low)s or more", low=_edge(bucket.low))
    if not bucket.low:
        return _("under %(high)s", high=_edge(bucket.high))
    return _("%(low)s to %(high)s", low=_edge(bucket.low), high=_edge(bucket.high))


def _edge(seconds: int) -> str:
    """Whole hours without their minutes."""
    if seconds and not seconds % HOUR:
        return _("%(hours)s h", hours=num(seconds // HOUR))
    return hours(seconds)
