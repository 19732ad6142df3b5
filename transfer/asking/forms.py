"""What is typed when asking and answering: explicit fields only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.models import Department
from governance.text.clean import LineField, MarkdownField
from transfer.asking import queries
from transfer.asking.rules import Asked
from transfer.forms import OpenedForm
from transfer.models import Question
from transfer.models.asking import (
    ANSWER_LENGTH,
    HINT_LENGTH,
    HINT_TITLE_LENGTH,
    QUESTION_LENGTH,
    REASON_LENGTH,
)

NO_NAMES = _("Bitte keine Namen und nichts zu einzelnen Fällen.")


class AskForm(forms.Form):
    text = MarkdownField(label=_("Was möchten Sie wissen?"), max_length=QUESTION_LENGTH, rows=4, help_text=NO_NAMES)


class HintForm(forms.Form):
    title = LineField(label=_("Worum geht es?"), max_length=HINT_TITLE_LENGTH, help_text=_("Ein paar Wörter."))
    text = MarkdownField(
        label=_("Was sollte das Team wissen?"),
        max_length=HINT_LENGTH,
        rows=4,
        help_text=_("Zwei Sätze genügen. Bitte keine Namen und nichts zu einzelnen Fällen."),
    )


class AnswerForm(OpenedForm):
    text = MarkdownField(
        label=_("Antwort"),
        max_length=ANSWER_LENGTH,
        rows=6,
        help_text=_("Wer gefragt hat, bekommt eine E-Mail mit dem Link hierher."),
    )

    def __init__(self, *args: Any, asked: Asked, **kwargs: Any) -> None:
        initial = {"text": asked.answer, "opened_on": asked.version}
        super().__init__(*args, **{"initial": initial} | kwargs)


class PublishForm(OpenedForm):
    """The words in which readers see it; they begin with what was asked and answered."""

    shown_question = MarkdownField(
        label=_("Frage"),
        max_length=QUESTION_LENGTH,
        rows=3,
        help_text=_("So, dass auch andere sie verstehen. Wer gefragt hat, erfährt niemand."),
    )
    shown_answer = MarkdownField(label=_("Antwort"), max_length=ANSWER_LENGTH, rows=6)

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        initial = {
            "shown_question": question.shown_question or question.text,
            "shown_answer": question.shown_answer or question.answer,
            "opened_on": question.version,
        }
        super().__init__(*args, **{"initial": initial} | kwargs)


class DeleteForm(OpenedForm):
    reason = LineField(
        label=_("Warum?"),
        max_length=REASON_LENGTH,
        help_text=_("Das liest, wer gefragt hat. Der Grund bleibt stehen: bitte ohne Namen."),
    )

    def __init__(self, *args: Any, asked: Asked, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"opened_on": asked.version}} | kwargs)


class PassOnForm(forms.Form):
    """To which department the committee gives a hint. Not named as a field of a record (portal.middleware)."""

    to = forms.ModelChoiceField(
        label=_("Welcher Bereich kann damit etwas anfangen?"), queryset=Department.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queries.departments_with_a_team()
