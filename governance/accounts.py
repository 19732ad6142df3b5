"""Links by mail with which a person sets the own password: when it is forgotten, and for a new account.

The link is made when the mail is sent, by the worker: no table ever holds it, and the page that asks for it
answers equally fast whether there is such an account or not.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from governance import clock, mail
from governance.models import User

logger = logging.getLogger(__name__)
PAUSE_BETWEEN_LINKS = dt.timedelta(minutes=5)
MAX_ATTEMPTS = 8


def request_link(user: User) -> bool:
    """Let the worker send a link; False, and nothing done, when one was asked for just now.

    Without that pause anybody could fill a stranger's mailbox.
    """
    since = clock.now() - PAUSE_BETWEEN_LINKS
    lately = DBTaskResult.objects.filter(task_path=send_link.module_path, enqueued_at__gt=since)
    if lately.filter(args_kwargs__args=[user.pk]).exists():
        return False
    send_link.enqueue(user.pk)
    return True


@task()
def send_link(user_id: int, attempt: int = 1) -> None:
    """Send the link to the person's own address; when the mail server is away, come back later."""
    user = User.objects.filter(pk=user_id, is_active=True).exclude(email="").first()
    if user is None:
        return
    if not mail.is_allowed(user.email):
        logger.warning("link for person %s not sent: outside of MAIL_ALLOWED_DOMAINS", user_id)
        return
    try:
        mail.send(user.email, _("Ihr Passwort für das Wissensportal"), _body(user))
    except (OSError, ValueError) as error:
        logger.warning("link for person %s waits after attempt %s: %s", user_id, attempt, type(error).__name__)
        if attempt < MAX_ATTEMPTS and send_link.get_backend().supports_defer:
            later = clock.now() + dt.timedelta(minutes=2**attempt)
            send_link.using(run_after=later).enqueue(user_id, attempt + 1)


def _body(user: User) -> str:
    is_new = not user.has_usable_password()
    return "\n\n".join(
        [
            _("Guten Tag,"),
            _("für Sie wurde ein Konto im Wissensportal angelegt. Auf dieser Seite legen Sie Ihr Passwort fest:")
            if is_new
            else _("für Ihr Konto im Wissensportal wurde ein neues Passwort angefordert. Hier legen Sie es fest:"),
            link_for(user),
            _("Ihr Benutzername: %s") % user.get_username(),
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
    return settings.PORTAL_BASE_URL.rstrip("/") + path
