"""What people say about links and pairs: looked at, leads nowhere, not the same."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from governance import clock, rules
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.rules import Standing
from governance.upkeep.scope import scope_for
from portal.upkeep.models import AddressCheck, LikePair, PageLink


@transaction.atomic
def check_address(*, standing: Standing, key: str, is_reached: bool) -> int:
    """Note that a person has opened the address; returns how many published records name it.

    For those who look after one of these records. Raises WrongState when no published text names it any more.
    """
    scope = scope_for(standing)
    links = PageLink.objects.filter(key=key, is_outside=True)
    if not links.exists():
        raise WrongState(_("Diese Adresse steht in keinem veröffentlichten Text mehr. Es ist nichts weiter zu tun."))
    if not links.filter(scope.of("entry__")).exists():
        raise NotAllowed
    today = clock.today()
    AddressCheck.objects.update_or_create(
        key=key, defaults={"checked_on": today, "is_reached": is_reached, "by_server": False}
    )
    record_event("check_link", actor=standing.user, address=key, is_reached=is_reached)
    return links.count()


def may_tell_apart(standing: Standing, pair: LikePair) -> bool:
    """The committee, and the teams of both records."""
    return standing.is_committee or any(rules.may_edit(standing, entry) for entry in (pair.first, pair.second))


@transaction.atomic
def tell_apart(*, standing: Standing, pair: LikePair) -> None:
    """Say that two records are not the same; they are not listed as a pair again."""
    locked = LikePair.objects.select_for_update(of=("self",)).select_related("first", "second").filter(pk=pair.pk)
    found = locked.first()
    if found is None or found.told_apart_at is not None:
        raise WrongState(_("Dieses Paar steht nicht mehr in der Liste. Es ist nichts weiter zu tun."))
    if not may_tell_apart(standing, found):
        raise NotAllowed
    found.told_apart_at = clock.now()
    found.save(update_fields=["told_apart_at"])
    record_event("tell_apart", actor=standing.user, record=found.first.record, other=found.second_id)
