"""Which learning the start page shows in which week, for each department. Nobody's reading is noted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from governance.models import Department, Record


class LearningOfTheWeek(models.Model):
    """One department in one week; without a department: those who are in none."""

    # The Monday.
    week = models.DateField()
    department = models.ForeignKey(Department, on_delete=models.CASCADE, null=True, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_learning_a_week", fields=["week", "department"]),
            models.UniqueConstraint(
                name="one_learning_a_week_for_others", fields=["week"], condition=Q(department__isnull=True)
            ),
        ]
        indexes = [models.Index(name="week_of_department", fields=["department", "-week"])]
