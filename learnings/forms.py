"""The form of a learning: guided in four steps or on one page. Values go in and come out as a plain mapping
of versioned fields, so that work in progress, conflict page and saved text speak one language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import tags
from governance.models import CatalogueEntry
from governance.rows import decimal_string
from governance.text.clean import LineField, MarkdownField
from learnings import schemas
from learnings.models import Audience

STEPS: dict[int, tuple[Any, tuple[str, ...]]] = {
    1: (
        gettext_lazy("Erkenntnis"),
        (
            *("title", "guiding_question", "answer", "audiences"),
            *(f"message_{audience}" for audience in Audience.values),
        ),
    ),
    2: (
        gettext_lazy("Nutzen und Maßnahme"),
        ("everyday_benefit", "occasion", "what_was_done", "results"),
    ),
    3: (
        gettext_lazy("Mehr dazu"),
        (
            *("difficulties", "share_difficulties", "recommendation", "next_step"),
            *("effort_time", "effort_money", "effort_people", "prerequisites", "related"),
        ),
    ),
    4: (gettext_lazy("Prüfen und vorlegen"), ("tags",)),
}
# What submission requires; everything else may stay empty and says so.
REQUIRED_TO_SUBMIT = ("title", "answer", "everyday_benefit", "tags")


class LearningForm(forms.Form):
    """All fields of a learning's text but the repeated rows; `step` keeps only those of one step."""

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
    )
    recommendation = MarkdownField(
        label=gettext_lazy("Empfehlung"),
        rows=4,
        required=False,
        help_text=gettext_lazy("Was sollte jemand tun, der vor derselben Aufgabe steht?"),
    )
    next_step = MarkdownField(label=gettext_lazy("Nächster Schritt"), rows=3, required=False)
    effort_time = LineField(
        label=gettext_lazy("Aufwand: Zeit"),
        required=False,
        help_text=gettext_lazy("Zum Beispiel: drei Monate, zwei Stunden in der Woche"),
    )
    effort_money = LineField(label=gettext_lazy("Aufwand: Kosten"), required=False)
    effort_people = LineField(
        label=gettext_lazy("Aufwand: wer gebraucht wurde"),
        required=False,
        help_text=gettext_lazy("Rollen, zum Beispiel: Sachbearbeitung, IT, Personalrat"),
    )
    prerequisites = MarkdownField(label=gettext_lazy("Voraussetzungen"), rows=4, required=False)
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

    def __init__(self, *args: Any, step: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for audience, label in Audience.choices:
            self.fields[f"message_{audience}"] = MarkdownField(
                label=_("Kernaussage für: %(audience)s") % {"audience": label},
                max_length=900,
                rows=3,
                required=False,
            )
        self.fields["tags"].widget.attrs.update(
            {
                "data-suggest-url": reverse_lazy("suggest_tags"),
                "data-suggest-one": _("Ein Vorschlag"),
                "data-suggest-many": _("%n Vorschläge"),
                "data-suggest-none": _("Kein Vorschlag"),
            }
        )
        if step is not None:
            wanted = STEPS[step][1]
            self.fields = {name: self.fields[name] for name in wanted}
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
        if unknown := [number for number in typed if number not in known]:
            raise ValidationError(
                _("Nicht veröffentlicht oder nicht vorhanden: %(numbers)s"),
                params={"numbers": ", ".join(unknown)},
            )
        return [known[number] for number in dict.fromkeys(typed)]

    def values(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The cleaned fields as values of the text; `before` are the values so far."""
        cleaned = dict(self.cleaned_data)
        texts = {
            audience: cleaned.pop(f"message_{audience}")
            for audience in Audience.values
            if f"message_{audience}" in cleaned
        }
        if texts:
            answer = cleaned.get("answer", before.get("answer", ""))
            cleaned["messages"] = _messages(texts, cleaned["audiences"], answer, before)
        return cleaned


def _messages(
    texts: Mapping[str, str], chosen: list[str], answer: str, before: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Messages of the chosen audiences; one left empty is the answer, one unchanged keeps its basis."""
    old = {row["audience"]: row for row in before.get("messages", ())}
    rows = []
    for audience in chosen:
        text = texts.get(audience) or answer
        if not text:
            continue
        known = old.get(audience)
        unchanged = known is not None and known["text"] == text and text != answer
        based_on = known["based_on"] if unchanged and known else schemas.basis(answer)
        rows.append({"audience": audience, "text": text, "based_on": based_on})
    return rows


def initial_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows for the values of a text."""
    initial = dict(values)
    for row in values.get("messages", ()):
        initial[f"message_{row['audience']}"] = row["text"]
    numbers = dict(CatalogueEntry.objects.filter(pk__in=values.get("related", ())).values_list("pk", "short_number"))
    initial["related"] = ", ".join(numbers[pk] for pk in values.get("related", ()) if pk in numbers)
    initial["tags"] = ", ".join(values.get("tags", ()))
    return initial


class FigureForm(forms.Form):
    """One piece of evidence; empty rows are left out."""

    label = LineField(label=gettext_lazy("Was wurde gezählt?"), required=False)
    number = LineField(label=gettext_lazy("Zahl"), max_length=30, required=False)
    unit = LineField(label=gettext_lazy("Einheit"), max_length=60, required=False)
    period = LineField(label=gettext_lazy("Zeitraum"), required=False)
    source = LineField(label=gettext_lazy("Quelle"), required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if any(value for key, value in data.items() if key != "DELETE") and "number" in data:
            try:
                data["number"] = decimal_string(data["number"])
            except ValidationError as error:
                self.add_error("number", error)
        return data


class LinkForm(forms.Form):
    """One source outside the portal; empty rows are left out."""

    title = LineField(label=gettext_lazy("Titel"), required=False)
    url = forms.URLField(label=gettext_lazy("Adresse"), max_length=1000, required=False, assume_scheme="https")
    repository = LineField(label=gettext_lazy("Fundort"), required=False)
    retrieved_on = forms.DateField(
        label=gettext_lazy("abgerufen am"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        others = (data.get("title"), data.get("repository"), data.get("retrieved_on"))
        if any(others) and not data.get("url") and "url" not in self.errors:
            self.add_error("url", _("Bitte geben Sie die Adresse an."))
        return data


class RowFormSet(BaseFormSet[Any]):
    """Rows of a repeated field; a row without any content, or marked to go, is left out."""

    def rows(self) -> list[dict[str, str]]:
        found = []
        for form in self.forms:
            data = {k: v for k, v in form.cleaned_data.items() if k != "DELETE"}
            if any(data.values()) and not form.cleaned_data.get("DELETE"):
                found.append({key: str(value or "") for key, value in data.items()})
        return found


_OPTIONS: dict[str, Any] = {"formset": RowFormSet, "extra": 1, "can_delete": True, "max_num": 20}
FigureFormSet = formset_factory(FigureForm, **_OPTIONS)
LinkFormSet = formset_factory(LinkForm, **_OPTIONS)


class QuickForm(forms.Form):
    """A quick note: title and one sentence start a draft."""

    title = LineField(label=gettext_lazy("Titel"), max_length=200)
    answer = MarkdownField(label=gettext_lazy("Was haben Sie gelernt? Ein Satz genügt."), max_length=600, rows=3)
    team = forms.ChoiceField(label=gettext_lazy("Für welches Team?"))

    def __init__(self, *args: Any, teams: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(pk), name) for pk, name in teams.items()]
        if len(teams) == 1:
            field.widget = forms.HiddenInput()
            field.initial = str(next(iter(teams)))


class UploadForm(forms.Form):
    """A new attachment."""

    file = forms.FileField(
        label=gettext_lazy("Anlage hinzufügen"),
        required=False,
        help_text=gettext_lazy("PDF, Bild, Word, Excel, PowerPoint, OpenDocument, Text; höchstens 20 MB."),
    )
    description = LineField(
        label=gettext_lazy("Was zeigt die Anlage?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Für Bilder nötig: Menschen, die das Bild nicht sehen, lesen diesen Satz."),
    )
