"""Says before the start what is wrong with the settings of signing in."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils.translation import gettext as _

HINT = "docs/anmeldung.md"


@register(Tags.security)
def signing_in(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    problems = list(settings.SIGNING_IN_PROBLEMS)
    if settings.LDAP_URI and not (find_spec("django_auth_ldap") and find_spec("ldap")):
        problems.append(_("LDAP_URI ist gesetzt, aber die Pakete dafür fehlen (requirements-ldap.lock)."))
    return [Error(problem, hint=HINT, id="portal.E008") for problem in problems]
