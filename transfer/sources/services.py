"""The committee's list of external sources, and learnings begun from what was found there."""

from __future__ import annotations

import tomllib
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from governance import clock, versions
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.models import Team, Version
from governance.rules import Standing
from learnings.models import KIND
from transfer.errors import Changed
from transfer.models import ExternalSource
from transfer.sources import rules

BEGINNING = settings.BASE_DIR / "fixtures" / "external_sources.toml"


@transaction.atomic
def add(*, standing: Standing, **values: Any) -> ExternalSource:
    """Enter a source. Raises NotAllowed, and WrongState when there is one of this name."""
    if not rules.may_keep(standing):
        raise NotAllowed
    source = ExternalSource(created_at=clock.now(), **values)
    _save(source)
    record_event("add_source", actor=standing.user, source=source.pk)
    return source


@transaction.atomic
def change(*, standing: Standing, source: ExternalSource, opened_on: int, **values: Any) -> ExternalSource:
    """Other words for a source. Raises NotAllowed, Changed, and WrongState when it is gone."""
    source = _lock(standing, source)
    if source.version != opened_on:
        raise Changed(source)
    for name, value in values.items():
        setattr(source, name, value)
    source.version += 1
    _save(source)
    record_event("change_source", actor=standing.user, source=source.pk)
    return source


@transaction.atomic
def remove(*, standing: Standing, source: ExternalSource) -> None:
    """Take a source off the list; records that name it are left as they are."""
    source = _lock(standing, source)
    source.removed_at = clock.now()
    # Its name is free again.
    source.name = f"{source.name[:100]} ({source.pk})"
    source.save()
    record_event("remove_source", actor=standing.user, source=source.pk)


def _lock(standing: Standing, source: ExternalSource) -> ExternalSource:
    if not rules.may_keep(standing):
        raise NotAllowed
    source = ExternalSource.objects.select_for_update().get(pk=source.pk)
    if source.removed_at is not None:
        raise WrongState(_("Diese Quelle wurde inzwischen entfernt."))
    return source


def _save(source: ExternalSource) -> None:
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError as error:
        raise WrongState(_("Eine Quelle mit diesem Namen gibt es schon.")) from error


@transaction.atomic
def take_beginning(*, standing: Standing) -> int:
    """Enter the sources that come with the portal, unless one of the name is or was there; returns how many."""
    rows = tomllib.loads(BEGINNING.read_text())["source"]
    known = set(ExternalSource.objects.values_list("name", flat=True))
    new = [row for row in rows if row["name"] not in known]
    for place, row in enumerate(new, start=1):
        add(standing=standing, **{"position": place * 10, **row})
    return len(new)


def write_from_find(
    *, standing: Standing, source: ExternalSource, team: int, title: str, url: str, found: str, answer: str
) -> Version:
    """Begin a learning with a find: the source stands among its links, with the day on which it was looked at."""
    if not rules.may_write_from_find(standing):
        raise NotAllowed
    owner = Team.objects.filter(pk=team).first()
    if owner is None:
        raise ValidationError(_("Dieses Team gibt es nicht."))
    link = {"title": found, "url": url, "repository": source.name, "retrieved_on": f"{clock.today():%Y-%m-%d}"}
    values = {"title": title, "answer": answer, "links": [link]}
    note = _("Begonnen mit einem Fund in: %(source)s") % {"source": source.name}
    return versions.create(kind=KIND, owner=owner, standing=standing, values=values, note=note)
