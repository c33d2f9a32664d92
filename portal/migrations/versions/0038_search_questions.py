"""search questions, gaps, words and judgements

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.row_security import wall

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = portal.db.UtcDateTime(timezone=True)
TABLES = ("search_question", "search_gap", "search_word", "judged_question", "search_judgement")


def upgrade() -> None:
    _questions()
    _gaps()
    _words()
    _judgements()
    if op.get_bind().dialect.name == "postgresql":
        for statement in wall("search_question", "account_id", shared=True):
            op.execute(statement)


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)


def _questions() -> None:
    op.create_table(
        "search_question",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", sa.BigInteger()),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("question", sa.String(200), nullable=False),
        sa.Column("folded", sa.String(200), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("empty", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_search_question_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_question")),
    )
    op.create_index("ix_search_question_account_id", "search_question", ["account_id"])
    op.create_index("ix_search_question_day", "search_question", ["day"])
    op.create_index(
        "ix_search_question_folded_locale_day", "search_question", ["folded", "locale", "day"]
    )


def _gaps() -> None:
    op.create_table(
        "search_gap",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("folded", sa.String(200), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["changed_by"],
            ["portal_user.id"],
            name=op.f("fk_search_gap_changed_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_gap")),
        sa.UniqueConstraint("key", name=op.f("uq_search_gap_key")),
        sa.UniqueConstraint("folded", "locale", name=op.f("uq_search_gap_folded_locale")),
    )


def _words() -> None:
    op.create_table(
        "search_word",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("folded", sa.String(2000), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(254), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_word")),
        sa.UniqueConstraint("key", name=op.f("uq_search_word_key")),
    )


def _judgements() -> None:
    op.create_table(
        "judged_question",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("question", sa.String(200), nullable=False),
        sa.Column("folded", sa.String(200), nullable=False),
        sa.Column("baseline", sa.Double(), nullable=False),
        sa.Column("baseline_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judged_question")),
        sa.UniqueConstraint("key", name=op.f("uq_judged_question_key")),
        sa.UniqueConstraint("folded", "locale", name=op.f("uq_judged_question_folded_locale")),
    )
    op.create_table(
        "search_judgement",
        sa.Column("id", ID, nullable=False),
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("judged_at", MOMENT, nullable=False),
        sa.Column("judged_by", sa.String(254), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["judged_question.id"],
            name=op.f("fk_search_judgement_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_judgement")),
        sa.UniqueConstraint(
            "question_id", "slug", name=op.f("uq_search_judgement_question_id_slug")
        ),
    )
    op.create_index("ix_search_judgement_question_id", "search_judgement", ["question_id"])
