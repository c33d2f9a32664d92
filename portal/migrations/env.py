"""Alembic's environment. The connection is handed in by portal/migrate.py and the tests."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection, create_engine

from portal import models  # noqa: F401 # fills the metadata
from portal.db import Base, UtcDateTime

config = context.config


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Migrations name plain types: they must run when our own are long gone."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


given = config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = create_engine(config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as opened:
        run(opened)
        opened.commit()
