"""staff, leads, places, gaps, outbox, audit log"""

from alembic import op
import sqlalchemy as sa


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('counted',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enquiry', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('enquiry_count',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('channel', sa.String(length=30), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', 'channel', 'outcome')
    )
    op.create_table('erased_conversation',
    sa.Column('conversation', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('conversation')
    )
    op.create_table('erased_count',
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('channel', sa.String(length=30), nullable=False),
    sa.Column('wish', sa.String(length=20), nullable=False),
    sa.Column('how', sa.String(length=20), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('month', 'channel', 'wish', 'how')
    )
    op.create_table('failed_sign_in',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('of', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('failed_sign_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_failed_sign_in_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_failed_sign_in_of'), ['of'], unique=False)

    op.create_table('grouped',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('heartbeat',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('hour_count',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('hour', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', 'hour')
    )
    op.create_table('lead_draft',
    sa.Column('conversation', sa.String(length=200), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('consented', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('conversation')
    )
    with op.batch_alter_table('lead_draft', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lead_draft_changed'), ['changed'], unique=False)

    op.create_table('staff',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('password', sa.String(length=200), nullable=True),
    sa.Column('made', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn', sa.DateTime(timezone=True), nullable=True),
    sa.Column('telegram', sa.BigInteger(), nullable=True),
    sa.Column('telegram_blocked', sa.DateTime(timezone=True), nullable=True),
    sa.Column('telegram_quiet', sa.String(length=11), nullable=True),
    sa.Column('email_failing', sa.String(length=300), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('email'),
    sa.UniqueConstraint('telegram')
    )
    op.create_table('telegram_door',
    sa.Column('bot', sa.BigInteger(), nullable=False),
    sa.Column('username', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('bot')
    )
    op.create_table('telegram_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('chat', sa.BigInteger(), nullable=False),
    sa.Column('message', sa.String(length=40), nullable=False),
    sa.Column('about', sa.String(length=80), nullable=False),
    sa.Column('detail', sa.Text(), nullable=True),
    sa.Column('chosen', sa.String(length=80), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('chat', 'message')
    )
    with op.batch_alter_table('telegram_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_telegram_message_at'), ['at'], unique=False)

    op.create_table('telegram_update',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bot', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('account', sa.BigInteger(), nullable=False),
    sa.Column('content', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('did', sa.String(length=80), nullable=False),
    sa.Column('reply', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.Column('received', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('bot', 'number'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('telegram_update', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_telegram_update_received'), ['received'], unique=False)
        batch_op.create_index('ix_telegram_update_state', ['state'], unique=False)

    op.create_table('term',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('begins', sa.Date(), nullable=False),
    sa.Column('ends', sa.Date(), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('topic_count',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('topic', sa.String(length=60), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', 'topic', 'outcome')
    )
    op.create_table('audit_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=True),
    sa.Column('action', sa.String(length=20), nullable=False),
    sa.Column('about', sa.String(length=200), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entry_about'), ['about'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_staff'), ['staff'], unique=False)

    op.create_table('feedback',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('invitation',
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('made', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['staff.id'], ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('code')
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_staff'), ['staff'], unique=False)

    op.create_table('lead',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('conversation', sa.String(length=200), nullable=False),
    sa.Column('channel', sa.String(length=30), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('role', sa.String(length=200), nullable=False),
    sa.Column('school', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('phone', sa.String(length=40), nullable=True),
    sa.Column('wish', sa.String(length=20), nullable=False),
    sa.Column('term', sa.String(length=20), nullable=True),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('first_question', sa.Text(), nullable=False),
    sa.Column('unanswered', sa.JSON(), nullable=False),
    sa.Column('consented', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received', sa.DateTime(timezone=True), nullable=False),
    sa.Column('promised', sa.DateTime(timezone=True), nullable=False),
    sa.Column('contacted', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changed', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('revisit', sa.Date(), nullable=True),
    sa.Column('visit', sa.DateTime(timezone=True), nullable=True),
    sa.Column('owner', sa.Integer(), nullable=True),
    sa.Column('next_action', sa.String(length=300), nullable=False),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('unread', sa.Boolean(), nullable=False),
    sa.Column('asked_again', sa.Integer(), nullable=False),
    sa.Column('survivor', sa.Integer(), nullable=True),
    sa.Column('email_key', sa.String(length=64), nullable=True),
    sa.Column('phone_key', sa.String(length=64), nullable=True),
    sa.Column('school_key', sa.String(length=64), nullable=True),
    sa.Column('open_person', sa.String(length=64), nullable=True),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('sample', sa.Boolean(), nullable=False),
    sa.Column('owed', sa.Boolean(), nullable=False),
    sa.Column('standing', sa.String(length=10), nullable=False),
    sa.Column('urgent_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['owner'], ['staff.id'], ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['survivor'], ['lead.id'], ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('open_person'),
    sa.UniqueConstraint('reference')
    )
    with op.batch_alter_table('lead', schema=None) as batch_op:
        batch_op.create_index('ix_lead_channel', ['channel', 'standing'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_conversation'), ['conversation'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_email_key'), ['email_key'], unique=False)
        batch_op.create_index('ix_lead_ended', ['standing', 'changed', 'id'], unique=False)
        batch_op.create_index('ix_lead_overview', ['received', 'standing', 'status', 'channel', 'contacted', 'promised'], unique=False)
        batch_op.create_index('ix_lead_owner', ['owner', 'standing'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_phone_key'), ['phone_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_school_key'), ['school_key'], unique=False)
        batch_op.create_index('ix_lead_standing', ['standing', 'urgent_at', 'id'], unique=False)
        batch_op.create_index('ix_lead_status', ['status', 'standing', 'urgent_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_survivor'), ['survivor'], unique=False)
        batch_op.create_index('ix_lead_term', ['term', 'standing'], unique=False)
        batch_op.create_index('ix_lead_unread', ['urgent_at', 'id', 'standing'], unique=False, postgresql_where=sa.text('unread'), sqlite_where=sa.text('unread = 1'))
        batch_op.create_index('ix_lead_urgent', ['urgent_at', 'id'], unique=False)
        batch_op.create_index('ix_lead_wish', ['wish', 'standing'], unique=False)

    op.create_table('notification',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('about', sa.String(length=80), nullable=False),
    sa.Column('lead', sa.String(length=20), nullable=True),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('recipient', sa.String(length=20), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=True),
    sa.Column('made', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_by', sa.String(length=80), nullable=True),
    sa.Column('sent', sa.DateTime(timezone=True), nullable=True),
    sa.Column('given_up', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=300), nullable=True),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('kind', 'about', 'channel', 'recipient')
    )
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notification_about'), ['about'], unique=False)
        batch_op.create_index(batch_op.f('ix_notification_lead'), ['lead'], unique=False)
        batch_op.create_index(batch_op.f('ix_notification_staff'), ['staff'], unique=False)
        batch_op.create_index('ix_notification_waiting', ['due'], unique=False, postgresql_where=sa.text('sent IS NULL AND given_up IS NULL'), sqlite_where=sa.text('sent IS NULL AND given_up IS NULL'))

    op.create_table('notification_choice',
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('email', sa.Boolean(), nullable=False),
    sa.Column('telegram', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('staff')
    )
    op.create_table('password_link',
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('made', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('code')
    )
    with op.batch_alter_table('password_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_password_link_staff'), ['staff'], unique=False)

    op.create_table('regression_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('before', sa.Text(), nullable=False),
    sa.Column('trust', sa.String(length=60), nullable=True),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('facts', sa.String(length=1000), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['staff.id'], ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('key')
    )
    op.create_table('saved_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('query', sa.String(length=2000), nullable=False),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('staff', 'name')
    )
    op.create_table('seen_thumb',
    sa.Column('message', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['message'], ['message.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('message')
    )
    op.create_table('sign_in',
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('begun', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires', sa.DateTime(timezone=True), nullable=False),
    sa.Column('device', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token')
    )
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_staff'), ['staff'], unique=False)

    op.create_table('switch',
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('off', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['staff.id'], ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('channel')
    )
    op.create_table('lead_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lead', sa.Integer(), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('batch', sa.String(length=40), nullable=True),
    sa.Column('undone', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['lead'], ['lead.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('lead_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lead_change_batch'), ['batch'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_change_lead'), ['lead'], unique=False)

    op.create_table('lead_conversation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lead', sa.Integer(), nullable=False),
    sa.Column('conversation', sa.String(length=200), nullable=False),
    sa.Column('channel', sa.String(length=30), nullable=False),
    sa.Column('wish', sa.String(length=20), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['lead'], ['lead.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('lead', 'conversation')
    )
    with op.batch_alter_table('lead_conversation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lead_conversation_conversation'), ['conversation'], unique=False)

    op.create_table('lead_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lead', sa.Integer(), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('update', sa.String(length=60), nullable=True),
    sa.ForeignKeyConstraint(['lead'], ['lead.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('update')
    )
    with op.batch_alter_table('lead_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lead_note_lead'), ['lead'], unique=False)

    op.create_table('place',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('term', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('school', sa.String(length=200), nullable=False),
    sa.Column('school_key', sa.String(length=64), nullable=False),
    sa.Column('lead', sa.Integer(), nullable=True),
    sa.Column('given_by', sa.Integer(), nullable=True),
    sa.Column('given', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('number >= 1'),
    sa.ForeignKeyConstraint(['given_by'], ['staff.id'], ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['lead'], ['lead.id'], ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['term'], ['term.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('term', 'number'),
    sa.UniqueConstraint('term', 'school_key')
    )
    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_place_lead'), ['lead'], unique=False)

    op.create_table('fact_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fact', sa.String(length=120), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('was', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['fact'], ['fact.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('fact_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_fact_version_fact'), ['fact'], unique=False)

    op.create_table('gap',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('trust', sa.String(length=60), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('latest', sa.DateTime(timezone=True), nullable=False),
    sa.Column('heat', sa.Float(), nullable=False),
    sa.Column('centre', sa.LargeBinary(), nullable=False),
    sa.Column('fact', sa.String(length=120), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=True),
    sa.Column('closed_by', sa.Integer(), nullable=True),
    sa.Column('closed', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['closed_by'], ['staff.id'], ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['fact'], ['fact.id'], ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('gap', schema=None) as batch_op:
        batch_op.create_index('ix_gap_list', ['state', 'heat'], unique=False)
        batch_op.create_index('ix_gap_trust', ['trust', 'state', 'heat'], unique=False)

    op.create_table('settled_pair',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first', sa.String(length=120), nullable=False),
    sa.Column('second', sa.String(length=120), nullable=False),
    sa.Column('of', sa.String(length=200), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['first'], ['fact.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['second'], ['fact.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('first', 'second', 'of')
    )
    op.create_table('gap_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('gap', sa.Integer(), nullable=False),
    sa.Column('question', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['gap'], ['gap.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['question'], ['question.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('question')
    )
    with op.batch_alter_table('gap_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_gap_question_gap'), ['gap'], unique=False)

    with op.batch_alter_table('fact', schema=None) as batch_op:
        batch_op.add_column(sa.Column('owner', sa.Integer(), nullable=True))

    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index('ix_message_thumbs', ['id'], unique=False, postgresql_where=sa.text('thumb IS NOT NULL'), sqlite_where=sa.text('thumb IS NOT NULL'))

    if op.get_bind().dialect.name == "postgresql":  # SQLite reads the column through: a newcomer's database is small
        op.execute("ALTER TABLE lead ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('simple', search)) STORED")
        op.execute("CREATE INDEX ix_lead_words ON lead USING gin (words)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_lead_words")
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index('ix_message_thumbs', postgresql_where=sa.text('thumb IS NOT NULL'), sqlite_where=sa.text('thumb IS NOT NULL'))

    with op.batch_alter_table('fact', schema=None) as batch_op:
        batch_op.drop_column('owner')

    with op.batch_alter_table('gap_question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_gap_question_gap'))

    op.drop_table('gap_question')
    op.drop_table('settled_pair')
    with op.batch_alter_table('gap', schema=None) as batch_op:
        batch_op.drop_index('ix_gap_trust')
        batch_op.drop_index('ix_gap_list')

    op.drop_table('gap')
    with op.batch_alter_table('fact_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_fact_version_fact'))

    op.drop_table('fact_version')
    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_place_lead'))

    op.drop_table('place')
    with op.batch_alter_table('lead_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lead_note_lead'))

    op.drop_table('lead_note')
    with op.batch_alter_table('lead_conversation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lead_conversation_conversation'))

    op.drop_table('lead_conversation')
    with op.batch_alter_table('lead_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lead_change_lead'))
        batch_op.drop_index(batch_op.f('ix_lead_change_batch'))

    op.drop_table('lead_change')
    op.drop_table('switch')
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_staff'))

    op.drop_table('sign_in')
    op.drop_table('seen_thumb')
    op.drop_table('saved_view')
    op.drop_table('regression_question')
    with op.batch_alter_table('password_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_password_link_staff'))

    op.drop_table('password_link')
    op.drop_table('notification_choice')
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_index('ix_notification_waiting', postgresql_where=sa.text('sent IS NULL AND given_up IS NULL'), sqlite_where=sa.text('sent IS NULL AND given_up IS NULL'))
        batch_op.drop_index(batch_op.f('ix_notification_staff'))
        batch_op.drop_index(batch_op.f('ix_notification_lead'))
        batch_op.drop_index(batch_op.f('ix_notification_about'))

    op.drop_table('notification')
    with op.batch_alter_table('lead', schema=None) as batch_op:
        batch_op.drop_index('ix_lead_wish')
        batch_op.drop_index('ix_lead_urgent')
        batch_op.drop_index('ix_lead_unread', postgresql_where=sa.text('unread'), sqlite_where=sa.text('unread = 1'))
        batch_op.drop_index('ix_lead_term')
        batch_op.drop_index(batch_op.f('ix_lead_survivor'))
        batch_op.drop_index('ix_lead_status')
        batch_op.drop_index('ix_lead_standing')
        batch_op.drop_index(batch_op.f('ix_lead_school_key'))
        batch_op.drop_index(batch_op.f('ix_lead_phone_key'))
        batch_op.drop_index('ix_lead_owner')
        batch_op.drop_index('ix_lead_overview')
        batch_op.drop_index('ix_lead_ended')
        batch_op.drop_index(batch_op.f('ix_lead_email_key'))
        batch_op.drop_index(batch_op.f('ix_lead_conversation'))
        batch_op.drop_index('ix_lead_channel')

    op.drop_table('lead')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_staff'))

    op.drop_table('invitation')
    op.drop_table('feedback')
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_entry_staff'))
        batch_op.drop_index(batch_op.f('ix_audit_entry_at'))
        batch_op.drop_index(batch_op.f('ix_audit_entry_about'))

    op.drop_table('audit_entry')
    op.drop_table('topic_count')
    op.drop_table('term')
    with op.batch_alter_table('telegram_update', schema=None) as batch_op:
        batch_op.drop_index('ix_telegram_update_state')
        batch_op.drop_index(batch_op.f('ix_telegram_update_received'))

    op.drop_table('telegram_update')
    with op.batch_alter_table('telegram_message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_telegram_message_at'))

    op.drop_table('telegram_message')
    op.drop_table('telegram_door')
    op.drop_table('staff')
    with op.batch_alter_table('lead_draft', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lead_draft_changed'))

    op.drop_table('lead_draft')
    op.drop_table('hour_count')
    op.drop_table('heartbeat')
    op.drop_table('grouped')
    with op.batch_alter_table('failed_sign_in', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_failed_sign_in_of'))
        batch_op.drop_index(batch_op.f('ix_failed_sign_in_at'))

    op.drop_table('failed_sign_in')
    op.drop_table('erased_count')
    op.drop_table('erased_conversation')
    op.drop_table('enquiry_count')
    op.drop_table('counted')
