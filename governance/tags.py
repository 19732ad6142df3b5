"""The vocabulary: words of change teams, kept by the committee.

Texts hold keys; names are resolved when the catalogue is written. So renaming and merging touch no history
and no hash. A word keeps its address, whatever it is called later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from governance import catalogue, clock, mail, rules, versions
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.models import CatalogueEntry, Record, Tag, TaggedEntry, Team
from governance.rules import Standing
from governance.text.clean import clean_line, slugify_de

MAX_LENGTH = 60
MAX_TAGS = 12
# How alike the spelling of two words is (0 to 1) that may be one, and how many such pairs are listed.
ALIKE = 0.5
MOST_ALIKE = 30


def split(typed: str) -> list[str]:
    """The words of a field in which they stand between commas; each once, whatever its case."""
    words = (clean_line(part, MAX_LENGTH) for part in typed.replace(";", ",").replace("\n", ",").split(","))
    return list({word.casefold(): word for word in words if word}.values())


# Lower case is the database's, the same as in the unique index on names.
_BY_NAME = """
SELECT tag.*, typed.place FROM unnest(%s::text[]) WITH ORDINALITY AS typed (name, place)
JOIN governance_tag tag ON lower(tag.name) = lower(typed.name)
"""


@transaction.atomic
def resolve_names(names: Iterable[str], standing: Standing) -> list[int]:
    """The keys of these words in their order; unknown ones are made, for the committee to confirm."""
    typed = list(names)
    known = {tag.place: tag for tag in Tag.objects.raw(_BY_NAME, [typed])}
    unknown = [place for place in range(1, len(typed) + 1) if place not in known]
    # Two who make the same words at once make them in the same order, so that neither waits for the other.
    for place in sorted(unknown, key=lambda place: (slugify_de(typed[place - 1]), typed[place - 1].lower())):
        known[place] = _make(typed[place - 1], standing)
    behind = catalogue.tags_behind({tag.pk for tag in known.values()})
    keys = [known[place].pk for place in range(1, len(typed) + 1)]
    return [tag.pk for tag in catalogue.living_tags(keys, behind)]


# Waits for somebody who is just making the same word or address, and then finds it taken.
_INSERT = """
INSERT INTO governance_tag (name, slug, created_by_id, created_at) VALUES (%s, %s, %s, %s)
ON CONFLICT DO NOTHING RETURNING id
"""


def _make(name: str, standing: Standing) -> Tag:
    """A new word, or the one that somebody else has made meanwhile."""
    if not (standing.is_change_team_member or standing.is_committee):
        raise NotAllowed
    base = slugify_de(name)
    for number in count(1):
        slug = base if number == 1 else f"{base}-{number}"
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [name, slug, standing.user_id, clock.now()])
            made = cursor.fetchone()
        if made is not None:
            record_event("create_tag", actor=standing.user, tag=made[0])
        for tag in Tag.objects.raw(_BY_NAME, [[name]]):
            return tag
    raise AssertionError("unreachable: addresses do not run out")


def names_of(*texts: Sequence[int]) -> list[list[str]]:
    """The words behind the tag keys of each text, in their order; one query for all texts."""
    known = catalogue.tags_behind({key for keys in texts for key in keys})
    return [[tag.name for tag in catalogue.living_tags(keys, known)] for keys in texts]


@transaction.atomic
def confirm(*, tag: Tag, standing: Standing) -> Tag:
    """The committee takes a new word into the vocabulary."""
    _require(standing)
    tag.confirmed_at = clock.now()
    tag.save(update_fields=["confirmed_at"])
    record_event("confirm_tag", actor=standing.user, tag=tag.pk)
    return tag


@transaction.atomic
def rename(*, tag: Tag, name: str, standing: Standing) -> Tag:
    """Another spelling for the same word; its address stays."""
    _require(standing)
    tag = respell(tag, name)
    record_event("rename_tag", actor=standing.user, tag=tag.pk)
    return tag


@transaction.atomic
def respell(tag: Tag, name: str) -> Tag:
    """Write the word differently, here and wherever it is shown; the caller checks the rule and audits."""
    name = clean_line(name, MAX_LENGTH)
    if not name:
        raise WrongState(_("Bitte geben Sie einen Namen ein."))
    records, (tag,) = _lock(tag)
    if tag.merged_into_id:
        raise WrongState(_("Dieses Schlagwort ist bereits mit einem anderen zusammengeführt."))
    tag.name, tag.confirmed_at = name, clock.now()
    try:
        with transaction.atomic():
            tag.save(update_fields=["name", "confirmed_at"])
    except IntegrityError as error:
        raise WrongState(_("Dieses Schlagwort gibt es schon. Sie können beide zusammenführen.")) from error
    _show_anew(records)
    return tag


@transaction.atomic
def merge(*, tag: Tag, into: Tag, standing: Standing) -> int:
    """Let `into` stand for `tag` from now on; returns the number of published records that change."""
    _require(standing)
    if tag.pk == into.pk:
        raise WrongState(_("Diese beiden lassen sich nicht zusammenführen."))
    records, (tag, into) = _lock(tag, into)
    if into.merged_into_id or tag.merged_into_id:
        raise WrongState(_("Diese beiden lassen sich nicht zusammenführen."))
    tag.merged_into = into
    tag.save(update_fields=["merged_into"])
    _show_anew(records)
    record_event("merge_tag", actor=standing.user, tag=tag.pk, into=into.pk)
    return len(records)


@transaction.atomic
def divide(*, tag: Tag, names: Sequence[str], standing: Standing) -> list[Tag]:
    """Take narrower words for `tag` into the vocabulary, and ask the teams of its published records to choose.

    Which word fits a record is part of its text, which its team writes and the committee approves in exactly that
    form: so no record changes here. Raises WrongState unless there are two words to choose from.
    """
    _require(standing)
    wanted = [name for name in dict.fromkeys(clean_line(name, MAX_LENGTH) for name in names) if name]
    if len(wanted) < 2 or len(wanted) > MAX_TAGS:
        raise WrongState(_("Bitte geben Sie mindestens zwei Schlagwörter an, mit einem Komma dazwischen."))
    into = list(Tag.objects.filter(pk__in=resolve_names(wanted, standing)).order_by("name"))
    if len(into) < 2:
        raise WrongState(_("Diese Wörter stehen im Vokabular für dasselbe. Bitte geben Sie verschiedene an."))
    Tag.objects.filter(pk__in=[word.pk for word in into], confirmed_at=None).update(confirmed_at=clock.now())
    record_event("split_tag", actor=standing.user, tag=tag.pk, into=[word.pk for word in into])
    _ask_teams(tag, into)
    return into


def _ask_teams(tag: Tag, into: Iterable[Tag]) -> None:
    """One mail to each team that has published records with this word."""
    words = ", ".join(word.name for word in into)
    by_team: dict[Team, list[str]] = {}
    for entry in CatalogueEntry.objects.filter(tagged__tag=tag).select_related("owner").order_by("short_number"):
        by_team.setdefault(entry.owner, []).append(f"{entry.short_number} {entry.title}")
    for team, titles in by_team.items():
        mail.tell(
            mail.recipients(team),
            subject=_("Schlagwort „%(old)s“ ist aufgeteilt: %(new)s") % {"old": tag.name, "new": words},
            path=tag.get_absolute_url(),
            lines=[_("Bitte wählen Sie bei der nächsten Überarbeitung, was passt:"), *titles],
        )


# The operator, not the function alone: it finds them by the index.
_ALIKE = """
SELECT one.id, other.id FROM governance_tag one
JOIN governance_tag other ON one.id < other.id AND lower(one.name) %% lower(other.name)
WHERE one.merged_into_id IS NULL AND other.merged_into_id IS NULL
    AND similarity(lower(one.name), lower(other.name)) >= %s
