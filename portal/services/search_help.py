"""A question that the search could not answer goes to a person, who is named to whoever asks.

It is for those who may hand in no request, executives: a task of the account's success manager,
with a mail to them; where nobody is assigned, a task that nobody owns yet, which the desk sees.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Invalid, NotFound
from portal.domain.tasks import TaskKind
from portal.models import Account, AccountAssignment, Task, User
from portal.services.audit import record
from portal.services.mail import queue_mail
from portal.tenancy import scope_of

LONGEST_QUESTION, LONGEST_NOTE = 200, 2000
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who will answer: the account's success manager."""

    id: int
    name: str
    email: str
    locale: str


def who_answers(session: Session, account_key: str) -> Answerer | None:
    """None where nobody is assigned to the account."""
    row = session.execute(
        select(User.id, User.name, User.email, User.locale)
        .join(AccountAssignment, AccountAssignment.user_id == User.id)
        .join(Account, Account.id == AccountAssignment.account_id)
        .where(Account.key == account_key, User.active)
        .order_by(AccountAssignment.lead.desc(), User.name)
        .limit(1)
    ).first()
    if row is None:
        return None
    return Answerer(row.id, row.name or row.email, row.email, row.locale or "")


def ask_person(session: Session, account_key: str, question: str, note: str, link: str) -> str:
    """The name of who will answer, "" where that is to be decided. `link` leads to the task and
    holds `{key}` for its key. Raises Invalid and NotFound.
    """
    asked, note = _checked(question, note)
    account = session.execute(
        select(Account.id, Account.name).where(Account.key == account_key)
    ).one_or_none()
    if account is None:
        raise NotFound
    answerer, scope = who_answers(session, account_key), scope_of(session)
    asker = session.scalar(select(User.name).where(User.id == scope.user_id)) or scope.actor
    task = Task(
        key=new_key(),
        account_id=account.id,
        kind=TaskKind.CALL.value,
        title=asked,
        note="\n\n".join(part for part in (f"{asker} <{scope.actor}>", note) if part),
        owner_id=answerer.id if answerer else None,
        due_on=next_working_day(scope.now.date()),
        created_at=scope.now,
        created_by=scope.user_id,
        touched_at=scope.now,
    )
    session.add(task)
    if answerer is not None:
        values = {"asker": asker, "account": account.name, "note": note, "link": link}
        _tell(session, answerer, task, values)
    record(session, "search.asked-person", "task", task.key, account_id=account.id)
    session.commit()
    return answerer.name if answerer else ""


def _checked(question: str, note: str) -> tuple[str, str]:
    asked, note = " ".join(question.split()), note.strip()
    if not asked or len(asked) > LONGEST_QUESTION:
        raise _invalid("question", f"Ask in 1 to {LONGEST_QUESTION} characters.")
    if len(note) > LONGEST_NOTE:
        raise _invalid("note", f"Keep it under {LONGEST_NOTE} characters.")
    return asked, note


def _tell(session: Session, answerer: Answerer, task: Task, values: dict[str, str]) -> None:
    """`values`: asker, account, note, and the link with its place for the task's key."""
    queue_mail(
        session,
        recipient=answerer.email,
        locale=answerer.locale,
        template="search_question",
        values={
            **values,
            "name": answerer.name,
            "email": scope_of(session).actor,
            "question": task.title,
            "link": values["link"].replace("{key}", task.key),
        },
        idempotency_key=f"search-question:{task.key}",
        account_id=task.account_id,
    )


def next_working_day(day: date) -> date:
    """Monday to Friday; holidays differ by country and are not looked at."""
    following = day + timedelta(days=1)
    while following.weekday() >= _SATURDAY:
        following += timedelta(days=1)
    return following


def _invalid(field: str, said: str) -> Invalid:
    return Invalid(said, code=f"bad-{field}", fields={field: said})
