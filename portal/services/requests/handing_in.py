"""A request comes in: by the portal, by mail, by the API, or by a CSM for somebody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import choice

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Invalid, NotFound
from portal.domain.request_grading import Effect
from portal.domain.requests import Channel, Kind, Severity, State, Visibility, checked_telling
from portal.models import Account, Request
from portal.services.once import add_once
from portal.services.requests.access import customer_id
from portal.services.requests.clock import wind
from portal.services.requests.files import attach
from portal.services.requests.steps import finish, note_event
from portal.services.requests.voices import add_follower, add_vote
from portal.services.requests.words import keep_words, searched
from portal.tenancy import scope_of

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 5
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Telling:
    """What somebody tells. `told` holds the fields of its kind (domain.requests.FIELDS), `files`
    the keys of their loose files (services.requests.files).
    """

    kind: Kind
    title: str
    told: Mapping[str, str]
    visibility: Visibility = Visibility.COMPANY
    severity: str = ""
    effect: str = ""
    feature_key: str = ""
    channel: Channel = Channel.PORTAL
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose request it is, where that is not the session's own user: an account's key with a user's
    key, or with the name of somebody who cannot sign in.
    """

    account: str
    user: str = ""
    name: str = field(default="")


def hand_in(session: Session, telling: Telling, asker: Asker | None = None, key: str = "") -> str:
    """The new request's key (the given one, where there is one); commits. Its requester votes
    for it and follows it, and so does the CSM who hands it in. Raises NotFound (account, user) and
    Invalid with a sentence a member.
    """
    request = new_request(session, telling, asker, key)
    attach(session, request, telling.files)
    note_event(session, request, "state", to_state=State.SUBMITTED.value)
    # Handed in for somebody it is their word, not yet the vendor's answer.
    request.answered_at = None
    wind(session, request, "customer")
    finish(session, "request.hand_in", request, kind=request.kind, channel=request.channel)
    return request.key


def new_request(session: Session, telling: Telling, asker: Asker | None, key: str = "") -> Request:
    """Added to the caller's transaction, voted for and followed."""
    scope = scope_of(session)
    title, told = checked_telling(telling.kind, telling.title, telling.told)
    _check_choices(telling)
    account_id, requester_id, name = _asker(session, asker)
    request = Request(
        key=key or new_key(),
        account_id=account_id,
        kind=telling.kind.value,
        state=State.SUBMITTED.value,
        visibility=telling.visibility.value,
        title=title,
        told=told,
        text=searched(title, told),
        locale=scope.locale,
        feature_key=telling.feature_key,
        severity=telling.severity,
        effect=telling.effect,
        channel=telling.channel.value,
        requester_id=requester_id,
        requester_name=name,
        by_id=scope.user_id if asker is not None else None,
        created_at=scope.now,
        updated_at=scope.now,
    )
    add_with_code(session, request)
    if requester_id is not None:
        add_vote(session, request, requester_id)
        add_follower(session, request, requester_id)
    if scope.user_id is not None and scope.user_id != requester_id:
        add_follower(session, request, scope.user_id)
    keep_words(session, request)
    return request


def add_with_code(session: Session, request: Request) -> None:
    """Gives it a code that no other has."""
    for _try in range(_TRIES):
        request.code = new_code("R")
        if add_once(session, request, "code"):
            return
    raise RuntimeError("no free code was found")


def new_code(letter: str) -> str:
    return f"{letter}-" + "".join(choice(_LETTERS) for _ in range(_CODE_LENGTH))


def _check_choices(telling: Telling) -> None:
    fields = {}
    if telling.severity not in {"", *Severity}:
        fields["severity"] = "Choose one of the list."
    if telling.effect not in {"", *Effect}:
        fields["effect"] = "Choose one of the list."
    if fields:
        raise Invalid("Something is not of the list.", code="no-such-choice", fields=fields)


def _asker(session: Session, asker: Asker | None) -> tuple[int, int | None, str]:
    scope = scope_of(session)
    if asker is None:
        return scope.account_id, scope.user_id, ""
    account_id = session.scalar(select(Account.id).where(Account.key == asker.account))
    if account_id is None:
        raise NotFound
    if asker.user:
        return account_id, customer_id(session, account_id, asker.user), ""
    if not asker.name.strip():
        said = "Say whose request it is."
        raise Invalid(said, code="no-requester", fields={"requester": said})
    return account_id, None, asker.name.strip()[:200]
