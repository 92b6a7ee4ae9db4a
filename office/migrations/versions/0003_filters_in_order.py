"""each filter of the list of leads has an index in the list's order"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FILTERS = ("channel", "term", "wish", "owner")


def upgrade() -> None:
    for column in FILTERS:
        op.drop_index(f"ix_lead_{column}", table_name="lead")
        op.create_index(f"ix_lead_{column}", "lead", [column, "standing", "urgent_at", "id"])


def downgrade() -> None:
    for column in FILTERS:
        op.drop_index(f"ix_lead_{column}", table_name="lead")
        op.create_index(f"ix_lead_{column}", "lead", [column, "standing"])
