"""The API's description, OpenAPI 3.1, made from the views and these models at
`/api/v1/openapi.json`. The models describe; the services check.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from flask import Response as Answer
from flask import current_app, jsonify
from pydantic import BaseModel, Field
from spectree import Response, SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData

from portal.blueprints.api.parameters import taking_only
from portal.web.guards import public

View = TypeVar("View", bound=Callable[..., Any])

spec = SpecTree(
    "flask",
    title="Paceline API",
    version="v1",
    openapi_version="3.1.0",
    mode="strict",
    security_schemes=[
        SecurityScheme(
            name="key",
            data=SecuritySchemeData(
                type=SecureType.HTTP, scheme="bearer", description="An API key."
            ),
        )
    ],
    security={"key": []},
)


class Problem(BaseModel):
    """RFC 9457. `errors` names the members that are wrong."""

    type: str
    title: str
    status: int
    request_id: str
    errors: list[dict[str, str]] | None = None


class AdoptionQuery(BaseModel):
    as_of: date | None = Field(None, description="Last day; without it yesterday over there.")
    window: int = Field(30, ge=1, le=800, description="Days.")


class BreadthBody(BaseModel):
    used: int
    entitled: int
    ratio: float | None


class DataBody(BaseModel):
    last_event_at: datetime | None
    folded_to: datetime | None
    coverage_days: int


class DayBody(BaseModel):
    day: date
    dau: int
    wau: int
    mau: int
    events: int


class AdoptionBody(BaseModel):
    account: str
    as_of: date
    window_days: int
    time_zone: str
    seats: int | None
    provisioned: int
    activated: int
    activation_rate: float | None
    login_ratio_7d: float | None
    login_ratio_30d: float | None
    dau: int
    wau: int
    mau: int
    stickiness: float | None
    time_online_seconds: int | None = Field(
        description="Null where usage of a day of the window was told as a daily sum: nobody knows "
        "its minutes."
    )
    breadth: BreadthBody
    depth: float | None
    integration_calls: int | None = Field(
        description="Null where usage was told as daily sums, which name no channel, and no event "
        "tells of a call."
    )
    data: DataBody
    series: list[DayBody]


class RetentionQuery(BaseModel):
    as_of: date | None = Field(None, description="The last week is over by then; else yesterday.")
    weeks: int = Field(26, ge=1, le=104, description="Whole weeks, Monday to Sunday.")


class CohortBody(BaseModel):
    """`active[k]` of `persons` were active k weeks after `week`. All null where the account shows
    people only in groups of at least five and the cohort is too small.
    """

    week: date = Field(description="A Monday in the account's time zone.")
    persons: int | None
    active: list[int] | None
    retention: list[float | None] | None = Field(description="Shares, 0 to 1.")


class OverallBody(BaseModel):
    week: int
    persons: int
    active: int
    retention: float | None


class RetentionBody(BaseModel):
    account: str
    time_zone: str
    first_day: date
    last_day: date
    weeks: int
    cohorts: list[CohortBody]
    overall: list[OverallBody]
    data: DataBody


class SearchQuery(BaseModel):
    q: str = Field(description="What to search for.")
    locale: str | None = Field(None, description="en, zh-Hans or zh-Hant.")
    type: str | None = Field(
        None,
        description="One or more, separated by commas: types of texts, such as faq or guide, or "
        "kinds of other things, such as feature, report, account or page.",
    )
    feature: str | None = Field(
        None, description="Keys of features, separated by commas: texts that teach one of them."
    )
    limit: int = Field(20, ge=1, le=100)


class SearchResultBody(BaseModel):
    id: str = Field(description="The last part of a text's address; of anything else its address.")
    type: str = Field(description="Type of the text, or kind of the other thing.")
    title: str
    url: str
    locale: str
    score: float | None = Field(description="Compares texts of one answer; null for other things.")
    highlight: str = Field(description="HTML: escaped text with what was found in <mark>.")


class SearchBody(BaseModel):
    query: str
    total: int
    took_ms: float
    did_you_mean: str | None
    degraded: bool = Field(
        description="There is no sound index just now: the database was read, plainly and in part."
    )
    results: list[SearchResultBody]


class VolumeItemBody(BaseModel):
    id: str = Field(max_length=200, description="Counts once, as a messageId does.")
    series: str = Field(description="Key of the series, such as orders; a new one begins it.")
    day: date | None = Field(None, description="A day of the account's zone; or send timestamp.")
    timestamp: datetime | None = Field(
        None,
        description="Instead of day: the day on which it falls in the account's zone. Without an "
        "offset it is what clocks of that zone show.",
    )
    value: Decimal = Field(
        description="At most 12 digits and 6 decimals, as number or text; below zero corrects."
    )
    name_en: str | None = Field(None, max_length=120, description="Names and unit of the series:")
    name_zh: str | None = Field(None, max_length=120, description="what was said last holds.")
    unit: str | None = Field(None, max_length=24, description="Such as hours.")


class VolumePushBody(BaseModel):
    items: list[VolumeItemBody] = Field(min_length=1, max_length=1000)


class VolumeReceiptBody(BaseModel):
    accepted: int
    duplicates: int


class VolumeQuery(BaseModel):
    series: str | None = Field(None, description="Only this series.")
    first: date | None = Field(None, alias="from", description="First day.")
    last: date | None = Field(None, alias="to", description="Last day.")
    after: str | None = Field(None, description="`next` of the page before.")
    limit: int = Field(100, ge=1, le=1000)


class VolumeSeriesBody(BaseModel):
    key: str
    name_en: str
    name_zh: str
    unit: str


class VolumeRowBody(BaseModel):
    id: str
    series: str
    day: date
    value: str = Field(description="A decimal as text, so that no digit is lost.")
    received_at: datetime


class VolumePageBody(BaseModel):
    account: str
    series: list[VolumeSeriesBody]
    items: list[VolumeRowBody]
    next: str | None = Field(description="Send it as `after`; null on the last page.")


class UsageDayBody(BaseModel):
    day: date = Field(description="A day of the account's zone.")
    external_id: str = Field(
        max_length=200, description="The person's id, as events would carry it."
    )
    event: str | None = Field(
        None, max_length=200, description="The event's name; without one it is activity alone."
    )
    count: int = Field(ge=0, le=1_000_000, description="How often; 0 takes back what was told.")
    duration_seconds: Decimal | None = Field(
        None, ge=0, le=10_000_000, description="Summed apart, as the same member of events is."
    )
    minutes: Decimal | None = Field(None, ge=0, description="The same in minutes.")


class UsageDaysBody(BaseModel):
    items: list[UsageDayBody] = Field(min_length=1, max_length=1000)


class UsageDaysReceiptBody(BaseModel):
    added: int
    changed: int
    unchanged: int


def documented(
    *,
    answer: type[BaseModel],
    tags: list[str],
    query: type[BaseModel] | None = None,
    body: type[BaseModel] | None = None,
    made: type[BaseModel] | None = None,
    refusals: Sequence[int] = (),
) -> Callable[[View], View]:
    """Adds the view to the description, and refuses parameters that are not in it; checks nothing
    else, as the services refuse in one shape.
    `made`: the answer where something new was made (201). `refusals`: statuses beside the usual.
    """
    problems: dict[str, Any] = {f"HTTP_{one}": Problem for one in (401, 404, 422, *refusals)}
    created = {} if made is None else {"HTTP_201": made}
    describe = spec.validate(
        query=query,
        json=body,
        resp=Response(HTTP_200=answer, **created, **problems),
        tags=tags,
        skip_validation=True,
    )
    return lambda view: describe(taking_only(query)(view))


@public
@taking_only(None)
def openapi() -> Answer:
    spec.app = current_app
    return jsonify(spec.spec)
