"""What somebody is told, in a sentence; the kinds and the ways, as one chooses them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.notices import Notified, Way
from portal.domain.requests import Kind, State
from portal.web.formats import day_year, moment
from portal.web.request_words import state_words

KINDS: Mapping[Notified, Any] = {
    Notified.OWN_REQUEST_MOVED: _l("One of my requests goes on"),
    Notified.MESSAGE_ON_OWN: _l("Somebody writes about one of my requests"),
    Notified.ASKED: _l("I am asked whether a release works for us"),
    Notified.MENTIONED: _l("Somebody mentions me"),
    Notified.FOLLOWED_MOVED: _l("A request that I follow goes on"),
    Notified.MESSAGE_ON_FOLLOWED: _l("Somebody writes about a request that I follow"),
    Notified.SHARED_MOVED: _l("Something that I joined others in asking for goes on"),
    Notified.MERGED_OR_SPLIT: _l("Requests are joined, or part again"),
    Notified.HANDED_IN: _l("A customer hands something in"),
    Notified.ASSIGNED: _l("A request is assigned to me"),
    Notified.DUE_SOON: _l("A word of ours is due soon"),
    Notified.FLOODED: _l("A client makes up event names"),
    Notified.CERTIFICATE_ENDS: _l("A certificate of mine ends soon"),
    Notified.WHATS_NEW: _l("The roadmap goes on, or a release note comes"),
}
WAYS: Mapping[Way, Any] = {
    Way.NOW: _l("At once by mail"),
    Way.DIGEST: _l("In the daily mail"),
    Way.WEEKLY: _l("On Mondays by mail"),
    Way.BELL: _l("Under the bell only"),
    Way.OFF: _l("Not at all"),
}
ICONS: Mapping[Notified, str] = {
    Notified.ASKED: "check",
    Notified.MESSAGE_ON_OWN: "mail",
    Notified.MESSAGE_ON_FOLLOWED: "mail",
    Notified.MENTIONED: "people",
    Notified.DUE_SOON: "clock",
    Notified.FLOODED: "warn",
    Notified.CERTIFICATE_ENDS: "clock",
    Notified.HANDED_IN: "plus",
    Notified.ASSIGNED: "flag",
    Notified.MERGED_OR_SPLIT: "copy",
}


def icon_of(kind: str) -> str:
    return ICONS.get(Notified(kind), "loop") if kind in set(Notified) else "bell"


def sentence(
    kind: str, values: Mapping[str, str], labels: Mapping[tuple[str, str], str], zone: str
) -> str:
    """What has happened, without the request's title. `labels`: the vendor's own words for
    states; `zone`: the reader's.
    """
    who = values.get("who") or "–"
    account = values.get("account", "")
    of_kind = {
        Notified.ASKED: _("Please say whether it works for you."),
        Notified.HANDED_IN: _("%(who)s of %(account)s has handed it in.", who=who, account=account),
        Notified.ASSIGNED: _("%(who)s has assigned it to you.", who=who),
        Notified.DUE_SOON: _due(values.get("due", ""), zone),
        Notified.FLOODED: _("A client makes up event names. Further ones are counted together."),
        Notified.CERTIFICATE_ENDS: _certificate_ends(values.get("until", "")),
    }
    if kind in of_kind:
        return of_kind[Notified(kind)]
    if values.get("what") == "note":
        return _("%(who)s has mentioned you in an internal note.", who=who)
    if kind == Notified.MENTIONED:
        return _("%(who)s has mentioned you.", who=who)
    if values.get("what") == "message":
        return _("%(who)s has written.", who=who)
    return _step(values, labels)


def _step(values: Mapping[str, str], labels: Mapping[tuple[str, str], str]) -> str:
    if values.get("what") == "split":
        return _("It stands for itself again.")
    if values.get("what") == "family_split":
        return _("It has been parted again from others about the same matter.")
    kind, state = values.get("request_kind", ""), values.get("state", "")
    if kind not in set(Kind) or state not in set(State):
        return _("It has been joined with others about the same matter.")
    return _("It is now: %(state)s.", state=state_words(Kind(kind), State(state), labels))


def _due(due: str, zone: str) -> str:
    if not due:
        return _("Our next word is due soon.")
    return _(
        "Our next word is due on %(moment)s.", moment=moment(datetime.fromisoformat(due), zone)
    )


def _certificate_ends(until: str) -> str:
    if not until:
        return _("Your certificate ends soon.")
    return _(
        "Your certificate is valid until %(day)s. Pass the quiz again until then to renew it.",
        day=day_year(date.fromisoformat(until)),
    )


def bell_label(unread: int, most: int) -> str:
    """The bell's name for screen readers."""
    if unread == 0:
        return _("Notices")
    return _("Notices, %(n)s unread", n=shown(unread, most))


def shown(unread: int, most: int) -> str:
    return f"{most - 1}+" if unread >= most else str(unread or "")
