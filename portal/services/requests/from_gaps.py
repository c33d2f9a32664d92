"""What readers asked and no text answers, handed to product as a request."""

from sqlalchemy.orm import Session

from portal.domain.errors import Forbidden
from portal.domain.permissions import Permission
from portal.domain.requests import LONGEST_TITLE, Kind
from portal.domain.search_gaps import GapState
from portal.locales import DEFAULT_LOCALE
from portal.services.audit import record
from portal.services.requests.sharing import SharedText, begin_shared
from portal.services.search_gaps import settle_gap
from portal.tenancy import scope_of


def request_of_gap(session: Session, question: str, locale: str) -> str:
    """Makes it a shared request that only the vendor sees as yet, in the words of whoever asked;
    its key. Product words it, and publishes it or not. Raises NotFound for what nobody asked, and
    Forbidden. Commits.
    """
    if not scope_of(session).allows(Permission.KNOWLEDGE_WRITE):
        raise Forbidden
    text = SharedText(" ".join(question.split())[:LONGEST_TITLE])
    # English is what every shared request has; product translates it.
    shared = begin_shared(session, Kind.NEED, {DEFAULT_LOCALE: text, locale: text})
    record(session, "shared_request.create", "shared_request", shared.key, gap=True)
    settle_gap(session, question, locale, GapState.REQUESTED, shared.key)
    return shared.key
