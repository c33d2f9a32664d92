import hmac
import os

from flask import Blueprint, Response, jsonify, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Gauge,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from werkzeug.exceptions import NotFound

from portal.services.jobs import queue_state
from portal.services.readiness import check_readiness
from portal.tenancy import system_scope
from portal.web.clock import request_time
from portal.web.guards import public
from portal.web.state import state

blueprint = Blueprint("operations", __name__)
MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
WAITING = Gauge("paceline_jobs_waiting", "Jobs that wait", multiprocess_mode="mostrecent")
DEAD = Gauge("paceline_jobs_dead", "Jobs in the dead-letter list", multiprocess_mode="mostrecent")
OLDEST = Gauge(
    "paceline_jobs_oldest_due_seconds",
    "Age of the oldest job that is due",
    multiprocess_mode="mostrecent",
)
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
    _measure_queue()
    return Response(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _measure_queue() -> None:
    with state().database.session(system_scope(request_time(), "metrics")) as session:
        queue = queue_state(session)
    WAITING.set(queue.waiting)
    DEAD.set(queue.dead)
    OLDEST.set(queue.oldest_due_seconds or 0)


def _registry() -> CollectorRegistry:
    """The numbers of all processes of `paceline serve` together; of this one where it is alone."""
    if MULTIPROCESS not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call] # untyped there
    return together


def _may_measure() -> bool:
    token = state().settings.metrics_token.get_secret_value()
    if not token:
        forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
        return request.remote_addr in THIS_MACHINE and not forwarded
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(given.encode(), token.encode())
