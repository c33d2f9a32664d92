"""Requests as JSON."""

from typing import Any

from portal.domain.requests import PHASES
from portal.services.adoption.window import stamp
from portal.services.requests.changed_list import ChangedRow
from portal.services.requests.happening import Happened
from portal.services.requests.judging import Judged
from portal.services.requests.showing import RequestView
from portal.services.requests.standing_behind import Behind


def row_json(row: ChangedRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "code": row.code,
        "kind": row.kind.value,
        "state": row.state.value,
        "phase": PHASES[row.state].value,
        "version": row.version,
        "title": row.title,
        "account": row.account,
        "requester": row.requester,
        "visibility": row.visibility.value,
        "voters": row.voters,
        "merged_into": row.merged_into,
        "external_id": row.external_id,
        "created_at": stamp(row.created_at),
        "updated_at": stamp(row.updated_at),
        "released_at": stamp(row.released_at),
    }


def view_json(
    view: RequestView, behind: Behind, external_id: str | None, judged: Judged | None
) -> dict[str, Any]:
    """`judged` is None for a customer, who does not even see its member."""
    return {
        "key": view.key,
        "code": view.code,
        "kind": view.kind.value,
        "state": view.state.value,
        "phase": PHASES[view.state].value,
        "version": view.version,
        "title": view.title,
        "told": view.told,
        "locale": view.locale,
        "account": view.account_key,
        "requester": view.requester,
        "visibility": view.visibility.value,
        "severity": view.severity or None,
        "effect": view.effect or None,
        "feature": view.feature_key or None,
        "channel": view.channel,
        "merged_into": None if view.merged_into is None else view.merged_into[0],
        "external_id": external_id,
        "release_note": view.release_note or None,
        "created_at": stamp(view.created_at),
        "answered_at": stamp(view.answered_at),
        "released_at": stamp(view.released_at),
        "next_due_at": stamp(view.next_due_at),
        "shared": _shared(view),
        "totals": _totals(behind),
        "history": [_event(one) for one in view.happened if one.kind != "message"],
        "messages": [_message(one) for one in view.happened if one.kind == "message"],
        **({} if judged is None else {"judgement": judged_json(judged)}),
    }


def judged_json(judged: Judged) -> dict[str, Any]:
    """The answers by question, the remarks of those that have one."""
    return {
        "outcome": judged.outcome.value,
        **{one.value: answer for one, answer in judged.judgement.answers.items()},
        "remarks": {one.value: said for one, said in judged.judgement.remarks.items()},
        "by": judged.who or None,
        "at": stamp(judged.at),
    }


def _shared(view: RequestView) -> dict[str, Any] | None:
    shared = view.shared
    return None if shared is None else {"code": shared.code, "title": shared.title}


def _totals(behind: Behind) -> dict[str, Any]:
    """Revenue as text, so that no digit is lost; not even its member for a customer."""
    totals: dict[str, Any] = {"people": behind.people, "accounts": behind.accounts}
    if behind.revenue is not None:
        totals["revenue"] = {name: str(amount) for name, amount in behind.revenue.items()}
    return totals


def _event(one: Happened) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "at": stamp(one.at),
        "by": one.who or None,
        "side": one.side,
        "from": one.from_state or None,
        "to": one.to_state or None,
        "reason": one.text or None,
    }


def _message(one: Happened) -> dict[str, Any]:
    return {
        "key": one.key,
        "at": stamp(one.at),
        "author": one.who,
        "side": one.side,
        "body": one.text,
    }
