"""One job, once: from the claim to its end, its next attempt or the dead letters."""

import random
import time
import traceback
from contextlib import AbstractContextManager

import structlog
from sqlalchemy.orm import Session

from portal.jobs.registry import USUAL_ATTEMPTS, Context, GiveUp, Kind
from portal.services.leases import LeaseLost, bury, complete, fail, release

DIED = "The worker died in it at its last attempt."

log = structlog.get_logger("worker")


class Stopped(BaseException):
    """Raised in the midst of a job when its worker must stop."""


def attempt(context: Context, kind: Kind | None, held: AbstractContextManager[None]) -> None:
    """Runs the handler while its lease is `held`. What it raises is kept with the job; only
    Stopped (the job is given back) and the database's own failures get out.
    """
    started = time.perf_counter()
    lease = context.lease
    with structlog.contextvars.bound_contextvars(job=lease.key, kind=lease.name):
        try:
            outcome = _outcome(context, kind, held)
        except LeaseLost:
            outcome = "job was taken by another worker"
        except Stopped:
            _release(context)
            raise
        milliseconds = round((time.perf_counter() - started) * 1000, 1)
        log.info(outcome, attempt=lease.attempts, milliseconds=milliseconds)


def _outcome(context: Context, kind: Kind | None, held: AbstractContextManager[None]) -> str:
    allowed = kind.attempts if kind else USUAL_ATTEMPTS
    if context.lease.attempts > allowed:
        return _bury(context, DIED)
    try:
        _handle(context, kind, held)
    except LeaseLost:
        raise
    except GiveUp as reason:
        return _bury(context, str(reason))
    except Exception:  # noqa: BLE001 - whatever a handler raises, the worker goes on
        return _fail(context, traceback.format_exc(), allowed)
    return "job done"


def _handle(context: Context, kind: Kind | None, held: AbstractContextManager[None]) -> None:
    if kind is None:
        raise LookupError(f"no handler for {context.lease.name}")
    with held:
        kind.handler(context, context.lease.payload)
    if not context.finished:
        with _writing(context) as session:
            complete(session, context.lease)
            session.commit()


def _bury(context: Context, reason: str) -> str:
    with _writing(context) as session:
        bury(session, context.lease, reason)
    log.error("job is dead", reason=reason[-300:])
    return "job given up"


def _fail(context: Context, error: str, allowed: int) -> str:
    jitter = random.random()  # noqa: S311 - spreads retries, hides nothing
    with _writing(context) as session:
        again_at = fail(session, context.lease, error, jitter=jitter, attempts_allowed=allowed)
    log.error("job failed", error=error[-2000:], again_at=again_at and again_at.isoformat())
    return "job will be tried again" if again_at else "job given up"


def _release(context: Context) -> None:
    try:
        with _writing(context) as session:
            release(session, context.lease)
    except LeaseLost:
        log.info("job had ended already")


def _writing(context: Context) -> AbstractContextManager[Session]:
    return context.session(writes=True)
