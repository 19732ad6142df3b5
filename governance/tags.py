"""The vocabulary: words of change teams, kept by the committee.

Texts hold keys; names are resolved when the catalogue is written. So renaming and merging touch no history
and no hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from governance import catalogue, clock, rules
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.models import Tag
from governance.rules import Standing
from governance.text.clean import clean_line, slugify_de

MAX_LENGTH = 60
MAX_TAGS = 12


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
    keys: dict[int, None] = {}
    for place, name in enumerate(typed, start=1):
        tag = known.get(place) or _make(name, standing)
        while tag.merged_into is not None:
            tag = tag.merged_into
        keys[tag.pk] = None
    return list(keys)


def _make(name: str, standing: Standing) -> Tag:
    if not (standing.is_change_team_member or standing.is_committee):
        raise NotAllowed
    tag, _created = Tag.objects.get_or_create(
        name=name,
        defaults={"slug": _free_slug(name), "created_by": standing.user, "created_at": clock.now()},
    )
    return tag


def _free_slug(name: str, except_for: int | None = None) -> str:
    base, number = slugify_de(name), 1
    slug = base
    while Tag.objects.filter(slug=slug).exclude(pk=except_for).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


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
    """Another spelling for the same word; its address changes with it."""
    _require(standing)
    name = clean_line(name, MAX_LENGTH)
    if not name:
        raise WrongState(_("Bitte geben Sie einen Namen ein."))
    if Tag.objects.filter(name__iexact=name).exclude(pk=tag.pk).exists():
        raise WrongState(_("Dieses Schlagwort gibt es schon. Sie können beide zusammenführen."))
    tag.name, tag.slug, tag.confirmed_at = name, _free_slug(name, tag.pk), clock.now()
    tag.save(update_fields=["name", "slug", "confirmed_at"])
    catalogue.refresh_tagged(tag)
    record_event("rename_tag", actor=standing.user, tag=tag.pk)
    return tag


@transaction.atomic
def merge(*, tag: Tag, into: Tag, standing: Standing) -> int:
    """Let `into` stand for `tag` from now on; returns the number of published records that change."""
    _require(standing)
    locked = {row.pk: row for row in Tag.objects.select_for_update().filter(pk__in=[tag.pk, into.pk])}
    tag, into = locked[tag.pk], locked[into.pk]
    if tag.pk == into.pk or into.merged_into_id or tag.merged_into_id:
        raise WrongState(_("Diese beiden lassen sich nicht zusammenführen."))
    tag.merged_into = into
    tag.save(update_fields=["merged_into"])
    changed = catalogue.refresh_tagged(tag)
    record_event("merge_tag", actor=standing.user, tag=tag.pk, into=into.pk)
    return changed


def _require(standing: Standing) -> None:
    if not rules.may_keep_vocabulary(standing):
        raise NotAllowed
