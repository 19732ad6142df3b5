"""What is seen. Staff pages read `catalogue`; every working page starts with `records_visible_to`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from governance import panels, rules
from governance.errors import Gone
from governance.models import AuditEvent, CatalogueEntry, Department, Publication, Record, Review, Team, Version
from governance.rules import Standing


def catalogue() -> QuerySet[CatalogueEntry]:
    """All that is published, for everybody who is signed in, without the long columns."""
    return CatalogueEntry.objects.defer("weighted", "facets", "folded", "page")


def records_visible_to(standing: Standing) -> QuerySet[Record]:
    """Records whose working side this person may open: own team, committee and head once submitted."""
    submitted = Exists(Review.objects.filter(record=OuterRef("pk")))
    others = Q(submitted)
    if not standing.is_committee:
        others &= Q(owner__department_id__in=standing.headed_department_ids)
    own = Q(owner_id__in=standing.team_ids)
    return Record.objects.filter(own | others).select_related("owner__department", "contact", "current_version")


def versions_visible_to(standing: Standing, record: Record) -> QuerySet[Version]:
    """The versions of `record` this person may read; agrees with `rules.may_see_version`."""
    found = record.versions.select_related("author").annotate(
        was_submitted=Exists(Review.objects.filter(version=OuterRef("pk"))),
        was_published=Exists(Publication.objects.filter(version=OuterRef("pk"))),
    )
    if rules.may_edit(standing, record):
        return found
    if rules.may_see_submitted(standing, record):
        return found.filter(was_submitted=True)
    published_now = Exists(Publication.objects.filter(record=OuterRef("record"), until_at=None))
    return found.filter(published_now, was_published=True)


def title_for(standing: Standing, record: Record) -> str:
    """The title under which this person knows the record; every page, list and address takes it from here.

    The owning team: that of the newest saved text. Committee and head: of the text submitted last. All
    others: of the text that is published, or was last. The short number where there is none of these.
    """
    if rules.may_edit(standing, record):
        return record.current_version.title if record.current_version else record.short_number
    sees_submitted = rules.may_see_submitted(standing, record)
    known = vars(record).get("submitted_title" if sees_submitted else "published_title", "")
    if known or known is None:
        return known or record.short_number
    seen = Review if sees_submitted else Publication
    titles = seen.objects.filter(record=record).order_by("-pk").values_list("version__title", flat=True)
    return titles.first() or record.short_number


def dates_of(record: Record) -> tuple[dt.datetime | None, dt.date | None]:
    """Since when the record is published, and when the open review is due; each None if there is none."""
    row = vars(record)
    if "review_due_on" in row:
        return row["published_at"], row["review_due_on"]
    since = Publication.objects.filter(record=OuterRef("pk"), until_at=None).values("from_at")
    due = Review.objects.filter(record=OuterRef("pk"), status=Review.Status.OPEN).values("due_on")
    return Record.objects.filter(pk=record.pk).values_list(Subquery(since), Subquery(due)).get()


def fetch_record(standing: Standing, kind: str, number: int) -> Record:
    """The record for its working pages, or Http404: what one may not see does not exist."""
    record = records_visible_to(standing).filter(kind=kind, number=number).first()
    if record is None:
        raise Http404
    return record


# Plain SQL as below: the pages of versions are read by everybody, and compared ones more than once.
_READABLE = """
SELECT record.*, owner.name AS owner_name, owner.slug AS owner_slug, owner.department_id AS owner_department_id,
    current.title AS current_title,
    (SELECT publication.from_at FROM governance_publication publication
        WHERE publication.record_id = record.id AND publication.until_at IS NULL) AS published_at,
    (SELECT version.title FROM governance_publication publication
        JOIN governance_version version ON version.id = publication.version_id
        WHERE publication.record_id = record.id ORDER BY publication.id DESC LIMIT 1) AS published_title,
    (SELECT version.title FROM governance_review review
        JOIN governance_version version ON version.id = review.version_id
        WHERE review.record_id = record.id ORDER BY review.id DESC LIMIT 1) AS submitted_title,
    (SELECT review.due_on FROM governance_review review
        WHERE review.record_id = record.id AND review.status = 'open') AS review_due_on
