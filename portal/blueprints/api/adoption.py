from flask import Response, jsonify

from portal.blueprints.api.document import AdoptionBody, AdoptionQuery, documented
from portal.blueprints.api.parameters import read_day, read_whole
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
    return jsonify(
        show_adoption(
            db(), key, read_day(), read_whole("window", USUAL, LONGEST_WINDOW, "days")
        ).as_json()
    )
