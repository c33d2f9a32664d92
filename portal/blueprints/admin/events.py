"""What arrives from the vendor's product, and what of it needs somebody."""

from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.admin import blueprint
from portal.blueprints.admin.turned_words import TurnedWords, turned_words
from portal.domain.permissions import Permission
from portal.services.arrivals import Arrivals, show_arrivals
from portal.web.formats import moment, num
from portal.web.guards import db, needs, scope
from portal.web.prose import joined, spelled


@dataclass(frozen=True, slots=True)
class EventsPage:
    headline: str
    strip: list[tuple[str, str]]
    found: Arrivals
    reasons: dict[str, str]
    turned: TurnedWords


@blueprint.get("/events")
@needs(Permission.USAGE_ADMIN)
def events() -> str:
    found = show_arrivals(db())
    page = EventsPage(headline(found), _strip(found), found, _reasons(), turned_words())
    return render_template("admin/events.html", page=page)


def headline(found: Arrivals) -> str:
    """Events arrive. Two things want a look."""
    first = _("Events arrive.") if found.last_event_at else _("No event has arrived yet.")
    if not found.matters:
        return joined(first, _("Nothing wants a look."))
    return joined(
        first,
        ngettext(
            "%(count)s thing wants a look.",
            "%(count)s things want a look.",
            found.matters,
            count=spelled(found.matters),
        ),
    )


def _strip(found: Arrivals) -> list[tuple[str, str]]:
    zone, intake = scope().time_zone, found.intake
    return [
        (_("Last event"), moment(found.last_event_at, zone) if found.last_event_at else _("none")),
        (_("Counted up to"), moment(intake.folded_to, zone) if intake.folded_to else _("none")),
        (_("Waiting to be counted"), num(intake.waiting)),
        (_("Sent twice, counted once"), num(intake.duplicates)),
        (_("Without a person"), num(intake.anonymous)),
    ]


def _reasons() -> dict[str, str]:
    """What to do about each reason of a refusal."""
    return {
        "unknown-type": _("Send track, page, screen, identify, group or alias."),
        "no-person": _("Send a userId, or an anonymousId, with each message."),
        "malformed": _("Send each message as the Segment format has it."),
        "too-long": _("Keep names and ids under 200 characters."),
        "no-event": _("Give each track message the name of its event."),
        "no-group": _("Give each group message a groupId: the key of the account."),
        "bad-time": _("Send time stamps as ISO 8601."),
        "future": _("More than two days ahead of us. Let the client’s clock be right."),
        "ancient": _("Before the year 2000. Let the client’s clock be right."),
        "too-large": _("Send fewer properties: a message has at most 32 KiB."),
        "other-account": _("This key is bound to one account. Use a key for all accounts."),
    }
