"""Who acts, for which accounts, and the guard that holds every statement to it.

A door makes a Scope and opens one session for it. From then on the session filters by itself:
ORM statements are narrowed to the scope's accounts, what cannot be narrowed (Core tables, text,
bulk inserts) is refused, and what is flushed must belong to the scope. `unscoped` is the one
way out; it is logged with its reason.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Insert,
    Integer,
    Update,
    event,
    or_,
)
from sqlalchemy.orm import (
    Mapped,
    ORMExecuteState,
    Session,
    mapped_column,
    sessionmaker,
    with_loader_criteria,
)

from portal.domain.permissions import Permission, Role, allows
from portal.shapes import VENDOR_ONLY, shape_of

ALL_ACCOUNTS = None
# Of so many readers a statement is kept as it was narrowed.
MOST_REACHES = 256
log = structlog.get_logger(__name__)


class TenancyError(RuntimeError):
    """A statement or a write that reaches past its scope. A defect of ours, never of a reader."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Who acts, for which accounts, when and in which language.

    `accounts`: ids of the accounts in reach, or ALL_ACCOUNTS. `now` is aware. `time_zone` is an
    IANA name. `origin` tells where from: an address, "cli" or a job's name. `on_behalf_of` names
    the person whose place a member of the vendor's team takes. `machine`: whose API key it came
    through ("vendor", "customer"); such a key acts where no person does.
    """

    user_id: int | None
    role: Role
    accounts: frozenset[int] | None
    now: datetime
    locale: str = "en"
    time_zone: str = "UTC"
    origin: str = ""
    request_id: str = ""
    on_behalf_of: str | None = None
    machine: str = ""
    actor: str = field(default="", compare=False)

    def allows(self, permission: Permission) -> bool:
        return allows(self.role, permission)

    @property
    def account_id(self) -> int:
        """The one account of a customer's scope."""
        if self.accounts is None or len(self.accounts) != 1:
            raise TenancyError("this scope is not of one account")
        return next(iter(self.accounts))


def system_scope(now: datetime, origin: str, **more: Any) -> Scope:
    """The scope of imports, jobs and the command line: every account, no person."""
    return Scope(
        user_id=None, role=Role.ADMIN, accounts=ALL_ACCOUNTS, now=now, origin=origin, **more
    )


class AccountOwned:
    """A row of one account. Composite keys to it carry the account too."""

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), index=True
    )


class AccountShared:
    """A row of one account, or of the vendor where `account_id` is empty (users, audit)."""

    account_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), index=True
    )


class AccountItself:
    """Marks the account table: its own id is the account."""

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True
    )


class GuardedSession(Session):
    """The legacy bulk calls and a bare connection pass every event by, so they are closed."""

    def connection(self, *args: Any, **named: Any) -> Any:
        if scope_of(self).accounts is not None:
            raise TenancyError("a bare connection knows no accounts: use the session")
        return super().connection(*args, **named)

    def bulk_save_objects(self, *_args: Any, **_named: Any) -> None:
        raise TenancyError("bulk_save_objects is closed: use add_all or insert() in a system scope")

    def bulk_insert_mappings(self, *_args: Any, **_named: Any) -> None:
        raise TenancyError("bulk_insert_mappings is closed: use insert() in a system scope")

    def bulk_update_mappings(self, *_args: Any, **_named: Any) -> None:
        raise TenancyError("bulk_update_mappings is closed: use update()")


def scope_of(session: Session) -> Scope:
    """The scope that the session was opened for; raises TenancyError where there is none."""
    found = session.info.get("scope")
    if not isinstance(found, Scope):
        raise TenancyError("this session has no scope")
    scope: Scope = found
    bound = session.info.setdefault("first_scope", scope)
    if id(bound) != id(scope):
        raise TenancyError("the scope of a living session cannot change: open another session")
    return scope


def plain_rows(session: Session, statement: Any) -> list[Any]:
    """Rows of columns, of which there may be very many: where nothing has to be narrowed they come
    past the session, whose ways cost more than the rows do.
    """
    if scope_of(session).accounts is ALL_ACCOUNTS:
        return list(session.connection().execute(statement).all())
    return list(session.execute(statement).all())


