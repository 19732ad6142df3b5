"""The fact sheet of a process model as a form, and the form that starts one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from governance.text.clean import LineField, MarkdownField
from governance.writing import notes
from governance.writing.text import ArticleField, RelatedField, TagsField, TeaserField, TextForm, TitleField
from processmodels.forms.numbers import WholeNumberField
from processmodels.models import Classification, LifeCycle, Maturity, check_service_key


class PurposeField(LineField):
    """The purpose in one sentence."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Zweck in einem Satz"),
            max_length=400,
            help_text=gettext_lazy(
                "Wozu ist er da? Zum Beispiel: Hundehalterinnen und Hundehalter melden ihren Hund zur Steuer an."
            ),
            **kwargs,
        )


class QuickForm(notes.QuickForm):
    """The sentence is the purpose."""

    purpose = PurposeField()


def _choice(label: Any, choices: Any, help_text: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", "–"), *choices.choices], required=False, help_text=help_text)


def _long(label: Any, help_text: Any) -> MarkdownField:
    return MarkdownField(label=label, rows=4, required=False, help_text=help_text)


class ProcessForm(TextForm):
    """All fields of a process model's text but repeated rows and diagrams."""

    NEEDED = ("title", "purpose", "tags")

    title = TitleField()
    purpose = PurposeField(required=False)
    life_cycle = _choice(
        gettext_lazy("Stand der Maßnahme"), LifeCycle, gettext_lazy("Wie weit ist die Veränderung? Idee bis beendet.")
    )
    tags = TagsField()
    what_was_done = _long(
        gettext_lazy("Was wurde geändert?"),
        gettext_lazy("So, dass andere es nachmachen können. Rollen, keine Personen."),
    )
    occasion = _long(gettext_lazy("Warum wurde es geändert?"), gettext_lazy("Was hat gestört, und wen?"))
    prerequisites = _long(
        gettext_lazy("Voraussetzungen"),
        gettext_lazy("Was muss da sein, bevor jemand anfängt? Zum Beispiel ein Beschluss, Daten, ein Programm."),
    )
    trigger = _long(gettext_lazy("Auslöser"), gettext_lazy("Womit fängt es an: ein Antrag, ein Anruf, ein Datum?"))
    result = _long(gettext_lazy("Ergebnis und Produkt"), gettext_lazy("Was liegt am Ende vor?"))
    participants = _long(gettext_lazy("Beteiligte Rollen"), gettext_lazy("Rollen und Stellen, keine Namen."))
    responsible_unit = LineField(
        label=gettext_lazy("Zuständige Stelle"), required=False, help_text=gettext_lazy("Zum Beispiel: Steueramt")
    )
    inputs = _long(gettext_lazy("Eingaben und Unterlagen"), gettext_lazy("Formulare, Nachweise, Bescheide."))
    systems = _long(
        gettext_lazy("IT-Systeme und Schnittstellen"), gettext_lazy("Womit wird gearbeitet, was ist verbunden?")
    )
    data_used = _long(
        gettext_lazy("Verwendete Daten und ihre Qualität"), gettext_lazy("Welche Daten, woher, wie verlässlich?")
    )
    service_key = LineField(
        label=gettext_lazy("Leistungsschlüssel (LeiKa oder OZG)"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("LeiKa: 14 Ziffern, beginnt mit 99. OZG: fünf Ziffern. Er steht im FIM-Portal."),
    )
    classification = _choice(gettext_lazy("Prozessart"), Classification, gettext_lazy("Wie in Ihrer Prozesslandkarte."))
    cases_a_year = WholeNumberField(
        label=gettext_lazy("Fälle im Jahr"), help_text=gettext_lazy("Ungefähr genügt, zum Beispiel 1.200.")
    )
    maturity = _choice(
        gettext_lazy("Reifegrad online"),
        Maturity,
        gettext_lazy("Wie weit die Leistung online ist (OZG-Reifegradmodell)."),
    )
    risks = _long(gettext_lazy("Risiken"), gettext_lazy("Was kann schiefgehen, und was hilft dagegen?"))
    related = RelatedField(
        label=gettext_lazy("Verwandte Einträge"),
        help_text=gettext_lazy("Kurznummern mit Komma dazwischen, zum Beispiel: L-3, P-17"),
    )

    teaser = TeaserField()
    article = ArticleField()

    def clean_service_key(self) -> str:
        try:
            return check_service_key(self.cleaned_data["service_key"])
        except ValidationError as error:
            raise ValidationError(error.messages) from None
