"""Lines of JSON, in which no name, address, title or search word appears, whatever went wrong."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from pytest_django import Settings

from governance.models import User
from portal import logs
from tests.factories import Cast

Lines = list[dict[str, Any]]


@contextmanager
def written(level: str = "DEBUG") -> Iterator[Lines]:
    """What the loggers write within the block, by the portal's own configuration."""
    out, found = io.StringIO(), []
    config = logs.config("json", level)
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.config.DictConfigurator(config).configure_formatter(config["formatters"]["json"]))
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield found
    finally:
        root.removeHandler(handler)
        found += [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_is_one_object_with_fixed_names() -> None:
    with written() as lines:
        logging.getLogger("portal.security").warning("refused status=%s actor=%s", 403, 7)
    (line,) = lines
    assert line["message"] == "refused status=403 actor=7"
    assert (line["level"], line["logger"]) == ("WARNING", "portal.security")
    assert line["time"].endswith("+00:00")


@pytest.mark.parametrize(
    ("logger", "message", "shown"),
    [
        ("portal.x", "mail to %s", "mail to …"),
        ("governance.mail", "smtp: <%s>", "smtp: <…>"),
        ("django.request", "Internal Server Error: %s", "Internal Server Error: %s"),
        ("gunicorn.error", "Error handling request %s", "Error handling request %s"),
    ],
)
def test_addresses_are_blanked_and_libraries_fill_nothing_in(logger: str, message: str, shown: str) -> None:
    with written() as lines:
        logging.getLogger(logger).error(message, "erika.muster@stadt.example")
    assert [line["message"] for line in lines] == [shown]


@pytest.mark.parametrize(
    "text", ["Invalid request from ip=192.168.17.4: x", "from 2001:db8::1 x", "a\nb", "zu " + "lang" * 500]
)
def test_network_addresses_line_breaks_and_length(text: str) -> None:
    shown = logs.blanked(text)
    assert "192.168" not in shown
    assert "db8" not in shown
    assert "\n" not in shown
    assert len(shown) <= logs.LONGEST + 1
    assert logs.blanked("12:30 Uhr, Version 1.2.3, std::x") == "12:30 Uhr, Version 1.2.3, std::x"


@pytest.mark.django_db
def test_an_error_tells_its_kind_and_place_and_none_of_the_values(cast: Cast) -> None:
    with written() as lines:
        try:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE governance_user SET username = 'author' WHERE username = 'lead'")
        except IntegrityError:
            logging.getLogger("portal.missing").exception("a search was not counted")
        logging.getLogger("gunicorn.error").error(ValueError("erika"))
    failed, other = (line for line in lines if line["level"] == "ERROR")
    assert failed["error"][0] == "IntegrityError"
    assert "UniqueViolation" in failed["error"]
    assert any(place.startswith("tests/portal/test_logs.py:") for place in failed["trace"])
    assert "author" not in json.dumps(failed)
    assert other["message"] == "ValueError"


@pytest.mark.django_db
def test_a_day_of_refusals_searches_and_failures_names_nobody(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: Any, **_more: Any) -> Any:
        raise RuntimeError("Geheimwort erika.muster@stadt.example")

    User.objects.filter(pk=cast.staff.pk).update(full_name="Erika Musterfrau", email="erika.muster@stadt.example")
    client = Client(raise_request_exception=False)
    client.force_login(cast.staff, settings.AUTHENTICATION_BACKENDS[1])
    with written() as lines:
        client.get("/search/", {"q": "Geheimwort"})
        monkeypatch.setattr("portal.views.render", broken)
        assert client.get("/", {"q": "Geheimwort"}).status_code == 500
        client.get("/Geheimwort/")
        client.post("/governance/reviews/", {"text": "Geheimwort"})
        Client().post("/accounts/login/", {"username": "Erika Musterfrau", "password": "Geheimwort"})
        Client().post("/accounts/password-reset/", {"email": "erika.muster@stadt.example"})
    text = json.dumps(lines, ensure_ascii=False)
    assert any(line.get("status") == 500 and line.get("route") == "home" for line in lines)
    for word in ("Geheimwort", "Erika", "Musterfrau", "erika.muster", "127.0.0.1"):
        assert word not in text
