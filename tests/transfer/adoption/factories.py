"""Adoptions for tests, made through the services. The cast's outsider is in the change team of the Bauordnungsamt."""

from __future__ import annotations

from typing import Any

from governance import clock
from governance.models import Department, OutgoingMail, Record
from tests.factories import Cast
from transfer.adoption import services
from transfer.models import Adoption


def interest(cast: Cast, record: Record, *, by: str = "staff") -> Adoption:
    return services.show_interest(standing=cast.standing(by), record=record)[0]


def carry_on(cast: Cast, adoption: Adoption, *, by: str = "outsider", **changes: Any) -> Adoption:
    """Another state or other words, on the newest version."""
    now = Adoption.objects.get(pk=adoption.pk)
    values: dict[str, Any] = {
        "opened_on": now.version,
        "state": now.state,
        "since": clock.today(),
        "adapted": now.adapted,
        "plan": now.plan,
        "reason": now.reason,
        "figures": now.figures,
    }
    return services.carry_on(standing=cast.standing(by), adoption=now, **values | changes)


def in_use(cast: Cast, record: Record, *, by: str = "outsider") -> Adoption:
    return services.say_in_use(standing=cast.standing(by), record=record)[0]


def branch(name: str) -> Department:
    """One more department, without a team."""
    return Department.objects.create(name=name, slug=name.lower())


def told() -> list[tuple[str, str]]:
    """Who was told of what, and nothing is left over for the next question."""
    rows = list(OutgoingMail.objects.order_by("pk").values_list("to__username", "subject"))
    OutgoingMail.objects.all().delete()
    return rows
