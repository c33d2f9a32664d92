"""Which tokens a session's reader carries, and the condition that every read of texts asks for."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from portal.domain.audience import audience_tokens
from portal.domain.knowledge import PUBLISHED
from portal.domain.permissions import Role
from portal.domain.segments import Traits, segment_of
from portal.models import Account, KnowledgeAudience, KnowledgeChange, KnowledgeItem
from portal.services.segments import segment_rules
from portal.tenancy import ALL_ACCOUNTS, Scope, scope_of

_TRAITS = (Account.tier, Account.industry, Account.region, Account.stage)
_CHANGE = select(KnowledgeChange.number)
_OF_ACCOUNTS = select(
    *(Account.key, _CHANGE.scalar_subquery()),
    *(select(KnowledgeChange.for_segments).scalar_subquery(), *_TRAITS),
)
"""Made once: every search asks for it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What decides an answer of the hub, but for the question: the reader's tokens and the change
    number that the texts stand at.
    """

    tokens: frozenset[str]
    change: int


def reading(session: Session) -> Reading:
    """One statement; two where a text is for segments. The tokens are kept for the session's
    life, as its scope is.
    """
    role = _reading_role(scope_of(session))
    keys: list[str] = []
    segments: set[str] = set()
    if role.side == "customer":
        rows = session.execute(_OF_ACCOUNTS).all()
        keys, numbers = [row[0] for row in rows], [row[1] for row in rows]
        if rows and rows[0][2]:
            rules = segment_rules(session)
            segments = {segment_of(rules, Traits(*row[3:])) for row in rows}
    else:
        numbers = [session.scalar(_CHANGE)]
    tokens = session.info["audience_tokens"] = audience_tokens(role, keys, segments)
    return Reading(tokens, max((number or 0 for number in numbers), default=0))


def readable(session: Session) -> ColumnElement[bool]:
    """True for the items that the session's reader may read."""
    return readable_with(tokens_of(session))


def tokens_of(session: Session) -> frozenset[str]:
    """Those that the session's reader carries."""
    tokens: frozenset[str] | None = session.info.get("audience_tokens")
    return reading(session).tokens if tokens is None else tokens


def readable_in(session: Session, account_id: int) -> ColumnElement[bool]:
    """True for the items that the people of that account may read: for a job, which is nobody and
    writes to them.
    """
    row = session.execute(select(Account.key, *_TRAITS).where(Account.id == account_id)).one()
    segments = {segment_of(segment_rules(session), Traits(*row[1:]))}
    return readable_with(audience_tokens(Role.MEMBER, [row[0]], segments))


@lru_cache(maxsize=512)
def readable_with(tokens: frozenset[str]) -> ColumnElement[bool]:
    """True for the items that whoever carries these tokens may read."""
    return and_(KnowledgeItem.state == PUBLISHED, _carrying(tokens))


@lru_cache(maxsize=512)
def readable_of_few(tokens: frozenset[str]) -> ColumnElement[bool]:
    """The same, where the items are named as well: SQLite takes no index for a state that is put
    together, and so finds ten items by their names instead of trying all that are published.
    """
    return and_(KnowledgeItem.state.concat("") == PUBLISHED, _carrying(tokens))


def _carrying(tokens: frozenset[str]) -> ColumnElement[bool]:
    # Item by item: SQLite would first gather all that the tokens may read, for ten lines of a page.
    return (
        exists()
        .where(
            KnowledgeAudience.item_id == KnowledgeItem.id,
            KnowledgeAudience.token.in_(sorted(tokens)),
        )
        .correlate(KnowledgeItem)
    )


def _reading_role(scope: Scope) -> Role:
    """A machine's key that is bound to accounts reads what the people of those accounts do."""
    if scope.user_id is None and scope.role.side == "vendor" and scope.accounts is not ALL_ACCOUNTS:
        return Role.MEMBER
    return scope.role
