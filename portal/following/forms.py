"""Forms of what one follows: explicit fields only."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.text.clean import LineField
from portal.following.models import NAME_LENGTH, QUERY_LENGTH, Subscription


class SavedSearchForm(forms.Form):
    """A search under a name, and whether mails tell of it."""

    name = LineField(label=_("Name der Suche"), max_length=NAME_LENGTH)
    rhythm = forms.ChoiceField(
        label=_("Zusammenfassung"),
        choices=Subscription.Rhythm.choices,
        widget=forms.Select(attrs={"class": "kern-form-input__select"}),
        help_text=_("Neue Treffer stehen immer in Ihrer Liste."),
    )
    # The search itself checks what it reads of it.
    query = forms.CharField(max_length=4 * QUERY_LENGTH, required=False, widget=forms.HiddenInput)


class SeenForm(forms.Form):
    """The moment at which the list was shown."""

    until = forms.DateTimeField()
