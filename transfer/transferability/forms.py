"""An assessment: an answer and its evidence for each factor; and the factors themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.text.clean import LineField, MarkdownField
from transfer.forms import OpenedForm
from transfer.models import Answer, FactorAnswer, TransferFactor, Weight
from transfer.models.transferability import ADVICE_LENGTH, EVIDENCE_LENGTH, NAME_LENGTH, QUESTION_LENGTH
from transfer.transferability.assessing import Given

# Answers and evidence of what is posted stand under the factor's key, so that they outlive another wording.
ANSWER, EVIDENCE = "answer_", "evidence_"
MOST_POSTED = 40


@dataclass(frozen=True)
class Line:
    """One factor of the form."""

    factor: TransferFactor
    answer: forms.BoundField
    evidence: forms.BoundField


class AssessmentForm(OpenedForm):
    """`asked` names the editions that the person read, such as "need:1 law:2"."""

    asked = forms.CharField(widget=forms.HiddenInput, max_length=2000)

    def __init__(
        self,
        *args: Any,
        factors: Sequence[TransferFactor],
        known: Mapping[str, FactorAnswer],
        opened_on: int,
        **kwargs: Any,
    ) -> None:
        self.factors = factors
        super().__init__(*args, **{"initial": {"opened_on": opened_on, "asked": in_one_line(factors)}} | kwargs)
        for factor in factors:
            before = known.get(factor.key)
            self.fields[f"{ANSWER}{factor.key}"] = forms.ChoiceField(
                label=factor.question,
                choices=Answer.choices,
                widget=forms.RadioSelect,
                initial=before.answer if before else None,
            )
            self.fields[f"{EVIDENCE}{factor.key}"] = MarkdownField(
                label=_("Woran sieht man das?"),
                max_length=EVIDENCE_LENGTH,
                rows=2,
                required=False,
                initial=before.evidence if before else "",
            )

    @property
    def lines(self) -> list[Line]:
        return [Line(f, self[f"{ANSWER}{f.key}"], self[f"{EVIDENCE}{f.key}"]) for f in self.factors]

    @property
    def editions(self) -> dict[str, int]:
        """What the person read when the form was opened, by key."""
        return read_line(self.data.get("asked", ""))

    @property
    def is_outdated(self) -> bool:
        """The factors are others than those that were read."""
        return self.editions != {factor.key: factor.edition for factor in self.factors}

    def given(self) -> list[Given]:
        data = self.cleaned_data
        return [Given(f.key, f.edition, data[f"{ANSWER}{f.key}"], data[f"{EVIDENCE}{f.key}"]) for f in self.factors]

    def orphans(self) -> list[tuple[str, str]]:
        """Answers that were typed to factors which are asked no longer: answer and evidence."""
        asked = {factor.key for factor in self.factors}
        gone = [key for key in self.editions if key not in asked] if self.is_bound else []
        labels = dict(Answer.choices)
        typed = [(self.data.get(f"{ANSWER}{key}", ""), self.data.get(f"{EVIDENCE}{key}", "")) for key in gone]
        return [(str(labels.get(answer, "–")), evidence) for answer, evidence in typed if answer or evidence]


def in_one_line(factors: Sequence[TransferFactor]) -> str:
    return " ".join(f"{factor.key}:{factor.edition}" for factor in factors)


def read_line(line: str) -> dict[str, int]:
    """Keys and editions; what is malformed is left out."""
    pairs = (part.partition(":") for part in line.split()[:MOST_POSTED])
    return {key: int(number) for key, _colon, number in pairs if number.isascii() and number.isdecimal()}


class FactorForm(OpenedForm):
    name = LineField(label=_("Name"), max_length=NAME_LENGTH)
    question = LineField(
        label=_("Frage an das Team des Prozessmodells"),
        max_length=QUESTION_LENGTH,
        help_text=_("Mit Ja, teilweise, Nein oder unbekannt zu beantworten. Ja heißt: lässt sich gut übertragen."),
    )
    fit_question = LineField(label=_("Dieselbe Frage an den Bereich, der nachnutzen will"), max_length=QUESTION_LENGTH)
    advice = LineField(
        label=_("Was hilft, wenn es fehlt?"),
        max_length=ADVICE_LENGTH,
        help_text=_("Ein Satz, der sagt, was als Nächstes zu tun ist."),
    )
    weight = forms.TypedChoiceField(label=_("Gewicht"), choices=Weight.choices, coerce=int)

    def __init__(self, *args: Any, factor: TransferFactor | None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"opened_on": 0, "weight": Weight.NORMAL}
        if factor is not None:
            names = ("name", "question", "fit_question", "advice", "weight")
            initial = {name: getattr(factor, name) for name in names} | {"opened_on": factor.edition}
        super().__init__(*args, **{"initial": initial} | kwargs)
