"""What the portal adds to the administration's pages of people: the second factor, for whoever lost the device."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from governance.admin import PersonAdmin
from governance.models import User
from portal.signing_in import second_factor


@admin.action(description=_("Zweiten Faktor zurücksetzen (Gerät verloren)"))
def reset_second_factor(page: Any, request: HttpRequest, queryset: QuerySet[User]) -> None:
    """Never the own one: a stolen session must not end what it could not get past."""
    done = 0
    for user in queryset:
        if user == request.user:
            page.message_user(request, gettext("Das kann nur eine andere Person für Sie tun."), messages.ERROR)
        else:
            done += second_factor.take_away(actor=request.user, user=user)  # type: ignore[arg-type]
    if done:
        text = gettext("Zurückgesetzt: %d. Beim nächsten Anmelden wird ein neuer eingerichtet, wo er nötig ist.") % done
        page.message_user(request, text, messages.SUCCESS)


PersonAdmin.actions = (*PersonAdmin.actions, reset_second_factor)
