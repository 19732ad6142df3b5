"""The vocabulary: making words, confirming, renaming, merging; also while somebody publishes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from governance import catalogue, people, tags, versions, workflow
from governance.errors import NotAllowed, WrongState
from governance.models import AuditEvent, CatalogueEntry, Department, OutgoingMail, Record, Tag, Team
from tests import factories, kept
from tests.factories import Cast, approve, make_draft, make_published, reload, save, submit, tag
from tests.racing import overtake, race

pytestmark = pytest.mark.django_db


def shown(record: Record) -> tuple[str, list[str]]:
    """Title and tags in the catalogue."""
    entry = CatalogueEntry.objects.get(pk=record.pk)
    assert sorted(entry.tag_keys) == sorted(entry.tagged.values_list("tag_id", flat=True))
    return entry.title, [row["name"] for row in entry.tag_list]


def last_event() -> tuple[str, Any]:
    event = AuditEvent.objects.latest("pk")
    return event.verb, event.data


# -- one after the other ---------------------------------------------------------------------------


def test_a_new_word_is_made_once_with_an_address_of_its_own_and_one_event(cast: Cast) -> None:
    standing = cast.standing("author")
    first, second = tags.resolve_names(["Straße", "Strasse"], standing)
    assert tags.resolve_names(["strasse", "STRAßE"], standing) == [second, first]
    assert {word.slug for word in Tag.objects.filter(pk__in=[first, second])} == {"strasse", "strasse-2"}
    events = AuditEvent.objects.filter(verb="create_tag", actor=cast.author)
    assert {event.data["tag"] for event in events} == {first, second}
    assert len(events) == 2
    assert set(Tag.objects.filter(confirmed_at=None)) == set(Tag.objects.filter(pk__in=[first, second]))


def test_words_are_made_by_change_teams_and_the_committee_alone(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        tags.resolve_names(["Neues Wort"], cast.standing("staff"))


@pytest.mark.parametrize("who", ["author", "lead", "head", "staff", "admin"])
def test_only_the_committee_keeps_the_vocabulary(cast: Cast, who: str) -> None:
    word, other, standing = tag("Eins"), tag("Zwei"), cast.standing(who)
    for step in (
        lambda: tags.confirm(tag=word, standing=standing),
        lambda: tags.rename(tag=word, name="Drei", standing=standing),
        lambda: tags.merge(tag=word, into=other, standing=standing),
        lambda: tags.divide(tag=word, names=["Drei", "Vier"], standing=standing),
    ):
        with pytest.raises(NotAllowed):
            step()


def test_splitting_makes_confirmed_words_asks_the_teams_once_and_changes_no_text(cast: Cast) -> None:
    word = tag("Bank")
    records = [make_published(cast, title=title, tag_ids=[word.pk]) for title in ("Sitzbank", "Geldbank")]
    other = make_published(cast, by="outsider", title="Parkbank", tag_ids=[word.pk])
    make_published(cast, title="Ohne", tag_ids=[tag("Anderes").pk])
    before = [texts_of(record) for record in (*records, other)]
    OutgoingMail.objects.all().delete()
    words = tags.divide(tag=word, names=["Sitzbank", "Geldinstitut"], standing=cast.standing("committee"))
    assert {new.name for new in words} == {"Sitzbank", "Geldinstitut"}
    assert not Tag.objects.filter(confirmed_at=None).exists()
    assert [texts_of(record) for record in (*records, other)] == before
    assert shown(records[0]) == ("Sitzbank", ["Bank"])
    assert last_event() == ("split_tag", {"tag": word.pk, "into": [new.pk for new in words]})
    told = {mail.to_id: mail.body for mail in OutgoingMail.objects.all()}
    assert set(told) == {cast.author.pk, cast.member.pk, cast.lead.pk, cast.outsider.pk}
    assert OutgoingMail.objects.count() == 4
    assert all(record.short_number in told[cast.author.pk] for record in records)
    assert other.short_number not in told[cast.author.pk]


@pytest.mark.parametrize("names", [[], ["Eins"], ["Eins", "eins"], ["", "Eins"]])
def test_splitting_needs_two_different_words(cast: Cast, names: list[str]) -> None:
    with pytest.raises(WrongState):
        tags.divide(tag=tag("Bank"), names=names, standing=cast.standing("committee"))
    assert not Tag.objects.filter(name__iexact="eins").exists()


def test_words_that_are_spelt_almost_the_same_are_found_and_others_are_not(cast: Cast) -> None:
    one, other = tag("Online-Dienst"), tag("Onlinedienste")
    gone = tag("Online-Dienste")
    for name in ("Hundesteuer", "Gewerbesteuer", "Bauen"):
        tag(name)
    tags.merge(tag=gone, into=one, standing=cast.standing("committee"))
    assert tags.alike() == [(one.pk, other.pk)]


def test_the_committee_confirms_a_new_word(cast: Cast) -> None:
    (key,) = tags.resolve_names(["Neues Wort"], cast.standing("author"))
    tags.confirm(tag=Tag.objects.get(pk=key), standing=cast.standing("committee"))
    assert Tag.objects.get(pk=key).confirmed_at is not None
    assert last_event() == ("confirm_tag", {"tag": key})


def texts_of(record: Record) -> list[Any]:
    model: Any = type(versions.content_of(record))
    return [list(model.objects.values()), list(model.history.values()), list(record.versions.values())]


def test_renaming_shows_at_once_keeps_address_history_and_hash(cast: Cast, client: Client) -> None:
    record, word = make_published(cast), tag()
    before, address = texts_of(record), word.get_absolute_url()
    tags.rename(tag=word, name="Online-Antrag", standing=cast.standing("committee"))
    assert shown(record) == ("Hundesteuer online anmelden", ["Online-Antrag"])
    assert texts_of(record) == before
    assert last_event() == ("rename_tag", {"tag": word.pk})
    client.force_login(cast.staff, "django.contrib.auth.backends.ModelBackend")
    assert Tag.objects.get(pk=word.pk).get_absolute_url() == address
    assert "Online-Antrag" in client.get(address).content.decode()


def test_a_name_that_another_word_has_is_refused_whatever_its_case(cast: Cast) -> None:
    word, standing = tag("Hund"), cast.standing("committee")
    tag("Katze")
    for name in ("KATZE", "  ", ""):
        with pytest.raises(WrongState):
            tags.rename(tag=word, name=name, standing=standing)
    assert tags.rename(tag=word, name="HUND", standing=standing).name == "HUND"


def test_merging_shows_the_other_word_and_touches_neither_history_nor_hash(cast: Cast, client: Client) -> None:
    word, into = tag("Onlinedienst"), tag("Online-Dienst")
    record = make_published(cast, tag_ids=[word.pk, into.pk])
    before = texts_of(record)
    assert tags.merge(tag=word, into=into, standing=cast.standing("committee")) == 1
    assert shown(record) == ("Hundesteuer online anmelden", ["Online-Dienst"])
    assert texts_of(record) == before
    assert last_event() == ("merge_tag", {"tag": word.pk, "into": into.pk})
    assert tags.resolve_names(["onlinedienst"], cast.standing("author")) == [into.pk]
    client.force_login(cast.staff, "django.contrib.auth.backends.ModelBackend")
    moved = client.get(word.get_absolute_url())
    assert (moved.status_code, moved.headers["Location"]) == (301, into.get_absolute_url())


def test_a_word_merged_twice_leads_to_the_last_one(cast: Cast) -> None:
    one, two, three = tag("Eins"), tag("Zwei"), tag("Drei")
    record, standing = make_published(cast, tag_ids=[one.pk]), cast.standing("committee")
    tags.merge(tag=one, into=two, standing=standing)
    tags.merge(tag=two, into=three, standing=standing)
    assert shown(record)[1] == ["Drei"]
    assert tags.resolve_names(["Eins"], cast.standing("author")) == [three.pk]


def test_what_is_merged_is_neither_merged_again_nor_renamed(cast: Cast) -> None:
    one, two, three = tag("Eins"), tag("Zwei"), tag("Drei")
    standing = cast.standing("committee")
    tags.merge(tag=one, into=two, standing=standing)
    for step in (
        lambda: tags.merge(tag=one, into=three, standing=standing),
        lambda: tags.merge(tag=three, into=one, standing=standing),
        lambda: tags.merge(tag=two, into=two, standing=standing),
        lambda: tags.rename(tag=one, name="Vier", standing=standing),
    ):
        with pytest.raises(WrongState):
            step()


# -- at once ---------------------------------------------------------------------------------------

at_once = pytest.mark.django_db(transaction=True)


@pytest.fixture
@kept.once
def played(transactional_db: None) -> Cast:
    """The cast for tests whose second person has a connection of their own."""
    return factories.make_cast()


Step = Callable[[], Any]


def renaming(cast: Cast, word: Tag) -> Step:
    standing = cast.standing("chair")
    return lambda: tags.rename(tag=word, name="Neuer Name", standing=standing)


def merging(cast: Cast, word: Tag) -> Step:
    standing, into = cast.standing("chair"), tag("Neuer Name")
    return lambda: tags.merge(tag=word, into=into, standing=standing)


KEEPING = pytest.mark.parametrize("keeping", [renaming, merging])


def approving(cast: Cast, record: Record, **changes: Any) -> Step:
    """The record's next text waits for approval; the step approves it."""
    save(cast, record, title="Neue Fassung", **changes)
    review, standing = submit(cast, record), cast.standing("committee")
    return lambda: workflow.approve(review=review, standing=standing)


