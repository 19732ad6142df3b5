"""Where passages and files stand in a record: counted before a redaction is proposed, shown before it is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance import kinds, queries, versions
from governance.blanking import ADDRESSES, Blanking, text_fields, texts_in
from governance.models import Attachment, Comment, Countersigning, DraftBuffer, MeetingItem, Record, Review, Version
from governance.rules import Standing

CONTEXT = 40


@dataclass(frozen=True)
class Writing:
    """One text of a record: where it stands, in which version, and whether its author alone reads it."""

    where: str
    value: Any
    version: Version | None = None
    private: bool = False


@dataclass(frozen=True)
class Place:
    """One hit. Its words are left empty for somebody who may not read that text."""

    where: str
    version: int | None
    before: str = ""
    words: str = ""
    after: str = ""


@dataclass(frozen=True)
class FileOf:
    """One file of a record; `name` is empty for somebody who may read none of its versions."""

    attachment: Attachment
    versions: Sequence[int]
    name: str


def writings_of(record: Record) -> list[Writing]:
    """Everything that was written in and about `record`; the newest text is that of its last version."""
    return [*_of_versions(record), *_of_reviews(record), *_of_buffers(record)]


def _of_versions(record: Record) -> Iterator[Writing]:
    kind = kinds.get(record.kind)
    labels = {field.name: str(field.label) for field in kind.fields}
    found = _versions(record)
    texts = versions.texts_of(found)
    inside = _inside(kind, [vars(text) for text in texts.values()])
    for version in found:
        text = texts[version.pk]
        for name in text_fields(kind.model):
            yield Writing(labels.get(name, name), getattr(text, name), version)
        for name in kind.enclosed.fields if kind.enclosed else ():
            yield Writing(labels.get(name, name), inside.get(getattr(text, name), []), version)
        yield Writing(_("Notiz zur Version"), version.note, version)


def _of_reviews(record: Record) -> Iterator[Writing]:
    for review in Review.objects.filter(record=record):
        yield Writing(_("Notiz zur Freigabe"), review.note)
        yield Writing(_("Begründung einer Entscheidung"), review.reason)
    for item in MeetingItem.objects.filter(review__record=record):
        yield Writing(_("Notiz aus einer Sitzung"), item.note)
    for row in Countersigning.objects.filter(record=record):
        yield Writing(_("Hinweis zur Mitzeichnung"), [row.note, row.answer])
    for comment in Comment.objects.filter(review__record=record):
        yield Writing(_("Kommentar des Gremiums"), comment.text)
        yield Writing(_("Antwort auf einen Kommentar"), comment.answer)
    yield Writing(_("Grund der Archivierung"), record.archive_reason)


def _of_buffers(record: Record) -> Iterator[Writing]:
    kind = kinds.get(record.kind)
    buffers = list(DraftBuffer.objects.filter(record=record))
    inside = _inside(kind, [buffer.data for buffer in buffers])
    for buffer in buffers:
        words = list(words_of_buffer(buffer, kind.model).values())
        for name in kind.enclosed.fields if kind.enclosed else ():
            words.append(inside.get(buffer.data.get(name), []))
        yield Writing(_("Zwischenstand"), words, private=True)


def _inside(kind: kinds.Kind, texts: Sequence[Mapping[str, Any]]) -> Mapping[Any, Sequence[str]]:
    """The words of the files that the texts name, by key."""
    if kind.enclosed is None:
        return {}
    return kind.enclosed.texts({key for text in texts for key in kind.enclosed.keys(text)})


def words_of_buffer(buffer: DraftBuffer, model: type[Any]) -> dict[str, Any]:
    """What is written in a buffer, by field, without keys and codes."""
    coded = {field.name for field in model._meta.concrete_fields} - set(text_fields(model))
    return {name: value for name, value in buffer.data.items() if name not in coded}


def _versions(record: Record) -> list[Version]:
    found = list(record.versions.order_by("number"))
    for version in found:
        version.record = record
    return found


def count(blank: Blanking, writing: Writing) -> int:
    return sum(len(_hits(blank, key, text)) for key, text in texts_in(writing.value))


def _hits(blank: Blanking, key: str, text: str) -> list[tuple[int, int]]:
    """From where to where; an address that holds a passage goes as a whole."""
    if key in ADDRESSES:
        return [(0, len(text))] if blank.is_in_address(text) else []
    return [hit.span() for hit in blank.hits(text)]


def missing(record: Record, passages: Sequence[str]) -> list[str]:
    """The passages that stand nowhere in the record."""
    writings = writings_of(record)
    return [one for one in passages if not any(count(Blanking([one]), writing) for writing in writings)]


def find(record: Record, passages: Sequence[str], standing: Standing) -> list[Place]:
    """Every hit with the words around it, as far as this person may read them."""
    blank = Blanking(passages)
    readable = set(queries.versions_visible_to(standing, record).values_list("pk", flat=True))
    found = []
    for writing in writings_of(record):
        hidden = writing.private or (writing.version is not None and writing.version.pk not in readable)
        number = writing.version.number if writing.version else None
        for key, text in texts_in(writing.value):
            for start, end in _hits(blank, key, text):
                around = ("", "", "") if hidden else _around(text, start, end)
                found.append(Place(writing.where, number, *around))
    return found


def _around(text: str, start: int, end: int) -> tuple[str, str, str]:
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return (
        f"… {before}" if start > CONTEXT else before,
        text[start:end],
        f"{after} …" if end + CONTEXT < len(text) else after,
    )


def told(number: int, versions_hit: int) -> str:
    """Such as "3 Stellen in 2 Versionen"; what stands in comments and notes belongs to no version."""
    number_of_places = ngettext("%(n)d Stelle", "%(n)d Stellen", number) % {"n": number}
    if not versions_hit:
        return number_of_places
    in_versions = ngettext("%(n)d Version", "%(n)d Versionen", versions_hit) % {"n": versions_hit}
    return _("%(places)s in %(versions)s") % {"places": number_of_places, "versions": in_versions}


def files_of(record: Record, standing: Standing) -> list[FileOf]:
    """Every file that is part of a version and not blanked yet, each with the versions it belongs to."""
    found = _versions(record)
    texts = versions.texts_of(found)
    readable = set(queries.versions_visible_to(standing, record).values_list("pk", flat=True))
    numbers: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for version in found:
        for row in texts[version.pk].attachments:
            numbers.setdefault(row["sha256"], []).append(version.number)
            if version.pk in readable:
                names[row["sha256"]] = row["name"]
    rows = Attachment.objects.filter(sha256__in=numbers, redacted_at=None).order_by("pk")
    return [FileOf(row, numbers[row.sha256], names.get(row.sha256, "")) for row in rows]
