"""The one place where texts are saved. `write` makes versions; nothing else does.

Order of locks everywhere: person, team and department, then records by key, then review, then tags.
A version's number is counted under the record's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from governance import clock, kinds, rules
from governance.audit import record_event
from governance.errors import Conflict, Locked, NotAllowed, WrongState
from governance.hashing import content_hash
from governance.models import AuditEvent, Content, DraftBuffer, Publication, Record, Team, User, Version
from governance.rules import Standing

State = Record.State


# -- reading ---------------------------------------------------------------------------------------


def values_of(text: Any, kind: kinds.Kind) -> dict[str, Any]:
    """The versioned fields of a content or history row."""
    return {name: getattr(text, name) for name in kind.versioned}


def content_of(record: Record) -> Any:
    """The newest saved text of `record`."""
    return kinds.get(record.kind).model._default_manager.get(pk=record.pk)


def current_of(record: Record) -> Version:
    """The version that the working text is; every record has one from its creation on."""
    version = record.current_version
    assert version is not None
    version.record = record
    return version


def text_of(version: Version) -> Any:
    """The words of `version`: its history row."""
    return texts_of([version])[version.pk]


def texts_of(versions: list[Version]) -> dict[int, Any]:
    """The words of several versions of one kind, by version key, in one query."""
    if not versions:
        return {}
    history = kinds.get(versions[0].record.kind).model.history
    return {row.history_id: row for row in history.filter(pk__in=[v.pk for v in versions])}


def verify(version: Version) -> bool:
    """Whether the stored words still give the version's hash, by the field list of its schema."""
    kind = kinds.get(version.record.kind)
    fields = kind.schemas[version.schema]
    text = text_of(version)
    return content_hash({n: getattr(text, n) for n in fields}, fields) == version.content_hash


def baseline_number(record: Record) -> int:
    """The number of the last version that equals a published one: where the next text began.

    That is the last published version, or its copy made by a discard after it. A copy made by rolling
    back is no such beginning: it is a text that somebody chose, and it is laid before the committee.
    """
    published = (
        Publication.objects.filter(record=record)
        .order_by("-number")
        .values_list("version_id", "version__number")
        .first()
    )
    if published is None:
        return 0
    pk, number = published
    # Both verbs copy; which of them it was, the audit trail says, and it never changes.
    discards = AuditEvent.objects.filter(record=record, verb="discard", version__copied_from_id=pk)
    return discards.aggregate(last=Max("version__number"))["last"] or number


def authors_since_publication(version: Version) -> set[int]:
    """Everybody who helped to write `version` since the last publication.

    A version that copies an older one brings in the authors of that one, also those of the versions
    between it and the publication before it: its words are theirs too.
    """
    start = baseline_number(version.record)
    authors: set[int] = set()
    seen: set[int] = set()
    spans = [(start, version.number)]
    published = _published_numbers(version.record)
    while spans:
        after, until = spans.pop()
        rows = Version.objects.filter(record_id=version.record_id, number__gt=after, number__lte=until).exclude(
            pk__in=seen
        )
        for pk, author, copied in rows.values_list("pk", "author_id", "copied_from__number"):
            seen.add(pk)
            authors.add(author)
            if copied is not None:
                before = max((number for number in published if number < copied), default=0)
                spans.append((before, copied))
    return authors


def _published_numbers(record: Record) -> list[int]:
    numbers = Publication.objects.filter(record=record).values_list("version__number", flat=True)
    return list(numbers)


# -- writing ---------------------------------------------------------------------------------------


def lock(record: Record | int) -> Record:
    """The record, locked until the end of the transaction and read anew.

    Without a join: what a waiting statement has joined is older than the row it then gets, and a record
    whose owner or version has changed meanwhile would not be found.
    """
    return Record.objects.select_for_update().get(pk=record if isinstance(record, int) else record.pk)


def lock_all(keys: Iterable[int]) -> list[Record]:
    """Many records, locked and read anew in one statement, always in the order of their keys: nobody waits in a
    circle. One that went to another team while this waited is among them as it is now."""
    return list(Record.objects.select_for_update().filter(pk__in=list(keys)).order_by("pk"))


@transaction.atomic
def create(
    *,
    kind: str,
    owner: Team,
    standing: Standing,
    values: Mapping[str, Any],
    contact: User | None = None,
    note: str = "",
    rule: Callable[[Standing, Team], bool] = rules.may_create,
) -> Version:
    """Make a record and its version 1 in one step. Fields not given take the kind's defaults.

    `contact` is the author unless given; `rule` is `may_import_for` where a list is brought in.
    """
    if not rule(standing, owner):
        raise NotAllowed
    if owner.is_committee or owner.dissolved_on:
        raise WrongState(_("Nur ein bestehendes Change-Management-Team kann Einträge anlegen."))
    now = clock.now()
    record = Record.objects.create(
        kind=kind,
        number=_next_number(kind),
        owner=owner,
        contact=contact or standing.user,
        state=State.DRAFT,
        state_since=now,
        created_at=now,
    )
    content = kinds.get(kind).model(record=record, kind=kind)
    version = _save(record, content, values, author=standing.user, note=note, number=1)
    assert version is not None
    record_event("create", actor=standing.user, record=record, version=version)
    return version


