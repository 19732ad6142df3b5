"""`manage.py check_mail`: sends one mail and says in words what came of it."""

from __future__ import annotations

import smtplib
import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance import mail

BODY = "Diese Nachricht prüft, ob das Wissensportal Mails senden kann. Es ist nichts zu tun.\n\n{address}\n"


class Command(BaseCommand):
    help = "Sendet eine Probemail und sagt, ob der Mailserver sie angenommen hat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", metavar="ADRESSE")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        if settings.EMAIL_BACKEND.rpartition(".")[0] != "django.core.mail.backends.smtp":
            raise CommandError(
                "Es ist kein Mailserver eingerichtet. EMAIL_URL setzen: smtp+tls://konto:passwort@server:587"
            )
        if not mail.is_allowed(address):
            raise CommandError("An diese Domäne sendet das Portal nicht: MAIL_ALLOWED_DOMAINS nennt sie nicht.")
        probe = EmailMessage(
            f"{settings.PORTAL_NAME}: Probe",
            BODY.format(address=settings.PORTAL_BASE_URL),
            settings.DEFAULT_FROM_EMAIL,
            [address],
            headers={"Auto-Submitted": "auto-generated"},
        )
        try:
            probe.send()
        except (OSError, ValueError) as error:
            raise CommandError(f"{_what_happened(error)} ({settings.EMAIL_HOST}:{settings.EMAIL_PORT})") from error
        self.stdout.write(
            f"Der Mailserver {settings.EMAIL_HOST} hat die Probe angenommen. Bitte im Postfach nachsehen, auch ob der "
            f"Link darin zu {urlsplit(settings.PORTAL_BASE_URL).hostname} führt."
        )


def _what_happened(error: Exception) -> str:
    for kind, words in WORDS.items():
        if isinstance(error, kind):
            return words
    return f"Die Probe ließ sich nicht senden: {type(error).__name__}. Es wurde nichts gesendet."


# The narrower kinds first. Nothing of the server's own words is repeated: they may hold addresses.
WORDS: dict[type[Exception], str] = {
    smtplib.SMTPAuthenticationError: "Der Mailserver lehnt Konto oder Passwort aus EMAIL_URL ab.",
    smtplib.SMTPRecipientsRefused: "Der Mailserver nimmt diese Adresse nicht an.",
    smtplib.SMTPSenderRefused: "Der Mailserver lehnt den Absender ab: DEFAULT_FROM_EMAIL prüfen.",
    smtplib.SMTPNotSupportedError: "Der Mailserver bietet kein STARTTLS oder keine Anmeldung; gesendet wurde nichts.",
    smtplib.SMTPResponseException: "Der Mailserver hat die Probe abgelehnt.",
    smtplib.SMTPException: "Der Mailserver hat die Verbindung abgebrochen.",
    ssl.SSLError: "Das Zertifikat des Mailservers wird nicht anerkannt; gesendet wurde nichts.",
    socket.gaierror: "Den Namen des Mailservers kennt niemand: EMAIL_URL prüfen.",
    TimeoutError: "Der Mailserver antwortet nicht.",
    ConnectionRefusedError: "Unter dieser Adresse nimmt kein Mailserver Verbindungen an.",
}
