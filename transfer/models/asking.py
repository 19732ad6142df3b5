"""What staff ask of a team and hint at, and how often a record has helped. None of it is a text of a record."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models import Department, Record
from transfer.models.occurrences import TITLE_LENGTH

QUESTION_LENGTH, ANSWER_LENGTH, REASON_LENGTH = 1000, 3000, 300
# What the fields of a learning take that a draft begins with.
HINT_TITLE_LENGTH, HINT_LENGTH = 100, 600


class State(models.TextChoices):
    OPEN = "open", _("offen")
    ANSWERED = "answered", _("beantwortet")
    # Of hints alone.
    DRAFTED = "drafted", _("als Entwurf aufgenommen")
    DELETED = "deleted", _("gelöscht")


STATE_KNOWN = Q(state__in=["open", "answered", "drafted", "deleted"])
CLOSED_COMPLETELY = Q(state="open", closed_at=None, answer="") | (~Q(state="open") & Q(closed_at__isnull=False))
ANSWERED_IN_WORDS = ~Q(state="answered") | ~Q(answer="")
# Who deletes says why, and no word is left.
DELETED_FOR_A_REASON = (Q(state="deleted", text="", answer="") & ~Q(reason="")) | (~Q(state="deleted") & Q(reason=""))


class Asked(models.Model):
    """What a question and a hint have in common. Who asked is known to the team, and forgotten after a time."""

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    # The last working day on which an answer is in time.
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.TextField(max_length=ANSWER_LENGTH, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    # The team was reminded, once; and since when the committee sees it.
    reminded_on = models.DateField(null=True)
    escalated_on = models.DateField(null=True)
    # Why it was deleted.
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    # Counts what is saved, so that nobody saves over what somebody else has changed meanwhile.
    version = models.PositiveIntegerField(default=1)

    # The fields that people write in.
    WORDS: ClassVar[tuple[str, ...]] = ("text", "answer", "reason")

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def is_deleted(self) -> bool:
        return self.state == State.DELETED

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on < clock.today()


class Question(Asked):
    """A question about a record, to the team that owns it now. Asker and team see it, the committee when it is late.

    Readers see what the team has published of it, in the team's wording; where it comes from is not told.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="questions")
    # The record's, as it was published when somebody asked.
    title = models.CharField(max_length=TITLE_LENGTH)
    text = models.TextField(max_length=QUESTION_LENGTH, blank=True)
    shown_question = models.TextField(max_length=QUESTION_LENGTH, blank=True)
    shown_answer = models.TextField(max_length=ANSWER_LENGTH, blank=True)
    # Since when readers see it; None when they do not.
    published_at = models.DateTimeField(null=True)

    WORDS: ClassVar[tuple[str, ...]] = (*Asked.WORDS, "title", "shown_question", "shown_answer")

    class Meta:
        verbose_name = _("Rückfrage")
        verbose_name_plural = _("Rückfragen")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(name="question_state_known", condition=STATE_KNOWN & ~Q(state="drafted")),
            models.CheckConstraint(name="question_closed_completely", condition=CLOSED_COMPLETELY),
            models.CheckConstraint(name="question_answered_in_words", condition=ANSWERED_IN_WORDS),
            models.CheckConstraint(
                name="question_deleted_for_a_reason",
                condition=DELETED_FOR_A_REASON & (~Q(state="deleted") | Q(shown_question="", shown_answer="")),
            ),
            models.CheckConstraint(
                name="question_published_with_an_answer",
                condition=Q(published_at=None) | (Q(state="answered") & ~Q(shown_question="") & ~Q(shown_answer="")),
            ),
        ]
        indexes = [
            models.Index(name="question_open", fields=["record"], condition=Q(state="open")),
            models.Index(name="question_published", fields=["record"], condition=Q(published_at__isnull=False)),
            models.Index(name="question_by_person", fields=["asked_by", "created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("transfer:question", args=[self.pk])

    @property
    def named(self) -> str:
        """The record it is about."""
        return f"{self.record.short_number} {self.title}"


class Hint(Asked):
    """Something the own team should know of; to the change teams of a department, to the committee where is none."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="hints")
    title = models.CharField(max_length=HINT_TITLE_LENGTH, blank=True)
    text = models.TextField(max_length=HINT_LENGTH, blank=True)
    # The draft that was made of it.
    learning = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="+")

    WORDS: ClassVar[tuple[str, ...]] = (*Asked.WORDS, "title")

    class Meta:
        verbose_name = _("Hinweis")
        verbose_name_plural = _("Hinweise")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(name="hint_state_known", condition=STATE_KNOWN),
            models.CheckConstraint(name="hint_closed_completely", condition=CLOSED_COMPLETELY),
            models.CheckConstraint(name="hint_answered_in_words", condition=ANSWERED_IN_WORDS),
            models.CheckConstraint(
                name="hint_deleted_for_a_reason",
                condition=DELETED_FOR_A_REASON & (~Q(state="deleted") | Q(title="")),
            ),
            models.CheckConstraint(
                name="hint_drafted_as_a_record",
                condition=Q(state="drafted", learning__isnull=False) | Q(state="deleted") | Q(learning=None),
            ),
        ]
        indexes = [
            models.Index(name="hint_open", fields=["department"], condition=Q(state="open")),
            models.Index(name="hint_by_person", fields=["asked_by", "created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.department_id}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("transfer:hint", args=[self.pk])


class Helped(models.Model):
    """How often a record has helped in one department. Of whom it did, nothing stands here."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="helped")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="+")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint("record", Coalesce("department", 0), name="helped_once_for_a_department"),
            models.CheckConstraint(name="helped_counts_up", condition=Q(count__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}, {self.department_id}: {self.count}"


class HelpedMark(models.Model):
    """That somebody has said so already: a hash of person and record by the portal's key, and nothing else.

    No time and no department stand beside it, and it is its own key, so that not even the order of rows tells anything.
    """

    mark = models.CharField(max_length=64, primary_key=True)

    def __str__(self) -> str:
        return self.mark[:8]
