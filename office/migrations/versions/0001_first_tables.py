"""first tables"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
   
    op.create_table('enquiry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conversation', sa.String(length=200), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=30), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('withheld', sa.Boolean(), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('received', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('conversation', 'sequence')
    )
    with op.batch_alter_table('enquiry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enquiry_conversation'), ['conversation'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiry_outcome'), ['outcome'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiry_received'), ['received'], unique=False)

    op.create_table('message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conversation', sa.String(length=200), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('author', sa.String(length=10), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('buttons', sa.JSON(), nullable=False),
    sa.Column('custom', sa.JSON(), nullable=True),
    sa.Column('thumb', sa.String(length=4), nullable=True),
    sa.Column('said', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('conversation', 'number')
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_conversation'), ['conversation'], unique=False)

    op.create_table('revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('loaded_digest', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('trust',
    sa.Column('id', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('short', sa.String(length=100), nullable=False),
    sa.Column('aliases', sa.JSON(), nullable=False),
    sa.Column('contact_fact', sa.String(length=120), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('wording',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('owner', sa.String(length=120), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('vector', sa.LargeBinary(), nullable=False),
    sa.Column('encoder', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('kind', 'owner', 'text')
    )
    with op.batch_alter_table('wording', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wording_owner'), ['owner'], unique=False)

    op.create_table('document',
    sa.Column('id', sa.String(length=120), nullable=False),
    sa.Column('trust', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('as_of', sa.String(length=20), nullable=False),
    sa.Column('dated', sa.String(length=100), nullable=False),
    sa.ForeignKeyConstraint(['trust'], ['trust.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enquiry', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('trust', sa.String(length=60), nullable=True),
    sa.Column('topics', sa.JSON(), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('confidence', sa.Float(), nullable=False),
    sa.ForeignKeyConstraint(['enquiry'], ['enquiry.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('enquiry', 'position')
    )
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_outcome'), ['outcome'], unique=False)

    op.create_table('subject',
    sa.Column('id', sa.String(length=120), nullable=False),
    sa.Column('trust', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('topic', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['trust'], ['trust.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('fact',
    sa.Column('id', sa.String(length=120), nullable=False),
    sa.Column('trust', sa.String(length=60), nullable=False),
    sa.Column('topic', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('says', sa.String(length=500), nullable=False),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('document', sa.String(length=120), nullable=True),
    sa.Column('section', sa.String(length=200), nullable=True),
    sa.Column('person', sa.String(length=200), nullable=True),
    sa.Column('as_of', sa.String(length=20), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('review', sa.Date(), nullable=True),
    sa.Column('audience', sa.String(length=10), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('file_digest', sa.String(length=64), nullable=True),
    sa.Column('file_offers', sa.JSON(), nullable=True),
    sa.Column('edited_by', sa.String(length=200), nullable=True),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['document'], ['document.id'], ),
    sa.ForeignKeyConstraint(['subject'], ['subject.id'], ),
    sa.ForeignKeyConstraint(['trust'], ['trust.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('fact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_fact_topic'), ['topic'], unique=False)
        batch_op.create_index(batch_op.f('ix_fact_trust'), ['trust'], unique=False)

    op.create_table('contradiction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first', sa.String(length=120), nullable=False),
    sa.Column('second', sa.String(length=120), nullable=False),
    sa.Column('of', sa.String(length=200), nullable=False),
    sa.Column('found', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['first'], ['fact.id'], ),
    sa.ForeignKeyConstraint(['second'], ['fact.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('first', 'second', 'of')
    )


def downgrade() -> None:
   
    op.drop_table('contradiction')
    with op.batch_alter_table('fact', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_fact_trust'))
        batch_op.drop_index(batch_op.f('ix_fact_topic'))

    op.drop_table('fact')
    op.drop_table('subject')
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_outcome'))

    op.drop_table('question')
    op.drop_table('document')
    with op.batch_alter_table('wording', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_wording_owner'))

    op.drop_table('wording')
    op.drop_table('trust')
    op.drop_table('revision')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_conversation'))

    op.drop_table('message')
    with op.batch_alter_table('enquiry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enquiry_received'))
        batch_op.drop_index(batch_op.f('ix_enquiry_outcome'))
        batch_op.drop_index(batch_op.f('ix_enquiry_conversation'))

    op.drop_table('enquiry')
