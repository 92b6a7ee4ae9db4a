"""each message of a transcript names the enquiry it was logged as, or that it answers"""

from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAMED = {"sqlite": "CAST(json_extract(message.custom, '$.enquiry') AS INTEGER)", "postgresql": "(message.custom ->> 'enquiry')::integer"}
OF_REPLIES = """UPDATE message SET enquiry = (
    SELECT enquiry.id FROM enquiry WHERE enquiry.conversation = message.conversation AND enquiry.sequence = {named}
) WHERE author = 'assistant' AND custom IS NOT NULL"""
OF_VISITORS = """UPDATE message SET enquiry = (
    SELECT CASE WHEN reply.author = 'assistant' THEN reply.enquiry END FROM message AS reply
    WHERE reply.conversation = message.conversation AND reply.number > message.number ORDER BY reply.number LIMIT 1
) WHERE author = 'visitor'"""


def upgrade() -> None:
    # in one statement: SQLite would copy the table for a key added later, and delete what refers to it
    op.execute("ALTER TABLE message ADD COLUMN enquiry INTEGER REFERENCES enquiry (id) ON DELETE SET NULL")
    op.create_index("ix_message_enquiry", "message", ["enquiry"])
    connection = op.get_bind()
    connection.execute(text(OF_REPLIES.format(named=NAMED[connection.dialect.name])))
    connection.execute(text(OF_VISITORS))


def downgrade() -> None:
    op.drop_index("ix_message_enquiry", table_name="message")
    op.execute("ALTER TABLE message DROP COLUMN enquiry")
