"""Questions and hints for tests, made through the services. The cast's staff works in the Bauordnungsamt."""

from __future__ import annotations

from typing import Any

from governance.models import Record
from tests.factories import Cast
from transfer.asking import services
from transfer.models import Hint, Question


def ask(cast: Cast, record: Record, *, by: str = "staff", text: str = "Gilt das auch für Katzen?") -> Question:
    return services.ask(standing=cast.standing(by), record=record, text=text)


def hint(cast: Cast, *, by: str = "staff", title: str = "Neue Ablage", text: str = "Wir sortieren jetzt.") -> Hint:
    return services.give_hint(standing=cast.standing(by), title=title, text=text)


def answer(cast: Cast, asked: Any, *, by: str = "author", text: str = "Nein, nur für Hunde.") -> Any:
    """On the newest version."""
    now = type(asked).objects.get(pk=asked.pk)
    return services.answer(standing=cast.standing(by), asked=now, opened_on=now.version, text=text)


def publish(cast: Cast, question: Question, *, by: str = "author", **words: str) -> Question:
    now = Question.objects.get(pk=question.pk)
    words = {"shown_question": "Auch für Katzen?", "shown_answer": "Nein, nur für Hunde."} | words
    services.publish(standing=cast.standing(by), question=now, opened_on=now.version, **words)
    return Question.objects.get(pk=question.pk)
