"""A wrong clock deletes nothing."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from governance.models import PeriodicJob

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("shift", "way"), [(dt.timedelta(days=400), "vor"), (-dt.timedelta(hours=3), "nach")])
def test_a_clock_that_is_not_that_of_the_database_stops_run_due(
    monkeypatch: pytest.MonkeyPatch, shift: dt.timedelta, way: str
) -> None:
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + shift)
    with pytest.raises(CommandError, match=rf"Minuten {way}.*nichts gelöscht"):
        call_command("run_due", stdout=io.StringIO())
    assert not PeriodicJob.objects.exists()


def test_a_clock_that_was_set_back_is_told_and_jobs_run(monkeypatch: pytest.MonkeyPatch) -> None:
    PeriodicJob.objects.create(name="purge_mails", last_run_at=timezone.now() + dt.timedelta(days=2))
    said = io.StringIO()
    call_command("run_due", stdout=io.StringIO(), stderr=said)
    assert "zurückgestellt" in said.getvalue()
    assert PeriodicJob.objects.get(pk="purge_mails").last_run_at <= timezone.now()