ORDER BY similarity(lower(one.name), lower(other.name)) DESC, one.id LIMIT %s
"""


def alike() -> list[tuple[int, int]]:
    """Keys of living words that are spelt almost the same, the most alike first."""
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, [ALIKE, MOST_ALIKE])
        return [(one, other) for one, other in cursor.fetchall()]


def _carrying(tag: Tag) -> list[int]:
    """The keys of the published records that show this tag."""
    shown = TaggedEntry.objects.filter(tag=tag).order_by("content_object_id")
    return list(shown.values_list("content_object_id", flat=True))


def _lock(tag: Tag, *others: Tag) -> tuple[list[Record], list[Tag]]:
    """The published records that show `tag`, then the tags, all locked and read anew.

    In this order, because publishing holds its record while it waits for a tag. When another record came
    to show the tag meanwhile, it is too late to lock that one: all are let go and taken again.
    """
    wanted = [tag.pk, *(other.pk for other in others)]
    while True:
        keys = _carrying(tag)
        point = transaction.savepoint()
        records = [versions.lock(pk) for pk in keys]
        held = {row.pk: row for row in Tag.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
        if set(_carrying(tag)) <= set(keys):
            transaction.savepoint_commit(point)
            return records, [held[pk] for pk in wanted]
        transaction.savepoint_rollback(point)


def _show_anew(records: Iterable[Record]) -> None:
    for record in records:
        catalogue.refresh(record)


def _require(standing: Standing) -> None:
    if not rules.may_keep_vocabulary(standing):
        raise NotAllowed
