"""What is typed to put a text forward, to give it back, and to switch countersigning."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.text.clean import LineField, MarkdownField


class PutForwardForm(forms.Form):
    """What the member tells the lead."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = LineField(
        label=_("Hinweis für die Teamleitung"),
        max_length=300,
        required=False,
        help_text=_("Ein Satz: Was ist neu, worauf soll sie achten?"),
    )


class GiveBackForm(forms.Form):
    reason = MarkdownField(
        label=_("Was ist zu tun?"),
        max_length=2000,
        rows=4,
        help_text=_("Wer den Text vorgelegt hat, bekommt eine Mitteilung."),
    )


class SwitchForm(forms.Form):
    countersigned = forms.BooleanField(
        label=_("Nur die Leitung des Change-Management-Teams legt Texte zur Freigabe vor"),
        required=False,
        help_text=_("Mitglieder legen ihr die Texte zur Mitzeichnung vor. Gesperrt wird dabei nichts."),
    )