FROM governance_record record
JOIN governance_team owner ON owner.id = record.owner_id
JOIN governance_version current ON current.id = record.current_version_id
WHERE record.kind = %s AND record.number = %s
"""


def fetch_readable_record(standing: Standing, kind: str, number: int) -> Record:
    """The record for pages that staff may open once something of it was published, or Http404.

    Owner and newest version have what these pages show; the rest of them is deferred. What `title_for` and
    `dates_of` answer is at hand.
    """
    record = next(iter(Record.objects.raw(_READABLE, [kind, number])), None)
    if record is None:
        raise Http404
    row = vars(record)
    owner = [record.owner_id, row["owner_name"], row["owner_slug"], row["owner_department_id"]]
    record.owner = Team.from_db(None, ["id", "name", "slug", "department_id"], owner)
    newest = [record.current_version_id, record.pk, row["current_title"]]
    record.current_version = Version.from_db(None, ["id", "record_id", "title"], newest)
    if row["published_title"] is not None or records_visible_to(standing).filter(pk=record.pk).exists():
        return record
    raise Http404


def readable_among(standing: Standing, keys: Iterable[int | None]) -> set[int]:
    """Which of these records have a page for this person; agrees with `fetch_readable_record`."""
    wanted = [key for key in keys if key is not None]
    published = Publication.objects.filter(record__in=wanted).values_list("record_id", flat=True)
    return {*published, *records_visible_to(standing).filter(pk__in=wanted).values_list("pk", flat=True)}


def not_there(record: Record) -> Exception:
    """What to raise when a text is not for this person: 410 if the record was published and is not now."""
    published = Publication.objects.filter(record=record)
    gone = published.exists() and not published.filter(until_at=None).exists()
    return Gone(record) if gone else Http404()


def reviews_visible_to(standing: Standing) -> QuerySet[Review]:
    """Reviews of records whose submitted texts this person may see."""
    reviews = Review.objects.select_related(
        "record__owner__department", "version__author", "submitted_by", "claimed_by", "decided_by"
    )
    if standing.is_committee:
        return reviews
    return reviews.filter(
        Q(record__owner_id__in=standing.team_ids) | Q(record__owner__department_id__in=standing.headed_department_ids)
    )


def open_reviews(standing: Standing) -> QuerySet[Review]:
    """What waits for the committee, the most urgent first."""
    return reviews_visible_to(standing).filter(status=Review.Status.OPEN).order_by("due_on", "submitted_at", "pk")


def decidable_reviews(standing: Standing) -> QuerySet[Review]:
    """Open reviews that this person may decide on: none of the own texts, and none that they are biased in."""
    if not standing.is_committee:
        return Review.objects.none()
    mine = Q(authors__contains=[standing.user_id]) | Q(biased__contains=[standing.user_id])
    return open_reviews(standing).exclude(mine)


# Events that tell of one version; all others tell of the record.
ABOUT_A_VERSION = ("create", "save", "discard", "put_forward", "give_back")


def audit_events(standing: Standing) -> QuerySet[AuditEvent]:
    """The audit trail, newest first; for the administrator all of it.

    The committee does not learn here what it may not see: records of other teams that were never
    submitted, and versions between those that were.
    """
    events = AuditEvent.objects.select_related("actor", "record", "version").order_by("-at", "-pk")
    if standing.is_admin:
        return events
    submitted = Exists(Review.objects.filter(record=OuterRef("record")))
    version_submitted = Exists(Review.objects.filter(version=OuterRef("version")))
    visible = Q(submitted) & (~Q(verb__in=ABOUT_A_VERSION) | Q(version_submitted))
    return events.filter(Q(record=None) | Q(record__owner_id__in=standing.team_ids) | visible)


def drafts_of_teams(standing: Standing) -> QuerySet[Record]:
    """Unpublished work of the own change teams, the latest first."""
    return (
        Record.objects.filter(owner_id__in=standing.team_ids)
        .exclude(state__in=[Record.State.SETTLED, Record.State.ARCHIVED])
        .select_related("owner__department", "current_version", "contact")
        .order_by("-state_since", "-pk")
    )


def due_for_check_up(standing: Standing, day: object) -> QuerySet[Record]:
    """Published records of teams that this person leads, whose check-up has come."""
    return Record.objects.filter(
        Exists(Publication.objects.filter(record=OuterRef("pk"), until_at=None)),
        owner_id__in=standing.led_team_ids,
        check_up_on__lte=day,
    ).select_related("owner", "current_version")


def department_tree() -> list[tuple[Department, int]]:
    """All living departments in the order of the tree, each with its depth (0 at the top)."""
    rows = list(
        Department.objects.filter(dissolved_on=None)
        .select_related("head")
        .order_by(F("parent_id").asc(nulls_first=True), "name")
    )
    children: dict[int | None, list[Department]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    result: list[tuple[Department, int]] = []

    def walk(parent: int | None, depth: int) -> None:
        for child in children.get(parent, ()):
            result.append((child, depth))
            walk(child.pk, depth + 1)

    walk(None, 0)
    return result


def with_subtree(department: Department) -> list[int]:
    """The keys of a department and everything below it."""
    pairs = list(Department.objects.values_list("pk", "parent_id"))
    found, size = {department.pk}, 0
    while len(found) > size:
        size = len(found)
        found |= {pk for pk, parent in pairs if parent in found}
    return sorted(found)


# Plain SQL for the page that is read most: building these two anew at each request took longer than
# running them. `tests/governance/test_queries.py` holds them against the tables.
_READING = """
SELECT entry.record_id, entry.version_id, entry.kind, entry.number, entry.short_number, entry.slug, entry.title,
    entry.summary, entry.owner_id, entry.owner_name, entry.department_id, entry.department_name, entry.contact_id,
    entry.content_hash, entry.issue, entry.published_at, entry.first_published_at, entry.year, entry.check_up_on,
    entry.confirmed_at, entry.audiences, entry.tag_list, entry.tag_keys, entry.page,
    contact.full_name AS contact_name, contact.email AS contact_email,
    owner.slug AS owner_slug, department.slug AS department_slug,
    record.state AS record_state, record.state_since AS record_state_since, review.due_on AS review_due_on,
    entry.used_by{panels}
