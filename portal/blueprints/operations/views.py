import hmac

from flask import Blueprint, Response, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.exceptions import NotFound

from portal.services.readiness import check_readiness, queue_metrics
from portal.web.guards import public
from portal.web.state import state

blueprint = Blueprint("operations", __name__)
THIS_MACHINE = frozenset({"127.0.0.1", "::1"})


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process answers. Nothing else is asked."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """Whether this node can serve: database, migrations, disk, age of the queue."""
    checks = check_readiness(state().database, state().settings.data_dir)
    ready = all(check.ok for check in checks)
    body = {
        "status": "ready" if ready else "not ready",
        "checks": {check.name: {"ok": check.ok, "detail": check.detail} for check in checks},
    }
    return jsonify(body), 200 if ready else 503


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """Prometheus text. For the bearer of the metrics token, or this machine where none is set;
    to everybody else the address does not exist.
    """
    if not _may_measure():
        raise NotFound
    queue_metrics(state().database)
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _may_measure() -> bool:
    token = state().settings.metrics_token.get_secret_value()
    if not token:
        forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
        return request.remote_addr in THIS_MACHINE and not forwarded
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(given.encode(), token.encode())
