"""The text of a learning as a form. Values go in and come out as a plain mapping of versioned fields, so that
work in progress, conflict page and saved text speak one language.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import tags
from governance.models import CatalogueEntry, Record
from governance.text.clean import LineField, MarkdownField
from learnings import schemas
from learnings.models import Audience

# What submission requires; everything else may stay empty and says so.
REQUIRED_TO_SUBMIT = ("title", "answer", "everyday_benefit", "tags")
MESSAGES = {f"message_{audience}": audience for audience in Audience.values}


class LearningForm(forms.Form):
    """All fields of a learning's text but the repeated rows; `names` keeps only those."""

    title = LineField(
        label=gettext_lazy("Titel"),
        max_length=200,
        help_text=gettext_lazy("Kurz und so, dass Kolleginnen und Kollegen anderer Bereiche ihn verstehen."),
    )
    guiding_question = LineField(
        label=gettext_lazy("Leitfrage"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "Welche Erkenntnis möchten Sie Ihrem Team, Ihrer Kommune, anderen Kommunen oder der Politik mitgeben?"
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
    related = LineField(
        label=gettext_lazy("Verwandte Learnings"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Kurznummern mit Komma dazwischen, zum Beispiel: L-3, L-17"),
    )
    tags = LineField(
        label=gettext_lazy("Schlagwörter"),
        max_length=600,
        required=False,
        help_text=gettext_lazy(
            "Mit Komma dazwischen. Beim Tippen erscheinen Vorschläge; neue Schlagwörter sieht sich das Gremium an."
        ),
    )

    def __init__(self, *args: Any, names: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
        self.fields["tags"].widget.attrs.update(
            {
                "data-suggest-url": reverse_lazy("suggest_tags"),
                "data-suggest-one": _("Ein Vorschlag"),
                "data-suggest-many": _("%n Vorschläge"),
                "data-suggest-none": _("Kein Vorschlag"),
            }
        )
        self.fields = {name: field for name, field in self.fields.items() if name in names}
        for name in REQUIRED_TO_SUBMIT:
            if name in self.fields:
                self.fields[name].widget.attrs["data-needed"] = "true"

    def clean_tags(self) -> list[str]:
        words = tags.split(self.cleaned_data["tags"])
        if len(words) > tags.MAX_TAGS:
            raise ValidationError(_("Höchstens %(max)d Schlagwörter sind möglich."), params={"max": tags.MAX_TAGS})
        return words

    def clean_related(self) -> list[int]:
        typed = [part.strip().upper() for part in self.cleaned_data["related"].split(",") if part.strip()]
        known = dict(CatalogueEntry.objects.filter(short_number__in=typed).values_list("short_number", "pk"))
        # What the text names already stays, also when it was archived since.
        known = dict(self.initial.get("related_before", {})) | known
        if unknown := [number for number in typed if number not in known]:
            raise ValidationError(
                _("Nicht veröffentlicht oder nicht vorhanden: %(numbers)s"),
                params={"numbers": ", ".join(unknown)},
            )
        return [known[number] for number in dict.fromkeys(typed)]

    def values(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The valid fields as values of the text; `before` are the values so far."""
        cleaned = dict(self.cleaned_data)
        if "audiences" in self.fields:
            typed = {audience: cleaned.pop(name) for name, audience in MESSAGES.items() if name in cleaned}
            answer = cleaned.get("answer", before["answer"])
            cleaned["audiences"] = _chosen(cleaned.get("audiences", before["audiences"]), typed, before)
            cleaned["messages"] = _messages(typed, cleaned["audiences"], answer, before)
        return cleaned


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
    initial = dict(values)
    for row in values["messages"]:
        initial[f"message_{row['audience']}"] = row["text"]
    records = {record.pk: record.short_number for record in Record.objects.filter(pk__in=values["related"])}
    numbers = {records[pk]: pk for pk in values["related"] if pk in records}
    initial["related"], initial["related_before"] = ", ".join(numbers), numbers
    initial["tags"] = ", ".join(values["tags"])
    return initial
