"""The examination of one version, what was said in it, and the period in which a version is public."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models.people import Team
from governance.models.records import Record, Version

USER = settings.AUTH_USER_MODEL


def _array_of(field: str) -> Func:
    return Func(
        F(field),
        template="ARRAY[%(expressions)s]",
        output_field=ArrayField(models.BigIntegerField()),
    )


class Meeting(models.Model):
    """A session of the steering committee. Its list is in `models/meetings.py`.

    `present` has the keys of who was there; `notes` what belongs to no single text. Once the minutes are closed,
    nothing of it changes until the chair opens them again.
    """

    held_on = models.DateField(_("Datum"))
    title = models.CharField(_("Titel"), max_length=120)
    present = ArrayField(models.BigIntegerField(), verbose_name=_("Anwesend"), default=list, blank=True, db_default=[])
    notes = models.TextField(_("Sonstiges"), blank=True, default="", db_default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    # Counts what is saved, so that nobody saves over what somebody else has changed meanwhile.
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        verbose_name = _("Sitzung")
        verbose_name_plural = _("Sitzungen")
        ordering = ["-held_on"]
        constraints = [
            models.CheckConstraint(
                name="minutes_closed_by_somebody",
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.held_on:%d.%m.%Y})"

    def get_absolute_url(self) -> str:
        return reverse("governance:meeting", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class Review(models.Model):
    """The examination of exactly one version. Once closed it never changes (row trigger)."""

    class Status(models.TextChoices):
        OPEN = "open", _("offen")
        WITHDRAWN = "withdrawn", _("zurückgezogen")
        CHANGES_REQUESTED = "changes_requested", _("zurückgegeben")
        APPROVED = "approved", _("freigegeben")

    class Verdict(models.TextChoices):
        APPROVE = "approve", _("freigeben")
        REQUEST_CHANGES = "request_changes", _("zur Überarbeitung zurückgeben")

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="reviews")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="reviews")
    authors = ArrayField(models.BigIntegerField())
    # Who is noted as biased in a session, as long as nothing is decided.
    biased = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.OPEN)
    note = models.TextField(blank=True)
    submitted_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=clock.now)
    due_on = models.DateField()
    claimed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=20, choices=Verdict.choices, blank=True)
    reason = models.TextField(blank=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="reviews")

    class Meta:
        ordering = ["submitted_at"]
        constraints = [
            models.UniqueConstraint(name="one_open_review", fields=["record"], condition=Q(status="open")),
            models.UniqueConstraint(name="review_judges_version", fields=["id", "record", "version", "status"]),
            models.CheckConstraint(
                name="four_eyes",
                condition=Q(decided_by=None) | ~Q(authors__contains=_array_of("decided_by")),
            ),
            models.CheckConstraint(
                name="biased_never_decide",
                condition=Q(decided_by=None) | ~Q(biased__contains=_array_of("decided_by")),
            ),
            models.CheckConstraint(
                name="submitter_is_an_author",
                condition=Q(authors__contains=_array_of("submitted_by")),
            ),
            models.CheckConstraint(
                name="review_status_fits",
                condition=Q(status="open", verdict="", decided_by=None, decided_at=None, withdrawn_at=None)
                | Q(
                    status="withdrawn",
                    verdict="",
                    decided_by=None,
                    withdrawn_by__isnull=False,
                    withdrawn_at__isnull=False,
                )
                | Q(
                    status="approved",
                    verdict="approve",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                )
                | (
                    Q(
                        status="changes_requested",
                        verdict="request_changes",
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                    )
                    & ~Q(reason="")
                ),
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class Publication(models.Model):
    """The period in which a version is what staff see. `until_at` is set once, nothing else changes."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="publications")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="publications")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="publication")
    # Always "approved": part of the composite foreign key, so that only an approved review publishes.
    review_status = models.CharField(max_length=20, default="approved", editable=False)
    number = models.PositiveIntegerField()
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField(default=clock.now)
    until_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["record", "number"]
        constraints = [
            models.UniqueConstraint(name="one_open_publication", fields=["record"], condition=Q(until_at=None)),
            models.UniqueConstraint(name="publication_number", fields=["record", "number"]),
            models.CheckConstraint(name="publication_was_approved", condition=Q(review_status="approved")),
            models.CheckConstraint(
                name="publication_ends_after_start",
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")),
            ),
        ]


class CommentQuerySet(models.QuerySet["Comment"]):
    def unresolved(self) -> CommentQuerySet:
        return self.filter(resolved_in=None)


class Comment(models.Model):
    """What the committee said of one field, or a note on approval; open until the team marks it met."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="comments")
    field = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    resolved_in = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="comment_resolution_complete",
                condition=Q(resolved_by=None, resolved_in=None)
                | Q(resolved_by__isnull=False, resolved_in__isnull=False),
            )
        ]
