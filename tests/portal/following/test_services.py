"""Following and saving a search: everybody for themselves, of what is published alone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404

from governance import clock, people, tags, workflow
from governance.models import AuditEvent, Department, Tag
from portal.following import services
from portal.following.models import Digest, FeedAddress, SavedSearch, Subscription
from portal.following.queries import followed_by, news
from tests.factories import Cast, DepartmentFactory, approve, make_draft, make_published, reload, save, submit, tag
from tests.racing import overtake

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def follow(cast: Cast, what: str, key: int, who: str = "staff") -> Subscription:
    return services.follow(standing=cast.standing(who), what=what, key=key)


def new_for(cast: Cast, who: str = "staff") -> dict[str, list[str]]:
    """Titles that are new for a person, each with the names of what it is followed by."""
    mine = followed_by(getattr(cast, who).pk)
    found = news([(one, one.subscription.seen_until) for one in mine], 100)
    return {one.entry.title: [followed.label for followed in one.because] for one in found}


# -- what can be followed --------------------------------------------------------------------------


def test_following_twice_is_following_once(cast: Cast) -> None:
    make_published(cast)
    assert follow(cast, "tag", tag().pk) == follow(cast, "tag", tag().pk)
    services.unfollow(standing=cast.standing("staff"), what="tag", key=tag().pk)
    services.unfollow(standing=cast.standing("staff"), what="tag", key=tag().pk)
    assert not Subscription.objects.exists()


def test_what_one_may_not_see_cannot_be_followed(cast: Cast) -> None:
    draft = make_draft(cast, tag_ids=[tag("Geheim").pk])
    gone = make_published(cast)
    workflow.archive(record=gone, standing=cast.standing("lead"), reason="überholt")
    dissolved: Department = DepartmentFactory(dissolved_on="2020-01-01")
    for what, key in (
        ("record", draft.pk),
        ("record", gone.pk),
        ("tag", tag("Geheim").pk),
        ("department", dissolved.pk),
        ("user", cast.author.pk),
        ("tag", 10**30),
    ):
        with pytest.raises(Http404):
            follow(cast, what, key, "author")


def test_a_subscription_is_to_exactly_one_thing(cast: Cast) -> None:
    for values in ({}, {"tag": tag(), "department": cast.team.department}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Subscription.objects.create(user=cast.staff, **values)


def test_a_saved_search_is_followed_by_its_owner_alone(cast: Cast) -> None:
    search = SavedSearch.objects.create(user=cast.author, name="Hund", query="q=Hund")
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.create(user=cast.staff, saved_search=search)


def test_nobody_changes_or_removes_what_another_follows(cast: Cast) -> None:
    make_published(cast)
    pk = follow(cast, "tag", tag().pk, "author").pk
    with pytest.raises(Http404):
        services.remove(standing=cast.standing("admin"), pk=pk)
    with pytest.raises(Http404):
        services.set_rhythm(standing=cast.standing("chair"), pk=pk, rhythm="daily")
    with pytest.raises(ValidationError):
        services.set_rhythm(standing=cast.standing("author"), pk=pk, rhythm="hourly")
    assert Subscription.objects.get(pk=pk).rhythm == "none"


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_follow_once(cast: Cast) -> None:
    make_published(cast)
    key = tag().pk
    second = overtake(lambda: follow(cast, "tag", key), lambda: follow(cast, "tag", key))
    assert Subscription.objects.get() == second


def test_there_is_a_limit_that_says_what_to_do(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    make_published(cast)
    monkeypatch.setattr(services, "MOST_FOLLOWED", 1)
    follow(cast, "tag", tag().pk)
    with pytest.raises(ValidationError, match="entfernen Sie zuerst"):
        follow(cast, "department", cast.team.department_id or 0)


def test_whom_one_follows_stands_in_no_audit_trail(cast: Cast) -> None:
    make_published(cast)
    before = AuditEvent.objects.count()
    follow(cast, "tag", tag().pk)
    services.save_search(standing=cast.standing("staff"), name="x", query="q=Hund", rhythm="daily")
    services.new_address(standing=cast.standing("staff"), replaces=None)
    assert AuditEvent.objects.count() == before


# -- saved searches --------------------------------------------------------------------------------


def saved(cast: Cast, query: str, name: str = "Meine Suche") -> SavedSearch:
    return services.save_search(standing=cast.standing("staff"), name=name, query=query, rhythm="none")


def test_a_search_is_kept_as_the_search_reads_it(cast: Cast) -> None:
    search = saved(cast, "page=7&q=Hund+anmelden&kind=learning&evil=%00&sort=nonsense")
    assert search.query == "q=Hund+anmelden&kind=learning"
    assert search.get_absolute_url() == "/search/?q=Hund+anmelden&kind=learning"
    with pytest.raises(ValidationError, match="schon gespeichert"):
        saved(cast, "kind=learning&q=Hund+anmelden")


def test_a_search_too_long_to_keep_is_refused_with_a_way_out(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="weniger Wörter"):
        saved(cast, "q=" + "%C3%A4" * 400)


def test_what_a_saved_search_finds_later_is_new(cast: Cast) -> None:
    make_published(cast, title="Hundesteuer von früher")
    saved(cast, "q=Hundesteuer")
    make_published(cast, title="Hundesteuer online")
    make_published(cast, title="Gewerbe online", answer="x", everyday_benefit="x", what_was_done="x")
    make_draft(cast, title="Hundesteuer im Entwurf")
    assert new_for(cast) == {"Hundesteuer online": ["Meine Suche"]}


def test_a_saved_search_is_read_beyond_its_first_page(cast: Cast) -> None:
    saved(cast, "")
    for number in range(13):
        make_published(cast, title=f"Nummer {number}")
    assert len(new_for(cast)) == 13


# -- what is new -----------------------------------------------------------------------------------


def test_an_entry_is_new_once_with_every_reason(cast: Cast) -> None:
    make_published(cast, title="Alt")
    assert cast.team.department is not None
    above: Department = DepartmentFactory(name="Dezernat I")
    Department.objects.filter(pk=cast.team.department.pk).update(parent=above)
    follow(cast, "tag", tag().pk)
    follow(cast, "department", above.pk)
    saved(cast, "q=Neu", name="Neues")
    make_published(cast, title="Neu")
    assert {title: sorted(why) for title, why in new_for(cast).items()} == {
        "Neu": ["Dezernat I", "Neues", "Online-Dienst"]
    }


def test_a_new_issue_of_a_record_is_new_and_a_saved_draft_is_not(cast: Cast) -> None:
    record = make_published(cast, title="Erste Ausgabe")
    follow(cast, "record", record.pk)
    save(cast, record, title="Noch geheim")
    assert new_for(cast) == {}
    approve(cast, submit(cast, record))
    assert list(new_for(cast)) == ["Noch geheim"]


def test_a_merged_word_goes_on_under_its_new_name(cast: Cast) -> None:
    make_published(cast)
    follow(cast, "tag", tag().pk)
    tags.merge(tag=tag(), into=tag("Digitales"), standing=cast.standing("committee"))
    make_published(cast, title="Danach", tag_ids=[tag("Digitales").pk])
    assert new_for(cast) == {"Danach": ["Digitales"]}


def test_what_is_seen_is_new_no_longer_and_what_came_while_looking_is(cast: Cast) -> None:
    make_published(cast)
    follow(cast, "tag", tag().pk)
    make_published(cast, title="Gesehen")
    shown_at = clock.now()
    make_published(cast, title="Kam beim Lesen")
    services.mark_seen(standing=cast.standing("staff"), until=shown_at)
    assert list(new_for(cast)) == ["Kam beim Lesen"]
    services.mark_seen(standing=cast.standing("staff"), until=clock.now() + 900 * DAY)
    make_published(cast, title="Danach")
    assert list(new_for(cast)) == ["Danach"]


def test_what_is_not_published_any_more_tells_no_title_and_no_word(cast: Cast) -> None:
    record = make_published(cast, title="Vergangenes", tag_ids=[tag("Vergangenheit").pk])
    follow(cast, "record", record.pk)
    follow(cast, "tag", tag("Vergangenheit").pk)
    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="überholt")
    Tag.objects.filter(name="Vergangenheit").update(name="Streng geheim")
    labels = " ".join(one.label for one in followed_by(cast.staff.pk))
    assert record.short_number in labels
    assert "Vergang" not in labels
    assert "geheim" not in labels


# -- the address of the feeds, and the end of an account -------------------------------------------


def test_the_token_has_128_bits_and_is_kept_as_a_hash_alone(cast: Cast) -> None:
    token = services.new_address(standing=cast.standing("staff"), replaces=None)
    row = FeedAddress.objects.get()
    assert len(bytes.fromhex(token)) == 16
    assert token not in "".join(map(str, vars(row).values()))
    assert (row.token_hash, row.last_four) == (services.hash_of(token), token[-4:])
    assert services.ask(token) == (cast.staff.pk, 1)
    assert services.ask(row.token_hash) is None


def test_a_new_address_ends_the_one_before_and_is_not_made_twice_by_reloading(cast: Cast) -> None:
    standing = cast.standing("staff")
    first = services.new_address(standing=standing, replaces=None)
    with pytest.raises(ValidationError, match="inzwischen"):
        services.new_address(standing=standing, replaces=None)
    second = services.new_address(standing=standing, replaces=FeedAddress.objects.get().pk)
    assert services.ask(first) is None
    assert services.ask(second) is not None
    services.revoke_address(standing=standing)
    assert services.ask(second) is None


def test_no_table_tells_for_long_when_a_feed_was_asked_for(cast: Cast) -> None:
    token = services.new_address(standing=cast.standing("staff"), replaces=None)
    services.ask(token)
    services.forget_use()
    assert FeedAddress.objects.get().minute is not None
    with clock.at(clock.now() + dt.timedelta(minutes=62)):
        services.forget_use()
    assert (FeedAddress.objects.get().minute, FeedAddress.objects.get().asked) == (None, 0)


def test_erasing_a_person_leaves_nothing_of_it(cast: Cast) -> None:
    record = make_published(cast)
    follow(cast, "record", record.pk)
    saved(cast, "q=Hund")
    services.new_address(standing=cast.standing("staff"), replaces=None)
    follow(cast, "record", record.pk, "author")
    people.erase_person(standing=cast.standing("admin"), user=cast.staff)
    for table in (Subscription, SavedSearch, FeedAddress, Digest):
        assert not table.objects.filter(user=cast.staff).exists()
    assert Subscription.objects.get().user == cast.author
