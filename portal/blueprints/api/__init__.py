"""The machine's door, `/api/v1`: bearer keys, problem+json. This table is its contents page."""

from flask import Blueprint

from portal.blueprints.api import adoption, document, retention, search, usage_days, volumes

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
blueprint.add_url_rule("/accounts/<key>/adoption", "adoption", adoption.show)
blueprint.add_url_rule("/accounts/<key>/retention", "retention", retention.show)
blueprint.add_url_rule(
    "/accounts/<key>/usage-days", "usage_days_push", usage_days.push, methods=["POST"]
)
blueprint.add_url_rule("/accounts/<key>/volumes", "volumes", volumes.show)
blueprint.add_url_rule("/accounts/<key>/volumes", "volumes_push", volumes.push, methods=["POST"])
blueprint.add_url_rule("/search", "search", search.show)
blueprint.add_url_rule("/openapi.json", "openapi", document.openapi)
