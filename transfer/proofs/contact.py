"""The contact of an announcement is the one of its trial, also when that one changes."""

from __future__ import annotations

from collections.abc import Collection

from governance.models import User
from transfer.models import Announcement


def on_contact_changed(sender: object, keys: Collection[int], contact: User, **_named: object) -> None:
    """Receives `governance.signals.contact_changed`."""
    Announcement.objects.standing().filter(record__in=keys).update(contact=contact)
