"""The text of a record as a form. Values go in and come out as a plain mapping of versioned fields, so that
work in progress, conflict page and saved text speak one language.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import tags
from governance.models import CatalogueEntry, Record
from governance.models.records import ARTICLE_LENGTH, TEASER_LENGTH
from governance.text.clean import LineField, MarkdownField


class TitleField(LineField):
    """What the record is called."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Titel"),
            max_length=200,
            help_text=gettext_lazy("Kurz und so, dass Kolleginnen und Kollegen anderer Bereiche ihn verstehen."),
        )


class RelatedField(LineField):
    """Short numbers of other entries with commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=300, required=False, **kwargs)


class TagsField(LineField):
    """Words with commas between them."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Schlagwörter"),
            max_length=600,
            required=False,
            help_text=gettext_lazy(
                "Mit Komma dazwischen. Beim Tippen erscheinen Vorschläge; neue Schlagwörter sieht sich das Gremium an."
            ),
        )

    def clean(self, value: Any) -> Any:
        """The words, each once."""
        words = tags.split(super().clean(value))
        if len(words) > tags.MAX_TAGS:
            raise ValidationError(_("Höchstens %(max)d Schlagwörter sind möglich."), params={"max": tags.MAX_TAGS})
        return words

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {
            "data-suggest-tags": "",
            "data-suggest-url": reverse_lazy("suggest_tags"),
            "data-suggest-one": gettext_lazy("Ein Vorschlag"),
            "data-suggest-many": gettext_lazy("%n Vorschläge"),
            "data-suggest-none": gettext_lazy("Kein Vorschlag"),
        }


class TeaserField(MarkdownField):
    """The teaser for newsletter and intranet; plain text."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Anreißer"),
            max_length=TEASER_LENGTH,
            rows=4,
            required=False,
            help_text=gettext_lazy(
                "Ein Absatz, höchstens 400 Zeichen, der neugierig macht: erst der Nutzen im Arbeitsalltag. "
                "Bleibt das Feld leer, gilt der Vorschlag."
            ),
        )


class ArticleField(MarkdownField):
    """The article for newsletter and intranet; plain text in paragraphs."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Artikel"),
            max_length=ARTICLE_LENGTH,
            rows=10,
            required=False,
            help_text=gettext_lazy(
                "Höchstens 1.000 Zeichen, reiner Text. Eine Leerzeile trennt Absätze. "
                "Bleibt das Feld leer, gilt der Vorschlag."
            ),
        )


class TextForm(forms.Form):
    """The fields of a text but its repeated rows; `names` keeps only those. Each kind has `tags` and `related`."""

    # What submission requires; everything else may stay empty and says so.
    NEEDED: ClassVar[Collection[str]] = ()

    def __init__(self, *args: Any, names: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_fields()
        self.fields = {name: field for name, field in self.fields.items() if name in names}
        for name in self.NEEDED:
            if name in self.fields:
                self.fields[name].widget.attrs["data-needed"] = "true"

    def add_fields(self) -> None:
        """For fields that are not declared."""

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
        return dict(self.cleaned_data)


def initial_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows for the values of a text."""
    records = {record.pk: record.short_number for record in Record.objects.filter(pk__in=values["related"])}
    numbers = {records[pk]: pk for pk in values["related"] if pk in records}
    return dict(values) | {
        "related": ", ".join(numbers),
        "related_before": numbers,
        "tags": ", ".join(values["tags"]),
    }