@at_once
@KEEPING
def test_a_word_kept_while_a_text_is_published_shows_the_new_text_and_the_new_word(played: Cast, keeping: Any) -> None:
    word = tag()
    record = make_published(played)
    step = keeping(played, word)
    result = race(record, approving(played, record), step)
    assert not isinstance(result, Exception)
    assert shown(record) == ("Neue Fassung", ["Neuer Name"])


@at_once
@KEEPING
def test_a_text_published_while_its_word_is_kept_shows_both_anew(played: Cast, keeping: Any) -> None:
    word = tag()
    record = make_published(played)
    step = keeping(played, word)
    result = race(record, step, approving(played, record))
    assert not isinstance(result, Exception)
    assert shown(record) == ("Neue Fassung", ["Neuer Name"])


@at_once
@KEEPING
def test_a_record_that_just_came_to_a_word_is_found_although_it_did_not_show_it_before(
    played: Cast, keeping: Any
) -> None:
    word, other = tag("Wort"), tag("Anderes")
    before = make_published(played, tag_ids=[word.pk])
    record = make_published(played, tag_ids=[other.pk])
    result = overtake(approving(played, record, tag_ids=[word.pk]), keeping(played, word))
    assert not isinstance(result, Exception)
    assert shown(record) == ("Neue Fassung", ["Neuer Name"])
    assert shown(before)[1] == ["Neuer Name"]


