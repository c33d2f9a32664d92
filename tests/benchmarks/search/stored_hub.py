"""The made-up hub in a database, with its accounts; and what somebody publishes in it later."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from portal.db import Database
from portal.migrate import migrate
from portal.models import (
    Account,
    Feature,
    KnowledgeAudience,
    KnowledgeChange,
    KnowledgeFeature,
    KnowledgeItem,
    KnowledgeVersion,
)
from tests.benchmarks.search.large_hub import ACCOUNTS, FEATURES, Hub, Item, Text
from tests.databases import make_tables

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
TOGETHER = 500


def stored(folder: Path, count: int, texts: list[Path]) -> tuple[Database, list[Item]]:
    """`folder` may hold it already."""
    folder.mkdir(parents=True, exist_ok=True)
    database = Database(f"sqlite:///{folder / 'paceline.db'}")
    items = list(Hub(texts=texts).items(count))
    if (folder / "done").exists():
        migrate(database)
        return database, items
    make_tables(database.url)
    with database.system() as connection:
        connection.execute(insert(Account), list(_accounts()))
        connection.execute(insert(Feature), list(_features()))
        connection.execute(insert(KnowledgeChange), [{"id": 1, "number": 1}])
    numbered = list(enumerate(items, 1))
    for first in range(0, count, TOGETHER):
        _write(database, numbered[first : first + TOGETHER])
    (folder / "done").touch()
    return database, items


def _accounts() -> Iterator[dict[str, Any]]:
    for number in range(1, ACCOUNTS + 1):
        key = f"account-{number}"
        yield {"id": number, "key": key, "name": f"Account {number}", "created_at": NOW}


def _features() -> Iterator[dict[str, Any]]:
    for number in range(1, FEATURES + 1):
        name = f"Feature {number}"
        yield {"key": f"feature-{number}", "name_en": name, "name_zh": "", "module": "Any"}


def _write(database: Database, items: list[tuple[int, Item]]) -> None:
    features = [
        {"item_id": number, "feature_key": key, "position": place}
        for number, item in items
        for place, key in enumerate(item.features)
    ]
    tokens = [
        {"item_id": number, "token": token} for number, item in items for token in item.tokens
    ]
    versions = [_version(number, text) for number, item in items for text in item.texts]
    with database.system() as connection:
        connection.execute(insert(KnowledgeItem), [_item(*one) for one in items])
        connection.execute(insert(KnowledgeAudience), tokens)
        connection.execute(insert(KnowledgeFeature), features)
        connection.execute(insert(KnowledgeVersion), versions)


def _item(number: int, item: Item) -> dict[str, Any]:
    return {
        "id": number,
        "slug": item.slug,
        "type": item.type,
        "state": "published",
        "audience": item.audience,
        "audience_accounts": list(item.accounts),
        "review_by": date(2027, 1, 31),
        "published_on": date(2026, 1, 1 + number % 28),
        "minutes": 3,
        "changed_in": 1,
        "guarded_in": 0,
        "created_at": NOW,
        "source_locale": item.texts[0].locale,
    }


def _version(number: int, text: Text) -> dict[str, Any]:
    return {
        "item_id": number,
        "locale": text.locale,
        "title": text.title,
        "summary": text.summary,
        "body": text.body,
        "html": f"<p>{text.body}</p>",
        "text": text.body,
        "outline": [],
        "comparison": [],
        "digest": "",
        "updated_at": NOW,
    }
