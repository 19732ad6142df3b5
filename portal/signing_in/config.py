"""Settings of signing in, from the environment. Nothing of the directory is there while it is not set.

What is wrong is collected instead of raised, so that `manage.py check` says all of it at once (`checks.py`).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import environ

OIDC_BACKEND = "portal.signing_in.oidc.Backend"
LDAP_BACKEND = "portal.signing_in.ldap_backend.Backend"
ROLES = ("member", "lead", "chair")
ADMINISTRATION = "administration"
SIGN_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")
THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


def django_settings(env: environ.Env, *, demo: bool, development: bool) -> dict[str, Any]:
    """All settings of signing in, by name."""
    problems: list[str] = []
    found = {
        # Committee and administration need a second factor beside a password that the portal itself keeps.
        "SECOND_FACTOR_REQUIRED": env.bool("SECOND_FACTOR_REQUIRED", default=not demo),
        "OTP_TOTP_ISSUER": env.str("PORTAL_NAME", default="Wissensportal"),
        "DIRECTORY_NAME": env.str("DIRECTORY_NAME", default="") or "Hausverzeichnis",
        "DIRECTORY_LINK_BY_MAIL": env.bool("DIRECTORY_LINK_BY_MAIL", default=False),
        "DIRECTORY_REQUIRED_GROUP": env.str("DIRECTORY_REQUIRED_GROUP", default=""),
        "DIRECTORY_GROUPS": _groups(env, problems),
        "DIRECTORY_DEPARTMENTS": _texts(env, "DIRECTORY_DEPARTMENTS", problems),
        **_oidc(env, problems, strict=not (demo or development)),
        **_ldap(env, problems),
    }
    return {**found, "SIGNING_IN_PROBLEMS": problems}


def backends(settings: dict[str, Any]) -> list[str]:
    """Further backends, after Django's own: who has a password here is not asked for elsewhere."""
    return [LDAP_BACKEND] * bool(settings["LDAP_URI"]) + [OIDC_BACKEND] * bool(settings["OIDC_ISSUER"])


# -- OpenID Connect --------------------------------------------------------------------------------


def _oidc(env: environ.Env, problems: list[str], *, strict: bool) -> dict[str, Any]:
    issuer = env.str("OIDC_ISSUER", default="")
    found = {
        "OIDC_ISSUER": issuer,
        "OIDC_RP_CLIENT_ID": env.str("OIDC_CLIENT_ID", default=""),
        "OIDC_RP_CLIENT_SECRET": env.str("OIDC_CLIENT_SECRET", default=""),
        "OIDC_RP_SCOPES": env.str("OIDC_SCOPES", default="openid profile email"),
        "OIDC_RP_SIGN_ALGO": env.str("OIDC_SIGN_ALGORITHM", default="RS256"),
        "OIDC_TIMEOUT": env.float("OIDC_TIMEOUT_SECONDS", default=5),
        "OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS": env.int("OIDC_RENEW_SECONDS", default=15 * 60),
        "OIDC_CLOCK_SKEW_SECONDS": env.int("OIDC_CLOCK_SKEW_SECONDS", default=60),
        "OIDC_SUBJECT_CLAIM": env.str("OIDC_SUBJECT_CLAIM", default="sub"),
        "OIDC_NAME_CLAIM": env.str("OIDC_NAME_CLAIM", default="name"),
        "OIDC_USER_NAME_CLAIM": env.str("OIDC_USER_NAME_CLAIM", default="preferred_username"),
        "OIDC_DEPARTMENT_CLAIM": env.str("OIDC_DEPARTMENT_CLAIM", default="department"),
        "OIDC_GROUPS_CLAIM": env.str("OIDC_GROUPS_CLAIM", default="groups"),
        "OIDC_USE_PKCE": True,
        "OIDC_USE_NONCE": True,
    }
    if not issuer:
        return found
    if not found["OIDC_RP_CLIENT_ID"] or not found["OIDC_RP_CLIENT_SECRET"]:
        problems.append("OIDC_ISSUER ist gesetzt, aber OIDC_CLIENT_ID oder OIDC_CLIENT_SECRET fehlt.")
    if found["OIDC_RP_SIGN_ALGO"] not in SIGN_ALGORITHMS:
        problems.append(f"OIDC_SIGN_ALGORITHM muss eines sein von {', '.join(SIGN_ALGORITHMS)}.")
    if "openid" not in found["OIDC_RP_SCOPES"].split():
        problems.append("OIDC_SCOPES muss openid enthalten.")
    address = urlsplit(issuer)
    if address.scheme != "https" and (strict or address.hostname not in THIS_MACHINE):
        problems.append("OIDC_ISSUER muss mit https:// beginnen.")
    return found


