"""Carrying an adoption on, the fit check, handing over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models import Department
from governance.rows import decimal_string, german
from governance.text.clean import LineField, MarkdownField
from processmodels.figures import KeyFigure, Measure
from processmodels.forms.numbers import WholeNumberField
from transfer.adoption import figures
from transfer.adoption.fitting import Question, stamp
from transfer.forms import DayField, OpenedForm
from transfer.models import Adoption, Answer
from transfer.models.adoption import PLAN_LENGTH, REASON_LENGTH, TEXT_LENGTH

State = Adoption.State


class NumberField(LineField):
    """A number as people type it; a decimal string, empty where nothing was typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        return decimal_string(typed) if typed else ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "decimal"}


class AdoptionForm(OpenedForm):
    """State and words, and own values for each figure of the source."""

    # Not "state": a post of that name is noted as one that no form asked for.
    stands = forms.ChoiceField(label=_("Wo stehen Sie?"), choices=State.choices, widget=forms.RadioSelect)
    since = DayField(label=_("Seit wann?"))
    adapted = MarkdownField(
        label=_("Was haben Sie angepasst?"),
        max_length=TEXT_LENGTH,
        rows=4,
        required=False,
        help_text=_("Steht auf der Seite des Eintrags: Die Nächsten sehen, was bei Ihnen anders ist. Ohne Namen."),
    )
    plan = MarkdownField(label=_("Plan"), max_length=PLAN_LENGTH, rows=8, required=False)
    reason = MarkdownField(
        label=_("Warum nicht weiter?"),
        max_length=REASON_LENGTH,
        rows=3,
        required=False,
        help_text=_(
            "Nur wenn Sie es nicht weiterverfolgen. Ein Satz genügt; er hilft den Nächsten, niemand wird bewertet."
        ),
    )

    def __init__(self, *args: Any, adoption: Adoption, plan: str, source: Sequence[KeyFigure], **kwargs: Any) -> None:
        self.adoption, self.source = adoption, source
        initial: dict[str, Any] = {
            "stands": adoption.state,
            "since": adoption.since,
            "adapted": adoption.adapted,
            "plan": adoption.plan or plan,
            "reason": adoption.reason,
            "opened_on": adoption.version,
        }
        super().__init__(*args, **{"initial": initial} | kwargs)
        own = {figures.key_of(figure): figure for figure in map(KeyFigure.read, adoption.figures)}
        for place, figure in enumerate(source):
            self._add_figure(place, figure, own.get(figures.key_of(figure)))
        if any(figure.measure == Measure.HANDLING_TIME for figure in source):
            people = next((figure.people for figure in own.values() if figure.people), "")
            self.fields["people"] = WholeNumberField(
                label=_("Wie viele Personen bearbeiten das bei Ihnen?"),
                help_text=_("Bei weniger als fünf wird die Bearbeitungszeit nur als Spanne gezeigt."),
                initial=people,
            )

    def _add_figure(self, place: int, figure: KeyFigure, own: KeyFigure | None) -> None:
        named = {"name": figure.name, "unit": figures.unit_of(figure)}
        before, after = (german(own.before.number), german(own.after.number)) if own else ("", "")
        label = gettext("%(name)s vorher (%(unit)s)") % named
        self.fields[f"before_{place}"] = NumberField(label=label, initial=before)
        label = gettext("%(name)s nachher (%(unit)s)") % named
        self.fields[f"after_{place}"] = NumberField(label=label, initial=after)

    @property
    def words(self) -> list[forms.BoundField]:
        """The fields before those for figures."""
        return [self[name] for name in ("stands", "since", "adapted", "plan", "reason", "opened_on")]

    @property
    def own_figures(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(("before_", "after_", "people"))]

    def clean_since(self) -> Any:
        day = self.cleaned_data["since"]
        if day > clock.today():
            raise ValidationError(_("Dieser Tag liegt in der Zukunft."))
        return day

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        state, reason = data.get("stands"), data.get("reason", "")
        if state == State.DROPPED and not reason and "reason" not in self.errors:
            self.add_error("reason", _("Bitte schreiben Sie in einem Satz, warum es nicht weitergeht."))
        if state and state != State.DROPPED and reason and reason != self.adoption.reason:
            told = _("Eine Begründung gehört nur zu „nicht weiterverfolgt“. Bitte prüfen Sie, wo Sie stehen.")
            self.add_error("reason", told)
        return data

    def values(self) -> dict[str, Any]:
        """What the service takes, without what it was opened on."""
        data = self.cleaned_data
        people = data.get("people")
        rows = []
        for place, figure in enumerate(self.source):
            before, after = data[f"before_{place}"], data[f"after_{place}"]
            counted = str(people) if people and figure.measure == Measure.HANDLING_TIME else ""
            if before or after:
                rows.append(figures.own(figure, before, after, counted))
        words = {name: data[name] for name in ("since", "adapted", "plan", "reason")}
        return words | {"state": data["stands"], "figures": rows}


class FitForm(OpenedForm):
    """One choice for each question; nothing has to be known."""

    asked = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, adoption: Adoption, questions: Sequence[Question], **kwargs: Any) -> None:
        self.questions = questions
        initial: dict[str, Any] = {"opened_on": adoption.version, "asked": stamp(questions)}
        known = {row["key"]: row["answer"] for row in adoption.fit.get("questions", ())}
        super().__init__(*args, **{"initial": initial} | kwargs)
        for one in questions:
            self.fields[one.key] = forms.ChoiceField(
                label=one.question,
                choices=Answer.choices,
                widget=forms.RadioSelect,
                initial=known.get(one.key),
                help_text=gettext("Dort: %s") % one.says if one.says else "",
                error_messages={"required": gettext("Bitte wählen Sie eine Antwort; „unbekannt“ ist auch eine.")},
            )

    def answers(self) -> dict[str, str]:
        return {one.key: self.cleaned_data[one.key] for one in self.questions}


class HandOverForm(forms.Form):
    """To which department an adoption goes whose own one is dissolved."""

    to = forms.ModelChoiceField(
        label=_("An welchen Bereich?"),
        queryset=Department.objects.filter(dissolved_on=None),
        empty_label=_("bitte wählen"),
    )
