"""The forms of a request's page, filled with what is; one that was sent keeps what was typed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.blueprints.triage.forms import (
    AssignForm,
    GradeForm,
    JudgementForm,
    MessageForm,
    MoveForm,
    NoteForm,
    RelayForm,
    SortForm,
    VoteForm,
)
from portal.services.requests.acts import assignable
from portal.services.requests.choices import live_features
from portal.services.requests.desk_page import DeskView
from portal.services.requests.release_notes import recent_release_notes
from portal.services.requests.showing import RequestView
from portal.web.forms import PageForm, choices
from portal.web.trackers import TrackerForm

AnyForm = TypeVar("AnyForm", bound=PageForm)


@dataclass(frozen=True, slots=True)
class Forms:
    message: MessageForm
    note: NoteForm
    move: MoveForm
    relay: RelayForm
    assign: AssignForm
    sort: SortForm
    grade: GradeForm
    vote: VoteForm
    tracker: TrackerForm
    judgement: JudgementForm


def offer(
    session: Session, view: RequestView, desk: DeskView, sent: PageForm | None, now: datetime
) -> Forms:
    seen: dict[str, Any] = {"version": view.version, "seen": now.isoformat()}
    forms = Forms(
        message=_one(MessageForm, "message-", sent),
        note=_one(NoteForm, "note-", sent),
        move=_one(MoveForm, "move-", sent, release_note=view.release_note, **seen),
        relay=_one(RelayForm, "relay-", sent),
        assign=_one(AssignForm, "assign-", sent, assignee=desk.assignee_key, **seen),
        sort=_one(
            SortForm,
            "sort-",
            sent,
            kind=view.kind.value,
            severity=view.severity,
            effect=view.effect,
            feature_key=view.feature_key,
            **seen,
        ),
        grade=_one(GradeForm, "grade-", sent),
        vote=_one(VoteForm, "vote-", sent),
        tracker=_one(
            TrackerForm,
            "tracker-",
            sent,
            url=desk.tracker.url if desk.tracker else "",
            state=desk.tracker.state if desk.tracker else "",
        ),
        judgement=_one(JudgementForm, "judge-", sent, **_judged(desk)),
    )
    _see_again(sent, view, now)
    _fill_choices(session, forms, desk)
    return forms


def _fill_choices(session: Session, forms: Forms, desk: DeskView) -> None:
    forms.move.release_note.choices = choices(
        [("", _("No release note")), *recent_release_notes(session)]
    )
    forms.assign.assignee.choices = choices(
        [("", _("Nobody")), *assignable(session, desk.account_id)]
    )
    forms.sort.feature_key.choices = choices([("", "–"), *live_features(session)])
    forms.vote.user.choices = choices([("", _("Choose")), *desk.can_vote])


def _one(form: type[AnyForm], prefix: str, sent: PageForm | None, **data: Any) -> AnyForm:
    if isinstance(sent, form):
        return sent
    return form(formdata=None, prefix=prefix, data=data)


def _judged(desk: DeskView) -> dict[str, str]:
    """What counts now, so that judging anew begins from it."""
    if not desk.judged:
        return {}
    last = desk.judged[0].judgement
    remarks = {f"{one.value}_remark": text for one, text in last.remarks.items()}
    return {**{one.value: answer for one, answer in last.answers.items()}, **remarks}


def _see_again(sent: PageForm | None, view: RequestView, now: datetime) -> None:
    """Who reads the page once more has seen what was changed: their next sending goes through."""
    for name, value in (("version", view.version), ("seen", now.isoformat())):
        if sent is not None and name in sent:
            sent[name].data = value
            sent[name].raw_data = None
