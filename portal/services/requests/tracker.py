"""Where the vendor's own tracker holds a request or a shared one: a link, and the state that was
heard of last.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid
from portal.models import RequestTracker, SharedTracker
from portal.services.audit import record
from portal.services.requests.access import take_request, take_shared_row
from portal.services.requests.acts import needs_triage
from portal.services.requests.steps import finish
from portal.tenancy import scope_of

LONGEST_URL, LONGEST_STATE = 500, 60


@dataclass(frozen=True, slots=True)
class Tracked:
    """`heard_at`: when the tracker itself said the state; None where it was set by hand."""

    system: str
    url: str
    state: str
    heard_at: datetime | None


def link_tracker(session: Session, key: str, url: str, state: str = "") -> None:
    """An empty `url` takes the link away; `state` is set by hand. Commits. It is no word to the
    customer. Raises NotFound, Conflict, Forbidden and Invalid.
    """
    needs_triage(session)
    address = checked_url(url) if url.strip() else ""
    request = take_request(session, key)
    row = session.get(RequestTracker, request.id)
    if not address:
        if row is not None:
            session.delete(row)
            finish(session, "request.untrack", request)
        return
    now = scope_of(session).now
    if row is None:
        row = RequestTracker(request_id=request.id, account_id=request.account_id, created_at=now)
        session.add(row)
    _write(row, address, state)
    finish(session, "request.track", request, url=address)


def link_shared_tracker(session: Session, key: str, url: str, state: str = "") -> None:
    """As `link_tracker`, of a shared request; no customer ever reads it. Commits. Raises NotFound,
    Forbidden and Invalid.
    """
    needs_triage(session)
    address = checked_url(url) if url.strip() else ""
    shared = take_shared_row(session, key)
    row = session.get(SharedTracker, shared.id)
    if not address:
        if row is None:
            return
        session.delete(row)
    else:
        if row is None:
            row = SharedTracker(shared_id=shared.id, created_at=scope_of(session).now)
            session.add(row)
        _write(row, address, state)
    action = "shared_request.track" if address else "shared_request.untrack"
    record(session, action, "shared_request", shared.key, url=address)
    session.commit()


def tracker_of_shared(session: Session, shared_id: int) -> Tracked | None:
    wanted = select(
        SharedTracker.system, SharedTracker.url, SharedTracker.state, SharedTracker.heard_at
    )
    row = session.execute(wanted.where(SharedTracker.shared_id == shared_id)).one_or_none()
    return None if row is None else Tracked(*row)


def hear(session: Session, payload: object) -> int:
    """What a tracker's webhook says of an issue is kept with every request and shared one that
    links it; how many. For a system session; commits. Raises Invalid.
    """
    url, state = read_payload(payload)
    rows: list[RequestTracker | SharedTracker] = [
        *session.scalars(select(RequestTracker).where(RequestTracker.url == url)),
        *session.scalars(select(SharedTracker).where(SharedTracker.url == url)),
    ]
    for row in rows:
        row.state, row.heard_at = state, scope_of(session).now
    session.commit()
    return len(rows)


def checked_url(url: str) -> str:
    """Without what stands behind the issue itself (query, fragment, a last slash). Raises
    Invalid.
    """
    said = "Give the issue’s whole address, such as https://github.com/…/issues/12."
    try:
        parts = urlsplit(url.strip())
        host, number = parts.hostname, parts.port
    except ValueError:
        raise Invalid(said, code="bad-address", fields={"url": said}) from None
    if not host or parts.scheme not in {"http", "https"} or parts.username is not None:
        raise Invalid(said, code="bad-address", fields={"url": said})
    port = f":{number}" if number else ""
    address = f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}"
    if len(address) > LONGEST_URL or any(one.isspace() or not one.isprintable() for one in address):
        raise Invalid(said, code="bad-address", fields={"url": said})
    return address


def system_of(url: str) -> str:
    """By host, else by how the path is built: trackers stand under hosts of the vendor's own."""
    parts = urlsplit(url)
    host, path = parts.hostname or "", parts.path
    if "/-/issues/" in path or "/-/work_items/" in path or host.startswith("gitlab."):
        return "gitlab"
    if "/browse/" in path or host.endswith(".atlassian.net"):
        return "jira"
    if host == "github.com" or host.startswith("github."):
        return "github"
    return "other"


def _write(row: RequestTracker | SharedTracker, address: str, state: str) -> None:
    """What is said by hand is no longer what the tracker has said."""
    said = " ".join(state.split())[:LONGEST_STATE]
    if (row.url, row.state) != (address, said):
        row.heard_at = None
    row.url, row.system, row.state = address, system_of(address), said


def read_payload(payload: object) -> tuple[str, str]:
    """The issue's address and its state, of what GitHub, GitLab or Jira sends. Raises Invalid."""
    if isinstance(payload, Mapping):
        for read in (_github, _gitlab, _jira):
            found = read(payload)
            if found is not None:
                url, state = found
                return checked_url(url), " ".join(state.split())[:LONGEST_STATE]
    said = "Send the issue event of GitHub, GitLab or Jira as it comes."
    raise Invalid(said, code="unknown-payload", fields={"issue": said})


def _github(payload: Mapping[str, Any]) -> tuple[str, str] | None:
    issue = payload.get("issue")
    if not isinstance(issue, Mapping):
        return None
    return _texts(issue.get("html_url"), issue.get("state"))


def _gitlab(payload: Mapping[str, Any]) -> tuple[str, str] | None:
    about = payload.get("object_attributes")
    if not isinstance(about, Mapping):
        return None
    return _texts(about.get("url"), about.get("state"))


def _jira(payload: Mapping[str, Any]) -> tuple[str, str] | None:
    """Jira names the address of its API, under the same host as the issue's page."""
    issue = payload.get("issue")
    fields = issue.get("fields") if isinstance(issue, Mapping) else None
    status = fields.get("status") if isinstance(fields, Mapping) else None
    if not isinstance(issue, Mapping) or not isinstance(status, Mapping):
        return None
    own, key = issue.get("self"), issue.get("key")
    found = _texts(own, status.get("name"))
    if found is None or not isinstance(key, str) or "/rest/" not in found[0]:
        return None
    return f"{found[0].partition('/rest/')[0]}/browse/{key}", found[1]


def _texts(url: object, state: object) -> tuple[str, str] | None:
    return (url, state) if isinstance(url, str) and isinstance(state, str) else None
