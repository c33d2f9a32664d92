"""courses: lessons, quizzes, progress, attempts, certificates

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.row_security import wall

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = portal.db.UtcDateTime(timezone=True)
WALLED = ('training_progress', 'enrolment', 'quiz_attempt', 'certificate')


def upgrade() -> None:
    _course()
    _course_lesson()
    _lesson_text()
    _course_question()
    _training_progress()
    _enrolment()
    _quiz_attempt()
    _certificate()
    if op.get_bind().dialect.name == "postgresql":
        for name in WALLED:
            for statement in wall(name, "account_id", shared=False):
                op.execute(statement)


def downgrade() -> None:
    for name in (
        "certificate",
        "quiz_attempt",
        "enrolment",
        "training_progress",
        "course_question",
        "lesson_text",
        "course_lesson",
        "course",
    ):
        op.drop_table(name)


def _course() -> None:
    op.create_table('course',
    sa.Column('item_id', sa.BigInteger(), nullable=False),
    sa.Column('pass_mark', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('valid_months', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('updated_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['knowledge_item.id'], name=op.f('fk_course_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('item_id', name=op.f('pk_course'))
    )


def _course_lesson() -> None:
    op.create_table('course_lesson',
    sa.Column('id', ID, nullable=False),
    sa.Column('course_id', sa.BigInteger(), nullable=False),
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.item_id'], name=op.f('fk_course_lesson_course_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_lesson')),
    sa.UniqueConstraint('course_id', 'slug', name=op.f('uq_course_lesson_course_id_slug'))
    )


def _lesson_text() -> None:
    op.create_table('lesson_text',
    sa.Column('id', ID, nullable=False),
    sa.Column('lesson_id', sa.BigInteger(), nullable=False),
    sa.Column('locale', sa.String(length=16), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('chapter', sa.String(length=300), nullable=False),
    sa.Column('video', sa.String(length=1000), nullable=False),
    sa.Column('captions', sa.String(length=1000), nullable=False),
    sa.Column('file', sa.String(length=1000), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('updated_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['lesson_id'], ['course_lesson.id'], name=op.f('fk_lesson_text_lesson_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lesson_text')),
    sa.UniqueConstraint('lesson_id', 'locale', name=op.f('uq_lesson_text_lesson_id_locale'))
    )


def _course_question() -> None:
    op.create_table('course_question',
    sa.Column('id', ID, nullable=False),
    sa.Column('course_id', sa.BigInteger(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('options', sa.Integer(), nullable=False),
    sa.Column('right', sa.JSON(), nullable=False),
    sa.Column('words', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.item_id'], name=op.f('fk_course_question_course_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_question')),
    sa.UniqueConstraint('course_id', 'key', name=op.f('uq_course_question_course_id_key'))
    )
    op.create_index('ix_course_question_course_id_position', 'course_question', ['course_id', 'position'])


def _training_progress() -> None:
    op.create_table('training_progress',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('lesson_id', sa.BigInteger(), nullable=False),
    sa.Column('done_at', MOMENT, nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id', 'user_id'], ['portal_user.account_id', 'portal_user.id'], name='fk_training_progress_learner', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_training_progress_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['lesson_id'], ['course_lesson.id'], name=op.f('fk_training_progress_lesson_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'lesson_id', name=op.f('pk_training_progress'))
    )
    op.create_index('ix_training_progress_account_id', 'training_progress', ['account_id'])
    op.create_index('ix_training_progress_lesson_id', 'training_progress', ['lesson_id'])


def _enrolment() -> None:
    op.create_table('enrolment',
    sa.Column('id', ID, nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('course_id', sa.BigInteger(), nullable=False),
    sa.Column('lesson_id', sa.BigInteger()),
    sa.Column('started_at', MOMENT, nullable=False),
    sa.Column('seen_at', MOMENT, nullable=False),
    sa.Column('finished_at', MOMENT),
    sa.Column('best', sa.Integer()),
    sa.Column('extra', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id', 'user_id'], ['portal_user.account_id', 'portal_user.id'], name='fk_enrolment_learner', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_enrolment_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['course_id'], ['course.item_id'], name=op.f('fk_enrolment_course_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['lesson_id'], ['course_lesson.id'], name=op.f('fk_enrolment_lesson_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolment')),
    sa.UniqueConstraint('user_id', 'course_id', name=op.f('uq_enrolment_user_id_course_id'))
    )
    op.create_index('ix_enrolment_account_id', 'enrolment', ['account_id'])
    op.create_index('ix_enrolment_account_id_course_id', 'enrolment', ['account_id', 'course_id'])
    op.create_index('ix_enrolment_course_id', 'enrolment', ['course_id'])


def _quiz_attempt() -> None:
    op.create_table('quiz_attempt',
    sa.Column('id', ID, nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('course_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('seed', sa.String(length=32), nullable=False),
    sa.Column('locale', sa.String(length=16), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('results', sa.JSON(), nullable=False),
    sa.Column('decisions', sa.JSON(), nullable=False),
    sa.Column('score', sa.Integer()),
    sa.Column('started_at', MOMENT, nullable=False),
    sa.Column('submitted_at', MOMENT),
    sa.Column('decided_at', MOMENT),
    sa.Column('decided_by', sa.BigInteger()),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id', 'user_id'], ['portal_user.account_id', 'portal_user.id'], name='fk_quiz_attempt_learner', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_quiz_attempt_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['course_id'], ['course.item_id'], name=op.f('fk_quiz_attempt_course_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['decided_by'], ['portal_user.id'], name=op.f('fk_quiz_attempt_decided_by'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quiz_attempt')),
    sa.UniqueConstraint('key', name=op.f('uq_quiz_attempt_key')),
    sa.UniqueConstraint('user_id', 'course_id', 'number', name=op.f('uq_quiz_attempt_user_id_course_id_number'))
    )
    op.create_index('ix_quiz_attempt_account_id', 'quiz_attempt', ['account_id'])
    op.create_index('ix_quiz_attempt_course_id_state', 'quiz_attempt', ['course_id', 'state'])


def _certificate() -> None:
    op.create_table('certificate',
    sa.Column('id', ID, nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('course_id', sa.BigInteger(), nullable=False),
    sa.Column('attempt_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('account_name', sa.String(length=200), nullable=False),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('expires_on', sa.Date()),
    sa.Column('withdrawn_at', MOMENT),
    sa.Column('withdrawn_by', sa.BigInteger()),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id', 'user_id'], ['portal_user.account_id', 'portal_user.id'], name='fk_certificate_learner', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_certificate_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['attempt_id'], ['quiz_attempt.id'], name=op.f('fk_certificate_attempt_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['course_id'], ['course.item_id'], name=op.f('fk_certificate_course_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['withdrawn_by'], ['portal_user.id'], name=op.f('fk_certificate_withdrawn_by'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate')),
    sa.UniqueConstraint('attempt_id', name=op.f('uq_certificate_attempt_id')),
    sa.UniqueConstraint('code', name=op.f('uq_certificate_code'))
    )
    op.create_index('ix_certificate_account_id', 'certificate', ['account_id'])
    op.create_index('ix_certificate_user_id_course_id', 'certificate', ['user_id', 'course_id'])