@at_once
@KEEPING
def test_a_first_publication_waits_for_the_word_that_it_brings(played: Cast, keeping: Any) -> None:
    word = tag("Wort")
    record = make_draft(played, tag_ids=[word.pk])
    result = overtake(keeping(played, word), approving(played, record))
    assert not isinstance(result, Exception)
    assert shown(record) == ("Neue Fassung", ["Neuer Name"])


@at_once
@pytest.mark.parametrize(("mine", "theirs"), [("Straße", "Strasse"), ("Hund", "hund"), ("C++", "C#")])
def test_two_who_make_nearly_the_same_word_at_once_both_get_one(played: Cast, mine: str, theirs: str) -> None:
    author, member = played.standing("author"), played.standing("member")
    result = overtake(lambda: tags.resolve_names([mine], author), lambda: tags.resolve_names([theirs], member))
    assert isinstance(result, list)
    same = mine.lower() == theirs.lower()
    assert (result == tags.resolve_names([mine], author)) == same
    assert Tag.objects.count() == AuditEvent.objects.filter(verb="create_tag").count() == (1 if same else 2)


@at_once
def test_two_who_make_the_same_words_in_another_order_do_not_block_each_other(played: Cast) -> None:
    author, member = played.standing("author"), played.standing("member")
    result = overtake(
        lambda: tags.resolve_names(["Abc", "Xyz"], author),
        lambda: tags.resolve_names(["Xyz", "Abc"], member),
    )
    assert result == list(reversed(tags.resolve_names(["Abc", "Xyz"], author)))


@at_once
def test_a_word_made_while_another_is_renamed_to_it_is_told_and_no_error(played: Cast) -> None:
    word, author = tag("Hund"), played.standing("author")
    result = overtake(lambda: tags.resolve_names(["neuer name"], author), renaming(played, word))
    assert isinstance(result, WrongState)


# -- other names in the catalogue ------------------------------------------------------------------


def rename_team(team: Team) -> None:
    Team.objects.filter(pk=team.pk).update(name="Neues Team")
    people.refresh_names(team=Team.objects.get(pk=team.pk))


@at_once
def test_a_first_publication_while_its_team_is_renamed_shows_the_new_name(played: Cast) -> None:
    record = make_draft(played)

    def rename() -> None:
        with transaction.atomic():
            rename_team(played.team)

    assert race(record, approving(played, record), rename) is None
    assert CatalogueEntry.objects.get(pk=record.pk).owner_name == "Neues Team"


@at_once
def test_a_hand_over_within_a_department_that_is_being_renamed_waits_and_blocks_nobody(played: Cast) -> None:
    record, department = make_published(played), played.team.department
    assert department is not None
    sister = factories.TeamFactory(department=department, slug="cmt-schwester")
    admin = played.standing("admin")
    result = overtake(
        lambda: Department.objects.filter(pk=department.pk).update(name="Neues Amt"),
        lambda: people.hand_over(standing=admin, team=played.team, to=sister),
        then=lambda: people.refresh_names(department=department),
    )
    assert result == 1
    entry = CatalogueEntry.objects.get(pk=record.pk)
    assert (entry.owner_id, entry.department_name) == (sister.pk, "Neues Amt")


@at_once
def test_rebuilding_removes_what_is_not_published_and_nothing_that_just_was(played: Cast) -> None:
    record, stale = make_published(played), make_published(played, title="Überholt")
    lead = played.standing("lead")
    rows = list(CatalogueEntry.objects.order_by("pk"))
    for gone in (record, stale):
        workflow.archive(record=gone, standing=lead, reason="Alt")
    CatalogueEntry.objects.bulk_create(rows)
    workflow.reopen(record=reload(record), standing=lead)
    review = submit(played, record)
    assert race(record, lambda: approve(played, review), catalogue.rebuild) == 1
    assert [entry.issue for entry in CatalogueEntry.objects.all()] == [2]
