"""Repeated rows in a form, and the rows that several kinds have: sources and links."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, BoundField, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import rows as shared
from governance.text.clean import LineField


class RowForm(forms.Form):
    """One row; the fields of FOLDED stand under "Mehr dazu", those of NUMBERS hold decimal strings."""

    FOLDED: ClassVar[Collection[str]] = ()
    NUMBERS: ClassVar[Collection[str]] = ()

    @property
    def open_fields(self) -> list[BoundField]:
        return [field for field in self if field.name not in self.FOLDED]

    @property
    def folded_fields(self) -> list[BoundField]:
        return [field for field in self if field.name in self.FOLDED]

    @property
    def is_unfolded(self) -> bool:
        """Whether something under the fold is filled in or wrong."""
        return any(field.errors or field.value() for field in self.folded_fields)


class AddressField(LineField):
    """An address on the web; one typed without https:// gets it."""

    widget = forms.URLInput
    default_validators = [shared.check_address]

    def to_python(self, value: Any) -> str:
        return shared.full_address(super().to_python(value))


class LinkForm(RowForm):
    """One source outside the portal; empty rows are left out."""

    title = LineField(
        label=gettext_lazy("Titel"), required=False, help_text=gettext_lazy("So heißt die Quelle in der Liste.")
    )
    url = AddressField(
        label=gettext_lazy("Adresse"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("Aus der Adresszeile kopiert, mit https://"),
    )
    repository = LineField(
        label=gettext_lazy("Fundort"),
        required=False,
        help_text=gettext_lazy("Zum Beispiel: GovData, Wissensspeicher Smart City"),
    )
    retrieved_on = forms.DateField(
        label=gettext_lazy("abgerufen am"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Seiten ändern sich; der Tag hilft beim Nachlesen."),
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        others = (data.get("title"), data.get("repository"), data.get("retrieved_on"))
        if any(others) and not data.get("url") and "url" not in self.errors:
            self.add_error("url", _("Bitte geben Sie die Adresse an."))
        return data


class RowFormSet(BaseFormSet[Any]):
    """Rows of a repeated field; a row without any content, or marked to go, is left out."""

    default_error_messages = {
        "too_many_forms": gettext_lazy("Höchstens %(num)d Zeilen sind möglich. Bitte entfernen Sie einige."),
    }
    came_incomplete = False

    def clean(self) -> None:
        if self.came_incomplete:
            raise ValidationError(
                _(
                    "Das Formular kam unvollständig an, deshalb sind diese Zeilen noch nicht festgehalten. "
                    "Bitte prüfen Sie sie und senden Sie das Formular noch einmal ab."
                )
            )

    def rows(self, before: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
        """The valid rows; where one has an error, the row that stood there `before` stays."""
        if self.non_form_errors():
            return [dict(row) for row in before]
        found = []
        for at, form in enumerate(self.forms):
            data = dict(form.cleaned_data)
            if data.pop("DELETE", False):
                continue
            if form.errors:
                found += [dict(row) for row in before[at : at + 1]]
            elif any(data.values()):
                found.append({key: str(value or "") for key, value in data.items()})
        return found


def formset_of(form: type[RowForm], most: int = shared.Row.MAX_ROWS) -> type[RowFormSet]:
    """Rows of `form`, at most `most`."""
    made = formset_factory(
        form,
        formset=RowFormSet,
        extra=1,
        can_delete=True,
        max_num=most,
        absolute_max=2 * most,
        validate_max=True,
    )
    return cast("type[RowFormSet]", made)


def rows_of(
    made: type[RowFormSet], name: str, posted: QueryDict | None, before: Sequence[Mapping[str, str]]
) -> RowFormSet:
    """The rows `name` as posted, or as they were `before`.

    Posted rows are not compared with those before: one that equals a row kept meanwhile is still a row.
    Without a fitting management form the rows are counted, so that what was typed is shown again.
    """
    if posted is None:
        return made(initial=[_as_typed(row, made.form.NUMBERS) for row in before], prefix=name)
    formset = made(posted, prefix=name)
    number = count_rows(name, posted)
    management = formset.management_form
    if management.is_valid() and (management.cleaned_data["TOTAL_FORMS"] or 0) >= number:
        return formset
    data = posted.copy()
    data[f"{name}-TOTAL_FORMS"], data[f"{name}-INITIAL_FORMS"] = str(number), "0"
    counted = made(data, prefix=name)
    counted.came_incomplete = True
    return counted


def _as_typed(row: Mapping[str, str], numbers: Collection[str]) -> dict[str, str]:
    """A stored row as people would type it."""
    return {name: shared.german(value) if name in numbers else value for name, value in row.items()}


def count_rows(name: str, posted: QueryDict) -> int:
    """How many rows the posted names speak of."""
    places = (re.fullmatch(rf"{name}-(\d{{1,3}})-\w+", key) for key in posted)
    return max((int(place[1]) + 1 for place in places if place), default=0)
