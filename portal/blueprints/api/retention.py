from flask import Response, jsonify

from portal.blueprints.api.document import RetentionBody, RetentionQuery, documented
from portal.blueprints.api.parameters import read_day, read_whole
from portal.domain.permissions import Permission
from portal.services.adoption import MOST_WEEKS, USUAL_WEEKS, cohort_retention
from portal.web.guards import db, needs


@needs(Permission.ADOPTION_READ)
@documented(query=RetentionQuery, answer=RetentionBody, tags=["adoption"])
def show(key: str) -> Response:
    """Weekly cohorts by a person's first active week: who is active in week k.

    Week 0 is the first active week itself. Weeks that are not over are left out.
    """
    weeks = read_whole("weeks", USUAL_WEEKS, MOST_WEEKS, "weeks")
    return jsonify(cohort_retention(db(), key, read_day(), weeks).as_json())
