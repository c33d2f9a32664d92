"""an index of all that the vendor's queue asks of requests

Revision ID: 0048
Revises: 0047
"""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

COLUMNS = (
    *("kind", "state", "account_id", "next_due_at", "first_due_at", "created_at"),
    *("assignee_id", "feature_key", "requester_id", "shared_id", "voters", "effect"),
    *("merged_into_id", "joined"),
)


def upgrade() -> None:
    op.create_index("ix_request_queue", "request", list(COLUMNS))


def downgrade() -> None:
    op.drop_index("ix_request_queue", table_name="request")
