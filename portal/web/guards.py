"""One place that asks "may this person do this?", before any view runs.

Every endpoint declares `@needs(Permission.X)` or `@public`; `check_guards` stops the start-up
where one declares neither. `scope()` and `db()` are the request's Scope and session.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import UnsupportedMediaType

from portal.domain.errors import DomainError, Forbidden, NotFound
from portal.domain.permissions import Permission, Role
from portal.services.api_keys import find_key
from portal.services.sign_in import accounts_in_reach, assigned_accounts
from portal.tenancy import ALL_ACCOUNTS, Scope, system_scope
from portal.web.clock import request_time
from portal.web.locale import request_locale
from portal.web.sign_in import Member, current_member
from portal.web.state import state

View = TypeVar("View", bound=Callable[..., Any])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MACHINE_BLUEPRINTS = frozenset({"api", "ingest", "posthog", "hooks"})


class Unauthorized(DomainError):
    status = 401
    code = "unauthorized"


@dataclass(frozen=True, slots=True)
class KeyRoles:
    """As whom an API key acts: one of an account, and one that reaches all."""

    account: Role = Role.MANAGER
    vendor: Role = Role.MANAGER


USUAL_ROLES = KeyRoles()


def needs(permission: Permission, keys: KeyRoles = USUAL_ROLES) -> Callable[[View], View]:
    """The view is for those whose role has the permission; API keys act as `keys` says."""

    def mark(view: View) -> View:
        view.__guard__ = permission  # type: ignore[attr-defined] # read back by the guard below
        view.__keys__ = keys  # type: ignore[attr-defined] # as above
        return view

    return mark


def public(view: View) -> View:
    """The view is for everybody, signed in or not."""
    view.__guard__ = "public"  # type: ignore[attr-defined] # as above
    return view


def check_guards(app: Flask) -> None:
    """Raises RuntimeError naming every endpoint that declares neither."""
    bare = [name for name, view in app.view_functions.items() if guard_of(view) is None]
    if bare:
        raise RuntimeError(f"no @needs and no @public on: {', '.join(sorted(bare))}")


def guard_of(view: Callable[..., Any]) -> "Permission | str | None":
    """The Permission, "public", or None where the view says nothing."""
    return getattr(view, "__guard__", None)


def init_guards(app: Flask) -> None:
    app.before_request(_hold_request)
    app.teardown_request(_close)


def _hold_request() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return None
    if request.is_json and request.blueprint not in MACHINE_BLUEPRINTS:
        # Forms would read it as what was typed, however deep it goes.
        raise UnsupportedMediaType
    guard = guard_of(view)
    if guard == "public":
        return None
    if request.blueprint in MACHINE_BLUEPRINTS:
        _hold_machine(getattr(view, "__keys__", USUAL_ROLES))
    elif current_member() is None:
        return _ask_to_sign_in()
    if not isinstance(guard, Permission) or not scope().allows(guard):
        raise Forbidden
    return None


def _ask_to_sign_in() -> Response:
    if request.method in SAFE_METHODS and "HX-Request" not in request.headers:
        target = request.full_path.rstrip("?")
        return redirect(url_for("security.login", next=target))  # type: ignore[return-value] # werkzeug's Response is what Flask answers with
    raise Unauthorized("Sign in first, then try again.")


def _hold_machine(roles: KeyRoles) -> None:
    """An API key stands for a machine: of one account, or the vendor's, of all."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    with state().database.open(system_scope(request_time(), "api")) as session:
        key = find_key(session, secret.strip(), "api") if scheme.lower() == "bearer" else None
    if key is None:
        raise Unauthorized("Send an API key as `Authorization: Bearer pla_…`.")
    wide = key.account_id is None
    g.scope = Scope(
        user_id=None,
        role=roles.vendor if wide else roles.account,
        accounts=ALL_ACCOUNTS if key.account_id is None else frozenset({key.account_id}),
        now=request_time(),
        locale=request_locale(),
        origin=request.remote_addr or "",
        request_id=g.request_id,
        actor=f"key {key.name}",
        machine="vendor" if wide else "customer",
    )


def scope() -> Scope:
    """The Scope of this request. A visitor's reaches no account."""
    if "scope" not in g:
        g.scope = _make_scope(current_member())
    kept: Scope = g.scope
    return kept


def _make_scope(member: Member | None) -> Scope:
    if member is None:
        return _scope_of_visitor()
    return Scope(
        user_id=member.id,
        role=Role(member.role),
        accounts=accounts_in_reach(member, _assigned),
        now=request_time(),
        locale=request_locale(),
        time_zone=member.time_zone,
        origin=request.remote_addr or "",
        request_id=g.request_id,
        actor=member.email,
    )


def _assigned(user_id: int) -> frozenset[int]:
    with state().database.open(system_scope(request_time(), "guard")) as session:
        return assigned_accounts(session, user_id)


def _scope_of_visitor() -> Scope:
    return Scope(
        user_id=None,
        role=Role.VISITOR,
        accounts=frozenset(),
        now=request_time(),
        locale=request_locale(),
        origin=request.remote_addr or "",
        request_id=g.request_id,
    )


def db() -> Session:
    """The session of the request; it writes only in requests that may change something."""
    if "session" not in g:
        writes = request.method not in SAFE_METHODS
        g.session = state().database.open(scope(), writes=writes)
    kept: Session = g.session
    return kept


def customer_account_key() -> str:
    """The account of a customer's champion, member or executive; NotFound for the vendor's side."""
    member = current_member()
    if member is None or member.account_key is None:
        raise NotFound
    return member.account_key


def _close(_failure: BaseException | None) -> None:
    session = g.pop("session", None)
    if session is not None:
        session.close()
