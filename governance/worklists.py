"""Work lists: what waits for a person. Computed from the records; there is no table of tasks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import Promise

from governance.rules import Standing


@dataclass(frozen=True)
class WorkList:
    """One list under "Meine Aufgaben".

    `query` answers the rows for a person (None when the list is not for them); `row` turns one object
    into what the page shows: title, url, detail, since.
    """

    key: str
    title: str | Promise
    explanation: str | Promise
    query: Callable[[Standing], QuerySet[Any] | None]
    row: Callable[[Any], dict[str, Any]]
    # Lists of a higher rank stand further down, whichever app registers first.
    rank: int = 0
    # What a person has begun, where nobody else waits: on the start page it comes last.
    is_own_work: bool = False


_lists: list[WorkList] = []


def register(work_list: WorkList) -> None:
    if any(other.key == work_list.key for other in _lists):
        raise ValueError(f"work list {work_list.key!r} is registered already")
    _lists.append(work_list)
    _lists.sort(key=lambda other: other.rank)


def lists_for(standing: Standing) -> list[tuple[WorkList, QuerySet[Any]]]:
    """The lists that concern this person, by rank, then in the order of registration."""
    pairs = ((work_list, work_list.query(standing)) for work_list in _lists)
    return [(work_list, query) for work_list, query in pairs if query is not None]


def counts(standing: Standing) -> dict[str, int]:
    """How much waits for this person in each list that concerns them, by key, in one query for all lists."""
    return counts_and(standing, None)[0]


def counts_and(standing: Standing, other: tuple[str, list[Any]] | None) -> tuple[dict[str, int], list[Any] | None]:
    """The counts, and the values of `other`, a query of one column with its parameters, in the same statement.

    Without any list nothing is asked, and of `other` nothing is known: None.
    """
    keys: list[str] = []
    selects: list[str] = []
    params: list[Any] = []
    for work_list, query in lists_for(standing):
        sql, values = query.order_by().values("pk").query.sql_with_params()
        keys.append(work_list.key)
        selects.append(f"(SELECT count(*) FROM ({sql}) AS rows)")  # noqa: S608 - Django's own SQL
        params += values
    if not selects:
        return {}, None
    if other is not None:
        selects.append(f"ARRAY({other[0]})")
        params += other[1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(selects), params)
        row = cursor.fetchone()
    return dict(zip(keys, row, strict=False)), row[-1] if other is not None else None
