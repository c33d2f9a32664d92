"""How the reader wants to be told of each kind."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Forbidden
from portal.domain.notices import Notified, Way, kinds_for, way_of, ways_for
from portal.models import NoticeChoice
from portal.tenancy import Scope, scope_of

DIGEST = "digest"
MAILED = frozenset({Way.NOW, Way.DIGEST, Way.WEEKLY})


def ways(session: Session) -> dict[Notified, Way]:
    """Of the kinds that somebody of the reader's side may be told of."""
    me = scope_of(session)
    wanted = select(NoticeChoice.kind, NoticeChoice.way).where(NoticeChoice.user_id == me.user_id)
    chosen = {row.kind: row.way for row in session.execute(wanted)}
    return {kind: way_of(kind, chosen) for kind in kinds_for(me.role)}


def choose(session: Session, wanted: Mapping[Notified, Way]) -> None:
    """For the reader; commits. Raises Forbidden where nobody is signed in."""
    me = scope_of(session)
    if me.user_id is None:
        raise Forbidden
    for kind, way in wanted.items():
        row = session.get(NoticeChoice, (me.user_id, kind.value))
        if row is None:
            account_id = account_of(me)
            row = NoticeChoice(account_id=account_id, user_id=me.user_id, kind=kind.value)
            session.add(row)
        row.way = way.value
    session.commit()


def unsubscribe(session: Session, what: str) -> list[Notified]:
    """No more mails of the kind, or of all that come once a day (`digest`): they stand under the
    bell alone, where they stand there. The kinds that it was about; commits.
    """
    now = ways(session)
    if what == DIGEST:
        kinds = [kind for kind, way in now.items() if way is Way.DIGEST]
    else:
        kinds = [kind for kind in now if kind.value == what]
    quiet = {kind: Way.BELL if Way.BELL in ways_for(kind) else Way.OFF for kind in kinds}
    mailed = {kind: way for kind, way in quiet.items() if now[kind] in MAILED}
    choose(session, mailed)
    return kinds


def account_of(scope: Scope) -> int | None:
    """What a row of the reader's own carries: nothing at the vendor."""
    return scope.account_id if scope.role.side == "customer" else None
