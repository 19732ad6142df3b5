"""Small forms around a text: the first sentence, a new attachment, the note on a version, a choice in a conflict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.text.clean import LineField
from governance.writing.text import TitleField

MINE, THEIRS = "mine", "theirs"
MAX_KEY = 2**63 - 1
_DAMAGED = gettext_lazy(
    "Das Formular kam beschädigt an. Ihre Worte stehen noch hier; bitte senden Sie es noch einmal ab."
)


class QuickForm(forms.Form):
    """A record is started with its title and one sentence, which each kind calls its own name; and for a team."""

    title = TitleField()
    team = forms.ChoiceField(
        label=gettext_lazy("Für welches Team?"), help_text=gettext_lazy("Das Team sieht den Entwurf und schreibt mit.")
    )

    def __init__(self, *args: Any, teams: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "team"])
        field = self.fields["team"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(pk), name) for pk, name in teams.items()]
        if len(teams) == 1:
            field.widget = forms.HiddenInput()
            field.initial = str(next(iter(teams)))


class UploadForm(forms.Form):
    """A new attachment."""

    file = forms.FileField(
        label=gettext_lazy("Anlage hinzufügen"),
        required=False,
        help_text=gettext_lazy("PDF, Bild, Word, Excel, PowerPoint, OpenDocument, Text; höchstens 20 MB."),
    )
    description = LineField(
        label=gettext_lazy("Was zeigt die Anlage?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Für Bilder nötig: Menschen, die das Bild nicht sehen, lesen diesen Satz."),
    )


class DescriptionsForm(forms.Form):
    """What each attachment of the text shows; a field's name is the file's hash, for places move."""

    def __init__(self, *args: Any, rows: Sequence[Mapping[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "file"} | kwargs)
        for row in rows:
            self.add(row)

    def add(self, row: Mapping[str, str]) -> None:
        """A field for one more attachment; where nothing came in for it, it holds what was said so far."""
        name = row["sha256"]
        if name in self.fields:
            return
        self.fields[name] = LineField(
            label=_("Was zeigt „%(name)s“?") % {"name": row["name"]},
            max_length=300,
            required=False,
            initial=row["description"],
        )
        if self.is_bound and self.add_prefix(name) not in self.data:
            self.data = {**self.data, self.add_prefix(name): row["description"]}

    def rows(self, before: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
        """The attachments `before` with the valid descriptions that came in."""
        self.is_valid()
        return [{**row, "description": self.cleaned_data.get(row["sha256"], row["description"])} for row in before]


class NoteForm(forms.Form):
    """What goes with a text: the version it was opened on, and what is new in it."""

    opened_on = forms.IntegerField(
        min_value=1,
        max_value=MAX_KEY,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _DAMAGED),
    )
    note = LineField(
        label=gettext_lazy("Was ist neu an dieser Version?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Ein Satz für Ihr Team; er steht im Verlauf neben der Version."),
    )


class ChoiceForm(forms.Form):
    """For each field that differs: whose text is to hold."""

    def __init__(self, *args: Any, names: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in names.items():
            self.fields[name] = forms.ChoiceField(
                label=_("„%(field)s“ – was soll gelten?") % {"field": label},
                choices=[(MINE, _("mein Text")), (THEIRS, _("der gespeicherte Text"))],
                widget=forms.RadioSelect,
            )
