"""The measure of success in forms: a part of the text as long as nothing has started, then a step of the trial."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import rows
from governance.rules import Standing
from governance.text.clean import LineField
from governance.writing import editing
from governance.writing.editing import Work
from governance.writing.sheet import Problem, problems_of
from governance.writing.writing import Files
from transfer.models import Trial
from transfer.proofs import measure
from transfer.proofs.measure import Direction, SuccessMeasure

NAMES = ("figure", "direction", "threshold", "unit", "method")


class NumberField(LineField):
    """A number as people type it; its value is a decimal string."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        return rows.decimal_string(typed) if typed else ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "decimal"}


class MeasureFields(forms.Form):
    """What is counted, and from which value on the trial has succeeded."""

    figure = LineField(
        label=gettext_lazy("Was wird gemessen?"),
        max_length=SuccessMeasure.LENGTHS["figure"],
        help_text=gettext_lazy("Eine Kennzahl, zum Beispiel: Rückfragen je 100 Anträge. Keine über einzelne Personen."),
    )
    direction = forms.ChoiceField(label=gettext_lazy("Gelungen, wenn der Wert"), choices=Direction.choices)
    threshold = NumberField(
        label=gettext_lazy("Schwelle"),
        help_text=gettext_lazy("Nur die Zahl, zum Beispiel 12,5. Genau dieser Wert zählt schon als erreicht."),
    )
    unit = LineField(
        label=gettext_lazy("Einheit"),
        max_length=SuccessMeasure.LENGTHS["unit"],
        required=False,
        help_text=gettext_lazy("Zum Beispiel: %, Tage, Euro"),
    )
    method = LineField(
        label=gettext_lazy("Wie wird gemessen?"),
        max_length=SuccessMeasure.LENGTHS["method"],
        help_text=gettext_lazy(
            "Woher die Zahl kommt, und wie oft. Zum Beispiel: Strichliste am Schalter, vier Wochen."
        ),
    )

    def measure(self) -> dict[str, str]:
        """What the services take."""
        return {name: self.cleaned_data[name] for name in NAMES}


def initial_of(known: SuccessMeasure | None) -> dict[str, str]:
    """What the fields show of a measure of success."""
    if known is None:
        return {}
    return {name: getattr(known, name) for name in NAMES} | {"threshold": rows.german(known.threshold)}


class _PartForm(MeasureFields):
    """In the text nothing of it is required yet; but what is begun is said in full."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    @property
    def is_begun(self) -> bool:
        return any(self.cleaned_data.get(name) or name in self.errors for name in NAMES if name != "direction")

    def clean(self) -> dict[str, Any]:
        needed = {
            "figure": _("Bitte sagen Sie, was gemessen wird."),
            "threshold": _("Bitte geben Sie die Schwelle an."),
            "direction": _("Bitte wählen Sie mindestens oder höchstens."),
        }
        for name, message in needed.items():
            if self.is_begun and not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, message)
        return self.cleaned_data


class MeasurePart:
    """A part of the text's form; see `governance.writing.writing.OwnPart`. After the start it is shown, not edited."""

    def __init__(self, work: Work, posted: QueryDict | None, files: Files | None) -> None:
        self.trial = Trial.objects.filter(pk=work.record.pk).first()
        self.fixed = measure.read(self.trial.measures) if self.trial else []
        self.number = work.record.number
        initial = initial_of(measure.current(work.values["measures"]))
        self.form = _PartForm(posted, prefix="measure", initial=initial)

    @property
    def current(self) -> SuccessMeasure | None:
        return self.fixed[-1] if self.fixed else None

    @property
    def has_something(self) -> bool:
        return True

    def take(self, work: Work, standing: Standing) -> None:
        """Keep what was typed as long as nothing is fixed."""
        if self.fixed or not self.form.is_valid():
            return
        rows: list[Mapping[str, Any]] = []
        if self.form.is_begun:
            rows.append(asdict(SuccessMeasure(**self.form.measure(), fixed_on="", reason="")))
        editing.keep(work, standing, {"measures": rows})

    def problems(self) -> Iterator[Problem]:
        if not self.fixed:
            yield from problems_of(self.form)
