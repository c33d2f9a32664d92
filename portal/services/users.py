"""Those who may sign in: made, listed, given another role, shut out and let in again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.addresses import AddressError, normal_address
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.paging import place_in
from portal.domain.passwords import password_fault
from portal.domain.permissions import CUSTOMER_ROLES, Permission, Role
from portal.locales import LOCALES
from portal.models import Account, User
from portal.services.audit import record
from portal.services.once import add_once
from portal.services.passwords import hash_password
from portal.services.sign_in import new_uniquifier
from portal.tenancy import scope_of

PAGE_SIZE = 25
THEMES = ("auto", "light", "dark")
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class UserView:
    key: str
    email: str
    name: str
    role: Role
    active: bool
    account_key: str | None
    account_name: str | None
    created_at: datetime
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class UserPage:
    """`total` counts all that fit the filters, `first` is the number of the first row shown."""

    rows: list[UserView]
    total: int
    number: int
    pages: int
    first: int


@dataclass(frozen=True, slots=True)
class UserFilters:
    """Empty means any. `text` is part of a name or address; `state` is active or inactive."""

    text: str = ""
    role: str = ""
    account_key: str = ""
    state: str = ""
    sort: str = "name"
    descending: bool = False


_VIEW = (
    User.key,
    User.email,
    User.name,
    User.role,
    User.active,
    Account.key,
    Account.name,
    User.created_at,
    User.last_seen_at,
)
SORTS = {
    "name": func.lower(User.name),
    "email": User.email,
    "role": User.role,
    "account": func.lower(Account.name),
    "seen": User.last_seen_at,
}


def create_user(
    session: Session,
    *,
    email: str,
    role: Role,
    account_key: str | None,
    password: str,
    name: str = "",
) -> str:
    """Makes somebody who can sign in at once; returns the key. Raises Invalid (address, password,
    role against account), NotFound (account), Conflict (address is taken). Commits.
    """
    address = _address(email)
    fault = password_fault(password, email=address, name=name)
    if fault is not None:
        said = f"The password will not do: {fault.value.replace('-', ' ')}."
        raise Invalid(said, code=fault.value, fields={"password": said})
    account_id = account_for_role(session, role, account_key)
    made = new_user(
        session,
        email=address,
        role=role,
        account_id=account_id,
        password_hash=hash_password(password),
        name=name,
    )
    record(session, "user.created", "user", made.key, account_id=account_id, role=role.value)
    session.commit()
    return made.key


def new_user(
    session: Session,
    *,
    email: str,
    role: Role,
    account_id: int | None,
    password_hash: str,
    name: str,
) -> User:
    """Adds the row in the caller's transaction; raises Conflict where the address is taken."""
    now = scope_of(session).now
    made = User(
        key=new_key(),
        email=email,
        name=clean_name(name),
        role=role.value,
        password=password_hash,
        fs_uniquifier=new_uniquifier(),
        account_id=account_id,
        confirmed_at=now,
        created_at=now,
    )
    if not add_once(session, made, "email"):
        raise Conflict("This address has a sign-in already.", code="address-taken")
    return made


def account_for_role(session: Session, role: Role, account_key: str | None) -> int | None:
    """The account's id; None for the vendor's own. Raises Invalid where role and account do not
    go together, NotFound for an account out of reach.
    """
    if role not in CUSTOMER_ROLES:
        if account_key:
            said = "Only a customer's member, champion or executive belongs to an account."
            raise Invalid(said, code="account-not-wanted", fields={"account": said})
        return None
    if not account_key:
        said = "A member, champion or executive belongs to an account: name it."
        raise Invalid(said, code="account-missing", fields={"account": said})
    found = session.scalar(select(Account.id).where(Account.key == account_key))
    if found is None:
        raise NotFound(f"There is no account {account_key}.")
    return found


