"""Documenting a measure: what learning and process model have in common, typed once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from governance.text.clean import MarkdownField
from governance.writing import notes
from governance.writing.text import TagsField


class MeasureForm(notes.QuickForm):
    """Title and team come from the form that starts any record."""

    SHARED = ("title", "what_was_done", "occasion", "prerequisites")

    what_was_done = MarkdownField(
        label=gettext_lazy("Was wurde gemacht?"),
        rows=6,
        help_text=gettext_lazy("So, dass andere es nachmachen können. Rollen, keine Personen."),
    )
    occasion = MarkdownField(
        label=gettext_lazy("Und warum?"),
        rows=4,
        required=False,
        help_text=gettext_lazy("Wie war es vorher, was hat gestört?"),
    )
    prerequisites = MarkdownField(
        label=gettext_lazy("Voraussetzungen"),
        rows=4,
        required=False,
        help_text=gettext_lazy(
            "Was muss da sein, bevor jemand anfängt? Zum Beispiel ein Beschluss, Daten, ein Programm."
        ),
    )
    tags = TagsField()
    with_process = forms.BooleanField(
        label=gettext_lazy("Auch ein Prozessmodell anlegen"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Wenn sich ein Ablauf geändert hat, den man zeichnen oder als Schrittliste zeigen kann: vorher und nachher."
        ),
    )

    def shared_values(self) -> dict[str, Any]:
        """The fields that both texts begin with."""
        return {name: self.cleaned_data[name] for name in self.SHARED}
