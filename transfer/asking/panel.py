"""What others asked of a record and whom it has helped: the block on its page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from governance.models import CatalogueEntry
from governance.panels import Panel
from governance.rules import Standing, may_edit
from transfer.asking import rules

# A department is named from so many clicks on: of fewer one could guess who it was.
FEWEST = 3
_SQL = """
SELECT json_build_object(
    'questions', (
        SELECT coalesce(json_agg(json_build_object(
            'pk', question.id, 'question', question.shown_question, 'answer', question.shown_answer,
            'at', question.published_at) ORDER BY question.published_at, question.id), '[]'::json)
        FROM transfer_question question
        WHERE question.record_id = entry.record_id AND question.published_at IS NOT NULL),
    'open', (SELECT count(*) FROM transfer_question WHERE record_id = entry.record_id AND state = 'open'),
    'helped', (
        SELECT coalesce(json_agg(json_build_object('department', department.name, 'count', helped.count)
            ORDER BY helped.count DESC, department.name), '[]'::json)
        FROM transfer_helped helped LEFT JOIN governance_department department ON department.id = helped.department_id
        WHERE helped.record_id = entry.record_id))
"""


@dataclass(frozen=True)
class Published:
    """One question with its answer, as the team worded them."""

    pk: int
    question: str
    answer: str
    at: datetime


@dataclass(frozen=True)
class Asking:
    questions: Sequence[Published]
    # How often it has helped; in how many departments; those that may be named, with their counts.
    helped: int
    departments: int
    named: Sequence[tuple[str, int]]
    may_say_helped: bool
    # Of the own team: how many wait for an answer.
    is_team: bool
    open: int


def shown(standing: Standing, entry: CatalogueEntry, value: Any) -> Asking:
    read: Mapping[str, Any] = json.loads(value) if isinstance(value, str) else value
    counts = [(row["department"], row["count"]) for row in read["helped"]]
    return Asking(
        questions=[
            Published(row["pk"], row["question"], row["answer"], datetime.fromisoformat(row["at"]))
            for row in read["questions"]
        ],
        helped=sum(count for _department, count in counts),
        departments=len(counts),
        named=[(department, count) for department, count in counts if department and count >= FEWEST],
        may_say_helped=rules.may_say_helped(standing, entry),
        is_team=may_edit(standing, entry),
        open=read["open"],
    )


PANEL = Panel("asking", _SQL, "transfer/asking/_panel.html", shown)
