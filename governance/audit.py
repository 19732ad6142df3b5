"""The one place that writes the audit trail."""

from __future__ import annotations

from typing import Any

from governance import clock
from governance.models import AuditEvent, Record, User, Version


def record_event(
    verb: str,
    *,
    actor: User | None,
    record: Record | None = None,
    version: Version | None = None,
    **data: Any,
) -> AuditEvent:
    """Append one event; `data` holds keys, numbers, states and hashes only."""
    return AuditEvent.objects.create(
        at=clock.now(), actor=actor, verb=verb, record=record, version=version, data=data
    )