FROM governance_catalogueentry entry
JOIN governance_record record ON record.id = entry.record_id
JOIN governance_user contact ON contact.id = entry.contact_id
JOIN governance_team owner ON owner.id = entry.owner_id
JOIN governance_department department ON department.id = entry.department_id
LEFT JOIN governance_review review ON review.record_id = entry.record_id AND review.status = 'open'
WHERE entry.kind = %s AND entry.number = %s
"""
_NEIGHBOURS = """
SELECT record_id, kind, number, short_number, slug, title, department_name FROM governance_catalogueentry
WHERE record_id IN (SELECT target_id FROM governance_publishedlink WHERE source_id = %(entry)s
                    UNION SELECT source_id FROM governance_publishedlink WHERE target_id = %(entry)s)
    AND record_id <> %(entry)s
ORDER BY published_at DESC, record_id DESC LIMIT 12
"""


def fetch_entry(kind: str, number: int) -> CatalogueEntry | None:
    """The published face of one record with its contact and addresses, for its page; None if there is none.

    Its `record` and that one's `owner` have what `status.sentence` asks for; the rest of them is deferred.
    """
    entry = next(iter(CatalogueEntry.objects.raw(_READING.format(panels=panels.columns()), [kind, number])), None)
    if entry is not None:
        extra = vars(entry)
        row = {
            "id": entry.pk,
            "kind": entry.kind,
            "number": entry.number,
            "owner_id": entry.owner_id,
            "state": extra["record_state"],
            "state_since": extra["record_state_since"],
            "check_up_on": entry.check_up_on,
        }
        entry.record = Record.from_db(None, list(row), list(row.values()))
        entry.record.owner = Team.from_db(None, ["id", "name"], [entry.owner_id, entry.owner_name])
    return entry


def neighbours(entry: CatalogueEntry) -> list[CatalogueEntry]:
    """Published records that `entry` names, or that name it; both directions, in one query."""
    return list(CatalogueEntry.objects.raw(_NEIGHBOURS, {"entry": entry.pk}))
