"""Evidence in figures: rows of a learning."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from governance import rows as shared
from governance.text.clean import LineField
from governance.writing.rows import RowForm


class FigureForm(RowForm):
    """One piece of evidence; empty rows are left out."""

    NUMBERS = ("number",)

    label = LineField(
        label=gettext_lazy("Was wurde gezählt?"),
        required=False,
        help_text=gettext_lazy("Zum Beispiel: Anteil der Online-Anträge"),
    )
    number = LineField(
        label=gettext_lazy("Zahl"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("Nur die Zahl, zum Beispiel 12,5"),
    )
    unit = LineField(
        label=gettext_lazy("Einheit"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Zum Beispiel: %, Tage, Euro"),
    )
    period = LineField(
        label=gettext_lazy("Zeitraum"), required=False, help_text=gettext_lazy("Zum Beispiel: erstes Halbjahr 2026")
    )
    source = LineField(label=gettext_lazy("Quelle"), required=False, help_text=gettext_lazy("Woher kommt die Zahl?"))

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if any(value for key, value in data.items() if key != "DELETE") and "number" in data:
            try:
                data["number"] = shared.decimal_string(data["number"])
            except ValidationError as error:
                self.add_error("number", error)
        return data
