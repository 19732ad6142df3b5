"""Founding, changing and ending a format; what happens to it when its team hands over."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from governance import clock
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.handover.parts import SHOWN, Named, Part
from governance.models import Team
from governance.rules import Standing
from governance.text.clean import slugify_de
from transfer import rules
from transfer.errors import Changed
from transfer.models import AgendaItem, ExchangeFormat

_SLUG_LENGTH = 70


@transaction.atomic
def found(*, standing: Standing, team: int, **values: Any) -> ExchangeFormat:
    """Enter a format of a team, one that is there already or a new one."""
    owner = Team.objects.select_for_update(no_key=True).get(pk=team)
    if not rules.may_organise_for(standing, owner):
        raise NotAllowed
    made = ExchangeFormat.objects.create(team=owner, slug=_slug(values["name"]), created_at=clock.now(), **values)
    record_event("found_format", actor=standing.user, format=made.pk, team=owner.pk)
    return made


def _slug(name: str) -> str:
    """An address that no format has."""
    base = slugify_de(name)[:_SLUG_LENGTH].strip("-")
    taken = set(ExchangeFormat.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    free = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in free if slug not in taken)


@transaction.atomic
def change(
    *, standing: Standing, exchange_format: ExchangeFormat, opened_on: int, team: int, **values: Any
) -> ExchangeFormat:
    """Other words for a format, or another of the person's teams. Raises Changed."""
    locked = lock(exchange_format)
    if not rules.may_organise(standing, locked):
        raise NotAllowed
    if locked.version != opened_on:
        raise Changed(locked)
    if team != locked.team_id and not rules.may_organise_for(standing, Team(pk=team)):
        raise NotAllowed
    becomes = values.get("kind", locked.kind)
    if (becomes == ExchangeFormat.Kind.NEWSLETTER) != locked.is_newsletter:
        raise WrongState(_("Ein Newsletter hat Ausgaben, alles andere hat Termine: Diese Art lässt sich nicht ändern."))
    locked.team_id = team
    for name, value in values.items():
        setattr(locked, name, value)
    _save(locked)
    record_event("change_format", actor=standing.user, format=locked.pk, change=locked.version)
    return locked


@transaction.atomic
def end(*, standing: Standing, exchange_format: ExchangeFormat) -> ExchangeFormat:
    """From today on it takes nothing any more; what was in it stays to be read."""
    locked = lock(exchange_format)
    if not rules.may_organise(standing, locked):
        raise NotAllowed
    if locked.has_ended:
        raise WrongState(_("Dieses Format ist bereits beendet."))
    coming = locked.occurrences.coming().count()
    if coming:
        raise WrongState(_("Es stehen noch Termine an (%d). Bitte sagen Sie sie zuerst ab.") % coming)
    if locked.issues.filter(released_at=None).exists():
        raise WrongState(
            _("Eine Ausgabe ist noch in Vorbereitung. Bitte geben Sie sie zuerst frei oder verwerfen Sie sie.")
        )
    locked.ended_on = clock.today()
    _save(locked)
    record_event("end_format", actor=standing.user, format=locked.pk)
    return locked


def lock(exchange_format: ExchangeFormat) -> ExchangeFormat:
    """The format, locked until the end of the transaction and read anew."""
    return ExchangeFormat.objects.select_for_update(of=("self",)).select_related("team").get(pk=exchange_format.pk)


def _save(exchange_format: ExchangeFormat) -> None:
    exchange_format.version += 1
    exchange_format.save()


# -- when a team hands over or ends ----------------------------------------------------------------


def part(team: Team, to: Team) -> Part:
    """For the preview of a hand-over; all staff see formats."""
    formats = list(ExchangeFormat.objects.filter(team=team).order_by("ended_on", "name"))
    named = [Named(one.name, one.get_absolute_url()) for one in formats[:SHOWN]]
    note = _("Mit allen Terminen, Tagesordnungen und Ausgaben.")
    return Part("formats", _("Austauschformate und Newsletter"), [one.pk for one in formats], named, note=note)


def hand_over(sender: Any, team: Team, to: Team, standing: Standing, **kwargs: Any) -> None:
    """Formats go with the records, and so does the right to change what the team has brought to those of others."""
    for one in ExchangeFormat.objects.select_for_update().filter(team=team).order_by("pk"):
        one.team = to
        _save(one)
        record_event("hand_over_format", actor=standing.user, format=one.pk, before=team.pk, to=to.pk)
    AgendaItem.objects.filter(brought_by=team).update(brought_by=to)


def keep_from_dissolving(sender: Any, team: Team, **kwargs: Any) -> None:
    """A team that organises something hands over first."""
    if ExchangeFormat.objects.living().filter(team=team).exists():
        raise WrongState(_("Das Team organisiert noch Austauschformate. Bitte zuerst übergeben."))
