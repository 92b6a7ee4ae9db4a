"""Alembic's way in: the connection comes from `office.base.database.Database.migrate`."""

from alembic import context

import office.base.audit
import office.base.heartbeats
import office.base.staff
import office.base.switches
import office.enquiries.counts
import office.enquiries.log
import office.enquiries.transcripts  # noqa: F401  every table has to be known
from office.base.database import Table

context.configure(connection=context.config.attributes["connection"], target_metadata=Table.metadata, render_as_batch=True)
context.run_migrations()
