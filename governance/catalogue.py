"""Writes what staff see. Derived from published versions alone and never the only copy of anything.

Called inside the publishing transaction; `rebuild` makes all of it again on a live system.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from governance import kinds, signals, uses, versions
from governance.models import (
    CatalogueEntry,
    Publication,
    PublishedLink,
    Record,
    Tag,
    TaggedEntry,
)
from governance.text.clean import slugify_de

FOLD_SQL = """
UPDATE governance_catalogueentry SET folded = lower(unaccent(title)) WHERE record_id = ANY(%s)
"""

# What of a row is not its text; the records are locked.
OWNERS_SQL = """
UPDATE governance_catalogueentry entry SET owner_id = team.id, owner_name = team.name,
    department_id = department.id, department_name = department.name, contact_id = record.contact_id
FROM governance_record record JOIN governance_team team ON team.id = record.owner_id
JOIN governance_department department ON department.id = team.department_id
WHERE entry.record_id = record.id AND record.id = ANY(%s)
"""
BATCH = 250

TAGS_SQL = """
WITH RECURSIVE behind AS (
    SELECT id, merged_into_id FROM governance_tag WHERE id = ANY(%s)
    UNION
    SELECT further.id, further.merged_into_id
        FROM governance_tag further JOIN behind ON further.id = behind.merged_into_id
)
SELECT tag.* FROM governance_tag tag WHERE tag.id IN (SELECT id FROM behind) ORDER BY tag.id
"""


@dataclass(frozen=True)
class Row:
    """A catalogue row ready to be written, with what hangs on it."""

    entry: CatalogueEntry
    tags: Sequence[Tag]
    related: Sequence[int]
    # for the tables of the kind
    own: Any = None


def publish(publication: Publication) -> CatalogueEntry:
    """Write the catalogue row of a publication that is open now, from its version and no other text."""
    publication.version.record = publication.record
    text = versions.text_of(publication.version)
    tags = living_tags(text.tag_ids, tags_behind(text.tag_ids, hold=True))
    row = project(publication, text, tags, _issues(publication.record))
    write([row])
    return row.entry


def project(publication: Publication, text: Any, tags: Sequence[Tag], issues: Sequence[Publication]) -> Row:
    """The catalogue row of `publication`; reads nothing, so that one and many are made alike.

    `text` is the version's history row, `issues` are all publications of the record so far.
    """
    record, version = publication.record, publication.version
    kind = kinds.get(record.kind)
    slug = slugify_de(version.title)
    projection = kind.project(text, kind.file_addresses(record.number, slug, version.number))
    department = record.owner.department
    assert department is not None
    entry = CatalogueEntry(
        record=record,
        version=version,
        kind=record.kind,
        number=record.number,
        short_number=record.short_number,
        slug=slug,
        title=version.title,
        summary=projection.summary,
        owner=record.owner,
        owner_name=record.owner.name,
        department=department,
        department_name=department.name,
        contact_id=record.contact_id,
        check_up_on=record.check_up_on,
        confirmed_at=record.confirmed_at,
        content_hash=version.content_hash,
        issue=publication.number,
        published_at=publication.from_at,
        first_published_at=issues[0].from_at,
        year=timezone.localtime(publication.from_at).year,
        audiences=list(projection.audiences),
        tag_list=[{"name": tag.name, "slug": tag.slug} for tag in tags],
        tag_keys=[tag.pk for tag in tags],
        page={**projection.page, "issues": [_issue(issue) for issue in issues]},
        weighted=dict(projection.weighted),
        facets=[list(pair) for pair in projection.facets],
        folded="",
    )
    return Row(entry, tags, projection.related, projection.rows)


def _issues(record: Record) -> list[Publication]:
    return list(record.publications.select_related("team", "review").order_by("number"))


def _issue(publication: Publication) -> dict[str, Any]:
    return {
        "number": publication.number,
        "from_at": _iso(publication.from_at),
        "until_at": _iso(publication.until_at) if publication.until_at else None,
        "team": publication.team.name,
        "reason": publication.review.note,
        "version": publication.version_id,
    }


def _iso(moment: dt.datetime) -> str:
    """One form of a moment whatever its time zone, so that a rebuilt row is equal to the byte."""
    return moment.astimezone(dt.UTC).isoformat()


def write(rows: Sequence[Row]) -> None:
    """Write rows with their words, tags and links; an earlier row of the same record is replaced."""
    entries = [row.entry for row in rows]
    keys = [entry.pk for entry in entries]
    used_by = uses.of_records(keys)
    for entry in entries:
        entry.used_by = used_by.get(entry.pk, [])
    changing = [f.name for f in CatalogueEntry._meta.concrete_fields if not f.primary_key]
    CatalogueEntry.objects.bulk_create(entries, update_conflicts=True, unique_fields=["record"], update_fields=changing)
    with connection.cursor() as cursor:
        cursor.execute(FOLD_SQL, [keys])
    TaggedEntry.objects.filter(content_object__in=keys).delete()
    TaggedEntry.objects.bulk_create(TaggedEntry(content_object=row.entry, tag=tag) for row in rows for tag in row.tags)
    PublishedLink.objects.filter(source__in=keys).delete()
    wanted = {target for row in rows for target in row.related}
    known = set(Record.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    PublishedLink.objects.bulk_create(
        PublishedLink(source=row.entry, target_id=target)
        for row in rows
        for target in dict.fromkeys(row.related)
        if target in known and target != row.entry.pk
    )
    for kind in kinds.every():
        if own := [(row.entry, row.own) for row in rows if row.entry.kind == kind.key]:
            kind.write_rows(own)
    signals.entries_written.send(CatalogueEntry, entries=entries, keys=keys)


def tags_behind(ids: Collection[int], *, hold: bool = False) -> dict[int, Tag]:
    """The tags with these keys and those that they were merged into, by key.

    `hold` keeps all of them from being renamed or merged until the transaction ends.
    """
    if not ids:
        return {}
    sql = TAGS_SQL + (" FOR SHARE OF tag" if hold else "")
    found = {tag.pk: tag for tag in Tag.objects.raw(sql, [list(ids)])}
    # One that was merged while this waited for it leads further than the statement had seen.
    beyond = {tag.merged_into_id for tag in found.values() if tag.merged_into_id} - found.keys()
    return found | tags_behind(beyond, hold=hold)


def living_tags(ids: Sequence[int], known: Mapping[int, Tag]) -> list[Tag]:
    """The tags behind the keys in their order, merged ones replaced by what they were merged into.

    `known` comes from `tags_behind`, for one text or for several at once.
    """
    result: dict[int, Tag] = {}
    for pk in ids:
        tag = known.get(pk)
        while tag is not None and tag.merged_into_id is not None:
            tag = known[tag.merged_into_id]
        if tag is not None:
            result[tag.pk] = tag
    return list(result.values())


def remove(record: Record) -> None:
    """Take an archived record out of everything that staff search and browse."""
    signals.entries_leaving.send(CatalogueEntry, keys=[record.pk])
    CatalogueEntry.objects.filter(pk=record.pk).delete()
    signals.entries_removed.send(CatalogueEntry, keys=[record.pk])


def refresh(record: Record) -> CatalogueEntry | None:
    """Write the row of a locked record anew; nothing happens when it is not published."""
    publication = (
        Publication.objects.select_related("record__owner__department", "version", "review", "team")
        .filter(record_id=record.pk, until_at=None)
        .first()
    )
    return publish(publication) if publication else None


def refresh_owners(keys: Iterable[int]) -> None:
    """Write owner, department, contact and users of many rows anew, and nothing else; the caller holds the records.

    As many statements for each batch, whatever is in it. Texts and tags are not touched, so no tag is waited for.
    """
    wanted = CatalogueEntry.objects.filter(pk__in=list(keys)).order_by("pk").values_list("pk", flat=True)
    for batch in batched(list(wanted), BATCH):
        with connection.cursor() as cursor:
            cursor.execute(OWNERS_SQL, [batch])
        entries = list(CatalogueEntry.objects.filter(pk__in=batch).order_by("pk"))
        used_by = uses.of_records(batch)
        changed = [entry for entry in entries if entry.used_by != used_by.get(entry.pk, [])]
        for entry in changed:
            entry.used_by = used_by.get(entry.pk, [])
        CatalogueEntry.objects.bulk_update(changed, ["used_by"])
        signals.entries_written.send(CatalogueEntry, entries=entries, keys=batch)


def batched(keys: Sequence[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(keys), size):
        yield list(keys[start : start + size])


def rebuild(progress: Callable[[int, int], None] | None = None) -> int:
    """Make the whole catalogue again on a live system; returns the number of rows.

    Each record is locked for its own row only, so readers see the old row until the new one is there,
    and a publication at the same time waits for a moment or has been taken into account. A row whose
    record is not published is removed, under the same lock.
    """
    published = Publication.objects.filter(until_at=None).values_list("record_id", flat=True)
    pks = sorted({*published, *CatalogueEntry.objects.values_list("pk", flat=True)})
    rows = 0
    for done, pk in enumerate(pks, start=1):
        with transaction.atomic():
            record = versions.lock(pk)
            if refresh(record):
                rows += 1
            else:
                remove(record)
        if progress is not None:
            progress(done, len(pks))
    return rows
