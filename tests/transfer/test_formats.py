"""Founding, changing and ending formats; what the overview says of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from governance import clock, people
from governance.errors import NotAllowed, WrongState
from governance.models import AuditEvent, Team
from tests.factories import Cast, make_published
from tests.pages import client_of, main_of, page_for, queries_of
from tests.transfer.factories import add_topic, make_format, make_occurrence, note, take
from transfer.errors import Changed
from transfer.formats import queries, rhythm, services
from transfer.models import ExchangeFormat, Occurrence
from transfer.occurrences import services as occurrences

pytestmark = pytest.mark.django_db
VALUES = {
    "name": "Kaffee-Ecke im Foyer",
    "sort": "coffee_corner",
    "purpose": "Wer mag, erzählt.",
    "audience": "alle",
    "rhythm": "jeden Freitag",
    "minutes": "20",
    "place": "Foyer",
    "since": "2024-05-03",
    "opened_on": "0",
}


def post(cast: Cast, role: str, url: str, **changes: Any) -> Any:
    return client_of(cast, role).post(url, {**VALUES, "team": cast.team.pk} | changes)


def test_the_lead_founds_a_format_and_everybody_sees_it(cast: Cast) -> None:
    answer = post(cast, "lead", "/transfer/new/", is_new="on")
    made = ExchangeFormat.objects.get()
    assert answer["Location"] == "/transfer/formats/kaffee-ecke-im-foyer/"
    assert (made.team, made.minutes, made.is_new, made.since) == (cast.team, 20, True, dt.date(2024, 5, 3))
    assert AuditEvent.objects.get(verb="found_format").data == {"format": made.pk, "team": cast.team.pk}
    page = page_for(cast, "staff", answer["Location"])
    for words in ("Wer mag, erzählt.", "jeden Freitag", "Foyer", "neu gegründet", "Kein Termin eingetragen"):
        assert words in page
    assert "Neuer Termin" not in page
    assert "Kaffee-Ecke im Foyer" in page_for(cast, "staff", "/transfer/")


def test_the_chair_founds_formats_of_the_committee_and_nobody_those_of_another_team(cast: Cast) -> None:
    assert post(cast, "chair", "/transfer/new/", team=cast.committee_team.pk).status_code == 302
    assert post(cast, "lead", "/transfer/new/", team=cast.other_team.pk).status_code == 422
    for role in ("author", "committee", "outsider"):
        with pytest.raises(NotAllowed):
            values = {"name": "X", "kind": "other", "purpose": "x", "audience": "x", "rhythm": "x"}
            services.found(standing=cast.standing(role), team=cast.team.pk, **values)


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("name", "", "id_name_error"),
        ("name", "x" * 121, "höchstens 120 sind möglich"),
        ("place", "Raum\x0012", "unsichtbares oder unlesbares Zeichen"),
        ("minutes", "0", "mindestens eine Minute"),
        ("minutes", "100000", "von 1 bis 600"),
        ("since", "0001-01-01", "Bitte prüfen Sie das Jahr."),
        ("since", "2999-01-01", "Bitte prüfen Sie das Jahr."),
        ("sort", "party", "id_sort_error"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(cast: Cast, field: str, typed: str, told: str) -> None:
    answer = post(cast, "lead", "/transfer/new/", **{field: typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert 'value="jeden Freitag"' in page
    assert not ExchangeFormat.objects.exists()


def test_two_formats_of_one_name_have_addresses_of_their_own(cast: Cast) -> None:
    for _time in range(3):
        post(cast, "lead", "/transfer/new/")
    slugs = set(ExchangeFormat.objects.values_list("slug", flat=True))
    assert slugs == {"kaffee-ecke-im-foyer", "kaffee-ecke-im-foyer-2", "kaffee-ecke-im-foyer-3"}


def test_who_saves_over_anothers_change_is_told_and_may_save_again(cast: Cast) -> None:
    shown = make_format(cast)
    url = f"/transfer/formats/{shown.slug}/edit/"
    assert post(cast, "lead", url, opened_on=1, name="Erste Fassung", sort="jour_fixe").status_code == 302
    answer = post(cast, "lead", url, opened_on=1, name="Zweite Fassung", sort="jour_fixe")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-outcome="conflict"' in page
    assert "Erste Fassung" in page
    assert 'value="Zweite Fassung"' in page
    assert 'name="opened_on" value="2"' in page
    assert post(cast, "lead", url, opened_on=2, name="Zweite Fassung", sort="jour_fixe").status_code == 302
    shown.refresh_from_db()
    assert (shown.name, shown.version) == ("Zweite Fassung", 3)
    with pytest.raises(Changed):
        services.change(
            standing=cast.standing("lead"), exchange_format=shown, opened_on=2, team=cast.team.pk, name="Dritte"
        )


def test_a_format_ends_when_nothing_is_to_come_and_takes_nothing_any_more(cast: Cast) -> None:
    shown = make_format(cast)
    coming = make_occurrence(cast, shown)
    url = f"/transfer/formats/{shown.slug}/edit/"
    client_of(cast, "lead").post(url, {"do": "end"})
    shown.refresh_from_db()
    assert not shown.has_ended
    occurrences.cancel(standing=cast.standing("author"), occurrence=coming)
    client_of(cast, "lead").post(url, {"do": "end"})
    shown.refresh_from_db()
    assert shown.has_ended
    with pytest.raises(WrongState):
        make_occurrence(cast, shown, days=20)
    assert "Jour fixe Steueramt" not in main_of(page_for(cast, "staff", "/transfer/"))
    assert "Jour fixe Steueramt" in main_of(page_for(cast, "staff", "/transfer/?show=ended"))


def test_a_newsletter_has_no_dates_and_stays_a_newsletter(cast: Cast) -> None:
    letter = make_format(cast, kind="newsletter", minutes=None)
    with pytest.raises(WrongState):
        make_occurrence(cast, letter)
    assert client_of(cast, "author").get(f"/transfer/formats/{letter.slug}/new/").status_code == 403
    with pytest.raises(WrongState):
        services.change(
            standing=cast.standing("lead"), exchange_format=letter, opened_on=1, team=cast.team.pk, kind="other"
        )


def test_formats_go_with_a_hand_over_and_keep_a_team_from_dissolving(cast: Cast) -> None:
    shown, admin = make_format(cast), cast.standing("admin")
    with pytest.raises(WrongState, match="Austauschformate"):
        people.dissolve(standing=admin, team=cast.team)
    people.hand_over(standing=cast.standing("admin"), team=cast.team, to=cast.other_team)
    shown.refresh_from_db()
    assert shown.team == cast.other_team
    assert Team.objects.get(pk=people.dissolve(standing=admin, team=cast.team).pk).dissolved_on


# -- the overview ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("jeden ersten Dienstag", 31),
        ("jeden ersten Dienstag im Monat, 9 Uhr", 31),
        ("jeden Freitag", 7),
        ("wöchentlich", 7),
        ("dienstags um 8", 7),
        ("alle zwei Wochen", 14),
        ("alle 6 Wochen", 42),
        ("14-tägig", 14),
        ("einmal im Monat", 31),
        ("monatlich", 31),
        ("zweimal im Jahr", 183),
        ("einmal im Quartal", 92),
        ("vierteljährlich", 92),
        ("halbjährlich", 184),
        ("jährlich im Herbst", 366),
        ("jeden Tag", 1),
        ("nach Bedarf", None),
        ("", None),
    ],
)
def test_a_rhythm_in_words_is_read(words: str, days: int | None) -> None:
    assert rhythm.days_of(words) == days


def occurrence_ago(cast: Cast, shown: ExchangeFormat, days: float) -> Occurrence:
    return make_occurrence(cast, shown, days=-days)


def test_a_format_sleeps_when_nothing_comes_and_the_last_date_is_longer_ago_than_its_rhythm(cast: Cast) -> None:
    weekly = make_format(cast, name="Wöchentlich", rhythm="jeden Montag")
    quarterly = make_format(cast, name="Im Quartal", rhythm="einmal im Quartal")
    vague = make_format(cast, name="Nach Bedarf", rhythm="nach Bedarf")
    for shown in (weekly, quarterly, vague):
        occurrence_ago(cast, shown, 30)
    make_format(cast, name="Aushang", kind="notice_board", created_at=clock.now() - dt.timedelta(days=900))
    make_format(cast, name="Nie getagt", created_at=clock.now() - dt.timedelta(days=95))
    assert [row.format.name for row in queries.sleeping()] == ["Nie getagt", "Wöchentlich"]
    with clock.at(clock.now() + dt.timedelta(days=65)):
        assert {row.format.name for row in queries.sleeping()} >= {"Nach Bedarf", "Im Quartal"}
        make_occurrence(cast, weekly, days=1)
        assert "Wöchentlich" not in {row.format.name for row in queries.sleeping()}


def test_the_overview_counts_what_was_brought_and_lists_what_never_was(cast: Cast) -> None:
    shown, record, other = make_format(cast), make_published(cast), make_published(cast, title="Nie dabei")
    past = occurrence_ago(cast, shown, 10)
    item = take(cast, past, record)
    note(cast, item)
    take(cast, occurrence_ago(cast, shown, 40), record)
    take(cast, occurrence_ago(cast, shown, 400), record)
    cancelled = occurrence_ago(cast, shown, 20)
    take(cast, cancelled, other)
    occurrences.cancel(standing=cast.standing("author"), occurrence=cancelled)
    row = queries.carried(ExchangeFormat.objects.living()).get()
    counted = [vars(row)[name] or 0 for name in ("dates", "records", "outcomes", "drafts", "to_do")]
    assert counted == [2, 1, 1, 0, 0]
    assert list(queries.never_carried().values_list("title", flat=True)) == ["Nie dabei"]
    page = main_of(page_for(cast, "staff", "/transfer/overview/"))
    assert "Nie dabei" in page
    assert "mitnehmen" not in page
    assert "mitnehmen" in main_of(page_for(cast, "author", "/transfer/overview/"))


def test_empty_pages_say_how_to_begin(cast: Cast) -> None:
    assert "Noch keine Austauschformate" in page_for(cast, "staff", "/transfer/")
    assert 'href="/transfer/new/"' in main_of(page_for(cast, "lead", "/transfer/"))
    assert "Noch ist kein Format eingetragen." in page_for(cast, "staff", "/transfer/overview/")
    assert "Kein Format ist beendet" in page_for(cast, "staff", "/transfer/?show=ended")


def test_lists_cost_the_same_for_one_and_for_many(cast: Cast) -> None:
    def grow(times: int) -> None:
        for number in range(times):
            shown = make_format(cast, name=f"Format {number}")
            for days in (-40, 7):
                item = add_topic(cast, make_occurrence(cast, shown, days=days))
                take(cast, item.occurrence, make_published(cast))
        return

    grow(1)
    client, first = client_of(cast, "author"), ExchangeFormat.objects.earliest("pk")
    urls = ["/transfer/", "/transfer/overview/", f"/transfer/formats/{first.slug}/"]
    client.get("/transfer/")
    before = [queries_of(client, url) for url in urls]
    grow(3)
    assert [queries_of(client, url) for url in urls] == before
    assert before[0] <= 4 + 2
    assert before[1] <= 4 + 5
    assert before[2] <= 4 + 4


def test_long_lists_have_pages(cast: Cast) -> None:
    shown = make_format(cast)
    begins = timezone.now()
    Occurrence.objects.bulk_create(
        Occurrence(format=shown, starts_at=begins - dt.timedelta(days=10 + number)) for number in range(13)
    )
    ExchangeFormat.objects.bulk_create(
        ExchangeFormat(slug=f"f-{number}", name=f"Format {number:02}", kind="other", team=cast.team)
        for number in range(20)
    )
    assert "page=2" in page_for(cast, "staff", f"/transfer/formats/{shown.slug}/")
    assert "page=2" in page_for(cast, "staff", "/transfer/")
    assert "Jour fixe" in main_of(page_for(cast, "staff", "/transfer/?page=2"))
