from datetime import date

from flask import Response, jsonify, request

from portal.blueprints.api.document import AdoptionBody, AdoptionQuery, documented
from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.services.adoption import LONGEST_WINDOW, show_adoption
from portal.web.guards import db, needs

USUAL = 30


@needs(Permission.ADOPTION_READ)
@documented(query=AdoptionQuery, answer=AdoptionBody, tags=["adoption"])
def show(key: str) -> Response:
    """Adoption of one account on one day.

    Ratios are between 0 and 1 (activation may exceed 1), null where there is not enough data.
    """
    return jsonify(show_adoption(db(), key, _day(), _window()).as_json())


def _day() -> date | None:
    asked = request.args.get("as_of")
    if asked is None:
        return None
    try:
        return date.fromisoformat(asked)
    except ValueError:
        said = "Give the day like 2026-01-31."
        raise Invalid(said, fields={"as_of": said}) from None


def _window() -> int:
    asked = request.args.get("window", str(USUAL))
    if asked.isascii() and asked.isdecimal() and 1 <= int(asked[:9]) <= LONGEST_WINDOW:
        return int(asked[:9])
    said = f"Give a whole number of days from 1 to {LONGEST_WINDOW}."
    raise Invalid(said, fields={"window": said})
