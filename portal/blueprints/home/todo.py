"""What waits for a champion: only what is there, the nearest to hand first."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.invitations import InvitationState
from portal.services.home import ChampionHome
from portal.services.requests.listing import RequestRow
from portal.services.training.waiting import WaitingCourse
from portal.services.value_reports import ReportRow
from portal.web.cards import local_day
from portal.web.formats import day, num
from portal.web.locale import request_locale
from portal.web.prose import listed, period, spelled


@dataclass(frozen=True, slots=True)
class Todo:
    title: str
    url: str
    words: str


def todo_of(
    home: ChampionHome,
    training: Iterable[WaitingCourse] = (),
    requests: Iterable[RequestRow] = (),
) -> list[Todo]:
    asked = (_course(one) for one in training if one.asked)
    news = (*request_todos(requests), _report(home.new_report), *asked)
    found = (*news, _unused(home), _invited(home), _unlisted(home))
    return [one for one in found if one is not None]


def request_todos(requests: Iterable[RequestRow]) -> list[Todo]:
    """Releases of which the reader says whether they work."""
    return [
        Todo(
            _("Say whether “%(title)s” works", title=one.title),
            url_for("requests.show", key=one.key),
            _("It has come; only your word closes it"),
        )
        for one in requests
    ]


def todo_title(count: int) -> str:
    """Three things wait for you"""
    return ngettext(
        "%(count)s thing waits for you",
        "%(count)s things wait for you",
        count,
        count=spelled(count),
    )


def _course(one: WaitingCourse) -> Todo:
    due = _("due on %(day)s", day=day(one.due_on)) if one.due_on else _("assigned to you")
    url = url_for("training.course", slug=one.line.slug)
    return Todo(_("Take the course “%(course)s”", course=one.line.title), url, due)


def _report(report: ReportRow | None) -> Todo | None:
    if report is None or report.published_at is None:
        return None
    return Todo(
        _("Read the value report for %(period)s", period=period(report.first, report.last)),
        url_for("reports.show", key=report.key),
        _("Published on %(day)s", day=day(local_day(report))),
    )


def _unused(home: ChampionHome) -> Todo | None:
    """Core features that nobody uses, of those that a text teaches."""
    steps = [step for step in home.steps if step.feature.unused]
    if not steps:
        return None
    names = listed([step.feature.name(request_locale()) for step in steps])
    return Todo(
        ngettext(
            "Find a first user for %(count)s core feature",
            "Find first users for %(count)s core features",
            len(steps),
            count=num(len(steps)),
        ),
        url_for("adoption.show", _anchor="features"),
        _("%(names)s: in your contract, not in use", names=names),
    )


def _invited(home: ChampionHome) -> Todo | None:
    if not home.invitations:
        return None
    expired = [one for one in home.invitations if one.state is InvitationState.EXPIRED]
    if expired:
        title = ngettext(
            "Send %(count)s invitation again",
            "Send %(count)s invitations again",
            len(expired),
            count=num(len(expired)),
        )
        return Todo(title, url_for("people.index"), _("Their links have run out"))
    waiting = len(home.invitations)
    title = ngettext(
        "%(count)s invitation is not answered yet",
        "%(count)s invitations are not answered yet",
        waiting,
        count=num(waiting),
    )
    return Todo(title, url_for("people.index"), _invited_names(home))


def _invited_names(home: ChampionHome) -> str:
    names = [one.name or one.email for one in home.invitations]
    return listed(names[:2]) if len(names) <= 2 else _("The newest to %(name)s", name=names[0])  # noqa: PLR2004 # two fit on a line


def _unlisted(home: ChampionHome) -> Todo | None:
    if not home.unlisted:
        return None
    title = ngettext(
        "%(count)s person at work is not set up",
        "%(count)s people at work are not set up",
        home.unlisted,
        count=num(home.unlisted),
    )
    words = _("They count as active, but in no ratio: tell your success manager who they are")
    return Todo(title, url_for("adoption.people"), words)
