"""Links by mail with which a person sets the own password: when it is forgotten, and for a new account.

The link is made when the mail is sent: no table ever holds it (`letters.password_link` asks for one).
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from governance.addresses import absolute
from governance.models import User


def letter(user: User) -> str:
    """The mail with the link: a greeting for a new account, else that a password was asked for."""
    is_new = not user.has_usable_password()
    return "\n\n".join(
        [
            _("Guten Tag,"),
            _("für Sie wurde ein Konto im Wissensportal angelegt. Auf dieser Seite legen Sie Ihr Passwort fest:")
            if is_new
            else _("für Ihr Konto im Wissensportal wurde ein neues Passwort angefordert. Hier legen Sie es fest:"),
            link_for(user),
            _("Ihr Anmeldename: %s") % user.get_username(),
            _("Der Link gilt %s Tage und nur einmal.") % (settings.PASSWORD_RESET_TIMEOUT // 86_400),
            _("Bei Fragen hilft Ihnen die Administration des Portals.")
            if is_new
            else _("Haben Sie das nicht selbst veranlasst, brauchen Sie nichts zu tun: Ihr bisheriges Passwort gilt."),
        ]
    )


def link_for(user: User) -> str:
    """The page on which this person, and nobody else, sets a password; on the portal's own address."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("password_reset_confirm", args=[key, default_token_generator.make_token(user)])
    return absolute(path)
