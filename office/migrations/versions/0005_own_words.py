"""each conversation about a lead has its own reference, details and promise; leads of a flood are marked"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OF_LINK = ("reference", "confirmed", "given", "beside", "promised", "again", "erasure_asked", "settled", "source")
OF_LEAD = ("also_searched", "unconfirmed", "suspect")
# the conversation that made the lead was told its reference and promise; of the others it is not known what each of them gave
OF_FIRST = """UPDATE lead_conversation SET
    reference = (SELECT lead.reference FROM lead WHERE lead.id = lead_conversation.lead),
    promised = (SELECT lead.promised FROM lead WHERE lead.id = lead_conversation.lead)
WHERE {first}"""
FIRST = "EXISTS (SELECT 1 FROM lead WHERE lead.id = lead_conversation.lead AND lead.conversation = lead_conversation.conversation)"
OF_OTHERS = "UPDATE lead_conversation SET confirmed = {no}, settled = at WHERE NOT {first} AND channel NOT IN ('phone', 'in person')"


def upgrade() -> None:
    for column in (
        sa.Column("reference", sa.String(20)),
        sa.Column("confirmed", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("given", sa.JSON()),
        sa.Column("beside", sa.JSON()),
        sa.Column("promised", sa.DateTime(timezone=True)),
        sa.Column("again", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("erasure_asked", sa.DateTime(timezone=True)),
        sa.Column("settled", sa.DateTime(timezone=True)),
        sa.Column("source", sa.String(64)),
    ):
        op.add_column("lead_conversation", column)
    for column in (
        sa.Column("also_searched", sa.Text(), nullable=False, server_default=""),
        sa.Column("unconfirmed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("suspect", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("lead", column)
    op.create_index("ix_lead_conversation_reference", "lead_conversation", ["reference"], unique=True)
    op.create_index("ix_lead_conversation_source", "lead_conversation", ["source"])
    op.create_index(
        "ix_lead_suspect", "lead", ["urgent_at", "id"], postgresql_where=sa.text("suspect"), sqlite_where=sa.text("suspect = 1")
    )
    op.execute(OF_FIRST.format(first=FIRST))
    op.execute(OF_OTHERS.format(first=FIRST, no="false" if op.get_bind().dialect.name == "postgresql" else "0"))


def downgrade() -> None:
    op.drop_index("ix_lead_suspect", table_name="lead")
    op.drop_index("ix_lead_conversation_source", table_name="lead_conversation")
    op.drop_index("ix_lead_conversation_reference", table_name="lead_conversation")
    for table, columns in (("lead", OF_LEAD), ("lead_conversation", OF_LINK)):
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
