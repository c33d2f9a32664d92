"""A row of which there is to be one, on both databases, behind their second wall too."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.db import Database
from portal.models import KnowledgeItem, KnowledgeReading
from portal.services.content_files import load_content
from portal.services.once import add_once
from tests.hub import write_text, writing
from tests.world import NOW, OSKELUND, PIA, build_world


def test_a_second_row_of_an_account_is_none(database: Database, tmp_path: Path) -> None:
    """PostgreSQL names only the constraint there."""
    world = build_world(database)
    write_text(tmp_path / "texts", "one", "public")
    with writing(database) as session:
        load_content(session, tmp_path / "texts")
        item = session.scalars(select(KnowledgeItem.id)).one()

        def row() -> KnowledgeReading:
            return KnowledgeReading(
                account_id=world.accounts[OSKELUND.key],
                item_id=item,
                user_id=world.users[PIA][0],
                locale="en",
                first_at=NOW,
                last_at=NOW,
            )

        assert add_once(session, row(), "account_id")
        session.expunge_all()
        assert not add_once(session, row(), "account_id")
        session.expunge_all()
        with pytest.raises(IntegrityError):
            add_once(session, row(), "no_such_column")
        assert session.scalar(select(func.count()).select_from(KnowledgeReading)) == 1
