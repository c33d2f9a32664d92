"""The short strip of figures of a home or a desk page: four, each against the 30 days before."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from portal.services.adoption import Adoption, Week, compare
from portal.web.adoption import drawings
from portal.web.adoption.definitions import define
from portal.web.adoption.sentences import points
from portal.web.adoption.span import USUAL, Span
from portal.web.adoption.tiles import figure_tiles
from portal.web.formats import num, pct, signed
from portal.web.locale import request_locale

Tile = dict[str, Any]


def strip_tiles(
    now: Adoption, before: Adoption, breadth_weeks: Sequence[int], weeks: Sequence[Week]
) -> list[Tile]:
    """Arguments of the `figure` macro for active people, breadth, login ratio and time online."""
    span = Span(now.as_of, USUAL, own=False)
    online = figure_tiles(now, compare(now, before), span)[-1]
    return [
        _active(now, before, span),
        _breadth(now, before, span, breadth_weeks),
        _login(now, before, weeks),
        online,
    ]


def _active(now: Adoption, before: Adoption, span: Span) -> Tile:
    trend, way = _moved(now.mau - before.mau, before)
    whole = num(now.provisioned)
    return {
        "name": _("Active people"),
        "value": num(now.mau),
        # "218 of 260" would count somebody who is not among the 260.
        "unit": _("of %(whole)s", whole=whole) if now.mau == now.mau_provisioned else "",
        "trend": trend,
        "direction": way,
        "say": span.before_words() if trend else _unchanged(before),
        "spark": drawings.daily_spark(now.series, "mau"),
        "definition": define(
            "active",
            _("%(mau)s active, %(whole)s set up", mau=num(now.mau), whole=whole),
        ),
    }


def _breadth(now: Adoption, before: Adoption, span: Span, weeks: Sequence[int]) -> Tile:
    used, whole = now.breadth.used, now.breadth.entitled
    trend, way = _moved(used - before.breadth.used, before)
    return {
        "name": _("Breadth"),
        "value": num(used) if whole else "–",
        "unit": _("of %(whole)s", whole=num(whole)) if whole else "",
        "trend": trend,
        "direction": way,
        "say": _new_feature(now, before) or (span.before_words() if trend else _unchanged(before)),
        "spark": drawings.spark("spark-breadth", [float(count) for count in weeks]),
        "definition": define(
            "breadth",
            _("%(used)s ÷ %(whole)s core features", used=num(used), whole=num(whole)),
        ),
    }


def _new_feature(now: Adoption, before: Adoption) -> str:
    """Delegation is new: where the period before knows nobody who used it."""
    if not before.coverage_days:
        return ""
    unused = {one.key for one in before.features if one.unused}
    names = [
        one.name(request_locale())
        for one in now.features
        if one.core and not one.unused and one.key in unused
    ]
    return _("%(feature)s is new", feature=names[0]) if len(names) == 1 else ""


def _login(now: Adoption, before: Adoption, weeks: Sequence[Week]) -> Tile:
    change = (
        None
        if now.login_ratio_7d is None or before.login_ratio_7d is None
        else now.login_ratio_7d - before.login_ratio_7d
    )
    trend, way = points(change)
    if not way:
        trend = ""
    part = round((now.login_ratio_7d or 0.0) * now.provisioned)
    return {
        "name": _("Login ratio, 7 days"),
        "value": pct(now.login_ratio_7d),
        "trend": trend,
        "direction": way,
        "say": _("on 30 days earlier") if trend else _("of the people set up"),
        "spark": drawings.spark(
            "spark-login",
            [100 * week.active / week.provisioned for week in weeks if week.provisioned],
            "%",
        ),
        "definition": define(
            "login_ratio_7d",
            f"{num(part)} ÷ {num(now.provisioned)} = {pct(now.login_ratio_7d, 1)}",
        ),
    }


def _moved(difference: int, before: Adoption) -> tuple[str, str]:
    """A signed change and its direction; nothing where there was no period before."""
    if not before.coverage_days or not difference:
        return "", ""
    return signed(difference), "up" if difference > 0 else "down"


def _unchanged(before: Adoption) -> str:
    if not before.coverage_days:
        return _("in the last 30 days")
    return _("as in the 30 days before")
