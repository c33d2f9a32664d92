"""What machines do with a request: write, take it to another state, judge it."""

from collections.abc import Mapping

from flask import Response, jsonify

from portal.blueprints.api.document import documented
from portal.blueprints.api.members import Members, read_members
from portal.blueprints.api.request_bodies import (
    MessageBody,
    MessageReceiptBody,
    MoveBody,
    NewJudgementBody,
    RequestBody,
)
from portal.blueprints.api.requests import (
    KEYS,
    LONGEST_ADDRESS,
    LONGEST_NUMBER,
    told_request,
)
from portal.domain.permissions import Permission
from portal.domain.request_judging import ANSWERS, LONGEST_REMARK, Judgement, Question
from portal.domain.requests import LONGEST_REASON, State
from portal.services.requests.acts import needs_desk, needs_triage
from portal.services.requests.judging import judge_change
from portal.services.requests.moving import move_request
from portal.services.requests.receipts import account_id_of_request, write_once
from portal.services.requests.talking import LONGEST_MESSAGE
from portal.web.acting import act_as_either, act_as_vendor, ask
from portal.web.guards import db, needs, scope

LONGEST_SLUG, LARGEST_VERSION = 120, 2**31 - 1
LEADING = len("key ")


@needs(Permission.PORTAL_USE, keys=KEYS)
@documented(
    answer=MessageReceiptBody,
    made=MessageReceiptBody,
    body=MessageBody,
    tags=["requests"],
    refusals=(400, 403),
)
def write(key: str) -> tuple[Response, int]:
    """Writes a message that both sides read, in the name of `author` or else of the key. The same
    `external_id` about this request again changes nothing (200).
    """
    account_id = ask(account_id_of_request, key)
    members = read_members({"body", "author", "external_id"})
    body = members.text("body", LONGEST_MESSAGE, needed=True)
    author = members.text("author", LONGEST_ADDRESS)
    external_id = members.text("external_id", LONGEST_NUMBER)
    members.check()
    name = scope().actor[LEADING:]
    if author:
        act_as_either("author", author, account_id)
    message, new = write_once(db(), key, body, external_id=external_id, author_name=name)
    return jsonify(request=key, key=message), 201 if new else 200


@needs(Permission.PORTAL_USE, keys=KEYS)
@documented(answer=RequestBody, body=MoveBody, tags=["requests"], refusals=(400, 403, 409))
def move(key: str) -> Response:
    """Takes it to another state, for the vendor's keys: as product, or with the rights of `by`.
    With `version` it is refused (409) where somebody has changed it since that was read.
    """
    ask(account_id_of_request, key)
    ask(needs_desk)
    members = read_members({"to", "reason", "version", "release_note", "by"})
    to = members.choice("to", State)
    reason = members.text("reason", LONGEST_REASON)
    version = members.whole("version", LARGEST_VERSION)
    note = members.text("release_note", LONGEST_SLUG)
    by = members.text("by", LONGEST_ADDRESS)
    members.check()
    if by:
        act_as_vendor("by", by)
    move_request(db(), key, State(str(to)), reason, version, release_note=note)
    return jsonify(told_request(key))


@needs(Permission.PORTAL_USE, keys=KEYS)
@documented(answer=RequestBody, body=NewJudgementBody, tags=["requests"], refusals=(400, 403, 409))
def judge(key: str) -> Response:
    """Judges a need as a change by five questions, for the vendor's keys. The newest counts.

    A core process that cannot wait comes into this phase, all else into phase two.
    """
    ask(account_id_of_request, key)
    ask(needs_triage)
    members = read_members({*Question, "remarks", "by"})
    answers = {one: str(members.choice(one.value, of)) for one, of in ANSWERS.items()}
    remarks = members.texts("remarks", needed=False)
    _check_remarks(members, remarks)
    by = members.text("by", LONGEST_ADDRESS)
    members.check()
    if by:
        act_as_vendor("by", by)
    given = {Question(one): said for one, said in remarks.items()}
    judge_change(db(), key, Judgement(answers, given))
    return jsonify(told_request(key))


def _check_remarks(members: Members, remarks: Mapping[str, str]) -> None:
    for name, said in remarks.items():
        if name not in set(Question):
            members.refuse(f"remarks.{name[:40]}", f"is unknown; known are {', '.join(Question)}")
        elif len(said.strip()) > LONGEST_REMARK:
            members.refuse(f"remarks.{name}", f"is at most {LONGEST_REMARK} characters long")
