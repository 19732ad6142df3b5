"""Keeps the links of published texts: in the transaction that publishes, and looked at again each night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import clock, kinds, signals
from governance.models import CatalogueEntry, PublishedLink
from governance.periodic import Job, Period, register
from portal.upkeep import inside, reading
from portal.upkeep.models import AddressCheck, PageLink
from portal.upkeep.reading import Named

AT_ONCE = 500


def on_written(sender: object, entries: Collection[CatalogueEntry], keys: Sequence[int], **_more: object) -> None:
    """Receives `governance.signals.entries_written`."""
    rows = list(entries)
    pictures, related = _missing_pictures(rows), _related(keys)
    PageLink.objects.filter(entry__in=keys).delete()
    links = [link for entry in rows for link in _links_of(entry, pictures.get(entry.pk, ()), related)]
    _judge(links, {entry.pk: entry for entry in rows})
    PageLink.objects.bulk_create(links)


def _missing_pictures(entries: Iterable[CatalogueEntry]) -> dict[int, list[Named]]:
    """By record; one query for each kind."""
    versions: dict[str, list[int]] = {}
    for entry in entries:
        versions.setdefault(entry.kind, []).append(entry.version_id)
    found: dict[int, list[Named]] = {}
    for kind, keys in versions.items():
        model: Any = kinds.get(kind).model
        for text in model.history.filter(history_id__in=keys):
            if missing := reading.missing_pictures(text):
                found[text.record_id] = missing
    return found


def _related(keys: Sequence[int]) -> dict[int, list[Named]]:
    """The records that a text names as related, by the record of the text."""
    words = _("Verwandte Einträge")
    found: dict[int, list[Named]] = {}
    for link in PublishedLink.objects.filter(source__in=keys).select_related("target"):
        found.setdefault(link.source_id, []).append(Named(f"/{link.target.short_number}", words))
    return found


def _links_of(entry: CatalogueEntry, pictures: Iterable[Named], related: dict[int, list[Named]]) -> Iterator[PageLink]:
    named = reading.addresses(entry.page)
    named |= {link.key: link for link in (*related.get(entry.pk, ()), *pictures) if link.key not in named}
    published = timezone.localdate(entry.published_at)
    for link in named.values():
        yield PageLink(
            entry=entry,
            key=link.key,
            address=link.address,
            words=link.words,
            is_outside=link.is_outside,
            since=_since(link, published),
        )


def _since(link: Named, published: dt.date) -> dt.date:
    """The day that the text gives; a day of the future, or none, is that of the publication."""
    day = link.retrieved_on
    return day if day is not None and day <= clock.today() else published


def _judge(links: Iterable[PageLink], entries: dict[int, CatalogueEntry]) -> None:
    """Set target and fault of each link that leads inside."""
    here = [link for link in links if not link.is_outside]
    places = {}
    for link in here:
        entry = entries[link.entry_id]
        places[id(link)] = inside.place_of(link.address, (entry.kind, entry.number))
    known = inside.targets(places.values())
    for link in here:
        place = places[id(link)]
        link.target_id = known.get(place.record) if place.record else None
        if link.address.startswith("#anlage:"):
            link.target_id, link.fault = None, PageLink.Fault.PICTURE
        else:
            link.fault = inside.fault_of(place, link.target_id)


def look_again() -> None:
    """Each night: what other records have changed since, and what a publication at the same time could not see."""
    links = PageLink.objects.filter(is_outside=False).exclude(fault=PageLink.Fault.PICTURE).order_by("pk")
    last = 0
    while batch := list(links.filter(pk__gt=last).select_related("entry")[:AT_ONCE]):
        last = batch[-1].pk
        before = {link.pk: (link.target_id, link.fault) for link in batch}
        _judge(batch, {link.entry_id: link.entry for link in batch})
        changed = [link for link in batch if before[link.pk] != (link.target_id, link.fault)]
        PageLink.objects.bulk_update(changed, ["target", "fault"])


def forget_checks() -> None:
    """Drop what is known of addresses that no published text names for a year."""
    named = Exists(PageLink.objects.filter(key=OuterRef("pk"), is_outside=True))
    a_year_ago = clock.today() - dt.timedelta(days=365)
    AddressCheck.objects.filter(~Q(named), checked_on__lt=a_year_ago).delete()


def _nightly() -> None:
    look_again()
    forget_checks()


def connect() -> None:
    """Called once from `apps.py`."""
    signals.entries_written.connect(on_written)
    register(Job("look_at_links", Period.DAY, _nightly))
