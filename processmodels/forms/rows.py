"""Repeated rows of a process model: legal basis, steps, key figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.rows import decimal_string
from governance.text.clean import LineField, MarkdownField
from governance.writing.rows import AddressField, RowForm, formset_of
from processmodels.figures import USUAL, Basis, Better, Measure, Side
from processmodels.forms.numbers import WholeNumberField
from processmodels.schemas import StepRow


class LegalBasisForm(RowForm):
    """One legal basis; empty rows are left out."""

    title = LineField(
        label=gettext_lazy("Rechtsgrundlage"),
        required=False,
        help_text=gettext_lazy("Zum Beispiel: § 3 Hundesteuersatzung"),
    )
    url = AddressField(
        label=gettext_lazy("Adresse"), max_length=1000, required=False, help_text=gettext_lazy("Wo der Text steht.")
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("url") and not data.get("title") and "title" not in self.errors:
            self.add_error("title", _("Bitte nennen Sie die Rechtsgrundlage."))
        return data


class StepForm(RowForm):
    """One step of a list; empty rows are left out."""

    FOLDED = ("note",)

    role = LineField(
        label=gettext_lazy("Wer?"), max_length=300, required=False, help_text=gettext_lazy("Rolle, keine Person")
    )
    activity = LineField(
        label=gettext_lazy("tut was?"), max_length=300, required=False, help_text=gettext_lazy("Antrag prüfen")
    )
    system = LineField(
        label=gettext_lazy("mit welchem System?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("oder Papier, Telefon"),
    )
    condition = LineField(
        label=gettext_lazy("nur wenn …"), max_length=300, required=False, help_text=gettext_lazy("Unterlagen fehlen")
    )
    note = MarkdownField(label=gettext_lazy("Notiz"), max_length=2_000, rows=2, required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        filled = any(value for name, value in data.items() if name != "DELETE")
        if filled and not data.get("activity") and "activity" not in self.errors:
            self.add_error("activity", _("Bitte sagen Sie, was in diesem Schritt getan wird."))
        return data


_SIDES = {Side.BEFORE: gettext_lazy("vorher"), Side.AFTER: gettext_lazy("nachher")}


def _side_fields(side: Side) -> dict[str, forms.Field]:
    """What is asked of each side; only value and unit stand open."""
    words = {"side": _SIDES[side]}
    day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return {
        "number": LineField(label=_("Wert %(side)s") % words, max_length=30, required=False),
        "unit": LineField(label=_("Einheit %(side)s") % words, max_length=40, required=False),
        "basis": forms.ChoiceField(
            label=_("Woher der Wert %(side)s stammt") % words, choices=[("", "–"), *Basis.choices], required=False
        ),
        "since": forms.DateField(label=_("Zeitraum %(side)s: von") % words, required=False, widget=day),
        "until": forms.DateField(label=_("Zeitraum %(side)s: bis") % words, required=False, widget=day),
        "sample": WholeNumberField(label=_("Gezählte Fälle %(side)s") % words),
        "source": LineField(label=_("Quelle %(side)s") % words, max_length=300, required=False),
        "method": LineField(label=_("Wie gemessen (%(side)s)") % words, max_length=300, required=False),
    }


class KeyFigureForm(RowForm):
    """One key figure for both states; empty rows are left out. Only one value with its unit must be there."""

    FOLDED = (
        "better",
        "people",
        "time_freed",
        *(f"{s}_{n}" for s in Side for n in ("basis", "since", "until", "sample", "source", "method")),
    )

    NUMBERS = tuple(f"{side}_number" for side in Side)

    measure = forms.ChoiceField(
        label=gettext_lazy("Kennzahl"),
        choices=[("", "–"), *Measure.choices],
        required=False,
        # For figures.js, which proposes at once what `clean` fills in.
        widget=forms.Select(attrs={"data-usual": json.dumps(USUAL)}),
    )
    label = LineField(
        label=gettext_lazy("Name der eigenen Kennzahl"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Nur bei „eigene Kennzahl“."),
    )
    better = forms.ChoiceField(
        label=gettext_lazy("Was ist besser?"),
        choices=[("", gettext_lazy("wie üblich bei dieser Kennzahl")), *Better.choices],
        required=False,
    )
    people = WholeNumberField(
        label=gettext_lazy("Wie viele Personen bearbeiten den Prozess?"),
        help_text=gettext_lazy("Bei Bearbeitungszeit und weniger als fünf zeigt das Portal nur eine Spanne."),
    )
    time_freed = forms.BooleanField(
        label=gettext_lazy("Frei gewordene Arbeitszeit zeigen"),
        required=False,
        help_text=gettext_lazy("Nur bei Bearbeitungszeit in Minuten und mit „Fälle im Jahr“."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for side in Side:
            for name, field in _side_fields(side).items():
                self.fields[f"{side}_{name}"] = field
        self.order_fields(["measure", "label", *(f"{s}_{n}" for s in Side for n in ("number", "unit"))])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("DELETE") or not any(data.values()):
            return data
        data["time_freed"] = "ja" if data.get("time_freed") else ""
        if not data.get("measure"):
            self._say("measure", _("Bitte wählen Sie die Kennzahl."))
        if data.get("measure") == Measure.OTHER and not data.get("label"):
            self._say("label", _("Bitte geben Sie Ihrer Kennzahl einen Namen."))
        unit, better = USUAL.get(data.get("measure", ""), ("", ""))
        data["better"] = data.get("better") or better
        for side in Side:
            self._clean_side(data, side, unit)
        if not any(data.get(f"{side}_number") or f"{side}_number" in self.errors for side in Side):
            self._say("as_is_number", _("Bitte geben Sie mindestens einen Wert an, vorher oder nachher."))
        return data

    def _clean_side(self, data: dict[str, Any], side: Side, unit: str) -> None:
        typed = data.get(f"{side}_number")
        if typed:
            try:
                data[f"{side}_number"] = decimal_string(typed)
            except ValidationError as error:
                self.add_error(f"{side}_number", error)
            data[f"{side}_unit"] = data.get(f"{side}_unit") or unit
            if not data[f"{side}_unit"]:
                self._say(f"{side}_unit", _("Bitte geben Sie zum Wert die Einheit an."))
        since, until = data.get(f"{side}_since"), data.get(f"{side}_until")
        if since and until and since > until:
            self._say(f"{side}_until", _("Der Zeitraum endet vor seinem Beginn."))

    def _say(self, name: str, text: str) -> None:
        if name not in self.errors:
            self.add_error(name, text)


ROWS: Mapping[str, Any] = {"legal_basis": formset_of(LegalBasisForm), "key_figures": formset_of(KeyFigureForm)}
StepFormSet = formset_of(StepForm, StepRow.MAX_ROWS)
