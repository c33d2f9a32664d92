"""A text for segments is read by the accounts that are in them now, and by nobody else."""

from pathlib import Path

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.domain.errors import NotFound
from portal.models import Account, KnowledgeAudience
from portal.services.audience import reading
from portal.services.knowledge import list_items, read_item
from portal.services.segments import segments_by_account
from tests.hub import ACME, fill, reader, write_text, writing

LARGE = "for-large-ones"


@pytest.fixture
def hub(database: Database, tmp_path: Path) -> Database:
    write_text(tmp_path, LARGE, "{segments: [strategic]}")
    fill(database, tmp_path)
    return database


def move(hub: Database, tier: str) -> None:
    with writing(hub) as session:
        account = session.get(Account, ACME)
        assert account is not None
        account.tier = tier
        session.commit()


def opens(hub: Database, name: str) -> bool:
    with reader(hub, name) as session:
        listed = LARGE in {line.slug for line in list_items(session).lines}
        try:
            read_item(session, LARGE)
        except NotFound:
            return False
        assert listed
        return True


def test_it_is_read_as_long_as_the_account_is_in_it(hub: Database) -> None:
    with writing(hub) as session:
        assert segments_by_account(session)[ACME] != "strategic"
        tokens = select(KnowledgeAudience.token).where(KnowledgeAudience.token.contains(":"))
        assert "segment:strategic" in set(session.scalars(tokens))
    assert [opens(hub, name) for name in ("visitor", "acme", "globex", "vendor")] == [
        False,
        False,
        False,
        True,
    ]
    move(hub, "strategic")
    assert [opens(hub, name) for name in ("acme", "globex")] == [True, False]
    with reader(hub, "acme") as session:
        inside = reading(session).tokens
    move(hub, "small")
    assert not opens(hub, "acme")
    with reader(hub, "acme") as session:
        assert reading(session).tokens != inside


def test_where_no_text_is_for_segments_nobody_asks_for_them(
    database: Database, tmp_path: Path
) -> None:
    fill(database, tmp_path)
    with reader(database, "acme") as session:
        assert not any(token.startswith("segment:") for token in reading(session).tokens)
