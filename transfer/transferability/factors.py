"""The factors that are asked for, and the committee's care for them.

Until the committee changes something the list is the one that comes with the portal, which is in no table: reading
writes nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from governance import clock
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.rules import Standing
from governance.text.clean import slugify_de
from transfer.models import TransferFactor
from transfer.transferability import rules
from transfer.transferability.errors import ChangedFactor

FIRST = Path(__file__).with_name("factors.toml")
MOST = 10
# Any number; the key of the lock in PostgreSQL under which the list changes.
LOCK = 7_243_011
WORDS = ("name", "question", "fit_question", "advice", "weight")


@cache
def _first() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads(FIRST.read_text())["factor"])


def living() -> list[TransferFactor]:
    """What is asked today, in its order; unsaved rows while the list is the first one."""
    known = list(TransferFactor.objects.living())
    if known or TransferFactor.objects.exists():
        return known
    return _of_file()


def _of_file() -> list[TransferFactor]:
    return [TransferFactor(position=position, **row) for position, row in enumerate(_first(), start=1)]


def hold() -> list[TransferFactor]:
    """What is asked today, as rows, which nobody changes until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if not TransferFactor.objects.exists():
        TransferFactor.objects.bulk_create(_of_file())
    return list(TransferFactor.objects.living())


def find(factors: Sequence[TransferFactor], key: str) -> TransferFactor:
    """Raises WrongState when it is asked for no longer."""
    for factor in factors:
        if factor.key == key:
            return factor
    raise WrongState(_("Diesen Faktor gibt es nicht mehr. Jemand hat ihn inzwischen entfernt."))


@transaction.atomic
def add(*, standing: Standing, **words: Any) -> TransferFactor:
    """One more factor, at the end."""
    _require(standing)
    factors = hold()
    if len(factors) >= MOST:
        raise WrongState(_("Mehr als %d Fragen sind zu viele. Bitte entfernen Sie zuerst eine.") % MOST)
    position = max((factor.position for factor in factors), default=0) + 1
    made = TransferFactor.objects.create(key=_key(words["name"]), position=position, **words)
    record_event("add_factor", actor=standing.user, factor=made.pk)
    return made


def _key(name: str) -> str:
    base = slugify_de(name)[:50].strip("-")
    taken = set(TransferFactor.objects.filter(key__startswith=base).values_list("key", flat=True))
    free = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(key for key in free if key not in taken)


@transaction.atomic
def change(*, standing: Standing, key: str, opened_on: int, **words: Any) -> TransferFactor:
    """Other words: the next edition. Raises ChangedFactor, and WrongState when it was removed meanwhile."""
    _require(standing)
    old = find(hold(), key)
    if old.edition != opened_on:
        raise ChangedFactor(old)
    if all(getattr(old, name) == words[name] for name in WORDS):
        return old
    _end(old)
    made = TransferFactor.objects.create(key=key, edition=old.edition + 1, position=old.position, **words)
    record_event("change_factor", actor=standing.user, factor=made.pk)
    return made


@transaction.atomic
def remove(*, standing: Standing, key: str) -> None:
    """Ask for it no longer. Assessments that have an answer to it keep it."""
    _require(standing)
    old = find(hold(), key)
    if TransferFactor.objects.living().count() == 1:
        raise WrongState(_("Mindestens eine Frage muss bleiben."))
    _end(old)
    record_event("remove_factor", actor=standing.user, factor=old.pk)


def _end(factor: TransferFactor) -> None:
    factor.until = max(clock.now(), factor.since)
    factor.save(update_fields=["until"])


def _require(standing: Standing) -> None:
    if not rules.may_keep_factors(standing):
        raise NotAllowed
