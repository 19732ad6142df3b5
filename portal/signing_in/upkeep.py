"""What is registered at the start: tidying up after erased persons, the administration's list, the hourly look-up."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import people, periodic, rules, worklists
from governance.models import DirectoryIdentity
from governance.rules import Standing
from portal.signing_in import second_factor


def without_department(standing: Standing) -> QuerySet[DirectoryIdentity] | None:
    """Accounts from the directory whose department the portal does not know."""
    if not rules.may_manage_people(standing):
        return None
    waiting = DirectoryIdentity.objects.exclude(named_department="").filter(user__is_active=True)
    return waiting.select_related("user").order_by("linked_at")


def _row(identity: DirectoryIdentity) -> dict[str, Any]:
    return {
        "title": str(identity.user),
        "url": reverse("admin:governance_user_change", args=[identity.user_id]),
        "detail": _("Laut Verzeichnis: %s") % identity.named_department,
        "since": identity.linked_at,
    }


def look_up_leavers() -> None:
    if settings.LDAP_URI:
        from portal.signing_in import ldap_leavers

        ldap_leavers.look_up()


def connect() -> None:
    people.person_erased.connect(second_factor.forget)
    worklists.register(
        worklists.WorkList(
            "without_department",
            gettext_lazy("Konten mit unbekanntem Bereich"),
            gettext_lazy("Das Verzeichnis nennt einen Bereich, den es im Portal nicht gibt. Bitte einen wählen."),
            without_department,
            _row,
            rank=9,
        )
    )
    periodic.register(periodic.Job("look_up_leavers", periodic.Period.HOUR, look_up_leavers))
