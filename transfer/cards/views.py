"""The page of a card, and the file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.http import standing_of
from governance.text.clean import slugify_de
from transfer import published
from transfer.cards import printing
from transfer.cards.forms import SheetForm
from transfer.http import download
from transfer.published import Told
from transfer.texts.views import way_to

PDF = "application/pdf"
SHEET = "a4"


@require_safe
def card(request: HttpRequest, short_number: str) -> HttpResponse:
    """What stands on the card of a published record, and the ways to print it."""
    return _page(request, published.fetch(standing_of(request), short_number), SheetForm())


@require_safe
def card_file(request: HttpRequest, short_number: str) -> HttpResponse:
    """One card on A6; with `paper=a4` four on a sheet, where other records may be `more`."""
    told = published.fetch(standing_of(request), short_number)
    if request.GET.get("paper") != SHEET:
        return download(printing.make([told], sheet=False), PDF, f"{_name(told)}-A6.pdf")
    form = SheetForm(request.GET)
    if not form.is_valid():
        return _page(request, told, form, status=422)
    keys = dict.fromkeys([told.entry.pk, *form.cleaned_data["more"]])
    found = published.told(keys)
    return download(printing.make([found[key] for key in keys], sheet=True), PDF, f"{_name(told)}-A4.pdf")


def _name(told: Told) -> str:
    return f"{told.short_number}-{slugify_de(told.title)}-{_('Karte')}"


def _page(request: HttpRequest, told: Told, form: SheetForm, status: int = 200) -> HttpResponse:
    context = {
        "told": told,
        "form": form,
        "poster": published.poster_of(told.entry),
        "way": way_to(told, _("Karte")),
    }
    return render(request, "transfer/cards/card.html", context, status=status)
