"""training: assignments, live sessions, internal trainers

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.row_security import wall

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = portal.db.UtcDateTime(timezone=True)
WALLED = ('training_assignment', 'training_assignee', 'training_session', 'session_guest', 'internal_trainer')


def upgrade() -> None:
    _training_assignment()
    _training_assignee()
    _training_session()
    _session_guest()
    _internal_trainer()
    if op.get_bind().dialect.name == "postgresql":
        for name in WALLED:
            for statement in wall(name, "account_id", shared=False):
                op.execute(statement)


def downgrade() -> None:
    for name in (
        "internal_trainer",
        "session_guest",
        "training_session",
        "training_assignee",
        "training_assignment",
    ):
        op.drop_table(name)


def _training_assignment() -> None:
    op.create_table('training_assignment',
    sa.Column('id', ID, nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('course_id', sa.BigInteger(), nullable=False),
    sa.Column('team', sa.String(length=120), nullable=False),
    sa.Column('due_on', sa.Date()),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('created_by', sa.BigInteger()),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_training_assignment_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['course_id'], ['course.item_id'], name=op.f('fk_training_assignment_course_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['created_by'], ['portal_user.id'], name=op.f('fk_training_assignment_created_by'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_assignment')),
    sa.UniqueConstraint('account_id', 'id', name=op.f('uq_training_assignment_account_id_id')),
    sa.UniqueConstraint('key', name=op.f('uq_training_assignment_key'))
    )
    op.create_index('ix_training_assignment_account_id', 'training_assignment', ['account_id'])
    op.create_index('ix_training_assignment_course_id', 'training_assignment', ['course_id'])


def _training_assignee() -> None:
    op.create_table('training_assignee',
    sa.Column('assignment_id', sa.BigInteger(), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id', 'assignment_id'], ['training_assignment.account_id', 'training_assignment.id'], name='fk_training_assignee_assignment', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['account_id', 'user_id'], ['portal_user.account_id', 'portal_user.id'], name='fk_training_assignee_learner', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_training_assignee_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('assignment_id', 'user_id', name=op.f('pk_training_assignee'))
    )
    op.create_index('ix_training_assignee_account_id', 'training_assignee', ['account_id'])
    op.create_index('ix_training_assignee_user_id', 'training_assignee', ['user_id'])


def _training_session() -> None:
    op.create_table('training_session',
    sa.Column('id', ID, nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('course_id', sa.BigInteger()),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('note', sa.String(length=4000), nullable=False),
    sa.Column('starts_at', MOMENT, nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('time_zone', sa.String(length=64), nullable=False),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('link', sa.String(length=1000), nullable=False),
    sa.Column('trainer', sa.String(length=200), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('cancelled_at', MOMENT),
    sa.Column('recording', sa.String(length=1000), nullable=False),
    sa.Column('materials', sa.String(length=1000), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('created_by', sa.BigInteger()),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_training_session_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['course_id'], ['course.item_id'], name=op.f('fk_training_session_course_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by'], ['portal_user.id'], name=op.f('fk_training_session_created_by'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_session')),
    sa.UniqueConstraint('account_id', 'id', name=op.f('uq_training_session_account_id_id')),
    sa.UniqueConstraint('key', name=op.f('uq_training_session_key'))
    )
    op.create_index('ix_training_session_account_id', 'training_session', ['account_id'])
    op.create_index('ix_training_session_account_id_starts_at', 'training_session', ['account_id', 'starts_at'])


def _session_guest() -> None:
    op.create_table('session_guest',
    sa.Column('session_id', sa.BigInteger(), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('invited_at', MOMENT, nullable=False),
    sa.Column('level', sa.String(length=12), nullable=False),
    sa.Column('needs', sa.String(length=2000), nullable=False),
    sa.Column('needs_at', MOMENT),
    sa.Column('attended_at', MOMENT),
    sa.Column('marked_by', sa.BigInteger()),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id', 'session_id'], ['training_session.account_id', 'training_session.id'], name='fk_session_guest_session', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['account_id', 'user_id'], ['portal_user.account_id', 'portal_user.id'], name='fk_session_guest_learner', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_session_guest_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['marked_by'], ['portal_user.id'], name=op.f('fk_session_guest_marked_by'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('session_id', 'user_id', name=op.f('pk_session_guest'))
    )
    op.create_index('ix_session_guest_account_id', 'session_guest', ['account_id'])
    op.create_index('ix_session_guest_user_id', 'session_guest', ['user_id'])


def _internal_trainer() -> None:
    op.create_table('internal_trainer',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('topic', sa.String(length=300), nullable=False),
    sa.Column('named_by', sa.BigInteger()),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id', 'user_id'], ['portal_user.account_id', 'portal_user.id'], name='fk_internal_trainer_learner', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_internal_trainer_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['named_by'], ['portal_user.id'], name=op.f('fk_internal_trainer_named_by'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_internal_trainer'))
    )
    op.create_index('ix_internal_trainer_account_id', 'internal_trainer', ['account_id'])
