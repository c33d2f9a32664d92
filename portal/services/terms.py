"""Names of modules, industries and regions, as the vendor gives them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid
from portal.domain.terms import LONGEST_NAME, TermKind, Terms, Wording
from portal.models import Account, Feature, Term
from portal.services.audit import record
from portal.tenancy import scope_of

_USED = {
    TermKind.MODULE: Feature.module,
    TermKind.INDUSTRY: Account.industry,
    TermKind.REGION: Account.region,
}
Named = Mapping[tuple[str, str], Wording]
"""Wordings by (kind, key)."""


@dataclass(frozen=True, slots=True)
class TermLine:
    """`used`: some feature or account has it."""

    kind: TermKind
    key: str
    wording: Wording
    used: bool


def read_terms(session: Session, locale: str | None = None) -> Terms:
    """In the reader's language, unless another is asked for. One statement."""
    return Terms(locale or scope_of(session).locale, _stored(session))


def _stored(session: Session) -> dict[tuple[str, str], Wording]:
    rows = session.execute(
        select(Term.kind, Term.key, Term.name_en, Term.name_zh_hans, Term.name_zh_hant)
    )
    return {(row[0], row[1]): Wording(*row[2:]) for row in rows}


def list_terms(session: Session) -> list[TermLine]:
    """Those that features and accounts have, and those that are named; by kind and key."""
    stored = _stored(session)
    lines = []
    for kind, column in _USED.items():
        used = set(session.scalars(select(column).where(column != "").distinct()))
        keys = used | {key for one, key in stored if one == kind.value}
        lines += [
            TermLine(kind, key, stored.get((kind.value, key), Wording()), key in used)
            for key in sorted(keys, key=lambda one: (one.casefold(), one))
        ]
    return lines


def name_terms(session: Session, named: Named) -> int:
    """These have these names from now on, others keep theirs; without any name one is not kept.
    Returns how many have changed. Raises Invalid (`kind:key`). Commits.
    """
    _check(named)
    changed = set_terms(session, named)
    if changed:
        record(session, "term.named", "term", "", changed=changed)
    session.commit()
    return changed


def set_terms(session: Session, named: Named) -> int:
    """The same for those who check, note and commit themselves."""
    stored = _stored(session)
    changed = {
        place: wording
        for place, wording in named.items()
        if stored.get(place, Wording()) != wording
    }
    for (kind, key), wording in sorted(changed.items()):
        session.execute(
            delete(Term)
            .where(Term.kind == kind, Term.key == key)
            .execution_options(synchronize_session=False)
        )
        if wording:
            session.add(_row(kind, key, wording))
    session.flush()
    return len(changed)


def _row(kind: str, key: str, wording: Wording) -> Term:
    return Term(
        kind=kind,
        key=key,
        name_en=wording.english,
        name_zh_hans=wording.simplified,
        name_zh_hant=wording.traditional,
    )


def _check(named: Named) -> None:
    said = f"At most {LONGEST_NAME} characters, without control characters."
    wrong = {
        f"{kind}:{key}": said
        for (kind, key), one in named.items()
        if any(not _is_name(name) for name in (one.english, one.simplified, one.traditional))
    }
    if wrong:
        raise Invalid(said, code="bad-name", fields=wrong)


def _is_name(name: str) -> bool:
    return len(name) <= LONGEST_NAME and "\x00" not in name
