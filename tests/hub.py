"""A small knowledge hub: one text for each kind of audience, and readers of each kind."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.knowledge import COLLECTIONS
from portal.domain.permissions import Role
from portal.models import Account
from portal.services.content_files import LoadReport, load_content
from portal.tenancy import ALL_ACCOUNTS, Scope, system_scope
from tests.moments import NOON

CONTENT = Path(__file__).parents[1] / "content"
ACME, GLOBEX = 1, 2
# Slug → its audience as the file says it. The words "penguin" and "企鹅" stand in each of them.
TEXTS = {
    "for-everyone": "public",
    "for-customers": "customers",
    "for-the-vendor": "vendor",
    "for-acme": "{accounts: [acme]}",
    "for-globex": "{accounts: [globex]}",
}
READERS: dict[str, tuple[Role, frozenset[int] | None, set[str]]] = {
    "visitor": (Role.VISITOR, frozenset(), {"for-everyone"}),
    "acme": (Role.MEMBER, frozenset({ACME}), {"for-everyone", "for-customers", "for-acme"}),
    "globex": (
        Role.CHAMPION,
        frozenset({GLOBEX}),
        {"for-everyone", "for-customers", "for-globex"},
    ),
    "vendor": (Role.EDITOR, frozenset(), set(TEXTS)),
    "admin": (Role.ADMIN, ALL_ACCOUNTS, set(TEXTS)),
}


def write_text(
    folder: Path,
    slug: str,
    audience: str,
    *,
    locale: str = "en",
    body: str = "",
    **changes: str,
) -> None:
    """A text (a FAQ) whose words name its slug; `changes` replace lines of its front matter."""
    names = {"en": ("Penguin", "penguin"), "zh-Hans": ("企鹅", "企鹅"), "zh-Hant": ("企鵝", "企鵝")}
    title, word = names[locale]
    values = {
        "title": f"{title} {slug}",
        "summary": f"About the {word} {slug}.",
        "type": "faq",
        "audience": audience,
        "features": "[feature-one]",
        "review_by": "2027-01-31",
        "published": "2026-01-31",
        "minutes": "2",
        **changes,
    }
    lines = [f"{key}: {value}" for key, value in values.items()]
    place = folder / COLLECTIONS[values["type"]]
    place.mkdir(parents=True, exist_ok=True)
    text = "\n".join(["---", *lines, "---", "", body or f"## Answer\n\nThe {word} of {slug}.\n"])
    (place / f"{slug}.{locale}.md").write_text(text, encoding="utf-8")


def fill(database: Database, folder: Path, locales: Sequence[str] = ("en",)) -> LoadReport:
    """Two accounts, and every text of TEXTS in the languages named."""
    for slug, audience in TEXTS.items():
        for locale in locales:
            write_text(folder, slug, audience, locale=locale)
    with writing(database) as session:
        for number, key in ((ACME, "acme"), (GLOBEX, "globex")):
            session.add(Account(id=number, key=key, name=key.title(), created_at=NOON))
        session.flush()
        return load_content(session, folder)


@contextmanager
def writing(database: Database) -> Iterator[Session]:
    with database.session(system_scope(NOON, "test"), writes=True) as session:
        yield session


@contextmanager
def reader(database: Database, name: str, locale: str = "en") -> Iterator[Session]:
    role, accounts, _ = READERS[name]
    scope = Scope(user_id=1, role=role, accounts=accounts, now=NOON, locale=locale)
    with database.session(scope) as session:
        yield session


def readable_by(name: str) -> set[str]:
    return READERS[name][2]
