"""working copies and revisions of lessons

Revision ID: 0058
Revises: 0057
"""

from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.models import frozen_rows

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = portal.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("lesson_text") as batch:
        batch.add_column(
            sa.Column("source_revision", sa.Integer(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("lesson_text") as batch:
        batch.alter_column("source_revision", server_default=None)
    _create_drafts()
    _create_revisions()
    _agree_with_source()
    _keep_what_is_read()


def downgrade() -> None:
    """What nobody may read yet, and what an older release does not know, goes."""
    for statement in frozen_rows.drop_statements("lesson_revision", _dialect()):
        op.get_bind().exec_driver_sql(statement)
    op.drop_table("lesson_revision")
    op.drop_table("lesson_draft")
    op.execute("DELETE FROM course_lesson WHERE id NOT IN (SELECT lesson_id FROM lesson_text)")
    with op.batch_alter_table("lesson_text") as batch:
        batch.drop_column("source_revision")


def _dialect() -> str:
    return op.get_bind().dialect.name


def _of_lesson(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["lesson_id"],
        ["course_lesson.id"],
        name=op.f(f"fk_{table}_lesson_id"),
        ondelete="CASCADE",
    )


def _create_drafts() -> None:
    op.create_table(
        "lesson_draft",
        sa.Column("id", ID, nullable=False),
        sa.Column("lesson_id", sa.BigInteger(), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("chapter", sa.String(300), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("video", sa.String(1000), nullable=False),
        sa.Column("captions", sa.String(1000), nullable=False),
        sa.Column("file", sa.String(1000), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("source_revision", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(12), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.BigInteger()),
        sa.Column("saved_at", MOMENT, nullable=False),
        _of_lesson("lesson_draft"),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["portal_user.id"],
            name=op.f("fk_lesson_draft_author_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_draft")),
        sa.UniqueConstraint("lesson_id", "locale", name=op.f("uq_lesson_draft_lesson_id_locale")),
    )


def _create_revisions() -> None:
    op.create_table(
        "lesson_revision",
        sa.Column("id", ID, nullable=False),
        sa.Column("lesson_id", sa.BigInteger(), nullable=False),
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
        _of_lesson("lesson_revision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_revision")),
        sa.UniqueConstraint(
            "lesson_id", "locale", "number", name=op.f("uq_lesson_revision_lesson_id_locale_number")
        ),
    )
    for statement in frozen_rows.create_statements("lesson_revision", _dialect()):
        op.get_bind().exec_driver_sql(statement)


def _agree_with_source() -> None:
    """What stands in several languages was written together: they agree."""
    op.execute(
        "UPDATE lesson_text SET source_revision = coalesce((SELECT s.revision FROM lesson_text s"
        " JOIN course_lesson l ON l.id = s.lesson_id JOIN knowledge_item i ON i.id = l.course_id"
        " WHERE s.lesson_id = lesson_text.lesson_id AND s.locale = i.source_locale"
        " AND s.locale <> lesson_text.locale), 0)"
    )


def _keep_what_is_read() -> None:
    """A revision of every lesson, under the number that it has."""
    bind = op.get_bind()
    tables = sa.MetaData()
    tables.reflect(bind, only=("course_lesson", "lesson_text", "lesson_revision"))
    lesson, text = tables.tables["course_lesson"], tables.tables["lesson_text"]
    moments = {"updated_at": MOMENT}
    columns = (
        sa.type_coerce(column, moments[column.name]).label(column.name)
        if column.name in moments
        else column
        for column in text.c
    )
    wanted = sa.select(lesson.c.minutes, *columns).join(text, text.c.lesson_id == lesson.c.id)
    rows = [_kept(row) for row in bind.execute(wanted)]
    if rows:
        kept = sa.table(
            "lesson_revision",
            *(sa.column(name) for name in rows[0] if name not in {"at", "fields"}),
            sa.column("at", MOMENT),
            sa.column("fields", sa.JSON()),
        )
        bind.execute(sa.insert(kept), rows)


def _kept(row: Any) -> dict[str, Any]:
    said = {
        "title": row.title,
        "chapter": row.chapter,
        "minutes": row.minutes,
        "video": row.video,
        "captions": row.captions,
        "file": row.file,
    }
    fields = {key: value for key, value in said.items() if value}
    return {
        "lesson_id": row.lesson_id,
        "locale": row.locale,
        "number": row.revision,
        "author": "",
        "at": row.updated_at,
        "fields": fields,
        "body": row.body,
        "digest": sha256(repr((sorted(fields.items()), row.body)).encode()).hexdigest(),
        "based_on": 0,
        "origin": "file",
        "note": "",
    }
