"""What a team has that another one can get, as far as whoever hands over may know it: counts, names of what all staff
see anyway, and what cannot go with the reason. Apps that hand something over register what they show of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance import kinds
from governance.models import CatalogueEntry, DraftBuffer, Membership, Publication, Record, Review, Team

# So many are named on the page.
SHOWN = 10


@dataclass(frozen=True)
class Named:
    label: str
    url: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Part:
    """One sort of things. `keys` are those that go: what is shown and what is done must be the same."""

    key: str
    label: str
    keys: Collection[int] = ()
    named: Sequence[Named] = ()
    note: str = ""
    # What stays where it is, each with why.
    staying: Sequence[Named] = ()
    # Records that the hand-over of this part changes, beside the team's own.
    locks: Collection[int] = ()

    @property
    def going(self) -> int:
        return len(self.keys)

    @property
    def more(self) -> int:
        """How many go that are not named."""
        return len(self.keys) - len(self.named) if self.named else 0

    @property
    def is_empty(self) -> bool:
        return not (self.keys or self.staying)


Finder = Callable[[Team, Team], Part]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """`finder` gives what of an app goes from one team to another."""
    _finders.append(finder)


@dataclass(frozen=True)
class Preview:
    team: Team
    to: Team
    parts: Sequence[Part] = field(default_factory=list)

    @property
    def shown(self) -> list[Part]:
        return [part for part in self.parts if not part.is_empty]

    @property
    def staying(self) -> list[Named]:
        return [one for part in self.parts for one in part.staying]

    @property
    def is_empty(self) -> bool:
        return not any(part.keys for part in self.parts)

    @property
    def locks(self) -> set[int]:
        return {key for part in self.parts for key in part.locks}

    @property
    def seen(self) -> str:
        """The same for the same preview, by which the step knows that nothing has changed since."""
        told: list[Any] = [self.team.pk, self.to.pk]
        told += [(part.key, sorted(part.keys), [one.label for one in part.staying]) for part in self.parts]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]

    @property
    def counts(self) -> dict[str, int]:
        """For the audit trail."""
        return {part.key: part.going for part in self.parts if part.keys}


def preview(team: Team, to: Team) -> Preview:
    """What would happen. As many statements however much there is."""
    own = (_published, _unpublished, _archived, _reviews, _contacts, _buffers)
    return Preview(team, to, [finder(team, to) for finder in (*own, *_finders)])


def _published(team: Team, to: Team) -> Part:
    entries = CatalogueEntry.objects.filter(record__owner=team).order_by("kind", "number")
    named = [
        Named(str(entry), entry.url)
        for entry in entries.only("short_number", "title", "kind", "number", "slug")[:SHOWN]
    ]
    return Part("published", _("Veröffentlichte Einträge"), list(entries.values_list("pk", flat=True)), named)


def _unpublished(team: Team, to: Team) -> Part:
    """As counts by kind, whoever looks: titles of texts that were never approved are their team's."""
    open_ones = Publication.objects.filter(record=OuterRef("pk"), until_at=None)
    found = Record.objects.filter(~Exists(open_ones), owner=team).exclude(state=Record.State.ARCHIVED)
    rows = list(found.order_by("pk").values_list("pk", "kind"))
    counted = ", ".join(
        f"{number} {kind.label_plural if number != 1 else kind.label}"
        for kind in kinds.every()
        if (number := sum(row[1] == kind.key for row in rows))
    )
    note = _("%s. Die Titel sieht nur das Team.") % counted if rows else ""
    return Part("unpublished", _("Noch nicht veröffentlichte Einträge"), [pk for pk, _kind in rows], note=note)


def _archived(team: Team, to: Team) -> Part:
    found = Record.objects.filter(owner=team, state=Record.State.ARCHIVED)
    return Part("archived", _("Archivierte Einträge"), list(found.values_list("pk", flat=True)))


def _reviews(team: Team, to: Team) -> Part:
    found = Review.objects.filter(record__owner=team, status=Review.Status.OPEN)
    note = _("Sie bleiben beim Gremium, mit Frist und Zuständigkeit; zurückziehen kann sie dann das neue Team.")
    return Part("reviews", _("Offene Vorlagen zur Freigabe"), list(found.values_list("pk", flat=True)), note=note)


def _contacts(team: Team, to: Team) -> Part:
    """Contacts who are not in the new team: its lead takes over."""
    stays = Membership.objects.current().filter(team=to).values("user_id")
    found = list(Record.objects.filter(owner=team).exclude(contact__in=stays).values_list("pk", flat=True))
    note = _("Bisher genannt ist, wer dem neuen Team nicht angehört. Künftig antwortet dessen Leitung.")
    has_somebody = Membership.objects.current().filter(team=to).exists()
    if has_somebody or not found:
        return Part("contacts", _("Ansprechpersonen, die wechseln"), found, note=note)
    reason = _("Das neue Team hat noch kein Mitglied. Die bisherigen Ansprechpersonen bleiben genannt.")
    number = ngettext("Ansprechperson von %d Eintrag", "Ansprechpersonen von %d Einträgen", len(found)) % len(found)
    return Part("contacts", _("Ansprechpersonen"), staying=[Named(number, reason=reason)])


def _buffers(team: Team, to: Team) -> Part:
    """Work in progress is its writer's: it stays, and waits for the writer to be in the new team."""
    stays = Membership.objects.current().filter(team=to).values("user_id")
    rows = list(DraftBuffer.objects.filter(record__owner=team).exclude(user__in=stays).values_list("pk", "user_id"))
    if not rows:
        return Part("buffers", "")
    number = ngettext("%d Zwischenstand", "%d Zwischenstände", len(rows)) % len(rows)
    persons = len({user for _pk, user in rows})
    label = ngettext("%(what)s von %(n)d Person", "%(what)s von %(n)d Personen", persons) % {
        "what": number,
        "n": persons,
    }
    reason = _(
        "Was nicht gespeichert ist, gehört der schreibenden Person allein. Es bleibt erhalten und ist wieder zu sehen, "
        "sobald sie dem neuen Team angehört."
    )
    return Part("buffers", _("Zwischenstände"), staying=[Named(label, reason=reason)])