def set_preferences(
    session: Session,
    *,
    name: str | None = None,
    locale: str | None = None,
    time_zone: str | None = None,
    theme: str | None = None,
    daily_mail: bool | None = None,
    letter_keys: bool | None = None,
) -> None:
    """Changes what the reader has chosen for themselves; None leaves it, an empty locale or zone
    means "as my account has it". Raises Invalid. Commits.
    """
    changes: dict[str, Any] = {}
    if name is not None:
        changes["name"] = _name(name)
    if locale is not None:
        changes["locale"] = _one_of("locale", locale, ("", *LOCALES)) or None
    if time_zone is not None:
        changes["time_zone"] = _one_of("time_zone", time_zone, {"", *available_timezones()}) or None
    if theme is not None:
        changes["theme"] = _one_of("theme", theme, THEMES)
    if daily_mail is not None:
        changes["daily_mail"] = daily_mail
    if letter_keys is not None:
        changes["letter_keys"] = letter_keys
    if changes:
        me = scope_of(session).user_id
        session.execute(update(User).where(User.id == me).values(**changes))
        session.commit()


def list_users(session: Session, filters: UserFilters, number: int = 1) -> UserPage:
    """One page of those in reach. A page past the end is the last one."""
    wanted = [*_in_reach(session), *_wanted(filters)]
    chosen = select(*_VIEW).outerjoin(Account, Account.id == User.account_id).where(*wanted)
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    at = place_in(total, PAGE_SIZE, number)
    order = SORTS.get(filters.sort, SORTS["name"])
    ranked = chosen.order_by(
        order.desc().nulls_last() if filters.descending else order.asc().nulls_last(), User.id
    )
    rows = session.execute(ranked.offset(at.offset).limit(PAGE_SIZE)).all()
    first = at.first if rows else 0
    return UserPage([_view(row) for row in rows], total, at.page, at.pages, first)


def show_user(session: Session, key: str) -> UserView:
    """Raises NotFound."""
    row = session.execute(
        select(*_VIEW)
        .outerjoin(Account, Account.id == User.account_id)
        .where(User.key == key, *_in_reach(session))
    ).one_or_none()
    if row is None:
        raise NotFound
    return _view(row)


def _in_reach(session: Session) -> list[ColumnElement[bool]]:
    """The guard lets through rows of no account as well: those are the vendor's, for its admin."""
    if scope_of(session).allows(Permission.USER_ADMIN):
        return []
    return [User.account_id.is_not(None)]


def _wanted(filters: UserFilters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filters.text:
        part = filters.text.strip().lower()
        wanted.append(
            or_(
                func.lower(User.name).contains(part, autoescape=True),
                User.email.contains(part, autoescape=True),
            )
        )
    if filters.role:
        wanted.append(User.role == filters.role)
    if filters.account_key:
        wanted.append(Account.key == filters.account_key)
    if filters.state:
        wanted.append(User.active.is_(filters.state == "active"))
    return wanted


def _view(row: Any) -> UserView:
    key, email, name, role, *rest = row
    return UserView(key, email, name, Role(role), *rest)


def _address(email: str) -> str:
    try:
        return normal_address(email)
    except AddressError:
        said = f"{email!r} is no mail address such as name@company.example."
        raise Invalid(said, code="address-malformed", fields={"email": said}) from None


def clean_name(name: str) -> str:
    """Without odd spaces and without the NUL that PostgreSQL refuses; at most 200 characters."""
    return " ".join(name.replace("\x00", "").split())[:LONGEST_NAME]


def _name(name: str) -> str:
    clean = clean_name(name)
    if not clean:
        said = "A name has 1 to 200 characters."
        raise Invalid(said, code="name-length", fields={"name": said})
    return clean


def _one_of(field: str, value: str, known: Any) -> str:
    if value not in known:
        said = f"{value!r} is not known here."
        raise Invalid(said, code=f"unknown-{field.replace('_', '-')}", fields={field: said})
    return value
