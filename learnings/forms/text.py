"""The text of a learning as a form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.text.clean import LineField, MarkdownField
from governance.writing.text import ArticleField, RelatedField, TagsField, TeaserField, TextForm, TitleField
from governance.writing.text import initial_of as shared_initial_of
from learnings import schemas
from learnings.models import Audience

MESSAGES = {f"message_{audience}": audience for audience in Audience.values}


class LearningForm(TextForm):
    """All fields of a learning's text but the repeated rows."""

    NEEDED = ("title", "answer", "everyday_benefit", "tags")

    title = TitleField()
    guiding_question = LineField(
        label=gettext_lazy("Leitfrage"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "Welche Erkenntnis möchten Sie Ihrem Team, Ihrer Kommune, anderen Kommunen oder der Politik mitgeben? "
            "Wenn Sie nichts schreiben, steht die Antwort für sich."
        ),
    )
    answer = MarkdownField(
        label=gettext_lazy("Antwort auf die Leitfrage"),
        max_length=600,
        rows=3,
        required=False,
        help_text=gettext_lazy("In ein bis zwei Sätzen: Was würden Sie in der Kaffeeküche erzählen?"),
    )
    audiences = forms.MultipleChoiceField(
        label=gettext_lazy("Wem möchten Sie das mitgeben?"),
        choices=Audience.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Eine Zielgruppe genügt."),
    )
    everyday_benefit = MarkdownField(
        label=gettext_lazy("Nutzen im Arbeitsalltag"),
        rows=4,
        required=False,
        help_text=gettext_lazy("Was ist morgen früh für eine Kollegin oder einen Kollegen anders?"),
    )
    occasion = MarkdownField(
        label=gettext_lazy("Anlass und Ausgangslage"),
        required=False,
        help_text=gettext_lazy("Warum haben Sie angefangen? Wie war es vorher?"),
    )
    what_was_done = MarkdownField(
        label=gettext_lazy("Was wurde gemacht?"),
        rows=8,
        required=False,
        help_text=gettext_lazy(
            "Schritt für Schritt, so dass andere es nachmachen können. Rollen nennen, keine Personen."
        ),
    )
    results = MarkdownField(
        label=gettext_lazy("Was ist dabei herausgekommen?"),
        required=False,
        help_text=gettext_lazy("Auch das, was nicht besser wurde."),
    )
    difficulties = MarkdownField(
        label=gettext_lazy("Was war schwierig, was würden wir anders machen?"),
        required=False,
        help_text=gettext_lazy("Das hilft anderen oft am meisten. Bitte Rollen beschreiben, keine Personen."),
    )
    share_difficulties = forms.BooleanField(
        label=gettext_lazy("Schwierigkeiten dürfen auch in Präsentation und Weitergabe erscheinen"),
        required=False,
        help_text=gettext_lazy("Ohne Haken stehen sie nur auf der Seite des Learnings."),
    )
    recommendation = MarkdownField(
        label=gettext_lazy("Empfehlung"),
        rows=4,
        required=False,
        help_text=gettext_lazy("Was sollte jemand tun, der vor derselben Aufgabe steht?"),
    )
    next_step = MarkdownField(
        label=gettext_lazy("Nächster Schritt"),
        rows=3,
        required=False,
        help_text=gettext_lazy("Was sollte als Erstes geschehen, und welche Rolle übernimmt es?"),
    )
    effort_time = LineField(
        label=gettext_lazy("Aufwand: Zeit"),
        required=False,
        help_text=gettext_lazy("Zum Beispiel: drei Monate, zwei Stunden in der Woche"),
    )
    effort_money = LineField(
        label=gettext_lazy("Aufwand: Kosten"),
        required=False,
        help_text=gettext_lazy("Zum Beispiel: einmalig 4.000 Euro, danach keine Lizenzkosten"),
    )
    effort_people = LineField(
        label=gettext_lazy("Aufwand: wer gebraucht wurde"),
        required=False,
        help_text=gettext_lazy("Rollen, zum Beispiel: Sachbearbeitung, IT, Personalrat"),
    )
    prerequisites = MarkdownField(
        label=gettext_lazy("Voraussetzungen"),
        rows=4,
        required=False,
        help_text=gettext_lazy(
            "Was muss da sein, bevor jemand anfängt? Zum Beispiel ein Beschluss, Daten, ein Programm."
        ),
    )
    related = RelatedField(
        label=gettext_lazy("Verwandte Einträge"),
        help_text=gettext_lazy("Kurznummern mit Komma dazwischen, zum Beispiel: L-3, P-17"),
    )
    tags = TagsField()
    teaser = TeaserField()
    article = ArticleField()

    def add_fields(self) -> None:
        for name, audience in MESSAGES.items():
            self.fields[name] = MarkdownField(
                label=_("Kernaussage für: %(audience)s") % {"audience": Audience(audience).label},
                max_length=900,
                rows=3,
                required=False,
                help_text=_(
                    "Zwei bis drei Sätze. Bleibt das Feld leer, steht dort die Antwort auf die Leitfrage. "
                    "Wenn Sie hier schreiben, ist die Zielgruppe ausgewählt."
                ),
            )

    def values(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The valid fields as values of the text; `before` are the values so far."""
        cleaned = dict(self.cleaned_data)
        if "audiences" in self.fields:
            answer = cleaned.get("answer", before["answer"])
            typed = {
                # A message that is the answer stays the answer when that changes.
                audience: answer if _same(text := cleaned.pop(name), before["answer"]) else text
                for name, audience in MESSAGES.items()
                if name in cleaned
            }
            cleaned["audiences"] = _chosen(cleaned.get("audiences", before["audiences"]), typed, before)
            cleaned["messages"] = _messages(typed, cleaned["audiences"], answer, before)
        return cleaned


def _same(text: str, other: str) -> bool:
    return text.split() == other.split()


def _chosen(ticked: Collection[str], typed: Mapping[str, str], before: Mapping[str, Any]) -> list[str]:
    """The audiences ticked, and those for which a new message was typed: no word is dropped for a tick."""
    old = {row["audience"]: row["text"] for row in before["messages"]}
    written = {audience for audience, text in typed.items() if text and text != old.get(audience)}
    return [audience for audience in Audience.values if audience in ticked or audience in written]


def _messages(
    typed: Mapping[str, str], chosen: list[str], answer: str, before: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Messages of the chosen audiences; one left empty is the answer, one unchanged keeps its basis."""
    old = {row["audience"]: row for row in before["messages"]}
    rows = []
    for audience in chosen:
        known = old.get(audience)
        # A message with an error is not among the typed ones: the one so far stays.
        text = typed.get(audience, known["text"] if known else "") or answer
        if not text:
            continue
        unchanged = known is not None and known["text"] == text and text != answer
        based_on = known["based_on"] if unchanged and known else schemas.basis(answer)
        rows.append({"audience": audience, "text": text, "based_on": based_on})
    return rows


def initial_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows for the values of a text."""
    messages = {f"message_{row['audience']}": row["text"] for row in values["messages"]}
    return shared_initial_of(values) | messages
