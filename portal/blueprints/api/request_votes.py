"""What persons of an account say through machines: that they want it, no longer do, and whether the
release works for them.
"""

from flask import Response, jsonify

from portal.blueprints.api.document import documented
from portal.blueprints.api.members import Members, read_members
from portal.blueprints.api.request_bodies import (
    AnswerBody,
    AnsweredBody,
    VoteBody,
    VoteRemovalBody,
    VotesBody,
)
from portal.blueprints.api.requests import KEYS, LONGEST_ADDRESS
from portal.domain.permissions import Permission
from portal.domain.requests import LONGEST_REASON, Answer
from portal.services.requests.confirming import answer_request, relay_answer
from portal.services.requests.receipts import account_id_of_request
from portal.services.requests.voices import take_vote_back, vote, vote_for
from portal.web.acting import act_as_customer, act_as_vendor, ask, named_customer
from portal.web.guards import db, needs, scope

LONGEST_WHY = 500


@needs(Permission.PORTAL_USE, keys=KEYS)
@documented(answer=VotesBody, body=VoteBody, tags=["requests"], refusals=(400, 409))
def add_vote(key: str) -> Response:
    """A person of the account wants it too, and follows it; a second time changes nothing. The
    vendor's key says who of the vendor's has heard them say so (`by`).
    """
    account_id = ask(account_id_of_request, key)
    members = read_members({"person", "by", "reason"})
    person = members.text("person", LONGEST_ADDRESS, needed=True)
    by = members.text("by", LONGEST_ADDRESS, needed=scope().machine == "vendor")
    reason = members.text("reason", LONGEST_WHY)
    if by and scope().machine == "customer":
        members.refuse("by", "is for the vendor's keys")
    members.check()
    if by:
        voter = named_customer("person", person, account_id)
        act_as_vendor("by", by)
        return jsonify(request=key, voters=vote_for(db(), key, voter.key, reason))
    act_as_customer("person", person, account_id)
    return jsonify(request=key, voters=vote(db(), key))


@needs(Permission.PORTAL_USE, keys=KEYS)
@documented(answer=VotesBody, body=VoteRemovalBody, tags=["requests"], refusals=(400, 403, 409))
def take_back(key: str) -> Response:
    """A person of the account no longer wants it; where they had no vote, nothing changes."""
    account_id = ask(account_id_of_request, key)
    members = read_members({"person"})
    person = members.text("person", LONGEST_ADDRESS, needed=True)
    members.check()
    act_as_customer("person", person, account_id)
    return jsonify(request=key, voters=take_vote_back(db(), key))


@needs(Permission.PORTAL_USE, keys=KEYS)
@documented(answer=AnsweredBody, body=AnswerBody, tags=["requests"], refusals=(400, 403, 409))
def answer(key: str) -> Response:
    """Whether the release works, as `person` says with a key of their account. The vendor never
    says so for them, but where whoever asked cannot sign in: `by` has heard their `reason`.
    """
    account_id = ask(account_id_of_request, key)
    members = read_members({"answer", "person", "by", "reason"})
    said = members.choice("answer", Answer)
    reason = members.text("reason", LONGEST_REASON)
    name, whose = _whose_word(members)
    members.check()
    given = Answer(str(said))
    if name == "by":
        act_as_vendor(name, whose)
        return jsonify(request=key, state=relay_answer(db(), key, given, reason).value)
    act_as_customer(name, whose, account_id)
    return jsonify(request=key, state=answer_request(db(), key, given, reason).value)


def _whose_word(members: Members) -> tuple[str, str]:
    """The member that names who says so, and their address: the other one is refused."""
    vendors = scope().machine == "vendor"
    name, other = ("by", "person") if vendors else ("person", "by")
    if members.text(other, LONGEST_ADDRESS):
        members.refuse(
            other, "is for the keys of one account" if vendors else "is for the vendor's keys"
        )
    return name, members.text(name, LONGEST_ADDRESS, needed=True)
