"""early warning: rule settings, alerts, tasks, replays; a switch for the daily mail

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from portal.row_security import wall

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OWNED = ("alert", "alert_watch", "task")
GOING_ON = sa.text("over_on IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("portal_user") as batch:
        batch.add_column(
            sa.Column("daily_mail", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("portal_user") as batch:
        batch.alter_column("daily_mail", server_default=None)
    _create_rules()
    _create_alerts()
    _create_tasks()
    if op.get_bind().dialect.name == "postgresql":
        for name in OWNED:
            for statement in wall(name, "account_id", shared=False):
                op.execute(statement)


def _create_rules() -> None:
    op.create_table(
        "alert_rule",
        sa.Column("id", ID, nullable=False),
        sa.Column("rule", sa.String(24), nullable=False),
        sa.Column("segment", sa.String(40), nullable=False),
        sa.Column("stage", sa.String(24), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        _user("alert_rule", "changed_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rule")),
        sa.UniqueConstraint(
            "rule", "segment", "stage", name=op.f("uq_alert_rule_rule_segment_stage")
        ),
    )
    op.create_table(
        "alert_replay",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("rule", sa.String(24), nullable=False),
        sa.Column("segment", sa.String(40), nullable=False),
        sa.Column("stage", sa.String(24), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        _user("alert_replay", "asked_by"),
        sa.Column("answered_at", MOMENT),
        sa.Column("last_day", sa.Date()),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("raised", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_replay")),
        sa.UniqueConstraint("key", name=op.f("uq_alert_replay_key")),
    )


def _create_alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("rule", sa.String(24), nullable=False),
        sa.Column("gravity", sa.String(8), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("last_seen_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("over_on", sa.Date()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("reference", sa.Double(), nullable=False),
        sa.Column("opening", sa.JSON(), nullable=False),
        sa.Column("latest", sa.JSON(), nullable=False),
        sa.Column("snoozed_until", sa.Date()),
        _user("alert", "snoozed_by"),
        sa.Column("snooze_reason", sa.String(500), nullable=False),
        _user("alert", "closed_by"),
        sa.Column("ended", sa.String(12), nullable=False),
        sa.Column("close_reason", sa.String(500), nullable=False),
        _account("alert"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("key", name=op.f("uq_alert_key")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_alert_account_id_id")),
    )
    op.create_index(op.f("ix_alert_account_id"), "alert", ["account_id"])
    op.create_index("ix_alert_closed_on", "alert", ["closed_on"])
    op.create_index(
        "uq_alert_account_id_rule_going_on",
        "alert",
        ["account_id", "rule"],
        unique=True,
        sqlite_where=GOING_ON,
        postgresql_where=GOING_ON,
    )
    op.create_table(
        "alert_watch",
        _account("alert_watch"),
        sa.Column("evaluated_to", sa.Date(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_alert_watch")),
    )


def _create_tasks() -> None:
    op.create_table(
        "task",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("alert_id", sa.BigInteger()),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("note", sa.String(4000), nullable=False),
        _user("task", "owner_id"),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _user("task", "created_by"),
        sa.Column("touched_at", MOMENT),
        sa.Column("snoozed_until", sa.Date()),
        sa.Column("snooze_reason", sa.String(500), nullable=False),
        sa.Column("done_at", MOMENT),
        _user("task", "done_by"),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        _account("task"),
        sa.ForeignKeyConstraint(
            ["account_id", "alert_id"],
            ["alert.account_id", "alert.id"],
            name="fk_task_alert",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("key", name=op.f("uq_task_key")),
    )
    op.create_index(op.f("ix_task_account_id"), "task", ["account_id"])
    op.create_index("ix_task_owner_id_done_at", "task", ["owner_id", "done_at"])
    op.create_index("ix_task_alert_id", "task", ["alert_id"])


def _account(table: str) -> sa.Column[int]:
    key = sa.ForeignKey("account.id", name=op.f(f"fk_{table}_account_id"), ondelete="CASCADE")
    return sa.Column("account_id", sa.BigInteger(), key, nullable=False)


def _user(table: str, column: str) -> sa.Column[int]:
    name = op.f(f"fk_{table}_{column}")
    return sa.Column(
        column, sa.BigInteger(), sa.ForeignKey("portal_user.id", name=name, ondelete="SET NULL")
    )


def downgrade() -> None:
    for name in ("task", "alert_watch", "alert", "alert_replay", "alert_rule"):
        op.drop_table(name)
    with op.batch_alter_table("portal_user") as batch:
        batch.drop_column("daily_mail")
