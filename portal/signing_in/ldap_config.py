"""What django-auth-ldap wants to be told. Only loaded when LDAP_URI is set; its packages are an extra."""

from __future__ import annotations

from typing import Any


def django_settings(given: dict[str, Any]) -> dict[str, Any]:
    try:
        import ldap
        from django_auth_ldap.config import GroupOfNamesType, LDAPSearch
    except ImportError:
        return {}  # portal.E008 says so
    seconds = given["LDAP_TIMEOUT_SECONDS"]
    options = {
        ldap.OPT_NETWORK_TIMEOUT: seconds,
        ldap.OPT_TIMEOUT: seconds,
        ldap.OPT_REFERRALS: 0,
        ldap.OPT_X_TLS_REQUIRE_CERT: ldap.OPT_X_TLS_DEMAND,
    }
    if given["LDAP_CA_FILE"]:
        options[ldap.OPT_X_TLS_CACERTFILE] = given["LDAP_CA_FILE"]
    # Takes the options above into use; must come last.
    options[ldap.OPT_X_TLS_NEWCTX] = 0
    found = {
        "AUTH_LDAP_SERVER_URI": given["LDAP_URI"],
        "AUTH_LDAP_START_TLS": given["LDAP_START_TLS"] and given["LDAP_URI"].startswith("ldap://"),
        "AUTH_LDAP_CONNECTION_OPTIONS": options,
        "AUTH_LDAP_BIND_DN": given["LDAP_BIND_DN"],
        "AUTH_LDAP_BIND_PASSWORD": given["LDAP_BIND_PASSWORD"],
        # The stable key of OpenLDAP is told only to whoever asks for it by name.
        "AUTH_LDAP_USER_SEARCH": LDAPSearch(
            given["LDAP_USER_BASE"],
            ldap.SCOPE_SUBTREE,
            given["LDAP_USER_FILTER"],
            ["*", given["LDAP_SUBJECT_ATTRIBUTE"]],
        ),
        # An empty password is an anonymous bind, which succeeds for everybody.
        "AUTH_LDAP_PERMIT_EMPTY_PASSWORD": False,
    }
    if given["LDAP_GROUP_BASE"]:
        found["AUTH_LDAP_GROUP_SEARCH"] = LDAPSearch(
            given["LDAP_GROUP_BASE"], ldap.SCOPE_SUBTREE, given["LDAP_GROUP_FILTER"]
        )
        found["AUTH_LDAP_GROUP_TYPE"] = GroupOfNamesType()
    return found
