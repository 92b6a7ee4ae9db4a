"""each filter of the list of leads has an index in the list's order; ł, ø, æ are searched as people type them"""

from alembic import op
from sqlalchemy import text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FILTERS = ("channel", "term", "wish", "owner")
TYPED = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}


def upgrade() -> None:
    for column in FILTERS:
        op.drop_index(f"ix_lead_{column}", table_name="lead")
        op.create_index(f"ix_lead_{column}", "lead", [column, "standing", "urgent_at", "id"])
    for letter, typed in TYPED.items():
        searched = text("UPDATE lead SET search = replace(search, :letter, :typed) WHERE search LIKE :holding")
        op.get_bind().execute(searched, {"letter": letter, "typed": typed, "holding": f"%{letter}%"})


def downgrade() -> None:
    for column in FILTERS:
        op.drop_index(f"ix_lead_{column}", table_name="lead")
        op.create_index(f"ix_lead_{column}", "lead", [column, "standing"])
