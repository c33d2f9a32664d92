"""Items that begin: nobody but their writers sees them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.content_draft import REVIEW_AFTER
from portal.domain.content_file import is_name
from portal.domain.errors import Conflict, Invalid
from portal.domain.knowledge import DRAFT, LONGEST_SLUG, RESERVED, TYPES
from portal.models import KnowledgeItem
from portal.services.once import add_once
from portal.tenancy import scope_of

_MOST_NAMESAKES = 50


def hold_start(kind: str, slug: str) -> None:
    """Raises Invalid."""
    wrong = {}
    if kind not in TYPES:
        wrong["type"] = f"Use one of {', '.join(TYPES)}."
    if slug in RESERVED:
        wrong["slug"] = "This address is the portal's own: choose another."
    elif slug and not is_name(slug):
        wrong["slug"] = (
            f"Use small letters, digits and single hyphens, at most {LONGEST_SLUG} of them."
        )
    if wrong:
        raise Invalid("The text cannot begin like this.", fields=wrong)


def add_item(session: Session, kind: str, slug: str, locale: str, *, free: bool) -> str:
    """The slug. `free`: another number behind the slug will do where it is taken."""
    for number in range(1, _MOST_NAMESAKES if free else 2):
        named = slug if number == 1 else f"{slug}-{number}"
        item = _new_item(session, kind, named, locale)
        taken = named in RESERVED or _is_taken(session, named)
        if not taken and add_once(session, item, "slug"):
            return named
    raise Conflict(
        "Another text has this address: choose another.",
        code="slug-taken",
    )


def _is_taken(session: Session, slug: str) -> bool:
    return session.scalar(select(KnowledgeItem.id).where(KnowledgeItem.slug == slug)) is not None


def _new_item(session: Session, kind: str, slug: str, locale: str) -> KnowledgeItem:
    """Nobody reads it and it carries no tokens; what it says in lists is said by its work."""
    scope = scope_of(session)
    today = scope.now.date()
    return KnowledgeItem(
        slug=slug,
        type=kind,
        state=DRAFT,
        audience="vendor",
        audience_accounts=[],
        audience_segments=[],
        review_by=today + REVIEW_AFTER,
        published_on=today,
        minutes=1,
        changed_in=0,
        guarded_in=0,
        created_at=scope.now,
        source_locale=locale,
        owner_id=scope.user_id,
    )
