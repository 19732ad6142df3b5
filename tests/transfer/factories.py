"""Exchange formats for tests."""

from __future__ import annotations

from typing import Any

from governance.models import Team
from tests.factories import Cast
from transfer.models import ExchangeFormat


def make_format(cast: Cast, *, team: Team | None = None, **changes: Any) -> ExchangeFormat:
    """A jour fixe of the cast's team, or what `changes` says."""
    values: dict[str, Any] = {
        "name": "Jour fixe Steueramt",
        "kind": ExchangeFormat.Kind.JOUR_FIXE,
        "purpose": "Was gerade anders läuft, hören alle am selben Tag.",
        "audience": "Beschäftigte des Steueramts",
        "rhythm": "jeden ersten Dienstag",
        "minutes": 60,
        "place": "Raum 214",
        "since": "2021-03-02",
    }
    values |= changes
    values.setdefault("slug", f"format-{ExchangeFormat.objects.count() + 1}")
    return ExchangeFormat.objects.create(team=team or cast.team, **values)
