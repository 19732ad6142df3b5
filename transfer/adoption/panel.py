"""Who uses a record: the block on its page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.models import CatalogueEntry
from governance.panels import Panel
from governance.rules import Standing
from transfer.adoption import rules
from transfer.models import Adoption
from transfer.transferability.rules import can_be_assessed, may_assess

State = Adoption.State
# Characters of a text; the whole stands on the adoption's own page.
SHOWN = 400
_SQL = f"""
SELECT json_build_object(
    'adoptions', (
        SELECT coalesce(json_agg(json_build_object(
            'pk', adoption.id, 'department', department.name, 'department_id', department.id,
            'state', adoption.state, 'since', adoption.since, 'adapted', left(adoption.adapted, {SHOWN}),
            'reason', left(adoption.reason, {SHOWN})) ORDER BY adoption.since, adoption.id), '[]'::json)
        FROM transfer_adoption adoption JOIN governance_department department ON department.id = adoption.department_id
        WHERE adoption.record_id = entry.record_id AND adoption.department_id <> entry.department_id),
    'assessed', EXISTS (SELECT FROM transfer_assessment WHERE record_id = entry.record_id)
        OR EXISTS (SELECT FROM transfer_imported WHERE record_id = entry.record_id AND assessment IS NOT NULL))
"""  # noqa: S608 - a number of our own


@dataclass(frozen=True)
class Line:
    """One department that uses it, is on its way, or has left it."""

    pk: int
    department: str
    state: str
    label: str
    since: date
    adapted: str
    reason: str


@dataclass(frozen=True)
class Users:
    in_use: Sequence[Line]
    coming: Sequence[Line]
    dropped: Sequence[Line]
    # The adoption of the reader's own department.
    mine: Line | None
    may_click: bool
    may_say_in_use: bool
    can_be_assessed: bool
    is_assessed: bool
    may_assess: bool

    @property
    def is_empty(self) -> bool:
        return not (self.in_use or self.coming or self.dropped)


def shown(standing: Standing, entry: CatalogueEntry, value: Any) -> Users:
    read: Mapping[str, Any] = json.loads(value) if isinstance(value, str) else value
    rows = [(row["department_id"], _line(row)) for row in read["adoptions"]]
    lines = [line for _department, line in rows]
    mine = next((line for department, line in rows if department == standing.department_id), None)
    is_other = rules.may_show_interest(standing, entry, standing.department_id) or (
        standing.department_id is None and standing.is_change_team_member
    )
    return Users(
        in_use=[line for line in lines if line.state == State.DONE],
        coming=[line for line in lines if line.state in (State.INTERESTED, State.PLANNED, State.UNDER_WAY)],
        dropped=[line for line in lines if line.state == State.DROPPED],
        mine=mine,
        may_click=is_other and (mine is None or mine.state == State.DROPPED),
        may_say_in_use=is_other and standing.is_change_team_member and (mine is None or mine.state != State.DONE),
        can_be_assessed=can_be_assessed(entry),
        is_assessed=read["assessed"],
        may_assess=may_assess(standing, entry),
    )


def _line(row: Mapping[str, Any]) -> Line:
    return Line(
        pk=row["pk"],
        department=row["department"],
        state=row["state"],
        label=str(dict(State.choices)[row["state"]]),
        since=date.fromisoformat(row["since"]),
        adapted=row["adapted"],
        reason=row["reason"],
    )


PANEL = Panel("adoption", _SQL, "transfer/adoption/_panel.html", shown, anchor="nachnutzen", label=_("Nachnutzen"))
