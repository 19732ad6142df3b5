"""What the committee does with groups of synonyms: each step checked, audited, and in force with the next search."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from governance import clock, rules
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.models import User
from governance.rules import Standing
from portal.language.analysis import NO_OWN_WORDS
from portal.search.synonyms import key_of
from portal.synonyms import table
from portal.synonyms.models import MOST_WORDS, SynonymGroup
from portal.synonyms.table import Row


class Changed(WrongState):
    """Somebody else changed the group since the form was opened; `current` is what it is now."""

    def __init__(self, current: SynonymGroup) -> None:
        self.current = current
        super().__init__(
            _(
                "Diese Gruppe wurde inzwischen geändert. Ihre Eingaben stehen noch da; darunter steht der jetzige "
                "Stand. Speichern Sie noch einmal, wenn Ihre Fassung gelten soll."
            )
        )


class Removed(WrongState):
    """Somebody else removed the group since the form was opened."""

    def __init__(self) -> None:
        super().__init__(_("Diese Gruppe wurde inzwischen entfernt. Sie können sie neu anlegen."))


def check(words: Sequence[str], leads_to: Sequence[str]) -> None:
    """Raises a ValidationError by field, unless the words make a group."""
    if not words:
        raise ValidationError({"words": _("Bitte geben Sie mindestens ein Wort ein.")})
    for field, typed in (("words", words), ("leads_to", leads_to)):
        if len(typed) > MOST_WORDS:
            raise ValidationError({field: _("Eine Gruppe fasst höchstens %d Wörter.") % MOST_WORDS})
        for word in typed:
            if not key_of(word, NO_OWN_WORDS):
                raise ValidationError({field: _("Nach „%s“ kann die Suche nicht suchen.") % word})
    if not leads_to and len({key_of(word, NO_OWN_WORDS) for word in words}) < 2:
        raise ValidationError(
            {"words": _("Bitte geben Sie zwei verschiedene Wörter ein. Beugungen findet die Suche schon selbst.")}
        )
    if {key_of(word, NO_OWN_WORDS) for word in words} & {key_of(word, NO_OWN_WORDS) for word in leads_to}:
        raise ValidationError({"leads_to": _("Ein Wort kann nicht zu sich selbst führen.")})


@transaction.atomic
def add(*, standing: Standing, words: Sequence[str], leads_to: Sequence[str] = (), note: str = "") -> SynonymGroup:
    """A new group; two-way unless it leads to other words."""
    _require(standing)
    return _add(standing.user, Row(words, leads_to, note))


@transaction.atomic
def change(
    *,
    standing: Standing,
    group: SynonymGroup,
    opened_on: int,
    words: Sequence[str],
    leads_to: Sequence[str] = (),
    note: str = "",
) -> SynonymGroup:
    """Other words for a group; raises Changed or Removed when it is not the one that the form was opened on."""
    _require(standing)
    check(words, leads_to)
    group = _locked(group, opened_on)
    group.words, group.leads_to, group.note = list(words), list(leads_to), note
    _save(group, standing)
    record_event("change_synonyms", actor=standing.user, synonyms=group.pk, change=group.version)
    return group


@transaction.atomic
def remove(*, standing: Standing, group: SynonymGroup, opened_on: int) -> None:
    """Out of force; the row stays for the audit trail."""
    _require(standing)
    group = _locked(group, opened_on)
    group.removed_at = clock.now()
    _save(group, standing)
    record_event("remove_synonyms", actor=standing.user, synonyms=group.pk, change=group.version)


@transaction.atomic
def take_over(*, standing: Standing, rows: Sequence[Row]) -> int:
    """Add the groups of a list that are not there yet, all or none; returns how many were new."""
    _require(standing)
    return _add_all(standing.user, rows)


@transaction.atomic
def load_file(path: Path) -> int:
    """Add the groups of a file at the machine that are not there yet; returns how many were new."""
    return _add_all(None, table.read(path.read_bytes()))


def _require(standing: Standing) -> None:
    if not rules.may_keep_vocabulary(standing):
        raise NotAllowed


def _add_all(user: User | None, rows: Sequence[Row]) -> int:
    known = {_sense(group.words, group.leads_to) for group in SynonymGroup.in_force.all()}
    new = 0
    for number, row in enumerate(rows, start=1):
        if _sense(row.words, row.leads_to) in known:
            continue
        try:
            _add(user, row)
        except ValidationError as error:
            told = {"number": number, "words": ", ".join(row.words), "reason": " ".join(error.messages)}
            raise ValidationError(_("Gruppe %(number)d (%(words)s): %(reason)s") % told) from error
        known.add(_sense(row.words, row.leads_to))
        new += 1
    return new


def _sense(words: Sequence[str], leads_to: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(map(str.casefold, words)), frozenset(map(str.casefold, leads_to))


def _add(user: User | None, row: Row) -> SynonymGroup:
    check(row.words, row.leads_to)
    group = SynonymGroup.objects.create(
        words=list(row.words), leads_to=list(row.leads_to), note=row.note, created_by=user, changed_by=user
    )
    record_event("add_synonyms", actor=user, synonyms=group.pk, change=group.version)
    return group


def _locked(group: SynonymGroup, opened_on: int) -> SynonymGroup:
    held = SynonymGroup.objects.select_for_update().get(pk=group.pk)
    if held.removed_at:
        raise Removed
    if held.version != opened_on:
        raise Changed(held)
    return held


def _save(group: SynonymGroup, standing: Standing) -> None:
    group.version += 1
    group.changed_by, group.changed_at = standing.user, clock.now()
    group.save()
