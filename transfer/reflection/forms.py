"""Keep, change, try: one line for each point; and what became of the last trials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.text.clean import LineField, MarkdownField
from transfer.models import ReflectionNote
from transfer.models.formats import TEXT_LENGTH

Kind = ReflectionNote.Kind
MOST_CHARACTERS = 12_000
QUESTIONS = {
    Kind.KEEP: gettext_lazy("Was lief gut und soll so bleiben?"),
    Kind.CHANGE: gettext_lazy("Was hat gestört und soll anders werden?"),
    Kind.TRY: gettext_lazy("Was probieren wir bis zum nächsten Mal aus?"),
}


class LinesField(MarkdownField):
    """Several points, each on a line of its own."""

    def to_python(self, value: Any) -> Any:
        lines = [" ".join(line.split()).lstrip("-–•* ") for line in super().to_python(value).splitlines()]
        for line in lines:
            if len(line) > TEXT_LENGTH:
                shown = f"{line[:40]} …"
                raise forms.ValidationError(
                    _("Die Zeile „%(line)s“ hat %(length)d Zeichen, höchstens %(max)d sind möglich."),
                    params={"line": shown, "length": len(line), "max": TEXT_LENGTH},
                )
        return list(filter(None, lines))


class ReflectionForm(forms.Form):
    """`open_notes` are the points that can still be changed, `trials` the earlier ones of which to tell."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=5000, required=False)

    def __init__(
        self,
        *args: Any,
        open_notes: Sequence[ReflectionNote],
        trials: Sequence[ReflectionNote],
        **kwargs: Any,
    ) -> None:
        initial: dict[str, Any] = {"seen": " ".join(str(note.pk) for note in open_notes)}
        for kind in Kind:
            initial[kind.value] = "\n".join(note.text for note in open_notes if note.kind == kind)
        super().__init__(*args, **{"initial": initial} | kwargs)
        self.trials = {f"became_{note.pk}": note for note in trials}
        for name, note in self.trials.items():
            self.fields[name] = LineField(label=note.text, max_length=TEXT_LENGTH, required=False, initial=note.became)
        for kind, question in QUESTIONS.items():
            self.fields[kind.value] = LinesField(
                label=question, max_length=MOST_CHARACTERS, rows=4, required=False, help_text=_("Eine Zeile je Punkt.")
            )

    @property
    def told(self) -> list[forms.BoundField]:
        """The fields on earlier trials."""
        return [self[name] for name in self.trials]

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[kind.value] for kind in QUESTIONS]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {
            "lines": {kind.value: data[kind.value] for kind in QUESTIONS},
            "seen": {int(key) for key in data["seen"].split() if key.isascii() and key.isdecimal() and len(key) < 18},
            "became": {note.pk: data[name] for name, note in self.trials.items()},
        }
