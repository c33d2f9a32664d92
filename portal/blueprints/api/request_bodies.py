"""Requests in the API's description. These models describe; the services check."""

from datetime import datetime

from pydantic import BaseModel, Field

from portal.domain.request_judging import AskedBy, Core, Effort, Outcome, Risk, Urgency
from portal.domain.requests import Answer, Kind, Phase, Severity, State, Visibility

MOVED = "Refused (409) where the way of its kind does not lead there."


class RequestQuery(BaseModel):
    kind: Kind | None = Field(None, description="Only this kind.")
    state: State | None = Field(None, description="Only in this state.")
    account: str | None = Field(None, description="Key of an account.")
    updated_since: datetime | None = Field(None, description="Changed then or later; with offset.")
    after: str | None = Field(None, description="`next` of the page before.")
    limit: int = Field(100, ge=1, le=500)


class RequestRowBody(BaseModel):
    key: str
    code: str = Field(description="What people call it by, such as R-7K2FD.")
    kind: Kind
    state: State
    phase: Phase = Field(description="What all states come down to.")
    version: int = Field(description="Rises with each change.")
    title: str
    account: str
    requester: str
    visibility: Visibility
    voters: int = Field(description="People of the account.")
    merged_into: str | None = Field(description="Key of the one that stands for it.")
    external_id: str | None = Field(description="What the sender called it, to the same side.")
    created_at: datetime
    updated_at: datetime
    released_at: datetime | None


class RequestListBody(BaseModel):
    items: list[RequestRowBody]
    next: str | None = Field(description="Send it as `after`; null on the last page.")


class SharedBody(BaseModel):
    """The request of all customers that it belongs to, in the vendor's words."""

    code: str
    title: str


class TotalsBody(BaseModel):
    people: int
    accounts: int
    revenue: dict[str, str] | None = Field(
        None, description="By currency, yearly; only for the vendor's keys."
    )


class StepBody(BaseModel):
    kind: str
    at: datetime
    by: str | None = Field(description="Null where a machine or a time did it.")
    side: str = Field(description="vendor, customer or time")
    from_: State | None = Field(alias="from")
    to: State | None
    reason: str | None


class RequestMessageBody(BaseModel):
    key: str
    at: datetime
    author: str
    side: str = Field(description="vendor or customer")
    body: str


class JudgementBody(BaseModel):
    """What counts of how the vendor has judged a change."""

    outcome: Outcome
    core: Core
    asker: AskedBy
    urgency: Urgency
    effort: Effort
    risk: Risk
    remarks: dict[str, str] = Field(description="By question.")
    by: str | None
    at: datetime


class RequestBody(BaseModel):
    key: str
    code: str
    kind: Kind
    state: State
    phase: Phase
    version: int
    title: str
    told: dict[str, str] = Field(description="The fields of its kind.")
    locale: str
    account: str
    requester: str
    visibility: Visibility
    severity: Severity | None
    effect: str | None
    feature: str | None
    channel: str
    merged_into: str | None
    external_id: str | None
    release_note: str | None
    created_at: datetime
    answered_at: datetime | None
    released_at: datetime | None
    next_due_at: datetime | None
    shared: SharedBody | None
    totals: TotalsBody
    history: list[StepBody]
    messages: list[RequestMessageBody]
    judgement: JudgementBody | None = Field(
        None, description="Of a change; only for the vendor's keys, once it is judged."
    )


class NewRequestBody(BaseModel):
    account: str | None = Field(None, description="Its key; a key of one account may leave it out.")
    requester: str | None = Field(
        None, description="Mail address of somebody of the account who may sign in: they are told."
    )
    requester_name: str | None = Field(
        None, max_length=200, description="Instead: the name of somebody who cannot sign in."
    )
    kind: Kind
    title: str = Field(max_length=160)
    told: dict[str, str] = Field(
        description="need: who, when, wants (needed), so_that, today; bug: steps (needed), "
        "expected, happened, place, device, browser; question: question (needed), tried."
    )
    locale: str | None = Field(None, description="Its language; else the requester's.")
    visibility: Visibility = Visibility.COMPANY
    severity: Severity | None = Field(None, description="Of a bug.")
    effect: str | None = None
    feature: str | None = Field(None, description="Key of a feature.")
    external_id: str | None = Field(
        None, max_length=200, description="The sender's own number: the same again changes nothing."
    )


class MessageBody(BaseModel):
    body: str = Field(max_length=8000)
    author: str | None = Field(
        None,
        description="Mail address of somebody of the account or, with the vendor's key, of "
        "the vendor; else it is the key's own word.",
    )
    external_id: str | None = Field(None, max_length=200, description="As of requests.")


class MessageReceiptBody(BaseModel):
    request: str
    key: str


class VoteBody(BaseModel):
    person: str = Field(description="Mail address of somebody of the account.")
    by: str | None = Field(
        None, description="With the vendor's key: mail address of whoever heard them say so."
    )
    reason: str | None = Field(None, max_length=500, description="Where they said so.")


class VotesBody(BaseModel):
    request: str
    voters: int


class NewJudgementBody(BaseModel):
    core: Core = Field(description="Is it of a core process?")
    asker: AskedBy = Field(description="Who asks for it?")
    urgency: Urgency
    effort: Effort
    risk: Risk = Field(description="Does the customer know the risk?")
    remarks: dict[str, str] | None = Field(None, description="By question, up to 500 characters.")
    by: str | None = Field(
        None, description="Mail address of somebody of product; else it is the key's own."
    )


class VoteRemovalBody(BaseModel):
    person: str = Field(description="Mail address of whoever takes their vote back.")


class AnswerBody(BaseModel):
    answer: Answer = Field(description="Does the release work? not_tried only from the person.")
    person: str | None = Field(
        None, description="With a key of one account: mail address of whoever says so."
    )
    by: str | None = Field(
        None,
        description="With the vendor's key, where whoever asked cannot sign in: mail address of "
        "whoever of the vendor's has heard them say so.",
    )
    reason: str | None = Field(
        None, max_length=2000, description="Needed for not_yet; with `by` always: their words."
    )


class AnsweredBody(BaseModel):
    request: str
    state: State


class RequestFileBody(BaseModel):
    key: str
    name: str
    media_type: str
    size: int = Field(description="Bytes.")
    message: str | None = Field(description="Key of the message that brought it.")
    at: datetime
    url: str | None = Field(description="Works for five minutes; null until it may be fetched.")


class RequestFileListBody(BaseModel):
    items: list[RequestFileBody]


class RequestFileReceiptBody(BaseModel):
    request: str
    key: str
    name: str
    media_type: str


class MoveBody(BaseModel):
    to: State = Field(description=MOVED)
    reason: str | None = Field(None, max_length=2000, description="Needed where one is owed.")
    version: int | None = Field(None, description="The one that was read.")
    release_note: str | None = Field(None, description="Slug of what delivers a release.")
    by: str | None = Field(
        None, description="Mail address of somebody of the vendor; else product's own."
    )
