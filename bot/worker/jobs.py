"""The worker's other jobs, each short and each one call of the office. All may run twice, and in two workers at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from bot.messages.mail_folder import forget_mail
from bot.worker.records import WorkerTransactions
from office.enquiries.counts import count_new
from office.gaps.grouping import group_new
from office.personal import erasure, retention
from office.personal.retention import Periods
from office.reports import reminders
from settings import Settings

if TYPE_CHECKING:
    import numpy as np

AT_ONCE = 100  # leads or questions in one transaction


@dataclass(frozen=True)
class JobContext:
    """What a job works with."""

    records: WorkerTransactions
    settings: Settings


Job = Callable[[JobContext, datetime], None]


def owe_overdue(context: JobContext, now: datetime) -> None:
    """Owe a message about every lead that is overdue. Twice, or in two workers: one for a lead and a day, by a unique key."""
    while context.records.do_here(lambda session: reminders.owe_overdue(session, now=now, limit=AT_ONCE)) == AT_ONCE:
        continue


def owe_digest(context: JobContext, now: datetime) -> None:
    """Owe Monday's digest. Twice, or in two workers: one for a person and a week, by a unique key."""
    context.records.do_here(lambda session: reminders.owe_digest(session, now=now))


def group_gaps(context: JobContext, now: datetime) -> None:
    """Group new unanswered questions with similar ones. Twice, or in two workers: a question is in one gap, by a unique key."""
    while context.records.do_here(lambda session: group_new(session, _vectors, now=now, limit=AT_ONCE)) == AT_ONCE:
        continue


def _vectors(texts: list[str]) -> np.ndarray:
    from language.encoder.vectors import sentence_vectors  # a second and a hundred megabytes, which only the first gap need spend

    return sentence_vectors(texts)


def count_enquiries(context: JobContext, now: datetime) -> None:
    """Bring the overview's counts up to date. Twice, or in two workers: each enquiry is counted by its number, once."""
    context.records.do_here(lambda session: count_new(session, now=now))


def forget_on_time(context: JobContext, now: datetime) -> None:
    """Erase what is older than the privacy notice allows, in small bites. Twice, or in two workers: what is gone is gone."""
    periods = periods_of(context.settings)
    while context.records.do_here(lambda session: retention.forget_some(session, periods, now=now)):
        continue
    forget_mail(context.settings.var / "mail", before=now - periods.leads)


def clear_expired(context: JobContext, now: datetime) -> None:
    """Erase sign-ins, invitations and unsent forms that ran out. Twice, or in two workers: what is gone is gone."""
    context.records.do_here(lambda session: retention.clear_expired(session, now=now))


def finish_erasures(context: JobContext, now: datetime) -> None:
    """Erase what a turn wrote that was under way while its conversation was erased. Twice, or in two workers: gone is gone."""
    if context.records.do_here(lambda session: erasure.finish_erasures(session, now=now)):
        context.records.let_go_of_the_erased()


def remove_old_logs(context: JobContext, now: datetime) -> None:
    """Remove log files nobody wrote to for the days of the setting. Twice, or in two workers: what is gone is gone."""
    remove_files(context.settings.var / "log", before=now - timedelta(days=context.settings.retention_log_days))


def remove_files(folder: Path, *, before: datetime) -> int:
    """Remove the files of a folder that were last written before a moment; return how many."""
    removed = 0
    for file in folder.glob("*.log*") if folder.is_dir() else ():
        try:
            if datetime.fromtimestamp(file.stat().st_mtime, timezone.utc) < before:
                file.unlink()
                removed += 1
        except FileNotFoundError:
            continue  # another worker was first
    return removed


def periods_of(settings: Settings) -> Periods:
    """Return the periods of the settings as the office reads them."""
    return Periods(
        enquiries=timedelta(days=settings.retention_days),
        leads=timedelta(days=settings.retention_leads_days),
        tracker=timedelta(days=settings.retention_tracker_days),
        audit=timedelta(days=settings.retention_audit_days),
    )


SECONDS, MINUTES, HOURS = 1.0, 60.0, 3600.0
JOBS: tuple[tuple[Job, float], ...] = (  # and how often
    (owe_overdue, 30 * SECONDS),
    (owe_digest, 30 * SECONDS),
    (finish_erasures, 10 * SECONDS),
    (group_gaps, 3 * SECONDS),
    (count_enquiries, 5 * MINUTES),
    (clear_expired, 10 * MINUTES),
    (forget_on_time, 24 * HOURS),
    (remove_old_logs, 24 * HOURS),
)
