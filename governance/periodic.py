"""What happens by the clock: `manage.py run_due`, called by the system's timer each hour.

Each job runs once per period, also with two timers. Work in progress (draft buffers) is never removed:
its words exist nowhere else.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import clock, letters, mail, versions
from governance.models import Membership, PeriodicJob, Review, Team, User

logger = logging.getLogger(__name__)
CHAIR_IS_TOLD_AFTER_WORKING_DAYS = 5


class Period(Enum):
    HOUR = "%Y-%m-%d %H"
    DAY = "%Y-%m-%d"

    def of(self, moment: dt.datetime) -> str:
        return f"{timezone.localtime(moment):{self.value}}"


@dataclass(frozen=True)
class Job:
    name: str
    period: Period
    run: Callable[[], object]


_jobs: dict[str, Job] = {}


def register(job: Job) -> None:
    """Add a job; other apps do so in their `apps.py`."""
    if job.name in _jobs:
        raise ValueError(f"job {job.name!r} is registered already")
    _jobs[job.name] = job


def run_due() -> dict[str, bool]:
    """Run every job whose period has begun since it ran last; name -> whether it went well."""
    return {job.name: _run(job) for job in list(_jobs.values()) if _claim(job)}


@transaction.atomic
def _claim(job: Job) -> bool:
    """Take the job for this period. A second timer waits for the row and then finds it taken."""
    PeriodicJob.objects.get_or_create(name=job.name)
    row = PeriodicJob.objects.select_for_update().get(pk=job.name)
    now = clock.now()
    if row.last_run_at is not None and job.period.of(row.last_run_at) == job.period.of(now):
        return False
    row.last_run_at = now
    row.save(update_fields=["last_run_at"])
    return True


def _run(job: Job) -> bool:
    """Run outside of the claim's transaction; after a failure the next hour tries again."""
    try:
        job.run()
    except Exception as error:
        logger.exception("periodic job %s failed", job.name)
        PeriodicJob.objects.filter(pk=job.name).update(
            last_run_at=None, last_error=f"{type(error).__name__}: {error}"[:200]
        )
        return False
    PeriodicJob.objects.filter(pk=job.name).update(last_error="")
    return True


# -- the jobs of governance ------------------------------------------------------------------------


def remind_of_reviews() -> None:
    """Remind the committee once of what is overdue; tell the chair when that did not help."""
    today = clock.today()
    overdue = Review.objects.filter(status=Review.Status.OPEN, due_on__lt=today, escalated_at=None).values_list(
        "pk", "record_id"
    )
    for pk, record_id in list(overdue):
        with transaction.atomic():
            # Record before review, as everywhere: a decision may be under way.
            record = versions.lock(record_id)
            review = Review.objects.select_for_update(of=("self",)).select_related("version").get(pk=pk)
            review.record = record
            if review.is_open:
                _remind(review, today)


def _remind(review: Review, today: dt.date) -> None:
    last_call = clock.add_working_days(review.due_on, CHAIR_IS_TOLD_AFTER_WORKING_DAYS)
    if review.reminded_at is None:
        _tell_committee(review, _("Frist abgelaufen, bitte entscheiden"), chair_only=False)
        review.reminded_at = clock.now()
        review.save(update_fields=["reminded_at"])
    elif today > last_call:
        _tell_committee(review, _("Seit über einer Woche überfällig"), chair_only=True)
        review.escalated_at = clock.now()
        review.save(update_fields=["escalated_at"])


def _tell_committee(review: Review, what: str, *, chair_only: bool) -> None:
    members = Membership.objects.filter(team__kind=Team.Kind.STEERING_COMMITTEE)
    if chair_only:
        members = members.filter(role=Membership.Role.CHAIR)
    people: list[User] = mail.stand_ins(members, exclude=() if chair_only else [*review.authors, *review.biased])
    mail.tell(
        people,
        subject=f"{what}: {review.record.short_number} {review.version.title}",
        path=letters.review_path(review),
        record=review.record,
    )


def purge_mails() -> None:
    """Delete mails that were sent or dropped, when the time of the setting is over."""
    mail.purge(dt.timedelta(days=settings.MAILS_KEPT_DAYS))


def purge_sign_in_attempts() -> None:
    """Delete failed attempts to sign in (name and address), never before their lock has ended."""
    kept = max(dt.timedelta(days=settings.SIGN_IN_ATTEMPTS_KEPT_DAYS), dt.timedelta(hours=settings.AXES_COOLOFF_TIME))
    for log in (AccessAttempt, AccessFailureLog, AccessLog):
        log.objects.filter(attempt_time__lt=clock.now() - kept).delete()


def register_all() -> None:
    """Called once from `apps.py`."""
    for job in (
        Job("deliver_mails", Period.HOUR, mail.deliver_waiting),
        Job("remind_of_reviews", Period.DAY, remind_of_reviews),
        Job("purge_mails", Period.DAY, purge_mails),
        Job("purge_sign_in_attempts", Period.DAY, purge_sign_in_attempts),
        Job("clear_sessions", Period.DAY, lambda: call_command("clearsessions")),
        Job("prune_tasks", Period.DAY, lambda: call_command("prune_db_task_results", verbosity=0)),
    ):
        register(job)
