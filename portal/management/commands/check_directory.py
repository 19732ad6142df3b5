"""`manage.py check_directory`: whether the house's directory answers, and whether groups and departments fit."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from governance import directory
from governance.models import DepartmentAddress, Team
from portal.signing_in import discovery
from portal.signing_in.problems import Problem


class Command(BaseCommand):
    help = "Asks the directory of the settings, and compares its groups and departments with the portal's."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.OIDC_ISSUER and not settings.LDAP_URI:
            raise CommandError("Neither OIDC_ISSUER nor LDAP_URI is set.")
        wrong = [*self._oidc(), *self._ldap(), *_groups(), *_departments()]
        for line in wrong:
            self.stdout.write(f"wrong: {line}")
        if wrong:
            raise CommandError(f"{len(wrong)} found.")
        self.stdout.write("All is well.")

    def _oidc(self) -> list[str]:
        if not settings.OIDC_ISSUER:
            return []
        try:
            found = discovery.document()
            discovery.keys()
        except Problem as problem:
            return [f"OpenID Connect: {type(problem).__name__} {problem}"]
        wrong = []
        for name, wanted in (
            ("id_token_signing_alg_values_supported", settings.OIDC_RP_SIGN_ALGO),
            ("code_challenge_methods_supported", "S256"),
        ):
            offered = found.get(name)
            if isinstance(offered, list) and wanted not in offered:
                wrong.append(f"OpenID Connect: the provider offers {', '.join(offered)} and not {wanted} ({name})")
        ends = "end_session_endpoint" in found
        told = bool(found.get("backchannel_logout_supported"))
        self.stdout.write(f"OpenID Connect answers; sign-out there: {ends}; back-channel logout: {told}")
        return wrong

    def _ldap(self) -> list[str]:
        if not settings.LDAP_URI:
            return []
        from portal.signing_in import ldap_leavers

        try:
            number = sum(bool(subject) for subject in ldap_leavers._subjects())
        except Exception as error:
            return [f"LDAP: {type(error).__name__}"]
        self.stdout.write(f"LDAP answers; {number} people with {settings.LDAP_SUBJECT_ATTRIBUTE}")
        return (
            [] if number else ["LDAP: nobody is found; check LDAP_USER_BASE, LDAP_USER_FILTER and the rights to read"]
        )


def _groups() -> list[str]:
    teams = directory.by_name(Team.objects.filter(dissolved_on=None))
    return [
        f"DIRECTORY_GROUPS: {group} gives {role} in {slug}, which there is not"
        for group, (slug, role) in settings.DIRECTORY_GROUPS.items()
        if role != directory.ADMINISTRATION and (slug not in teams or not directory.role_fits(teams[slug], role))
    ]


def _departments() -> list[str]:
    slugs = set(DepartmentAddress.objects.filter(department__dissolved_on=None).values_list("slug", flat=True))
    return [
        f"DIRECTORY_DEPARTMENTS: {name} is mapped to {slug}, which there is not"
        for name, slug in settings.DIRECTORY_DEPARTMENTS.items()
        if slug not in slugs
    ]
