"""`manage.py check_mail`: a real server, there or away."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests import smtp


@pytest.fixture
def server(settings: Settings) -> Iterator[smtp.Server]:
    with smtp.prepared(settings) as server:
        yield server


def test_a_mail_that_arrives_is_told(server: smtp.Server) -> None:
    server.start()
    said = io.StringIO()
    call_command("check_mail", "it@stadt.example", stdout=said)
    assert "angenommen" in said.getvalue()
    (mail,) = server.inbox.mails
    assert mail["To"] == "it@stadt.example"


def test_each_way_of_failing_is_a_sentence(server: smtp.Server, settings: Settings) -> None:
    with pytest.raises(CommandError, match="nimmt kein Mailserver"):
        call_command("check_mail", "it@stadt.example")
    server.start()
    server.inbox.unknown.add("weg@stadt.example")
    with pytest.raises(CommandError, match="nimmt diese Adresse nicht an"):
        call_command("check_mail", "weg@stadt.example")
    settings.EMAIL_USE_TLS = True
    with pytest.raises(CommandError, match="STARTTLS"):
        call_command("check_mail", "it@stadt.example")
    settings.MAIL_ALLOWED_DOMAINS = ["stadt.example"]
    with pytest.raises(CommandError, match="MAIL_ALLOWED_DOMAINS"):
        call_command("check_mail", "it@anders.example")
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    with pytest.raises(CommandError, match="EMAIL_URL"):
        call_command("check_mail", "it@stadt.example")
    assert not server.inbox.mails
