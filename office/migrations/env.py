"""Alembic's way in: the connection comes from `office.database.Database.migrate`."""

from alembic import context

import office.audit
import office.counts
import office.enquiries
import office.erasure
import office.facts
import office.gaps
import office.heartbeats
import office.leads
import office.outbox
import office.places
import office.staff
import office.switches
import office.telegram
import office.transcripts  # noqa: F401  every table has to be known
from office.database import Table

context.configure(connection=context.config.attributes["connection"], target_metadata=Table.metadata, render_as_batch=True)
context.run_migrations()
