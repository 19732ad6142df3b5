"""The text of a proof of concept as a form, in four steps; and the first sentence that starts one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from governance import short_texts
from governance.text.clean import LineField, MarkdownField
from governance.writing import notes
from governance.writing.steps import FILES, NOTE, Fold, Step
from governance.writing.text import ArticleField, RelatedField, TagsField, TeaserField, TextForm, TitleField
from transfer.models.proofs import QUESTION_LENGTH


class QuestionField(LineField):
    """What the trial is to find out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Welche Frage soll der Proof of Concept beantworten?"),
            widget=forms.Textarea(attrs={"rows": "2"}),
            max_length=QUESTION_LENGTH,
            help_text=gettext_lazy(
                "Eine Frage, auf die es am Ende eine Antwort gibt. Zum Beispiel: Sinken die Rückfragen, wenn der "
                "Antrag nur noch drei Pflichtfelder hat?"
            ),
            **kwargs,
        )


class QuickForm(notes.QuickForm):
    """The sentence is the question."""

    question = QuestionField()


def _long(label: Any, help_text: Any, rows: int = 4) -> MarkdownField:
    return MarkdownField(label=label, rows=rows, required=False, help_text=help_text)


class ProofForm(TextForm):
    """All fields of the text but the measure of success, the result and the decision, which are steps of the trial."""

    NEEDED = ("title", "question", "learnt", "tags")

    title = TitleField()
    question = QuestionField(required=False)
    problem = _long(
        gettext_lazy("Problem und Anlass"), gettext_lazy("Was stört heute, und wen? Woran haben Sie es gemerkt?")
    )
    hypothesis = _long(
        gettext_lazy("Annahme"),
        gettext_lazy("Wenn wir … tun, dann wird … besser, weil …"),
    )
    scope = _long(
        gettext_lazy("Umfang und Grenzen"),
        gettext_lazy("Wo und womit wird erprobt, und was gehört ausdrücklich nicht dazu?"),
    )
    participants = _long(
        gettext_lazy("Beteiligte Rollen"), gettext_lazy("Rollen, keine Personen. Zum Beispiel: Sachbearbeitung, IT.")
    )
    effort = _long(
        gettext_lazy("Aufwand"), gettext_lazy("Zeit und Geld, zum Beispiel: zwei Stunden in der Woche, keine Kosten.")
    )
    data_protection = _long(
        gettext_lazy("Datenschutz geprüft?"),
        gettext_lazy("Werden Daten von Menschen verarbeitet? Wer hat es geprüft, mit welchem Ergebnis?"),
    )
    staff_council = _long(
        gettext_lazy("Personalrat beteiligt?"),
        gettext_lazy("Ändert sich etwas an der Arbeit von Beschäftigten? Wann wurde der Personalrat einbezogen?"),
    )
    risks = _long(gettext_lazy("Risiken"), gettext_lazy("Was kann schiefgehen, und was tun Sie dann?"))
    result = _long(gettext_lazy("Was ist herausgekommen?"), gettext_lazy("Auch das, was nicht besser wurde."), rows=6)
    learnt = _long(
        gettext_lazy("Was haben wir gelernt?"),
        gettext_lazy("Was sollten andere wissen, bevor sie dasselbe beginnen?"),
        rows=6,
    )
    related = RelatedField(
        label=gettext_lazy("Verwandte Einträge"),
        help_text=gettext_lazy("Kurznummern mit Komma dazwischen, zum Beispiel: L-3, P-17"),
    )
    tags = TagsField()
    teaser = TeaserField()
    article = ArticleField()


STEPS: dict[int, Step] = {
    1: Step(
        gettext_lazy("Frage und Erfolgsmaß"),
        ("title", "question", "measures"),
        (Fold(gettext_lazy("Mehr dazu: Problem und Annahme"), ("problem", "hypothesis")),),
    ),
    2: Step(
        gettext_lazy("Rahmen"),
        (),
        (
            Fold(gettext_lazy("Mehr dazu: Umfang, Beteiligte und Aufwand"), ("scope", "participants", "effort")),
            Fold(
                gettext_lazy("Mehr dazu: Datenschutz, Personalrat und Risiken"),
                ("data_protection", "staff_council", "risks"),
            ),
        ),
    ),
    3: Step(
        gettext_lazy("Ergebnis"),
        ("result", "learnt"),
        (
            Fold(gettext_lazy("Mehr dazu: Verwandtes, Quellen und Anlagen"), ("related", "links", FILES)),
            Fold(gettext_lazy("Mehr dazu: Newsletter und Intranet"), short_texts.NAMES),
        ),
    ),
    4: Step(gettext_lazy("Prüfen und vorlegen"), ("tags", NOTE)),
}
