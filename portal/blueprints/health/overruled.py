"""What people have said against a score, in words."""

from dataclasses import dataclass

from flask_babel import gettext as _

from portal.services.health import GlassBox
from portal.services.health.overrides import PastOverride
from portal.web.formats import day_year
from portal.web.health import BANDS
from portal.web.prose import closed, joined


@dataclass(frozen=True, slots=True)
class OverrideLine:
    title: str
    words: str
    running: bool


def override_line(one: PastOverride, found: GlassBox | None) -> OverrideLine:
    running = (
        one.ended_at is None
        and found is not None
        and found.row.override is not None
        and found.row.override.until == one.until
    )
    title = _(
        "“%(band)s”, %(first)s to %(last)s",
        band=BANDS[one.band],
        first=day_year(one.since.date()),
        last=day_year(one.ended_at.date() if one.ended_at else one.until),
    )
    by = _("%(name)s: %(reason)s", name=one.by or _("the command line"), reason=closed(one.reason))
    ended = ""
    if one.ended_at is not None:
        ended = _("Ended by %(name)s.", name=one.ended_by or _("the command line"))
    return OverrideLine(title, joined(by, ended), running)
