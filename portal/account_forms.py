"""The forms of signing in and of passwords: Django's own, with what people type checked at the field.

Without that a name longer than its column, or a hidden character, ends as an error of the database.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, PasswordResetForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import letters
from governance.text.clean import AddressField, LineField, clean_line
from portal.sign_in_limits import client_address, tells_people_apart

PASSWORD_LENGTH = 256


class SignInName(LineField):
    """In the same form as names are stored in (NFKC, as Django's `UsernameField`)."""

    def to_python(self, value: Any) -> str:
        return clean_line(unicodedata.normalize("NFKC", super().to_python(value)), self.limit)


def no_hidden_characters(value: str) -> None:
    """Refuse what nobody can type on purpose; a blank at the end of a password is one's own affair."""
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        raise ValidationError(_("Das Passwort enthält ein unsichtbares Steuerzeichen."), code="control")


class _CheckedPasswords:
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.PasswordInput):
                field.validators += [MaxLengthValidator(PASSWORD_LENGTH), no_hidden_characters]


class SignInForm(_CheckedPasswords, AuthenticationForm):
    username = SignInName(
        label=gettext_lazy("Anmeldename"),
        max_length=150,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username", "autocapitalize": "none"}),
    )

    def get_invalid_login_error(self) -> ValidationError:
        if getattr(self.request, "directory_is_away", False):
            self.directory_is_away = _("Bitte versuchen Sie es in einigen Minuten noch einmal. Gezählt wurde nichts.")
            return ValidationError(self.directory_is_away, code="directory_is_away")
        return super().get_invalid_login_error()


class ChangeForm(_CheckedPasswords, PasswordChangeForm):
    pass


class SetForm(_CheckedPasswords, SetPasswordForm):
    pass


class ResetForm(PasswordResetForm):
    email = AddressField(
        label=gettext_lazy("E-Mail-Adresse"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def save(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        """Have a link sent to each account of this address; the page does not tell whether there is any."""
        asked_from = client_address(request) if request is not None and tells_people_apart() else None
        for user in self.get_users(self.cleaned_data["email"]):
            letters.password_link(user, asked_from or "")