@transaction.atomic
def write(
    *,
    record: Record,
    standing: Standing,
    opened_on: int,
    values: Mapping[str, Any],
    note: str = "",
) -> Version | None:
    """Save `values` as the next version, or return None when nothing changed.

    `opened_on` is the key of the version that the form was opened on. Raises NotAllowed, Locked while
    in review, WrongState when archived, Conflict when somebody else saved in between, ValidationError
    for a text out of shape.
    """
    record = lock(record)
    version = write_locked(record, standing, opened_on, values, note)
    if version is not None:
        record_event("save", actor=standing.user, record=record, version=version)
    drop_buffer(record=record, standing=standing)
    return version


def write_locked(
    record: Record,
    standing: Standing,
    opened_on: int,
    values: Mapping[str, Any],
    note: str = "",
    copied_from: Version | None = None,
) -> Version | None:
    """As `write`, for a record that the caller's transaction has locked; the caller audits."""
    rules.require(rules.may_edit, standing, record)
    if record.state == State.IN_REVIEW:
        raise Locked
    if record.state == State.ARCHIVED:
        raise WrongState(_("Der Eintrag ist archiviert. Die Teamleitung kann ihn wieder öffnen."))
    current = current_of(record)
    if current.pk != opened_on:
        raise Conflict(current)
    content = content_of(record)
    return _save(
        record,
        content,
        values,
        author=standing.user,
        note=note,
        number=current.number + 1,
        unless_hash=None if copied_from else _hash_now(current, content),
        copied_from=copied_from,
    )


def _hash_now(version: Version, content: Content) -> str:
    """The hash of the saved text by the newest field list, which that of an older version does not follow."""
    kind = kinds.get(content.kind)
    if version.schema == kind.schema:
        return version.content_hash
    return content_hash(values_of(content, kind), kind.versioned)


def _save(
    record: Record,
    content: Content,
    values: Mapping[str, Any],
    *,
    author: User,
    note: str,
    number: int,
    unless_hash: str | None = None,
    copied_from: Version | None = None,
) -> Version | None:
    """Clean, compare, insert the version, save content and history, move the record on."""
    kind = kinds.get(record.kind)
    for name in kind.versioned:
        if name in values:
            setattr(content, name, values[name])
    content.full_clean(exclude=["record", "kind"], validate_unique=False, validate_constraints=False)
    digest = content_hash(values_of(content, kind), kind.versioned)
    if digest == unless_hash:
        return None
    version = Version.objects.create(
        record=record,
        number=number,
        author=author,
        created_at=clock.now(),
        note=note,
        schema=kind.schema,
        content_hash=digest,
        title=content.title,
        copied_from=copied_from,
    )
    content.version_being_written = version
    content.save(force_insert=number == 1, force_update=number > 1)
    content.version_being_written = None
    record.current_version = version
    if record.state in (State.SETTLED, State.CHANGES_REQUESTED):
        record.state, record.state_since = State.DRAFT, version.created_at
    record.save(update_fields=["current_version", "state", "state_since"])
    return version


def _next_number(kind: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO governance_kindcounter (kind, last_number) VALUES (%s, 1) "
            "ON CONFLICT (kind) DO UPDATE SET last_number = governance_kindcounter.last_number + 1 "
            "RETURNING last_number",
            [kind],
        )
        return int(cursor.fetchone()[0])


# -- work in progress ------------------------------------------------------------------------------


def buffer_of(*, record: Record, standing: Standing) -> DraftBuffer | None:
    """The person's own work in progress on `record`."""
    return DraftBuffer.objects.filter(record=record, user_id=standing.user_id).first()


def others_at_work(record: Record, standing: Standing) -> QuerySet[DraftBuffer]:
    """Who else of the team has work in progress, and since when; never their words."""
    return (
        DraftBuffer.objects.filter(record=record).exclude(user_id=standing.user_id).select_related("user").defer("data")
    )


@transaction.atomic
def save_buffer(*, record: Record, standing: Standing, data: Mapping[str, Any], opened_on: int) -> DraftBuffer:
    """Keep the person's typed words. Overwrites their earlier ones; makes no version."""
    if not rules.may_edit(standing, record):
        raise NotAllowed
    if opened_on != record.current_version_id and not record.versions.filter(pk=opened_on).exists():
        raise ValidationError(_("Diese Version gehört nicht zu diesem Eintrag."))
    now = clock.now()
    buffer = DraftBuffer(
        record=record, user=standing.user, opened_on_id=opened_on, data=dict(data), started_at=now, updated_at=now
    )
    # One statement, also when two windows of the same person keep at once; `started_at` stays as it was.
    DraftBuffer.objects.bulk_create(
        [buffer],
        update_conflicts=True,
        unique_fields=["record", "user"],
        update_fields=["opened_on", "data", "updated_at"],
    )
    return buffer


def drop_buffer(*, record: Record, standing: Standing) -> None:
    """Forget the person's own work in progress."""
    DraftBuffer.objects.filter(record=record, user_id=standing.user_id).delete()
