"""Composing an issue: title, greeting and readers; records by short number; texts of one's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import queries as records
from governance.models import CatalogueEntry, Department, Record
from governance.text.clean import LineField, MarkdownField
from transfer.forms import OpenedForm
from transfer.models import NewsletterIssue, NewsletterPiece
from transfer.models.formats import NAME_LENGTH
from transfer.models.newsletter import TEXT_LENGTH, TITLE_LENGTH

EVERYBODY = "all"


class IssueForm(OpenedForm):
    """What an issue is called, for whom it is, and how it begins."""

    title = LineField(
        label=gettext_lazy("Titel der Ausgabe"),
        max_length=NAME_LENGTH,
        help_text=gettext_lazy("Zum Beispiel: Neues im November."),
    )
    # Not `department`: that name is watched, because no form may post that of a record.
    readers = forms.ChoiceField(label=gettext_lazy("Für wen?"))
    intro = MarkdownField(
        label=gettext_lazy("Begrüßung"),
        max_length=TEXT_LENGTH,
        rows=4,
        required=False,
        help_text=gettext_lazy("Ein paar Sätze vor den Beiträgen."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["readers"]
        assert isinstance(field, forms.ChoiceField)
        tree = [(row.pk, f"{'– ' * depth}{row.name}") for row, depth in records.department_tree()]
        field.choices = [(EVERYBODY, _("alle Bereiche")), *tree]

    def values(self) -> dict[str, Any]:
        """What the services take."""
        data = self.cleaned_data
        readers = None if data["readers"] == EVERYBODY else Department.objects.get(pk=data["readers"])
        return {"title": data["title"], "intro": data["intro"], "department": readers}


def initial_of(issue: NewsletterIssue) -> dict[str, Any]:
    return {
        "title": issue.title,
        "intro": issue.intro,
        "readers": issue.department_id or EVERYBODY,
        "opened_on": issue.version,
    }


class RecordForm(forms.Form):
    """A record that is chosen beside those that are suggested."""

    short_number = LineField(
        label=gettext_lazy("Kurznummer"), max_length=20, help_text=gettext_lazy("Zum Beispiel: L-17.")
    )

    def clean_short_number(self) -> Record:
        number = self.cleaned_data["short_number"].upper()
        entry = CatalogueEntry.objects.select_related("record").filter(short_number=number).first()
        if entry is None:
            raise forms.ValidationError(_("Diese Kurznummer ist nicht veröffentlicht."))
        return entry.record


class TextForm(forms.Form):
    """A text of one's own."""

    title = LineField(label=gettext_lazy("Überschrift"), max_length=TITLE_LENGTH, required=False)
    text = MarkdownField(label=gettext_lazy("Text"), max_length=TEXT_LENGTH, rows=5)


class OpenedTextForm(TextForm, OpenedForm):
    """One that is there already."""


def initial_of_text(piece: NewsletterPiece) -> dict[str, Any]:
    return {"title": piece.title, "text": piece.text, "opened_on": piece.version}
