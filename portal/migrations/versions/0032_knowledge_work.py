"""working copies and revisions of texts; events, benchmark cases, audiences by segment

Revision ID: 0032
Revises: 0031
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.models import frozen_rows

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = portal.db.UtcDateTime(timezone=True)
ITEM = (
    ("audience_segments", sa.JSON(), "[]"),
    ("source_locale", sa.String(16), "en"),
    ("benchmark", sa.Boolean(), sa.false()),
    ("event_kind", sa.String(20), ""),
    ("zone", sa.String(64), ""),
    ("link", sa.String(500), ""),
)
ITEM_OPTIONAL = (("owner_id", sa.BigInteger()), ("starts_at", MOMENT), ("ends_at", MOMENT))
VERSION = (
    ("place", sa.String(200), ""),
    ("source_revision", sa.Integer(), "0"),
    ("loaded_digest", sa.String(64), ""),
)
CHANGE = (("for_segments", sa.Boolean(), sa.false()),)
TABLES = (("knowledge_item", ITEM), ("knowledge_version", VERSION), ("knowledge_change", CHANGE))


def upgrade() -> None:
    for table, columns in TABLES:
        for name, kind, usual in columns:
            op.add_column(table, sa.Column(name, kind, nullable=False, server_default=usual))
    for name, kind in ITEM_OPTIONAL:
        op.add_column("knowledge_item", sa.Column(name, kind))
    _create_revisions()
    _create_work()
    _create_drafts()
    op.execute("UPDATE knowledge_version SET loaded_digest = digest")
    _agree_with_source()
    _keep_what_is_published()


def downgrade() -> None:
    """What nobody may read yet, and what an older release does not know, goes."""
    for statement in frozen_rows.drop_statements("knowledge_revision", _dialect()):
        op.get_bind().exec_driver_sql(statement)
    for table in ("knowledge_draft", "knowledge_work", "knowledge_revision"):
        op.drop_table(table)
    unknown = "SELECT id FROM knowledge_item WHERE state = 'draft' OR type IN ('course', 'event')"
    for table in ("audience", "feature", "version"):
        op.execute(f"DELETE FROM knowledge_{table} WHERE item_id IN ({unknown})")
    op.execute("DELETE FROM knowledge_item WHERE state = 'draft' OR type IN ('course', 'event')")
    # An older release knows no segments: then it is the vendor's alone.
    op.execute("DELETE FROM knowledge_audience WHERE token LIKE 'segment:%'")
    op.execute("UPDATE knowledge_item SET audience = 'vendor' WHERE audience = 'segments'")
    for table, columns in TABLES:
        for name, _kind, _usual in columns:
            op.drop_column(table, name)
    for name, _kind in ITEM_OPTIONAL:
        op.drop_column("knowledge_item", name)


def _dialect() -> str:
    return op.get_bind().dialect.name


def _of_item(name: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [name], ["knowledge_item.id"], name=op.f(f"fk_{table}_{name}"), ondelete="CASCADE"
    )


def _of_user(name: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [name], ["portal_user.id"], name=op.f(f"fk_{table}_{name}"), ondelete="SET NULL"
    )


def _create_revisions() -> None:
    op.create_table(
        "knowledge_revision",
        sa.Column("id", ID, nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.BigInteger()),
        sa.Column("author", sa.String(254), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(12), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        _of_item("item_id", "knowledge_revision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_revision")),
        sa.UniqueConstraint(
            "item_id", "locale", "number", name=op.f("uq_knowledge_revision_item_id_locale_number")
        ),
    )
    for statement in frozen_rows.create_statements("knowledge_revision", _dialect()):
        op.get_bind().exec_driver_sql(statement)


def _create_work() -> None:
    users = ("reviewer_id", "asked_by_id", "changed_by_id")
    op.create_table(
        "knowledge_work",
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("locales", sa.JSON(), nullable=False),
        sa.Column("asked_at", MOMENT),
        sa.Column("publish_at", MOMENT),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        *(sa.Column(name, sa.BigInteger()) for name in users),
        _of_item("item_id", "knowledge_work"),
        *(_of_user(name, "knowledge_work") for name in users),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_knowledge_work")),
    )
    for name in ("state", "reviewer_id", "publish_at"):
        op.create_index(f"ix_knowledge_work_{name}", "knowledge_work", [name])


def _create_drafts() -> None:
    op.create_table(
        "knowledge_draft",
        sa.Column("id", ID, nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("summary", sa.String(600), nullable=False),
        sa.Column("effect", sa.String(300), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("source_revision", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(12), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.BigInteger()),
        sa.Column("saved_at", MOMENT, nullable=False),
        _of_item("item_id", "knowledge_draft"),
        _of_user("author_id", "knowledge_draft"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_draft")),
        sa.UniqueConstraint("item_id", "locale", name=op.f("uq_knowledge_draft_item_id_locale")),
    )


def _agree_with_source() -> None:
    """What is published in several languages was loaded together: they agree. The source is
    English, or whatever there is.
    """
    op.execute(
        "UPDATE knowledge_item SET source_locale = 'zh-Hans' WHERE EXISTS "
        "(SELECT 1 FROM knowledge_version v WHERE v.item_id = knowledge_item.id) AND NOT EXISTS "
        "(SELECT 1 FROM knowledge_version v WHERE v.item_id = knowledge_item.id"
        " AND v.locale = 'en')"
    )
    op.execute(
        "UPDATE knowledge_version SET source_revision = coalesce((SELECT s.revision"
        " FROM knowledge_version s JOIN knowledge_item i ON i.id = s.item_id"
        " WHERE s.item_id = knowledge_version.item_id AND s.locale = i.source_locale"
        " AND s.locale <> knowledge_version.locale), 0)"
    )


def _keep_what_is_published() -> None:
    """A revision of every published version, with all that its file says."""
    bind = op.get_bind()
    tables = sa.MetaData()
    names = ("knowledge_item", "knowledge_version", "knowledge_feature", "knowledge_revision")
    tables.reflect(bind, only=names)
    item, version, feature, kept = (tables.tables[name] for name in names)
    taught: dict[int, list[str]] = {}
    ordered = sa.select(feature.c.item_id, feature.c.feature_key)
    for item_id, key in bind.execute(ordered.order_by(feature.c.item_id, feature.c.position)):
        taught.setdefault(item_id, []).append(key)
    wanted = sa.select(
        item.c.id.label("item_id"),
        *(item.c[name] for name in _OF_ITEM),
        *(version.c[name] for name in _OF_VERSION),
    ).join(version, version.c.item_id == item.c.id)
    rows = [_kept(row, taught.get(row.item_id, [])) for row in bind.execute(wanted)]
    if rows:
        bind.execute(sa.insert(kept), rows)


_OF_ITEM = (
    "type",
    "audience",
    "audience_accounts",
    "review_by",
    "published_on",
    "minutes",
    "consent_on",
)
_OF_VERSION = (
    "locale",
    "title",
    "summary",
    "effect",
    "body",
    "revision",
    "digest",
    "updated_at",
)


def _kept(row: Any, features: list[str]) -> dict[str, Any]:
    named = row.audience == "accounts"
    fields = {
        "title": row.title,
        "summary": row.summary,
        "type": row.type,
        "audience": {"accounts": row.audience_accounts} if named else row.audience,
        "features": features,
        "review_by": row.review_by.isoformat(),
        "published": row.published_on.isoformat(),
        "minutes": row.minutes,
    }
    if row.type == "best-practice":
        fields["effect"] = row.effect
    if row.type == "customer-case" and row.consent_on is not None:
        fields["consent"] = row.consent_on.isoformat()
    return {
        "item_id": row.item_id,
        "locale": row.locale,
        "number": row.revision,
        "author": "",
        "at": row.updated_at,
        "fields": fields,
        "body": row.body,
        "digest": row.digest,
        "based_on": 0,
        "origin": "file",
        "note": "",
    }
