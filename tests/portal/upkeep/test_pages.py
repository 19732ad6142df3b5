"""The lists of upkeep as pages and files, and what is said there of a link or of a pair."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest

from governance import clock, tags, workflow
from governance.errors import NotAllowed, WrongState
from governance.models import AuditEvent, CatalogueEntry, Membership
from portal.upkeep import comparing, lists, queries, reading, services, views
from portal.upkeep.models import AddressCheck, Compared, LikePair, PageLink
from tests import kept
from tests.factories import Cast, approve, make_published, reload, save, submit
from tests.pages import client_of, main_of, page_for, queries_of

pytestmark = pytest.mark.django_db
OUTSIDE = "https://beispiel.de/leitfaden"
KEY = reading.key_of(OUTSIDE)
FRAME = 4  # session, user, memberships, tasks
KEYS = [one.key for one in lists.LISTS]


def fill(cast: Cast, by: str = "author", title: str = "Hundesteuer", days: int = 3) -> CatalogueEntry:
    """One published record that stands in the lists of dates and links."""
    record = make_published(cast, by, title=title, what_was_done=f"[Leitfaden]({OUTSIDE}) [weg](/L-999)")
    PageLink.objects.filter(is_outside=True).update(since=clock.today() - dt.timedelta(days=400))
    CatalogueEntry.objects.filter(pk=record.pk).update(check_up_on=clock.today() + dt.timedelta(days=days))
    return CatalogueEntry.objects.get(pk=record.pk)


@pytest.fixture
@kept.once
def town(cast: Cast) -> Cast:
    """Two records of the Steueramt, one of the Bauordnungsamt, something in each list."""
    mine = fill(cast)
    other = fill(cast, title="Zweitwohnungssteuer", days=-3)
    fill(cast, "outsider", "Bauberatung")
    LikePair.objects.create(first=mine, second=other)
    words = tags.resolve_names(["Ganz neu"], cast.standing("author"))
    approve(cast, submit(cast, _with(cast, reload(mine.record), tag_ids=words)))
    CatalogueEntry.objects.filter(pk=mine.pk).update(check_up_on=clock.today() + dt.timedelta(days=3))
    PageLink.objects.filter(is_outside=True).update(since=clock.today() - dt.timedelta(days=400))
    Membership.objects.filter(user=cast.outsider).update(role="lead")
    CatalogueEntry.objects.filter(pk=mine.pk).update(contact=cast.staff)
    return cast


def _with(cast: Cast, record: Any, **changes: Any) -> Any:
    save(cast, record, **changes)
    return record


# -- pages ---------------------------------------------------------------------------------------------


def test_the_overview_counts_each_list_and_blames_nobody(town: Cast) -> None:
    page = main_of(page_for(town, "committee", "/upkeep/"))
    for one, count in zip(lists.LISTS, (2, 1, 1, 3, 1, 1, 1), strict=True):
        assert f'{one.title}</a> <span class="count">({count})' in page, one.key
    assert "kein Versäumnis" in page
    words = page + "".join(main_of(page_for(town, "committee", f"/upkeep/{key}/")) for key in KEYS)
    for reproach in ("überfällig", "Mahnung", "vernachlässigt", "Frist verpasst", "fehlerhaft", "säumig"):
        assert reproach not in words


def test_a_team_finds_its_own_and_who_looks_after_nothing_is_refused(town: Cast) -> None:
    page = main_of(page_for(town, "outsider", "/upkeep/due/"))
    assert "Bauberatung" in page and "Hundesteuer" not in page and "Bereich, mit allem darunter" not in page
    page = main_of(page_for(town, "author", "/upkeep/due/"))
    assert "Hundesteuer" in page and "Bauberatung" not in page
    for role in ("staff", "head", "admin"):
        assert client_of(town, role).get("/upkeep/due/").status_code == 403
    assert client_of(town, "committee").get("/upkeep/gibt-es-nicht/").status_code == 404


def test_the_committee_chooses_a_department_and_how_far_ahead(town: Cast) -> None:
    page = main_of(page_for(town, "committee", "/upkeep/due/?department=bauen&weeks=8"))
    assert "Bauberatung" in page and "Hundesteuer" not in page
    assert "department=bauen&amp;weeks=8" in page
    page = main_of(page_for(town, "committee", "/upkeep/due/?department=%27&weeks=x&page=w"))
    assert "Bauberatung" in page and "Hundesteuer" in page
    page = main_of(page_for(town, "committee", "/upkeep/alike/?department=bauen"))
    assert "Hier ist nichts zu tun" in page


def test_each_row_leads_on_for_those_who_can_do_something(town: Cast) -> None:
    assert "/check-up/" in main_of(page_for(town, "author", "/upkeep/overdue/"))
    assert "/check-up/" not in main_of(page_for(town, "committee", "/upkeep/overdue/"))
    assert "/administration/" in main_of(page_for(town, "lead", "/upkeep/contacts/"))
    assert "/administration/" not in main_of(page_for(town, "author", "/upkeep/contacts/"))
    assert "/edit/" in main_of(page_for(town, "author", "/upkeep/inside/"))
    assert "/governance/tags/" in main_of(page_for(town, "committee", "/upkeep/tags/"))
    assert "/governance/tags/" not in main_of(page_for(town, "author", "/upkeep/tags/"))
    outside = main_of(page_for(town, "author", "/upkeep/outside/"))
    assert f'href="{OUTSIDE}" rel="noopener noreferrer nofollow"' in outside
    # One address, named by both records of the team: one row.
    assert outside.count(OUTSIDE) == 2 and "Zweitwohnungssteuer" in outside and "Bauberatung" not in outside


def test_a_list_costs_as_many_queries_for_many_rows_as_for_few(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(town, "committee")
    few = {key: queries_of(client, f"/upkeep/{key}/") for key in KEYS}
    # The departments, the counts, the rows; links outside also where they stand, and the committee's own sources.
    assert {key: count - FRAME for key, count in few.items()} == {key: 5 if key == "outside" else 3 for key in KEYS}
    entries = [fill(town, title=f"Weiterer {n}", days=3 if n % 2 else -3) for n in range(4)]
    CatalogueEntry.objects.filter(pk__in=[one.pk for one in entries]).update(contact=town.staff)
    LikePair.objects.create(first=entries[0], second=entries[1])
    tags.resolve_names(["Auch neu", "Ebenso"], town.standing("author"))
    for n, entry in enumerate(entries):
        PageLink.objects.filter(entry=entry, is_outside=True).update(
            address=f"{OUTSIDE}/{n}", key=str(n), since="2020-01-01"
        )
    assert {key: queries_of(client, f"/upkeep/{key}/") for key in KEYS} == few
    assert queries_of(client, "/upkeep/") == FRAME + 2
    monkeypatch.setattr(views, "LISTED", 1)
    for key in KEYS:
        assert "page=2" in page_for(town, "committee", f"/upkeep/{key}/"), key


def test_each_list_comes_as_csv_that_no_spreadsheet_takes_for_a_formula(town: Cast) -> None:
    for key in KEYS:
        answer = client_of(town, "committee").get(f"/upkeep/{key}.csv?department=steueramt")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        header, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
        assert len(rows) >= 1 and all(len(row) == len(header) for row in rows), key
        assert "Bauberatung" not in answer.content.decode()
    fill(town, title="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in client_of(town, "lead").get("/upkeep/due.csv").content.decode()


# -- links outside -------------------------------------------------------------------------------------


def test_a_person_opens_the_link_and_says_how_it_was(town: Cast) -> None:
    client = client_of(town, "author")
    page = client.post(f"/upkeep/links/{KEY}/?page=1", {"do": "nowhere"}, follow=True).content.decode()
    assert 'data-outcome="ok"' in page and "kam nicht an" in page and OUTSIDE in page
    page = client.post(f"/upkeep/links/{KEY}/", {"do": "checked"}, follow=True).content.decode()
    assert "Das gilt für alle 3 Einträge" in page and OUTSIDE not in main_of(page)
    check = AddressCheck.objects.get()
    assert (check.checked_on, check.is_reached, check.by_server) == (clock.today(), True, False)
    events = AuditEvent.objects.filter(verb="check_link").order_by("pk")
    assert [(event.actor, event.data["is_reached"]) for event in events] == [(town.author, False), (town.author, True)]
    assert all(event.data["address"] == KEY for event in events)


def test_an_address_that_no_text_names_any_more_is_told_and_one_of_others_refused(town: Cast) -> None:
    page = client_of(town, "author").post("/upkeep/links/nie/", {"do": "checked"}, follow=True).content.decode()
    assert 'data-outcome="conflict"' in page and "in keinem veröffentlichten Text mehr" in page
    PageLink.objects.filter(is_outside=True, entry__owner=town.other_team).delete()
    assert client_of(town, "outsider").post(f"/upkeep/links/{KEY}/").status_code == 403
    assert client_of(town, "staff").post(f"/upkeep/links/{KEY}/").status_code == 403
    assert not AddressCheck.objects.exists()


# -- records that are much alike -------------------------------------------------------------------------


def pairs() -> set[tuple[str, str]]:
    return {(pair.first.title, pair.second.title) for pair in LikePair.objects.select_related("first", "second")}


def several(cast: Cast) -> None:
    """What a search knows other words from."""
    for title in ("Terminvergabe im Bürgerbüro", "Papierkörbe im Park", "Mängelmelder", "Wohngeld berechnen"):
        make_published(cast, title=title, answer=f"{title} geht jetzt schneller.", what_was_done=title)


def test_published_records_that_say_the_same_are_found_once_and_only_when_something_changed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    several(cast)
    words = {"title": "Zweitwohnungssteuer online erklären", "answer": "Die Erklärung der Zweitwohnungssteuer im Netz."}
    first, second = make_published(cast, **words), make_published(cast, "outsider", **words)
    comparing.compare()
    assert pairs() == {(words["title"], words["title"])}
    assert Compared.objects.count() == CatalogueEntry.objects.count()
    asked: list[int] = []
    monkeypatch.setattr(comparing.similar, "near_duplicates", lambda entry: asked.append(entry.pk) or [])
    comparing.compare()
    assert asked == []
    save(cast, second, by="outsider", title="Bäume", answer="Bäume stehen im Kataster.", what_was_done="Bäume")
    approve(cast, submit(cast, second, "outsider"))
    comparing.compare()
    assert asked == [second.pk] and pairs() == set()
    assert first.pk < second.pk


def test_records_that_name_each_other_are_no_pair(town: Cast) -> None:
    from governance.upkeep.scope import scope_for

    scope, pair = scope_for(town.standing("committee")), LikePair.objects.get()
    assert queries.near_duplicates(scope).get() == pair
    record = reload(pair.first.record)
    approve(town, submit(town, _with(town, record, related=[pair.second_id])))
    assert not queries.near_duplicates(scope).exists()


def test_a_pair_told_apart_does_not_come_back_and_an_archived_one_goes(town: Cast) -> None:
    pair = LikePair.objects.get()
    page = client_of(town, "author").post(f"/upkeep/pairs/{pair.pk}/", follow=True).content.decode()
    assert 'data-outcome="ok"' in page and "Hier ist nichts zu tun" in page
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.record_id, event.data) == ("tell_apart", pair.first_id, {"other": pair.second_id})
    comparing.compare()
    assert LikePair.objects.exclude(told_apart_at=None).get() == pair
    page = client_of(town, "lead").post(f"/upkeep/pairs/{pair.pk}/", follow=True).content.decode()
    assert 'data-outcome="conflict"' in page
    workflow.archive(record=pair.second.record, standing=town.standing("lead"), reason="Doppelt")
    assert not LikePair.objects.exists()
    with pytest.raises(WrongState):
        services.tell_apart(standing=town.standing("committee"), pair=pair)


def test_only_the_teams_of_a_pair_and_the_committee_tell_it_apart(town: Cast) -> None:
    pair = LikePair.objects.get()
    for role in ("outsider", "head", "staff", "admin"):
        with pytest.raises(NotAllowed):
            services.tell_apart(standing=town.standing(role), pair=pair)
    services.tell_apart(standing=town.standing("committee"), pair=pair)
