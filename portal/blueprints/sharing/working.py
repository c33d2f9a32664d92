"""The page of one shared request: its parts in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from portal.blueprints.sharing.forms import EditForm, MoveForm
from portal.services.requests.candidates import Candidate, unlinked_like
from portal.services.requests.shared_page import Member, Merged, SharedWork
from portal.tenancy import Scope
from portal.web.formats import moment, num
from portal.web.prose import joined, row_of
from portal.web.request_words import KINDS, small_ring, state_words
from portal.web.revenue import money_words
from portal.web.roadmap import Labels, target_words, totals_words
from portal.web.trackers import TrackerForm, tracker_words


@dataclass(frozen=True, slots=True)
class Forms:
    edit: EditForm
    move: MoveForm
    tracker: TrackerForm


def work_page(
    session: Session, scope: Scope, work: SharedWork, forms: Forms, labels: Labels
) -> dict[str, Any]:
    """What the template needs."""
    similar = unlinked_like(session, work.kind, " ".join(one.title for one in work.texts.values()))
    return {
        "work": work,
        "forms": forms,
        "title": _title(work, scope.locale),
        "kind": KINDS[work.kind],
        "ring": small_ring(work.kind, work.state),
        "state": state_words(work.kind, work.state, labels),
        "totals": totals_words(work.people, work.accounts),
        "revenue": money_words(work.revenue),
        "target": target_words(work.target),
        "members": [_member(one, work, labels) for one in work.members],
        "similar": [candidate_line(one, labels) for one in similar],
        "merges": merge_lines(work.merges, scope.time_zone),
        "tracker": tracker_words(work.tracker),
        "heard": _when(work.tracker.heard_at, scope.time_zone) if work.tracker else "",
        "moves_along": _along(work),
        "seen_by_all": _seen(work),
    }


def candidate_line(one: Candidate, labels: Labels) -> dict[str, Any]:
    return {
        "key": one.key,
        "code": one.code,
        "title": one.title,
        "url": url_for("sharing.show", key=one.key) if one.shared else request_url(one.key),
        "account": one.account,
        "state": state_words(one.kind, one.state, labels),
        "ring": small_ring(one.kind, one.state),
        "people": num(one.people),
        "own": one.own,
        "shared": one.shared,
    }


def request_url(key: str) -> str:
    known = "triage.show" in current_app.view_functions
    return url_for("triage.show", key=key) if known else ""


def merge_lines(merges: list[Merged], zone: str) -> list[dict[str, Any]]:
    return [_merge(one, zone) for one in merges]


def _merge(one: Merged, zone: str) -> dict[str, Any]:
    if one.kind == "family":
        what = _("%(code)s of %(account)s was linked.", code=one.what, account=one.account)
    else:
        what = _("%(code)s was merged into %(into)s.", code=one.what, into=one.into)
    return {
        "key": one.key,
        "what": what,
        "when": row_of((one.by, _when(one.at, zone))),
        "undone": _("Undone on %(moment)s", moment=_when(one.undone_at, zone))
        if one.undone_at
        else "",
    }


def _when(at: datetime | None, zone: str) -> str:
    return moment(at, zone)


def _title(work: SharedWork, locale: str) -> str:
    text = work.texts.get(locale) or work.texts.get("en")
    return text.title if text else work.code


def _member(one: Member, work: SharedWork, labels: Labels) -> dict[str, Any]:
    return {
        "one": one,
        "url": request_url(one.key),
        "title": _("Joined it") if one.joined else one.title,
        "state": state_words(work.kind, one.state, labels),
        "ring": small_ring(work.kind, one.state),
        "sub": row_of((one.code, one.requester, _("private") if one.private else "")),
    }


def _along(work: SharedWork) -> str:
    return ngettext(
        "%(count)s request of its family goes along, and those who follow are told.",
        "%(count)s requests of its family go along, and those who follow are told.",
        len(work.members),
        count=num(len(work.members)),
    )


def _seen(work: SharedWork) -> str:
    said = _(
        "All customers read “%(title)s”, its text and “%(totals)s”: no names, no revenue.",
        title=work.texts["en"].title if "en" in work.texts else work.code,
        totals=totals_words(work.people, work.accounts),
    )
    chinese = any(code.startswith("zh") for code in work.texts)
    return said if chinese else joined(said, _("Readers of Chinese get the English text."))
