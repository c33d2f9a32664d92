"""requests: texts folded as questions are; the queue's index answers alone on PostgreSQL as well

Revision ID: 0062
Revises: 0061
"""

import sqlalchemy as sa
from alembic import op

from portal.search.folding import fold, normalise

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

AT_ONCE = 1000
REQUEST = sa.table("request", sa.column("id", sa.BigInteger), sa.column("text", sa.Text))


QUEUE = (
    *("kind", "state", "account_id", "next_due_at", "first_due_at", "created_at"),
    *("assignee_id", "feature_key", "requester_id", "shared_id", "voters", "effect"),
    *("merged_into_id", "joined"),
)


def upgrade() -> None:
    _fold()
    op.drop_index("ix_request_queue", "request")
    op.create_index("ix_request_queue", "request", [*QUEUE, "id"])
    op.create_index("ix_request_first_due_at", "request", ["first_due_at", "id"])


def downgrade() -> None:
    """Folded texts stay: what is searched for is found in them as before, whatever its case."""
    op.drop_index("ix_request_first_due_at", "request")
    op.drop_index("ix_request_queue", "request")
    op.create_index("ix_request_queue", "request", list(QUEUE))


def _fold() -> None:
    """Some at a time, however many there are."""
    connection, last = op.get_bind(), 0
    some = sa.select(REQUEST.c.id, REQUEST.c.text).order_by(REQUEST.c.id).limit(AT_ONCE)
    while rows := connection.execute(some.where(REQUEST.c.id > last)).all():
        for number, text in rows:
            folded = fold(normalise(text))
            if folded != text:
                one = sa.update(REQUEST).where(REQUEST.c.id == number)
                connection.execute(one.values(text=folded))
        last = rows[-1].id