@contextmanager
def unscoped(session: Session, reason: str) -> Iterator[Session]:
    """A session over all accounts in the same transaction, for what no scope can answer yet
    (who is signing in?). Objects stay in it: they never enter the scoped session's map.
    """
    scope = scope_of(session)
    log.info("unscoped", reason=reason, user=scope.user_id, request_id=scope.request_id)
    wide = Scope(
        user_id=scope.user_id,
        role=scope.role,
        accounts=ALL_ACCOUNTS,
        now=scope.now,
        locale=scope.locale,
        time_zone=scope.time_zone,
        origin=scope.origin,
        request_id=scope.request_id,
        machine=scope.machine,
    )
    session.flush()
    connection = Session.connection(session)
    _tell_database(connection, wide)
    inner = GuardedSession(connection, expire_on_commit=False, info={"scope": wide})
    _listen(inner)
    try:
        yield inner
        inner.flush()
    except BaseException:
        inner.close()
        raise
    inner.close()
    _tell_database(connection, scope)


def install_guard(sessions: "sessionmaker[GuardedSession]") -> None:
    _listen(sessions)


def _listen(target: Any) -> None:
    event.listen(target, "do_orm_execute", _hold_statement)
    event.listen(target, "before_flush", _hold_flush)
    event.listen(target, "after_begin", _begin)


def _begin(session: Session, _transaction: Any, connection: Any) -> None:
    _tell_database(connection, scope_of(session))


def _tell_database(connection: Any, scope: Scope) -> None:
    """Row level security on PostgreSQL reads this; it lasts as long as the transaction."""
    if connection.dialect.name != "postgresql":
        return
    accounts = "*" if scope.accounts is None else ",".join(str(one) for one in scope.accounts)
    connection.exec_driver_sql("SELECT set_config('paceline.accounts', %s, true)", (accounts,))


# --- statements -------------------------------------------------------------------------------


def _hold_statement(state: ORMExecuteState) -> None:
    scope = scope_of(state.session)
    if scope.accounts is None:
        return
    statement = state.statement
    shape = shape_of(statement)
    if shape.text:
        raise TenancyError("text() cannot be narrowed to accounts: write it with the models")
    if shape.inward and scope.role.side != "vendor":
        raise TenancyError("what only the vendor's people may read was asked for by another")
    if not shape.owned:
        return
    if shape.raw and not (state.is_relationship_load or state.is_column_load):
        raise TenancyError("a Core table of an account was named: write it with the models")
    if isinstance(statement, Insert):
        raise TenancyError("a bulk insert of account rows needs a system scope: use session.add")
    if isinstance(statement, Update) and _moves_account(state, statement):
        raise TenancyError("a row cannot move to another account")
    state.statement = _narrowed(statement, scope.accounts)


_kept: WeakKeyDictionary[Any, dict[frozenset[int], Any]] = WeakKeyDictionary()


def _narrowed(statement: Any, reach: frozenset[int]) -> Any:
    """Kept as long as the statement: what SQLAlchemy works out of it is worked out once then."""
    reaches = _kept.setdefault(statement, {})
    found = reaches.get(reach)
    if found is None:
        if len(reaches) >= MOST_REACHES:
            reaches.clear()
        found = reaches[reach] = statement.options(*_criteria(reach))
    return found


@lru_cache(maxsize=1024)
def _criteria(reach: frozenset[int]) -> tuple[Any, ...]:
    """Made once for the accounts in reach: that costs more than a small statement does."""
    accounts = sorted(reach)
    return (
        with_loader_criteria(
            AccountOwned, lambda row: row.account_id.in_(accounts), include_aliases=True
        ),
        with_loader_criteria(
            AccountShared,
            lambda row: or_(row.account_id.in_(accounts), row.account_id.is_(None)),
            include_aliases=True,
        ),
        with_loader_criteria(AccountItself, lambda row: row.id.in_(accounts), include_aliases=True),
    )


def _moves_account(state: ORMExecuteState, statement: Update) -> bool:
    named = {getattr(column, "key", column) for column in (statement._values or {})}  # noqa: SLF001 # no public way to ask an UPDATE what it sets
    given = state.parameters or {}
    for row in given if isinstance(given, list) else [given]:
        named |= set(row)
    return "account_id" in named


# --- flush ------------------------------------------------------------------------------------


def _hold_flush(session: Session, _context: Any, _instances: Any) -> None:
    scope = scope_of(session)
    if scope.accounts is None:
        return
    for row in (*session.new, *session.dirty, *session.deleted):
        _hold_row(scope, row)


def _hold_row(scope: Scope, row: Any) -> None:
    if scope.role.side != "vendor" and row.__table__.info.get(VENDOR_ONLY):
        raise TenancyError(f"{type(row).__name__} is the vendor's own")
    if not isinstance(row, AccountOwned | AccountShared | AccountItself):
        return
    account_id = row.id if isinstance(row, AccountItself) else row.account_id
    if account_id is None and isinstance(row, AccountShared):
        return
    if scope.accounts is None or account_id not in scope.accounts:
        raise TenancyError(f"{type(row).__name__} belongs to account {account_id}, out of reach")
