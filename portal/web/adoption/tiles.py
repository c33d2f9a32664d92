"""Figures, features and changes in the shape that the components draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.metrics import Change as Difference
from portal.services.adoption import Adoption, FeatureUse
from portal.services.adoption.course import values_of
from portal.web.adoption import drawings
from portal.web.adoption.basis import days_without_times
from portal.web.adoption.definitions import define
from portal.web.adoption.peers import Peers, beside_peers, peer_words
from portal.web.adoption.sentences import points, relative
from portal.web.adoption.span import Span
from portal.web.formats import hours, num, pct, signed
from portal.web.locale import request_locale
from portal.web.prose import listed
from reports.tiles import tile_spans

MOST_CHANGES = 4
MONTH_DAYS = 30
NOBODY: Peers = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Tile:
    """A core feature on the map. `percent` is whole; None where nobody used it."""

    key: str
    name: str
    url: str
    percent: int | None
    words: str
    users: str
    uses: str
    span: int


@dataclass(frozen=True, slots=True)
class Change:
    amount: str
    words: str
    direction: str


def feature_tiles(features: Sequence[FeatureUse]) -> list[Tile]:
    """Core features of the contract, the deepest first, the unused last."""
    core = [one for one in features if one.core]
    core.sort(key=lambda one: (one.unused, -(one.depth or 0.0), one.key))
    spans = tile_spans([one.depth or 0.0 for one in core])
    return [_tile(one, span) for one, span in zip(core, spans, strict=True)]


def _tile(use: FeatureUse, span: int) -> Tile:
    percent = None if use.unused or use.depth is None else round(use.depth * 100)
    people = ngettext("%(count)s person", "%(count)s people", use.persons, count=num(use.persons))
    return Tile(
        key=use.key,
        name=use.name(request_locale()),
        url=url_for("knowledge.index", feature=use.key),
        percent=percent,
        words="" if use.unused else people,
        users=num(use.persons),
        uses=num(use.uses),
        span=span,
    )


def figure_tiles(
    now: Adoption,
    changed: Mapping[str, Difference],
    span: Span,
    peers: Peers = NOBODY,
) -> list[dict[str, Any]]:
    """The four figures of the strip, as arguments of the `figure` macro."""
    each = beside_peers(peers, values_of(now), ["time_online_each"])
    return [
        {**_activation(now, changed, span), "peers": peer_words(peers, "activation_rate")},
        {**_login(now, changed, span), "peers": peer_words(peers, "login_ratio_30d")},
        {**_stickiness(now, changed, span), "peers": peer_words(peers, "stickiness")},
        {**_online(now, changed, span), "peers": each},
    ]


def _activation(now: Adoption, changed: Mapping[str, Difference], span: Span) -> dict[str, Any]:
    whole = now.seats or now.provisioned
    said = (
        _("%(part)s of %(whole)s seats", part=num(now.activated), whole=num(whole))
        if now.seats
        else _("%(part)s of %(whole)s people set up", part=num(now.activated), whole=num(whole))
    )
    trend, way = points(changed["activation_rate"].difference)
    if trend:
        said = _("%(change)s; %(counts)s", change=span.before_words(), counts=said)
    return {
        "name": _("Activation rate"),
        "value": pct(now.activation_rate),
        "trend": trend,
        "direction": way,
        "say": said,
        "definition": _activation_definition(now, whole),
    }


def _activation_definition(now: Adoption, whole: int) -> dict[str, str]:
    formula = f"{num(now.activated)} ÷ {num(whole)} = {pct(now.activation_rate, 1)}"
    if not now.activation_named:
        return define("activation_rate", formula)
    names = [one.name(request_locale()) for one in now.features if one.activation]
    beginning = _("Counts as a beginning: %(features)s", features=listed(names)) if names else ""
    told = define("activation_rate_named", "; ".join(filter(None, (formula, beginning))))
    return {**told, "id": "define-activation_rate"}


def _login(now: Adoption, changed: Mapping[str, Difference], span: Span) -> dict[str, Any]:
    trend, way = points(changed["login_ratio_30d"].difference)
    return {
        "name": _("Login ratio"),
        "value": pct(now.login_ratio_30d),
        "trend": trend,
        "direction": way,
        "say": span.before_words() if trend else _("of the people set up, in 30 days"),
        "definition": define(
            "login_ratio_30d",
            _(
                "%(mau)s active in 30 days, %(all)s set up",
                mau=num(now.mau_provisioned),
                all=num(now.provisioned),
            ),
        ),
    }


def _stickiness(now: Adoption, changed: Mapping[str, Difference], span: Span) -> dict[str, Any]:
    trend, way = points(changed["stickiness"].difference)
    often = round(now.stickiness * MONTH_DAYS) if now.stickiness is not None else None
    said = span.before_words() if trend else ""
    if often is not None and not trend:
        said = _("An active person comes on about %(days)s days of 30.", days=num(often))
    return {
        "name": _("Stickiness"),
        "value": pct(now.stickiness),
        "trend": trend,
        "direction": way,
        "say": said,
        "definition": define(
            "stickiness",
            _("mean of the daily active people ÷ %(mau)s active in 30 days", mau=num(now.mau)),
        ),
    }


def _online(now: Adoption, changed: Mapping[str, Difference], span: Span) -> dict[str, Any]:
    trend, way = relative(changed["time_online_seconds"].relative)
    said = span.before_words() if trend else _("of all people together")
    if now.told_days:
        seconds, said = _online_told(now)
    else:
        seconds = now.time_online_seconds
    return {
        "name": _("Time online"),
        "value": hours(seconds) if now.coverage_days else "–",
        "trend": trend,
        "direction": way,
        "say": said,
        "spark": "" if now.told_days else drawings.daily_spark(now.series, "time_online_seconds"),
        "definition": define("time_online"),
    }


def _online_told(now: Adoption) -> tuple[int | None, str]:
    """Of the days whose times are known: those that did not come as sums."""
    timed = [day for day in now.series if day.time_online_seconds is not None]
    if not any(day.events for day in timed):
        return None, _("not known: the use came as sums of the day, without times")
    seconds = sum(day.time_online_seconds or 0 for day in timed)
    words = days_without_times(now.told_days)
    return seconds, _("of all people together, without %(days)s", days=words)


def changes(now: Adoption, before: Adoption) -> list[Change]:
    """What moved most since the period before, in people. Nothing where there was none before."""
    if not before.coverage_days:
        return []
    made = _feature_changes(now, before)
    joined = now.provisioned - before.provisioned
    if joined:
        words = _("people set up") if joined > 0 else _("people no longer set up")
        made.append(Change(signed(joined), words, "up" if joined > 0 else ""))
    return made[:MOST_CHANGES]


def _feature_changes(now: Adoption, before: Adoption) -> list[Change]:
    used = {one.key: one.persons for one in before.features}
    moved = [
        (one.persons - used.get(one.key, 0), one)
        for one in now.features
        if one.core and one.persons != used.get(one.key, 0)
    ]
    moved.sort(key=lambda pair: -abs(pair[0]))
    return [_feature_change(by, one, used.get(one.key, 0)) for by, one in moved[:3]]


def _feature_change(by: int, use: FeatureUse, before: int) -> Change:
    name = use.name(request_locale())
    if not before:
        words = ngettext(
            "%(feature)s has its first user",
            "%(feature)s has its first %(count)s users",
            by,
            feature=name,
            count=num(by),
        )
        return Change(f"+{num(by)}", words, "up")
    words = _("people in %(feature)s", feature=name)
    return Change(signed(by), words, "up" if by > 0 else "down")
