"""The machine's door, `/api/v1`: bearer keys, problem+json. This table is its contents page."""

from flask import Blueprint

from portal.blueprints.api import (
    adoption,
    document,
    request_acts,
    request_files,
    request_votes,
    requests,
    retention,
    search,
    usage_days,
    volumes,
)

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
blueprint.add_url_rule("/accounts/<key>/adoption", "adoption", adoption.show)
blueprint.add_url_rule("/accounts/<key>/retention", "retention", retention.show)
blueprint.add_url_rule(
    "/accounts/<key>/usage-days", "usage_days_push", usage_days.push, methods=["POST"]
)
blueprint.add_url_rule("/accounts/<key>/volumes", "volumes", volumes.show)
blueprint.add_url_rule("/accounts/<key>/volumes", "volumes_push", volumes.push, methods=["POST"])
blueprint.add_url_rule("/requests", "requests", requests.index)
blueprint.add_url_rule("/requests", "requests_add", requests.hand_in, methods=["POST"])
blueprint.add_url_rule("/requests/<key>", "request", requests.show)
for _name, _view in (
    ("messages", request_acts.write),
    ("votes", request_votes.add_vote),
    ("moves", request_acts.move),
    ("judgements", request_acts.judge),
    ("answers", request_votes.answer),
):
    blueprint.add_url_rule(f"/requests/<key>/{_name}", f"request_{_name}", _view, methods=["POST"])
blueprint.add_url_rule(
    "/requests/<key>/votes/removal", "request_votes_back", request_votes.take_back, methods=["POST"]
)
blueprint.add_url_rule("/requests/<key>/files", "request_files", request_files.index)
blueprint.add_url_rule(
    "/requests/<key>/files", "request_files_add", request_files.add, methods=["POST"]
)
blueprint.add_url_rule("/search", "search", search.show)
blueprint.add_url_rule("/openapi.json", "openapi", document.openapi)
