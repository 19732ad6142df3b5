"""The lists of upkeep: each with its name, what it is for, its rows, and the line it has in a spreadsheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import kinds, rules
from governance.addresses import absolute
from governance.models import CatalogueEntry, Tag
from governance.rules import Standing
from governance.upkeep import queries as governance
from governance.upkeep.scope import Scope
from portal.upkeep import queries
from portal.upkeep.models import LikePair, PageLink

WEEKS = (4, 8, 13, 26)
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Asked:
    """Who looks, at whose records, and how far ahead."""

    standing: Standing
    scope: Scope
    weeks: int = WEEKS[0]


@dataclass(frozen=True)
class UpkeepList:
    """One list. `rows` makes of what `query` found what the template shows, with at most one query more."""

    key: str
    title: str | Promise
    # For the way from one list to the next.
    short: str | Promise
    explanation: str | Promise
    # Said when there is nothing in it.
    empty: str | Promise
    template: str
    query: Callable[[Asked], QuerySet[Any, Any]]
    rows: Callable[[Asked, Sequence[Any]], Rows]
    columns: Sequence[str | Promise]
    line: Callable[[dict[str, Any]], Sequence[str]]


def _day(day: dt.date | dt.datetime | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


# -- records ---------------------------------------------------------------------------------------


def _page_of(entry: CatalogueEntry, name: str) -> str:
    return kinds.get(entry.kind).url(name, entry.number, entry.slug)


def _records(page: str, action: Callable[[], str], lead_only: bool) -> Callable[[Asked, Sequence[Any]], Rows]:
    """Rows of records; those who can do the next step get the way to it."""

    def rows(asked: Asked, entries: Sequence[Any]) -> Rows:
        def may(entry: CatalogueEntry) -> bool:
            teams = asked.standing.led_team_ids if lead_only else asked.standing.team_ids
            return entry.owner_id in teams

        return [
            {"entry": entry, "href": _page_of(entry, page) if may(entry) else "", "action": action()}
            for entry in entries
        ]

    return rows


def _record_line(row: dict[str, Any]) -> Sequence[str]:
    entry = row["entry"]
    return [
        *_named(entry),
        _day(entry.check_up_on),
        _day(entry.confirmed_at),
        absolute(entry.url),
    ]


def _named(entry: CatalogueEntry) -> list[str]:
    return [entry.short_number, entry.title, entry.owner_name, entry.department_name]


_NAMED = (
    gettext_lazy("Kurznummer"),
    gettext_lazy("Titel"),
    gettext_lazy("Team"),
    gettext_lazy("Bereich"),
)
_OF_RECORDS = (
    *_NAMED,
    gettext_lazy("Wiedervorlage"),
    gettext_lazy("zuletzt bestätigt"),
    gettext_lazy("Adresse"),
)

# -- links -----------------------------------------------------------------------------------------


def _inside_rows(asked: Asked, links: Sequence[PageLink]) -> Rows:
    return [
        {
            "entry": link.entry,
            "words": link.words,
            "address": link.address if link.fault != PageLink.Fault.PICTURE else "",
            "reason": _reason(link),
            "href": _page_of(link.entry, "edit") if rules.may_edit(asked.standing, link.entry) else "",
            "action": _("Text überarbeiten"),
        }
        for link in links
    ]


def _reason(link: PageLink) -> str:
    """Why a link leads nowhere. Of what was never published nothing is said but that readers do not get there."""
    target = link.target
    if target is None or link.fault:
        return link.get_fault_display()
    if target.state != target.State.ARCHIVED or not vars(link)["was_published"]:
        return str(PageLink.Fault.RECORD.label)
    if target.successor is not None and vars(link)["names_successor"]:
        return _("Archiviert; stattdessen gilt %(successor)s") % {"successor": target.successor.short_number}
    return _("Archiviert")


def _inside_line(row: dict[str, Any]) -> Sequence[str]:
    return [*_named(row["entry"]), row["words"], row["address"], row["reason"]]


def _outside_rows(asked: Asked, links: Sequence[dict[str, Any]]) -> Rows:
    naming = queries.naming(asked.scope, [link["key"] for link in links])
    return [link | {"entries": naming.get(link["key"], [])} for link in links]


def _outside_line(row: dict[str, Any]) -> Sequence[str]:
    numbers = ", ".join(entry.short_number for entry in row["entries"])
    state = _("nicht erreicht") if row["is_reached"] is False else ""
    return [row["address"], row["words"], numbers, _day(row["last"]), state]


# -- words and pairs -------------------------------------------------------------------------------


def _tags(asked: Asked) -> QuerySet[Tag]:
    return governance.new_tags(asked.scope).annotate(entries=Count("tagged_entries", distinct=True))


def _tag_rows(asked: Asked, tags: Sequence[Tag]) -> Rows:
    return [{"tag": tag, "may_keep": rules.may_keep_vocabulary(asked.standing)} for tag in tags]


def _tag_line(row: dict[str, Any]) -> Sequence[str]:
    return [row["tag"].name, _day(row["tag"].created_at), str(row["tag"].entries)]


def _pair_rows(asked: Asked, pairs: Sequence[LikePair]) -> Rows:
    return [{"pair": pair, "sides": (pair.first, pair.second)} for pair in pairs]


def _pair_line(row: dict[str, Any]) -> Sequence[str]:
    return [*_named(row["pair"].first), *_named(row["pair"].second)]


LISTS: Sequence[UpkeepList] = (
    UpkeepList(
        "due",
        gettext_lazy("Wiedervorlage steht an"),
        gettext_lazy("Steht an"),
        gettext_lazy("Einträge, bei denen bald die Frage ansteht: Gilt das noch? Ein Klick der Teamleitung genügt."),
        gettext_lazy("In dieser Zeit steht keine Wiedervorlage an."),
        "portal/upkeep/_records.html",
        lambda asked: governance.due(asked.scope, asked.weeks),
        _records("check_up", lambda: _("Gilt das noch?"), lead_only=False),
        _OF_RECORDS,
        _record_line,
    ),
    UpkeepList(
        "overdue",
        gettext_lazy("Wiedervorlage offen"),
        gettext_lazy("Offen"),
        gettext_lazy("Der Tag ist vorbei, ohne dass jemand dazu gekommen ist. Lesende sehen einen ruhigen Hinweis."),
        gettext_lazy("Alle Einträge sind bestätigt."),
        "portal/upkeep/_records.html",
        lambda asked: governance.overdue(asked.scope),
        _records("check_up", lambda: _("Gilt das noch?"), lead_only=False),
        _OF_RECORDS,
        _record_line,
    ),
    UpkeepList(
        "contacts",
        gettext_lazy("Ohne Ansprechperson"),
        gettext_lazy("Ansprechperson"),
        gettext_lazy(
            "Wer hier genannt war, arbeitet nicht mehr im Team oder im Haus. Die Teamleitung nennt jemand anderen."
        ),
        gettext_lazy("Zu jedem Eintrag gibt es jemanden, den man fragen kann."),
        "portal/upkeep/_records.html",
        lambda asked: governance.without_contact(asked.scope),
        _records("administration", lambda: _("Ansprechperson nennen"), lead_only=True),
        _OF_RECORDS,
        _record_line,
    ),
    UpkeepList(
        "inside",
        gettext_lazy("Links im Portal, die nicht ankommen"),
        gettext_lazy("Links im Portal"),
        gettext_lazy(
            "Der Text verweist auf einen Eintrag, den Lesende nicht mehr erreichen, oder auf etwas, das es nicht gibt."
        ),
        gettext_lazy("Alle Links innerhalb des Portals kommen an."),
        "portal/upkeep/_inside.html",
        lambda asked: queries.broken_inside(asked.scope),
        _inside_rows,
        (*_NAMED, gettext_lazy("Linktext"), gettext_lazy("Link"), gettext_lazy("Was ist")),
        _inside_line,
    ),
    UpkeepList(
        "outside",
        gettext_lazy("Links nach außen, lange nicht angesehen"),
        gettext_lazy("Links nach außen"),
        gettext_lazy(
            "Seit einem Jahr hat niemand nachgesehen, oder der Link kam nicht an. Bitte öffnen und sagen, wie es ist."
        ),
        gettext_lazy("Alle Links nach außen wurden im letzten Jahr angesehen."),
        "portal/upkeep/_outside.html",
        lambda asked: queries.unchecked_outside(asked.scope),
        _outside_rows,
        (
            *(gettext_lazy("Link"), gettext_lazy("Linktext"), gettext_lazy("steht in")),
            *(gettext_lazy("zuletzt angesehen"), gettext_lazy("Was ist")),
        ),
        _outside_line,
    ),
    UpkeepList(
        "tags",
        gettext_lazy("Neue Schlagwörter"),
        gettext_lazy("Schlagwörter"),
        gettext_lazy(
            "Wörter, die das Gremium noch nicht durchgesehen hat. Bestätigen, anders schreiben oder zusammenführen."
        ),
        gettext_lazy("Alle Schlagwörter sind durchgesehen."),
        "portal/upkeep/_tags.html",
        _tags,
        _tag_rows,
        (gettext_lazy("Schlagwort"), gettext_lazy("seit"), gettext_lazy("Veröffentlichte Einträge")),
        _tag_line,
    ),
    UpkeepList(
        "alike",
        gettext_lazy("Sehr ähnliche Einträge"),
        gettext_lazy("Ähnlich"),
        gettext_lazy(
            "Zwei Einträge sagen fast dasselbe. Vielleicht wird einer daraus, oder sie verweisen aufeinander."
        ),
        gettext_lazy("Kein Eintrag gleicht einem anderen sehr."),
        "portal/upkeep/_alike.html",
        lambda asked: queries.near_duplicates(asked.scope),
        _pair_rows,
        (*_NAMED, *(gettext_lazy("ähnlich: Kurznummer"), *_NAMED[1:])),
        _pair_line,
    ),
)
BY_KEY = {one.key: one for one in LISTS}


def counts(asked: Asked, lists: Iterable[UpkeepList] = LISTS) -> dict[str, int]:
    """How much stands in each list, in one statement."""
    return queries.count_all({one.key: one.query(asked) for one in lists})
