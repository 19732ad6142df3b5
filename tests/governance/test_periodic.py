"""What the clock does: each job once per period, reminders once, the chair afterwards."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from governance import clock, periodic
from governance.models import DraftBuffer, Membership, OutgoingMail, PeriodicJob, Review
from governance.periodic import Job, Period
from tests.factories import Cast, approve, make_draft, reload, submit

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 3, 2, 9, 30, tzinfo=timezone.get_fixed_timezone(60))


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """One daily job only, that notes when it ran."""
    ran: list[str] = []
    monkeypatch.setattr(periodic, "_jobs", {})
    periodic.register(Job("note", Period.DAY, lambda: ran.append("x")))
    yield ran


def test_a_job_runs_once_per_period(alone: list[str]) -> None:
    for hours in (0, 1, 5, 24, 25):
        with clock.at(MONDAY + dt.timedelta(hours=hours)):
            periodic.run_due()
    assert len(alone) == 2


def test_a_failed_job_is_tried_again_and_stops_no_other(alone: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ValueError("kaputt")

    monkeypatch.setattr(periodic, "_jobs", {"fail": Job("fail", Period.DAY, fail), **periodic._jobs})
    assert periodic.run_due() == {"fail": False, "note": True}
    assert PeriodicJob.objects.get(pk="fail").last_error == "ValueError: kaputt"
    with pytest.raises(CommandError):
        call_command("run_due")
    assert len(alone) == 1


def test_a_name_is_given_once(alone: list[str]) -> None:
    with pytest.raises(ValueError, match="registered"):
        periodic.register(Job("note", Period.HOUR, lambda: None))


@pytest.mark.django_db(transaction=True)
def test_two_timers_at_once_run_it_once(alone: list[str]) -> None:
    barrier = threading.Barrier(3)

    def timer() -> None:
        barrier.wait()
        try:
            periodic.run_due()
        finally:
            connection.close()

    threads = [threading.Thread(target=timer) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(alone) == 1


def test_the_jobs_of_the_portal_run(cast: Cast) -> None:
    results = periodic.run_due()
    assert all(results.values())
    assert {"deliver_mails", "remind_of_reviews", "purge_mails", "clear_sessions"} <= set(results)


# -- reminders -------------------------------------------------------------------------------------


def overdue_review(cast: Cast) -> Review:
    with clock.at(MONDAY):
        review = submit(cast, make_draft(cast))
    OutgoingMail.objects.all().delete()
    return review


def remind_on(day: dt.date) -> list[str]:
    """Who is told when the job runs on that day."""
    OutgoingMail.objects.all().delete()
    with clock.at(dt.datetime.combine(day, dt.time(8), tzinfo=timezone.get_fixed_timezone(60))):
        periodic.remind_of_reviews()
    return sorted(OutgoingMail.objects.values_list("to__username", flat=True))


def test_the_committee_is_reminded_once_then_the_chair(cast: Cast) -> None:
    review = overdue_review(cast)
    due = review.due_on
    assert remind_on(due) == []
    assert remind_on(due + dt.timedelta(days=1)) == ["chair", "committee", "committee2"]
    assert remind_on(due + dt.timedelta(days=2)) == []
    last_call = clock.add_working_days(due, 5)
    assert remind_on(last_call) == []
    assert remind_on(last_call + dt.timedelta(days=1)) == ["chair"]
    assert remind_on(last_call + dt.timedelta(days=9)) == []


def test_authors_and_decided_reviews_are_left_alone(cast: Cast) -> None:
    Membership.objects.create(user=cast.author, team=cast.committee_team, starts_on="2020-01-01")
    review = overdue_review(cast)
    assert "author" not in remind_on(review.due_on + dt.timedelta(days=1))
    other = overdue_review(cast)
    approve(cast, other)
    assert remind_on(other.due_on + dt.timedelta(days=1)) == []


# -- tidying up ------------------------------------------------------------------------------------


def test_sent_mails_go_after_ninety_days_waiting_ones_and_buffers_stay(cast: Cast) -> None:
    record = reload(make_draft(cast))
    buffer = DraftBuffer.objects.create(
        record=record,
        user=cast.author,
        opened_on=record.versions.get(),
        updated_at=MONDAY - dt.timedelta(days=900),
    )
    old, new = clock.now() - dt.timedelta(days=91), clock.now() - dt.timedelta(days=89)
    for sent, dropped in ((old, None), (None, old), (new, None), (None, None)):
        OutgoingMail.objects.create(
            to=cast.author,
            subject="x",
            body="x",
            created_at=old,
            next_attempt_at=clock.now() + dt.timedelta(days=1),
            sent_at=sent,
            dropped_at=dropped,
        )
    assert all(periodic.run_due().values())
    assert OutgoingMail.objects.count() == 2
    assert DraftBuffer.objects.get() == buffer


def test_failed_sign_ins_go_after_the_setting_and_never_before_their_lock_ends(cast: Cast, settings: Settings) -> None:
    for name, days in (("old", 8), ("new", 6)):
        attempt = AccessAttempt.objects.create(username=name, failures_since_start=1)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=clock.now() - dt.timedelta(days=days))
    assert all(periodic.run_due().values())
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["new"]
    settings.SIGN_IN_ATTEMPTS_KEPT_DAYS, settings.AXES_COOLOFF_TIME = 0, 24 * 7
    periodic.purge_sign_in_attempts()
    assert AccessAttempt.objects.exists()
    settings.AXES_COOLOFF_TIME = 0.25
    periodic.purge_sign_in_attempts()
    assert not AccessAttempt.objects.exists()


def test_expired_sessions_go_and_living_ones_stay(cast: Cast) -> None:
    for key, days in (("old", -1), ("new", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=clock.now() + dt.timedelta(days=days))
    assert all(periodic.run_due().values())
    assert [session.session_key for session in Session.objects.all()] == ["new"]


def test_mails_are_kept_as_long_as_the_setting_says(cast: Cast, settings: Settings) -> None:
    settings.MAILS_KEPT_DAYS = 5
    for days in (4, 6):
        sent = clock.now() - dt.timedelta(days=days)
        OutgoingMail.objects.create(to=cast.author, subject="x", body="x", sent_at=sent)
    periodic.purge_mails()
    assert OutgoingMail.objects.count() == 1
