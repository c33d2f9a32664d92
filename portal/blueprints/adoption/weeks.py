"""What becomes of people week by week: the cohorts, and who comes and goes."""

from collections.abc import Callable

from flask import Response, render_template, request
from flask_babel import gettext as _

from portal.blueprints.adoption import blueprint
from portal.blueprints.adoption.keeping import kept
from portal.blueprints.adoption.links import Links
from portal.domain.permissions import Permission
from portal.services.accounts import AccountHead, account_head
from portal.services.adoption import cohort_retention, moved_persons, person_moves
from portal.web.adoption.lifecycle import Chosen, lifecycle_page, persons_of, read_chosen
from portal.web.adoption.retention import retention_page
from portal.web.adoption.span import WEEK_SPANS, read_week_count
from portal.web.context import frame_of
from portal.web.guards import customer_account_key, db, needs, scope


@blueprint.get("/adoption/retention")
@needs(Permission.ADOPTION_READ)
def retention() -> Response:
    return _retention(customer_account_key())


@blueprint.get("/accounts/<account_key>/adoption/retention")
@needs(Permission.ACCOUNT_DESK)
def retention_of_account(account_key: str) -> Response:
    return _retention(account_key)


def _retention(account_key: str) -> Response:
    head = account_head(db(), account_key)
    weeks = read_week_count(request.args)
    return kept(head, weeks, lambda: _shown_retention(head, weeks))


def _shown_retention(head: AccountHead, weeks: int) -> str:
    links = Links(head.key)
    return render_template(
        "adoption/retention.html",
        frame=frame_of(scope()),
        head=head,
        links=links,
        weeks=weeks,
        segments=_segments(weeks, links.retention),
        page=retention_page(cohort_retention(db(), head.key, weeks=weeks)),
    )


@blueprint.get("/adoption/lifecycle")
@needs(Permission.ADOPTION_READ)
def lifecycle() -> Response:
    return _lifecycle(customer_account_key())


@blueprint.get("/accounts/<account_key>/adoption/lifecycle")
@needs(Permission.ACCOUNT_DESK)
def lifecycle_of_account(account_key: str) -> Response:
    return _lifecycle(account_key)


def _lifecycle(account_key: str) -> Response:
    head = account_head(db(), account_key)
    weeks, chosen = read_week_count(request.args), read_chosen(request.args)
    return kept(head, (weeks, chosen), lambda: _shown_lifecycle(head, weeks, chosen))


def _shown_lifecycle(head: AccountHead, weeks: int, chosen: Chosen | None) -> str:
    links = Links(head.key)
    found = person_moves(db(), head.key, weeks=weeks)
    people = moved_persons(db(), head.key, chosen.state, chosen.sunday) if chosen else []
    return render_template(
        "adoption/lifecycle.html",
        frame=frame_of(scope()),
        head=head,
        links=links,
        weeks=weeks,
        segments=_segments(weeks, links.lifecycle),
        page=lifecycle_page(found, lambda **asked: links.lifecycle(weeks=str(weeks), **asked)),
        persons=persons_of(chosen, people) if chosen else None,
    )


def _segments(weeks: int, address: Callable[..., str]) -> list[dict[str, object]]:
    return [
        {
            "label": _("%(weeks)s weeks", weeks=one),
            "url": address(weeks=str(one)),
            "current": one == weeks,
        }
        for one in WEEK_SPANS
    ]
