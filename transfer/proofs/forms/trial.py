"""The steps of a trial as forms, and its announcement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.models import Membership, Record, User
from governance.text.clean import LineField, MarkdownField
from governance.writing.text import TitleField
from transfer.forms import DayField, OpenedForm
from transfer.models.proofs import NOTE_LENGTH, Decision
from transfer.proofs.forms.measure import NAMES, MeasureFields, NumberField
from transfer.proofs.forms.text import QuestionField


class StartForm(OpenedForm, MeasureFields):
    """What a start requires: question, measure of success, end."""

    question = QuestionField()
    ends_on = DayField(label=_("Bis wann wird erprobt?"), help_text=_("Danach fragt das Portal nach dem Ergebnis."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["question", *NAMES, "ends_on"])


class MeasureForm(OpenedForm, MeasureFields):
    """Another measure of success, and why."""

    reason = LineField(
        label=_("Warum ändern Sie das Erfolgsmaß?"),
        max_length=400,
        help_text=_("Steht neben dem bisherigen, auch später in der Veröffentlichung."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*NAMES, "reason"])


class ExtendForm(forms.Form):
    """Another last day, and why."""

    ends_on = DayField(label=_("Neues Ende"))
    reason = LineField(label=_("Warum?"), max_length=400, help_text=_("Steht bei den Notizen."))


class TrialNoteForm(forms.Form):
    """What was seen on one day."""

    day = DayField(label=_("Tag"))
    text = MarkdownField(
        label=_("Was haben Sie beobachtet?"),
        max_length=NOTE_LENGTH,
        rows=3,
        help_text=_("Nur Ihr Team liest die Notizen. Rollen und Abläufe, keine Personen."),
    )


class FinishForm(OpenedForm):
    """The result against the measure of success."""

    result_number = NumberField(label=_("Gemessener Wert"), help_text=_("Nur die Zahl, zum Beispiel 12,5."))
    result = MarkdownField(
        label=_("Was ist herausgekommen?"), required=False, help_text=_("Auch das, was nicht besser wurde.")
    )
    learnt = MarkdownField(
        label=_("Was haben wir gelernt?"),
        help_text=_("Was sollten andere wissen, bevor sie dasselbe beginnen? Rollen, keine Personen."),
    )


class DecideForm(OpenedForm):
    """What becomes of it, and why."""

    decision = forms.ChoiceField(label=_("Was wird daraus?"), choices=Decision.choices, widget=forms.RadioSelect)
    decision_reason = MarkdownField(label=_("Warum?"), rows=4, help_text=_("Auch ein Nein hilft anderen."))


class AnnouncementForm(forms.Form):
    """What all staff see without a review. `record` says who can be asked: the members of its team."""

    title = TitleField()
    question = QuestionField()
    contact = forms.ModelChoiceField(label=_("Wen kann man fragen?"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["contact"]
        assert isinstance(field, forms.ModelChoiceField)
        members = Membership.objects.current().filter(team_id=record.owner_id)
        field.queryset = User.objects.filter(pk__in=members.values("user_id")).order_by("full_name")
