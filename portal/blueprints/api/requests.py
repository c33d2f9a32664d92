"""Requests for machines: the list, one of them, and handing in.

A key of one account stands for that account and reads what all of its people read; the vendor's
key stands for product. Each may act in the name of a person, with that person's rights.
"""

from collections.abc import Mapping

from flask import Response, jsonify, request, url_for

from portal.blueprints.api.document import documented
from portal.blueprints.api.members import Members, read_members
from portal.blueprints.api.parameters import read_choice, read_moment, read_whole
from portal.blueprints.api.request_bodies import (
    NewRequestBody,
    RequestBody,
    RequestListBody,
    RequestQuery,
)
from portal.blueprints.api.request_words import row_json, view_json
from portal.domain.errors import Invalid
from portal.domain.permissions import Permission, Role
from portal.domain.request_grading import Effect
from portal.domain.requests import (
    FIELDS,
    LONGEST_TITLE,
    Channel,
    Kind,
    Severity,
    State,
    Visibility,
)
from portal.locales import known_locale
from portal.services.requests.changed_list import ChangedQuestion, list_changed
from portal.services.requests.handing_in import Asker, Telling
from portal.services.requests.judging import newest_judgement
from portal.services.requests.receipts import account_id_of, external_ids, hand_in_once, own_account
from portal.services.requests.showing import show_request
from portal.services.requests.standing_behind import standing_behind
from portal.web.acting import act_as_customer, ask, refused
from portal.web.guards import KeyRoles, db, needs, scope

KEYS = KeyRoles(account=Role.MEMBER, vendor=Role.PRODUCT)
USUAL_PAGE, LARGEST_PAGE = 100, 500
LONGEST_ADDRESS, LONGEST_NAME, LONGEST_KEY, LONGEST_NUMBER = 254, 200, 120, 200
MEMBERS = frozenset(
    {
        *("account", "requester", "requester_name", "kind", "title", "told", "locale"),
        *("visibility", "severity", "effect", "feature", "external_id"),
    }
)


@needs(Permission.PORTAL_USE, keys=KEYS)
@documented(query=RequestQuery, answer=RequestListBody, tags=["requests"])
def index() -> Response:
    """What the key may read, the oldest change first, page by page: send `next` as `after`. Who
    follows them asks again with `updated_since`, a minute before the last `updated_at`.
    """
    page = list_changed(
        db(),
        ChangedQuestion(
            kind=read_choice("kind", Kind),
            state=read_choice("state", State),
            account=request.args.get("account", ""),
            since=read_moment("updated_since"),
            after=request.args.get("after", ""),
            size=read_whole("limit", USUAL_PAGE, LARGEST_PAGE, "requests"),
        ),
    )
    return jsonify(items=[row_json(row) for row in page.rows], next=page.following)


@needs(Permission.PORTAL_USE, keys=KEYS)
@documented(answer=RequestBody, tags=["requests"])
def show(key: str) -> Response:
    """One request: what was told, where it stands, its history, its messages, and who is behind it
    in numbers. Internal notes are never told; recurring revenue only to the vendor.
    """
    return jsonify(told_request(key))


@needs(Permission.PORTAL_USE, keys=KEYS)
@documented(
    answer=RequestBody, made=RequestBody, body=NewRequestBody, tags=["requests"], refusals=(400,)
)
def hand_in() -> tuple[Response, int]:
    """Hands in for a person of an account, who votes for it and follows it, or for somebody by
    name. The same `external_id` again changes nothing and is answered with the first one (200).
    """
    members = read_members(MEMBERS)
    account = _account(members.text("account", LONGEST_KEY))
    telling = _telling(members)
    external_id = members.text("external_id", LONGEST_NUMBER)
    asker = _asker(members, account, telling)
    members.check()
    try:
        key, new = hand_in_once(db(), telling, asker, external_id)
    except Invalid as failure:
        raise _named(failure, telling.kind) from None
    answer = jsonify(told_request(key))
    answer.headers["Location"] = url_for("api.request", key=key)
    return answer, 201 if new else 200


def told_request(key: str) -> dict[str, object]:
    """For the request's own session. Raises NotFound."""
    view = show_request(db(), key)
    behind = standing_behind(db(), key)
    return view_json(view, behind, external_ids(db(), [key]).get(key), newest_judgement(db(), key))


def _account(given: str) -> str:
    """A key of one account need not name it. Raises Invalid."""
    if given:
        ask(account_id_of, given)
        return given
    if scope().machine == "customer":
        return ask(own_account)
    raise refused("account", "is needed: this key reaches every account")


def _telling(members: Members) -> Telling:
    kind = members.choice("kind", Kind) or Kind.NEED
    told = members.texts("told")
    for name in sorted(set(told) - set(FIELDS[kind]))[:1]:
        members.refuse(f"told.{name[:40]}", f"is unknown; known are {', '.join(FIELDS[kind])}")
    severity = members.text("severity", LONGEST_KEY)
    if severity not in {"", *Severity} or (severity and kind is not Kind.BUG):
        members.refuse("severity", f"is one of {', '.join(Severity)}, of a bug")
    effect = members.text("effect", LONGEST_KEY)
    if effect not in {"", *Effect}:
        members.refuse("effect", f"is one of {', '.join(Effect)}")
    return Telling(
        kind=kind,
        title=members.text("title", LONGEST_TITLE, needed=True),
        told=told,
        visibility=members.choice("visibility", Visibility, Visibility.COMPANY)
        or Visibility.COMPANY,
        severity=severity,
        effect=effect,
        feature_key=members.text("feature", LONGEST_KEY),
        channel=Channel.API,
    )


def _asker(members: Members, account: str, telling: Telling) -> Asker | None:
    """None where the session is a person's own from now on. Raises Invalid."""
    email = members.text("requester", LONGEST_ADDRESS)
    name = members.text("requester_name", LONGEST_NAME)
    locale = _locale(members)
    if bool(email) == bool(name):
        members.refuse("requester", "is needed, or else requester_name")
    if name and telling.visibility is Visibility.PRIVATE and scope().machine == "customer":
        members.refuse("visibility", "is company, or nobody of the account could read it")
    members.check()
    if email:
        act_as_customer("requester", email, ask(account_id_of, account), locale)
        return None
    return Asker(account, name=name)


def _locale(members: Members) -> str:
    asked = members.text("locale", LONGEST_KEY)
    known = known_locale(asked) if asked else ""
    if known is None:
        members.refuse("locale", "is en, zh-Hans or zh-Hant")
    return known or ""


def _named(failure: Invalid, kind: Kind) -> Invalid:
    """The members as they were sent."""
    fields: Mapping[str, str] = {
        f"told.{name}" if name in FIELDS[kind] else name: said
        for name, said in failure.fields.items()
    }
    return Invalid(failure.message, code=failure.code, fields=fields)
