"""Which cards go on a sheet together."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.models import CatalogueEntry
from governance.text.clean import LineField
from transfer.cards.printing import ON_A_SHEET

_MORE = ON_A_SHEET - 1


class SheetForm(forms.Form):
    """Further records for the sheet, by their short numbers."""

    more = LineField(
        label=gettext_lazy("Weitere Kurznummern"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Höchstens drei, mit Komma dazwischen. Ohne Angabe steht diese Karte viermal darauf."),
    )

    def clean_more(self) -> list[int]:
        """The keys of the records, in the order typed."""
        typed = [part.strip().upper() for part in self.cleaned_data["more"].split(",") if part.strip()]
        numbers = list(dict.fromkeys(typed))
        if len(numbers) > _MORE:
            raise forms.ValidationError(_("Auf ein Blatt passen vier Karten: höchstens drei weitere."))
        known = dict(CatalogueEntry.objects.filter(short_number__in=numbers).values_list("short_number", "pk"))
        if unknown := [number for number in numbers if number not in known]:
            raise forms.ValidationError(_("Nicht veröffentlicht oder nicht vorhanden: %s") % ", ".join(unknown))
        return [known[number] for number in numbers]