# -- LDAP ------------------------------------------------------------------------------------------


def _ldap(env: environ.Env, problems: list[str]) -> dict[str, Any]:
    found = {
        "LDAP_URI": env.str("LDAP_URI", default=""),
        "LDAP_START_TLS": env.bool("LDAP_START_TLS", default=True),
        "LDAP_CA_FILE": env.str("LDAP_CA_FILE", default=""),
        "LDAP_TIMEOUT_SECONDS": env.int("LDAP_TIMEOUT_SECONDS", default=5),
        "LDAP_BIND_DN": env.str("LDAP_BIND_DN", default=""),
        "LDAP_BIND_PASSWORD": env.str("LDAP_BIND_PASSWORD", default=""),
        "LDAP_USER_BASE": env.str("LDAP_USER_BASE", default=""),
        "LDAP_USER_FILTER": env.str("LDAP_USER_FILTER", default="(uid=%(user)s)"),
        "LDAP_GROUP_BASE": env.str("LDAP_GROUP_BASE", default=""),
        "LDAP_GROUP_FILTER": env.str("LDAP_GROUP_FILTER", default="(objectClass=groupOfNames)"),
        "LDAP_SUBJECT_ATTRIBUTE": env.str("LDAP_SUBJECT_ATTRIBUTE", default="entryUUID"),
        "LDAP_NAME_ATTRIBUTE": env.str("LDAP_NAME_ATTRIBUTE", default="cn"),
        "LDAP_MAIL_ATTRIBUTE": env.str("LDAP_MAIL_ATTRIBUTE", default="mail"),
        "LDAP_DEPARTMENT_ATTRIBUTE": env.str("LDAP_DEPARTMENT_ATTRIBUTE", default="departmentNumber"),
    }
    if not found["LDAP_URI"]:
        return found
    address = urlsplit(found["LDAP_URI"])
    if address.scheme == "ldap" and not found["LDAP_START_TLS"] and address.hostname not in THIS_MACHINE:
        problems.append("LDAP_URI würde Passwörter unverschlüsselt übertragen: ldaps:// oder LDAP_START_TLS=1.")
    if not found["LDAP_USER_BASE"]:
        problems.append("LDAP_URI ist gesetzt, aber LDAP_USER_BASE fehlt.")
    if "%(user)s" not in found["LDAP_USER_FILTER"]:
        problems.append("LDAP_USER_FILTER muss %(user)s enthalten.")
    return found


# -- what groups and departments mean --------------------------------------------------------------


def _groups(env: environ.Env, problems: list[str]) -> dict[str, tuple[str, str]]:
    """Group -> team and role: "cmt-steueramt", "cmt-steueramt:lead", "committee:chair", or "administration"."""
    found = {}
    for group, gives in _texts(env, "DIRECTORY_GROUPS", problems).items():
        team, _colon, role = gives.partition(":")
        if gives == ADMINISTRATION:
            found[group] = ("", ADMINISTRATION)
        elif team and (role or ROLES[0]) in ROLES:
            found[group] = (team, role or ROLES[0])
        else:
            problems.append(
                f"DIRECTORY_GROUPS: „{gives}“ ist weder Team, Team:Rolle (member, lead, chair) noch administration."
            )
    return found


def _texts(env: environ.Env, name: str, problems: list[str]) -> dict[str, str]:
    """A JSON object of texts."""
    try:
        found = env.json(name, default={})
    except (ValueError, environ.ImproperlyConfigured):
        found = None
    if isinstance(found, dict) and all(isinstance(value, str) for value in found.values()):
        return found
    problems.append(f'{name} ist kein JSON-Objekt aus Texten, zum Beispiel {{"gruppe": "cmt-steueramt"}}.')
    return {}
