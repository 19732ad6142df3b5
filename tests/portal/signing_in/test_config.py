"""What is wrong with the settings of signing in is said before the start, all of it at once."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from typing import Any
from unittest import mock

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from pytest_django import Settings

from portal.checks import refuse_unsafe_settings
from portal.signing_in import checks, config
from tests.factories import Cast
from tests.portal.signing_in.conftest import set_directory
from tests.portal.signing_in.provider import Provider

OIDC = {"OIDC_ISSUER": "https://haus.example", "OIDC_CLIENT_ID": "portal", "OIDC_CLIENT_SECRET": "geheim"}
LDAP = {"LDAP_URI": "ldaps://haus.example", "LDAP_USER_BASE": "ou=people"}


def read(**given: str) -> dict[str, Any]:
    with mock.patch.dict(os.environ, given):
        return config.django_settings(environ.Env(), demo=False, development=False)


@pytest.mark.parametrize("given", [{}, OIDC, LDAP, {**OIDC, **LDAP}, {**LDAP, "LDAP_URI": "ldap://haus.example"}])
def test_good_settings_have_no_problems(given: dict[str, str]) -> None:
    found = read(**given)
    assert found["SIGNING_IN_PROBLEMS"] == []
    assert len(config.backends(found)) == ("OIDC_ISSUER" in given) + ("LDAP_URI" in given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({**OIDC, "OIDC_CLIENT_ID": ""}, "OIDC_CLIENT_ID"),
        ({**OIDC, "OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET"),
        ({**OIDC, "OIDC_ISSUER": "http://haus.example"}, "https://"),
        ({**OIDC, "OIDC_ISSUER": "http://localhost:9"}, "https://"),
        ({**OIDC, "OIDC_SIGN_ALGORITHM": "HS256"}, "OIDC_SIGN_ALGORITHM"),
        ({**OIDC, "OIDC_SIGN_ALGORITHM": "none"}, "OIDC_SIGN_ALGORITHM"),
        ({**OIDC, "OIDC_SCOPES": "email"}, "openid"),
        ({"DIRECTORY_GROUPS": "{"}, "JSON"),
        ({"DIRECTORY_GROUPS": '["a"]'}, "JSON"),
        ({"DIRECTORY_GROUPS": '{"a": 5}'}, "JSON"),
        ({"DIRECTORY_GROUPS": '{"a": "cmt:koenig"}'}, "cmt:koenig"),
        ({"DIRECTORY_GROUPS": '{"a": ":chair"}'}, ":chair"),
        ({"DIRECTORY_DEPARTMENTS": "nichts"}, "DIRECTORY_DEPARTMENTS"),
        ({**LDAP, "LDAP_URI": "ldap://haus.example", "LDAP_START_TLS": "0"}, "unverschlüsselt"),
        ({**LDAP, "LDAP_USER_BASE": ""}, "LDAP_USER_BASE"),
        ({**LDAP, "LDAP_USER_FILTER": "(uid=kim)"}, "%(user)s"),
    ],
)
def test_each_problem_is_named(settings: Settings, given: dict[str, str], words: str) -> None:
    settings.SIGNING_IN_PROBLEMS = read(**given)["SIGNING_IN_PROBLEMS"]
    settings.LDAP_URI = ""
    (message,) = checks.signing_in()
    assert message.id == "portal.E008"
    assert message.is_serious()
    assert words in message.msg


STARTED = """
import django; django.setup()
from django.conf import settings
from django.urls import reverse
print(reverse("oidc_authentication_init"), settings.AUTHENTICATION_BACKENDS[-1], "renewal" in str(settings.MIDDLEWARE))
"""


def test_the_environment_alone_switches_it_on() -> None:
    env = os.environ | OIDC | {"DJANGO_SETTINGS_MODULE": "portal.settings", "DEBUG": "1"}
    done = subprocess.run(
        [sys.executable, "-c", STARTED], env=env, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["/accounts/directory/", config.OIDC_BACKEND, "True"]


def test_a_web_server_does_not_start_with_a_problem(settings: Settings) -> None:
    settings.SIGNING_IN_PROBLEMS = ["OIDC_SCOPES muss openid enthalten."]
    with pytest.raises(ImproperlyConfigured, match="OIDC_SCOPES"):
        refuse_unsafe_settings()


def test_ldap_without_its_packages_is_named(settings: Settings) -> None:
    settings.SIGNING_IN_PROBLEMS, settings.LDAP_URI = [], "ldaps://haus.example"
    with mock.patch.object(checks, "find_spec", return_value=None):
        (message,) = checks.signing_in()
    assert "requirements-ldap.lock" in message.msg


@pytest.mark.django_db
def test_the_command_asks_the_directory_and_compares_groups_and_departments(
    provider: Provider, settings: Settings, cast: Cast
) -> None:
    good = {"a": "cmt-steueramt:lead", "b": "committee:chair", "c": "administration"}
    set_directory(settings, provider, DIRECTORY_GROUPS=good, DIRECTORY_DEPARTMENTS={"20": "steueramt"})
    out = StringIO()
    call_command("check_directory", stdout=out)
    assert "All is well." in out.getvalue()
    bad = {"a": "cmt-fort", "b": "committee:lead", "c": "cmt-steueramt:chair"}
    set_directory(settings, provider, DIRECTORY_GROUPS=bad, DIRECTORY_DEPARTMENTS={"20": "fort"})
    settings.OIDC_RP_SIGN_ALGO = "ES256"
    out = StringIO()
    with pytest.raises(CommandError, match="5 found"):
        call_command("check_directory", stdout=out)
    assert out.getvalue().count("wrong: DIRECTORY_GROUPS") == 3
    assert "ES256" in out.getvalue()


def test_without_a_directory_the_command_says_so() -> None:
    with pytest.raises(CommandError, match="Neither"):
        call_command("check_directory")
