"""The API's description, OpenAPI 3.1, made from the views and these models at
`/api/v1/openapi.json`. The models describe; the services check.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from flask import Response as Answer
from flask import current_app, jsonify
from pydantic import BaseModel, Field
from spectree import Response, SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData

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
    time_online_seconds: int
    breadth: BreadthBody
    depth: float | None
    integration_calls: int
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
    type: str | None = Field(None, description="One or more types, separated by commas.")
    limit: int = Field(20, ge=1, le=100)


class SearchResultBody(BaseModel):
    id: str
    type: str
    title: str
    url: str
    locale: str
    score: float
    highlight: str = Field(description="HTML: escaped text with what was found in <mark>.")


class SearchBody(BaseModel):
    query: str
    total: int
    took_ms: float
    did_you_mean: str | None
    results: list[SearchResultBody]


def documented(
    *, query: type[BaseModel], answer: type[BaseModel], tags: list[str]
) -> Callable[[View], View]:
    """Adds the view to the description; checks nothing, as the services refuse in one shape."""
    return spec.validate(
        query=query,
        resp=Response(HTTP_200=answer, HTTP_401=Problem, HTTP_404=Problem, HTTP_422=Problem),
        tags=tags,
        skip_validation=True,
    )


@public
def openapi() -> Answer:
    spec.app = current_app
    return jsonify(spec.spec)
