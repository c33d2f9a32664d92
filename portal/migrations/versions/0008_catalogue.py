"""the feature catalogue in full: rules for events, editions, what an account has beside its own

Revision ID: 0008
Revises: 0007
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "event_rule",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("feature_id", sa.BigInteger(), nullable=True),
        sa.Column("pattern", sa.String(length=200), nullable=False),
        sa.Column("member", sa.String(length=120), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["feature_id"],
            ["feature.id"],
            name=op.f("fk_event_rule_feature_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_rule")),
        sa.UniqueConstraint("key", name=op.f("uq_event_rule_key")),
        sa.UniqueConstraint(
            "pattern", "member", "value", name=op.f("uq_event_rule_pattern_member_value")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_event_rule_feature_id", "event_rule", ["feature_id"])
    op.create_table(
        "catalogue_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_state")),
    )
    _editions()
    _move_events()
    with op.batch_alter_table("feature") as batch:
        batch.drop_constraint("uq_feature_event", type_="unique")
        batch.drop_column("event")
        batch.add_column(
            sa.Column("activation", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.add_column(sa.Column("archived_at", sa.DateTime(timezone=True)))
    with op.batch_alter_table("feature") as batch:
        batch.alter_column("activation", server_default=None)


def _editions() -> None:
    op.create_table(
        "edition",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("key", name=op.f("uq_edition_key")),
    )
    op.create_table(
        "edition_feature",
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column("feature_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["edition.id"],
            name=op.f("fk_edition_feature_edition_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["feature_id"],
            ["feature.id"],
            name=op.f("fk_edition_feature_feature_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("edition_id", "feature_id", name=op.f("pk_edition_feature")),
    )
    op.create_index("ix_edition_feature_feature_id", "edition_feature", ["feature_id"])
    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("edition_id", sa.BigInteger()))
        batch.create_foreign_key(
            "fk_account_edition_id", "edition", ["edition_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_index("ix_account_edition_id", ["edition_id"])
    with op.batch_alter_table("entitlement") as batch:
        batch.add_column(
            sa.Column("included", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("entitlement") as batch:
        batch.alter_column("included", server_default=None)


def _move_events() -> None:
    """A feature's one event name becomes its one rule."""
    feature = sa.table("feature", sa.column("id"), sa.column("event"))
    rule = sa.table(
        "event_rule",
        *(sa.column(name) for name in ("key", "feature_id", "pattern", "member", "value")),
        sa.column("ready"),
    )
    rows = op.get_bind().execute(sa.select(feature.c.id, feature.c.event).order_by(feature.c.id))
    made = [
        {
            "key": secrets.token_urlsafe(12),
            "feature_id": row.id,
            "pattern": row.event,
            "member": "",
            "value": "",
            "ready": True,
        }
        for row in rows.all()
    ]
    if made:
        op.get_bind().execute(sa.insert(rule), made)


def downgrade() -> None:
    with op.batch_alter_table("feature") as batch:
        batch.add_column(sa.Column("event", sa.String(length=200)))
        batch.drop_column("archived_at")
        batch.drop_column("activation")
    _give_events_back()
    with op.batch_alter_table("feature") as batch:
        batch.alter_column("event", existing_type=sa.String(length=200), nullable=False)
        batch.create_unique_constraint("uq_feature_event", ["event"])
    with op.batch_alter_table("entitlement") as batch:
        batch.drop_column("included")
    with op.batch_alter_table("account") as batch:
        batch.drop_index("ix_account_edition_id")
        batch.drop_constraint("fk_account_edition_id", type_="foreignkey")
        batch.drop_column("edition_id")
    for name in ("edition_feature", "edition", "catalogue_state", "event_rule"):
        op.drop_table(name)


def _give_events_back() -> None:
    """The oldest rule without a condition; a feature without one gets a name that no event has."""
    feature = sa.table("feature", sa.column("id"), sa.column("key"), sa.column("event"))
    rule = sa.table(
        "event_rule",
        *(sa.column(name) for name in ("id", "feature_id", "pattern", "member")),
    )
    found = op.get_bind().execute(
        sa.select(rule.c.feature_id, rule.c.pattern)
        .where(rule.c.feature_id.is_not(None), rule.c.member == "")
        .order_by(rule.c.id.desc())
    )
    events = {row.feature_id: row.pattern for row in found}
    for row in op.get_bind().execute(sa.select(feature.c.id, feature.c.key)).all():
        event = events.get(row.id, f"(none) {row.key}")
        op.get_bind().execute(
            sa.update(feature).where(feature.c.id == row.id).values(event=event)
        )
