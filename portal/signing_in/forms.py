"""What is typed for the second factor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.text.clean import LineField
from portal.account_forms import PASSWORD_LENGTH, no_hidden_characters

CODE_FIELD = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}


class CodeForm(forms.Form):
    """The code of now, or one of the spare ones."""

    code = LineField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("Sechs Ziffern aus Ihrer App, oder ein Ersatzcode."),
        widget=forms.TextInput(attrs=CODE_FIELD | {"autofocus": True}),
    )


class PasswordForm(forms.Form):
    """The own password once more, before something about signing in is changed."""

    password = forms.CharField(
        label=gettext_lazy("Ihr Passwort"),
        strip=False,
        max_length=PASSWORD_LENGTH,
        validators=[no_hidden_characters],
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SetUpForm(PasswordForm):
    """A code of the new device; whoever is in a session shows the password too."""

    code = LineField(
        label=gettext_lazy("Code aus der App"),
        max_length=10,
        help_text=gettext_lazy("Sechs Ziffern, die sich alle 30 Sekunden ändern."),
        widget=forms.TextInput(attrs=CODE_FIELD | {"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, ask_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask_password:
            del self.fields["password"]

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        if len(code) != 6 or not (code.isascii() and code.isdecimal()):
            raise ValidationError(_("Der Code hat sechs Ziffern."))
        return code
