"""Published records with what is told of them: for newsletter, intranet and cards. Reads what is published alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from governance import kinds, short_texts, versions
from governance import queries as records
from governance.addresses import absolute
from governance.kinds import Kind
from governance.models import CatalogueEntry
from governance.rules import Standing
from governance.short_texts import ShortTexts
from processmodels.models import PublishedProcess


@dataclass(frozen=True)
class Told:
    """A published record and its short texts."""

    entry: CatalogueEntry
    kind: Kind
    texts: ShortTexts

    @property
    def short_number(self) -> str:
        return self.entry.short_number

    @property
    def title(self) -> str:
        return self.entry.title

    @property
    def address(self) -> str:
        return address_of(self.entry.short_number)


def address_of(short_number: str) -> str:
    """Where a link outside the portal leads, whatever the title becomes."""
    return absolute(f"/{short_number}")


def parse(short_number: str) -> tuple[Kind, int]:
    """Kind and number of a short number such as L-17; raises Http404 when it is none."""
    letter, _dash, number = short_number.partition("-")
    kind = kinds.by_letter(letter) if letter else None
    if kind is None or not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise Http404
    return kind, int(number)


def told(keys: Iterable[int | None]) -> dict[int, Told]:
    """What is told of those of these records that are published, by key; one query more for each kind."""
    rows = CatalogueEntry.objects.filter(pk__in=[key for key in keys if key is not None])
    entries = list(rows.select_related("version__record"))
    found: dict[int, Told] = {}
    for kind in kinds.every():
        own = [entry for entry in entries if entry.kind == kind.key]
        texts = versions.texts_of([entry.version for entry in own])
        for entry in own:
            values = versions.values_of(texts[entry.version_id], kind)
            found[entry.pk] = Told(entry, kind, short_texts.of(kind, values))
    return found


def fetch(standing: Standing, short_number: str) -> Told:
    """One published record. Raises Gone when it was one, else Http404."""
    kind, number = parse(short_number)
    entry = CatalogueEntry.objects.filter(kind=kind.key, number=number).first()
    if entry is None:
        raise records.not_there(records.fetch_readable_record(standing, kind.key, number))
    return told([entry.pk])[entry.pk]


def poster_of(entry: CatalogueEntry) -> str:
    """The address of a process model's poster; empty where there is none."""
    if not PublishedProcess.objects.filter(pk=entry.pk).exclude(as_is=None, to_be=None).exists():
        return ""
    return reverse("processmodels:poster", args=[entry.number, entry.slug])
