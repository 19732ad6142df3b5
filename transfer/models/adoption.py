"""A department takes a record of another one over. What is written here names a department and no person."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models import Department, Record
from processmodels.figures import KeyFigure
from transfer.models.occurrences import TITLE_LENGTH

TEXT_LENGTH, PLAN_LENGTH, REASON_LENGTH = 2000, 8000, 1000


class Adoption(models.Model):
    """What became of a record in one other department, from interest to use.

    The title is the record's as it was published last; it stays when the record is archived.
    """

    class State(models.TextChoices):
        INTERESTED = "interested", _("interessiert")
        PLANNED = "planned", _("geplant")
        UNDER_WAY = "under_way", _("in Umsetzung")
        DONE = "done", _("übernommen")
        DROPPED = "dropped", _("nicht weiterverfolgt")

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="adoptions")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="adoptions")
    title = models.CharField(max_length=TITLE_LENGTH)
    state = models.CharField(_("Stand"), max_length=10, choices=State.choices, default=State.INTERESTED)
    since = models.DateField(_("seit"), default=clock.today)
    # All states so far, the oldest first: rows of state and day. `since` is the last one's day.
    steps = models.JSONField(default=list)
    adapted = models.TextField(_("Was haben Sie angepasst?"), max_length=TEXT_LENGTH, blank=True)
    plan = models.TextField(_("Plan"), max_length=PLAN_LENGTH, blank=True)
    # Rows of processmodels.figures.KeyFigure.
    figures = models.JSONField(_("eigene Zahlen"), default=list)
    reason = models.TextField(_("Warum nicht weiter?"), max_length=REASON_LENGTH, blank=True)
    # The answers of the last fit check, see transfer.adoption.fitting; empty when there was none.
    fit = models.JSONField(default=dict)
    # The newest publication that the department was told of.
    issue = models.PositiveIntegerField()
    is_archived = models.BooleanField(default=False)
    # The draft that was made of it.
    learning = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    # Counts what is saved, so that nobody saves over what somebody else has changed meanwhile.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("Nachnutzung")
        verbose_name_plural = _("Nachnutzungen")
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(name="adopted_once_by_a_department", fields=["record", "department"]),
            models.CheckConstraint(
                name="adoption_state_known",
                condition=Q(state__in=["interested", "planned", "under_way", "done", "dropped"]),
            ),
            models.CheckConstraint(
                name="adoption_dropped_for_a_reason",
                condition=(Q(state="dropped") & ~Q(reason="")) | (~Q(state="dropped") & Q(reason="")),
            ),
        ]
        indexes = [
            models.Index(name="adoption_newest", fields=["-since", "-id"]),
            models.Index(name="adoption_by_department", fields=["department", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}, {self.department_id}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("transfer:adoption", args=[self.pk])

    def clean(self) -> None:
        """Figures are in their newest shape, or the save is refused."""
        try:
            self.figures = KeyFigure.write(self.figures)
        except ValidationError as error:
            raise ValidationError({"figures": error}) from error

    @property
    def is_in_use(self) -> bool:
        """The department works that way: this is proven use."""
        return self.state == self.State.DONE

    @property
    def is_open(self) -> bool:
        return self.state not in (self.State.DONE, self.State.DROPPED)

    @property
    def was_checked(self) -> bool:
        return bool(self.fit)

    def step(self, state: str, day: Any) -> None:
        """Note that it is in this state since that day."""
        self.state, self.since = state, day
        self.steps = [*self.steps, {"state": str(state), "on": f"{day:%Y-%m-%d}"}]
