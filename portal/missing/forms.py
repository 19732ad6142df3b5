"""Forms on what is missing: explicit fields only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.models import CatalogueEntry
from governance.text.clean import LineField
from portal.missing.models import TEXT_LENGTH, MissingNote

Status = MissingNote.Status


class AskForm(forms.Form):
    """A short message to the committee."""

    text = LineField(
        label=_("Was fehlt Ihnen?"),
        max_length=TEXT_LENGTH,
        help_text=_("Ein Satz genügt. Bitte keine Namen und nichts zu einzelnen Fällen."),
    )


DECISIONS = [
    (Status.TAKEN, _("Vormerken: Ein Learning dazu ist gesucht")),
    (Status.ANSWERED, _("Beantworten: Es steht in einem Eintrag")),
    (Status.REJECTED, _("Ablehnen: Das gehört nicht ins Portal")),
]


class DecideForm(forms.Form):
    """What the committee says to a note."""

    status = forms.ChoiceField(
        label=_("Was geschieht damit?"),
        choices=DECISIONS,
        widget=forms.RadioSelect,
    )
    entry = LineField(
        label=_("Eintrag"),
        max_length=20,
        required=False,
        help_text=_("Nur zum Beantworten: die Kurznummer, zum Beispiel L-17."),
    )
    answer = LineField(label=_("Kurze Antwort"), max_length=TEXT_LENGTH, required=False)
    shown = forms.ChoiceField(choices=Status.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, note: MissingNote, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"shown": note.status}} | kwargs)
        if note.asked_by_id is not None:
            self.fields["answer"].help_text = _("Wer gefragt hat, bekommt sie per E-Mail.")
        if note.status == Status.TAKEN:
            choices = self.fields["status"]
            assert isinstance(choices, forms.ChoiceField)
            choices.choices = [choice for choice in DECISIONS if choice[0] != Status.TAKEN]

    def clean_entry(self) -> CatalogueEntry | None:
        number = self.cleaned_data["entry"].upper()
        if not number:
            return None
        entry = CatalogueEntry.objects.select_related("record").filter(short_number=number).first()
        if entry is None:
            raise forms.ValidationError(_("Diese Kurznummer ist nicht veröffentlicht."))
        return entry

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        status = data.get("status")
        if status == Status.ANSWERED and not data.get("entry") and "entry" not in self.errors:
            self.add_error("entry", _("Bitte nennen Sie den Eintrag, in dem die Antwort steht."))
        if status == Status.REJECTED and not data.get("answer") and "answer" not in self.errors:
            self.add_error("answer", _("Bitte sagen Sie in einem Satz, warum."))
        if status != Status.ANSWERED:
            data["entry"] = None
        return data
