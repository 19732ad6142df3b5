"""Issues in preparation follow the department they are for; what was released stays as it was."""

from __future__ import annotations

from django.db.models import F

from governance.models import Department
from transfer.models import NewsletterIssue


def on_merging(sender: object, department: Department, into: Department, **_named: object) -> None:
    """Receives `governance.signals.department_merging`."""
    NewsletterIssue.objects.filter(department=department, released_at=None).update(
        department=into, version=F("version") + 1
    )
