"""Dates: set, moved, called off; the calendar file, the agenda as text and for Word."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from docx import Document
from icalendar import Calendar
from pptx import Presentation

from governance import clock
from governance.errors import NotAllowed
from tests.factories import Cast, make_draft, make_published
from tests.pages import client_of, main_of, page_for, queries_of
from tests.transfer.factories import add_topic, make_format, make_occurrence, note, take
from transfer.afterwards import services as afterwards
from transfer.agenda import services as agenda
from transfer.errors import Cancelled, Changed
from transfer.models import Occurrence
from transfer.occurrences import services

pytestmark = pytest.mark.django_db
WHEN = {"day": "2027-03-02", "time": "09:30", "minutes": "45", "place": "Raum 7", "opened_on": "0"}


def post(cast: Cast, role: str, url: str, **changes: Any) -> Any:
    return client_of(cast, role).post(url, WHEN | changes)


def test_a_member_of_the_organising_team_sets_the_next_date(cast: Cast) -> None:
    shown = make_format(cast)
    answer = post(cast, "author", f"/transfer/formats/{shown.slug}/new/")
    made = Occurrence.objects.get()
    assert answer["Location"] == f"/transfer/occurrences/{made.pk}/"
    # By the town's clock, whatever the server's.
    assert made.starts_at == dt.datetime(2027, 3, 2, 8, 30, tzinfo=dt.UTC)
    page = page_for(cast, "staff", answer["Location"])
    for words in ("Dienstag, 2. März 2027, 9:30 bis 10:15 Uhr", "Raum 7", "Noch keine Punkte"):
        assert words in page
    for role in ("outsider", "committee", "staff"):
        with pytest.raises(NotAllowed):
            services.set_date(standing=cast.standing(role), exchange_format=shown, starts_at=clock.now())


def test_the_same_date_twice_is_refused_and_the_words_stay(cast: Cast) -> None:
    shown = make_format(cast)
    post(cast, "author", f"/transfer/formats/{shown.slug}/new/")
    answer = post(cast, "author", f"/transfer/formats/{shown.slug}/new/", place="Anderswo")
    assert answer.status_code == 422
    assert "Zu dieser Zeit gibt es schon einen Termin" in answer.content.decode()
    assert 'value="Anderswo"' in answer.content.decode()
    assert Occurrence.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "typed"), [("day", "morgen"), ("day", "9999-12-31"), ("time", "25:00"), ("minutes", "-5"), ("day", "")]
)
def test_a_date_that_cannot_be_is_told_at_its_place(cast: Cast, field: str, typed: str) -> None:
    shown = make_format(cast)
    answer = post(cast, "author", f"/transfer/formats/{shown.slug}/new/", **{field: typed})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Occurrence.objects.exists()


def test_who_moves_what_was_moved_meanwhile_is_told(cast: Cast) -> None:
    occurrence = make_occurrence(cast)
    url = f"/transfer/occurrences/{occurrence.pk}/edit/"
    before = occurrence.starts_at
    assert post(cast, "author", url, opened_on=1).status_code == 302
    answer = post(cast, "member", url, opened_on=1, day="2027-03-04", place="Aula")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "2. März 2027" in page
    assert 'value="Aula"' in page
    assert 'name="opened_on" value="2"' in page
    assert post(cast, "member", url, opened_on=2, day="2027-03-04", place="Aula").status_code == 302
    occurrence.refresh_from_db()
    assert (occurrence.place, occurrence.version) == ("Aula", 3)
    assert occurrence.moved_from == dt.datetime(2027, 3, 2, 8, 30, tzinfo=dt.UTC) != before
    assert "Verlegt; vorher Dienstag, 2. März 2027" in page_for(cast, "staff", occurrence.get_absolute_url())
    with pytest.raises(Changed):
        services.change(
            standing=cast.standing("author"), occurrence=occurrence, opened_on=1, starts_at=occurrence.starts_at
        )


def test_what_is_called_off_says_why_and_moves_no_more(cast: Cast) -> None:
    occurrence = make_occurrence(cast)
    client_of(cast, "author").post(f"/transfer/occurrences/{occurrence.pk}/cancel/", {"reason": "Raum gesperrt"})
    page = page_for(cast, "staff", occurrence.get_absolute_url())
    assert "Dieser Termin ist abgesagt" in page
    assert "Raum gesperrt" in page
    with pytest.raises(Cancelled):
        services.change(
            standing=cast.standing("author"), occurrence=occurrence, opened_on=2, starts_at=occurrence.starts_at
        )
    # The same time is free again.
    make_occurrence(cast, occurrence.format)


# -- the calendar file -----------------------------------------------------------------------------


def event_of(cast: Cast, occurrence: Occurrence, role: str = "staff") -> tuple[Any, Any]:
    answer = client_of(cast, role).get(f"/transfer/occurrences/{occurrence.pk}/calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    calendar = Calendar.from_ical(answer.content)
    events = calendar.walk("VEVENT")
    assert len(events) == 1
    return calendar, events[0]


def test_the_calendar_file_says_when_where_and_what(cast: Cast) -> None:
    occurrence = make_occurrence(cast, minutes=45)
    record = make_published(cast)
    take(cast, occurrence, record, minutes=10)
    take(cast, occurrence, make_draft(cast, title="Noch geheim"))
    calendar, event = event_of(cast, occurrence, "author")
    assert calendar["METHOD"] == "PUBLISH"
    assert event["DTSTART"].dt == occurrence.starts_at
    assert event["DTEND"].dt - event["DTSTART"].dt == dt.timedelta(minutes=45)
    assert (event["SUMMARY"], event["LOCATION"]) == ("Jour fixe Steueramt", "Raum 214")
    assert f"1. {record.short_number} Hundesteuer online anmelden (informieren, 10 Minuten)" in event["DESCRIPTION"]
    assert "Noch geheim" not in event["DESCRIPTION"]
    assert event["URL"].endswith(f"/transfer/occurrences/{occurrence.pk}/")


def test_a_later_file_replaces_the_earlier_one_in_the_calendar(cast: Cast) -> None:
    occurrence = make_occurrence(cast)
    _calendar, first = event_of(cast, occurrence)
    services.cancel(standing=cast.standing("author"), occurrence=occurrence)
    calendar, second = event_of(cast, occurrence)
    assert second["UID"] == first["UID"]
    assert second["SEQUENCE"] > first["SEQUENCE"]
    assert (calendar["METHOD"], second["STATUS"]) == ("CANCEL", "CANCELLED")


HOSTILE = [
    "Rat; Haus, \\n Ende",
    "BEGIN:VEVENT",
    'Raum "7": ATTENDEE;CN=x:mailto:y@z.example',
    "=HYPERLINK(1)",
    "ÄÖÜ 🙂 " + "lang " * 30,
]


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_typed_becomes_a_property_a_line_or_a_header(cast: Cast, words: str) -> None:
    words = words.strip()
    shown = make_format(cast, name=words[:120].strip(), slug="x")
    occurrence = make_occurrence(cast, shown, place=words)
    add_topic(cast, occurrence, words)
    calendar, event = event_of(cast, occurrence)
    assert (event["SUMMARY"], event["LOCATION"]) == (shown.name, words)
    assert f"1. {words} (informieren)" in event["DESCRIPTION"]
    names = ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION", "URL", "STATUS")
    assert sorted(event) == sorted(names)
    assert len(calendar.subcomponents) == 1


def test_line_breaks_do_not_get_into_lines_of_the_form_or_of_the_file(cast: Cast) -> None:
    shown = make_format(cast)
    answer = post(cast, "author", f"/transfer/formats/{shown.slug}/new/", place="Raum\r\nATTENDEE:mailto:x@y.example")
    occurrence = Occurrence.objects.get()
    assert answer.status_code == 302
    assert occurrence.place == "Raum ATTENDEE:mailto:x@y.example"
    Occurrence.objects.update(place="Raum\r\nATTENDEE:mailto:x@y.example")
    _calendar, event = event_of(cast, occurrence)
    assert "ATTENDEE" not in event
    answer = client_of(cast, "staff").get(f"/transfer/occurrences/{occurrence.pk}/calendar.ics")
    assert "\n" not in answer["Content-Disposition"]


# -- on paper --------------------------------------------------------------------------------------


def words_of(cast: Cast, occurrence: Occurrence, role: str = "author") -> str:
    answer = client_of(cast, role).get(f"/transfer/occurrences/{occurrence.pk}/agenda.docx")
    document = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_agenda_for_word_has_the_points_and_what_came_of_them_and_no_drafts(cast: Cast) -> None:
    occurrence = make_occurrence(cast)
    item = take(cast, occurrence, make_published(cast), by_whom="Sachgebietsleitung", minutes=15, aim="decide")
    take(cast, occurrence, make_draft(cast, title="Noch geheim"))
    words = words_of(cast, occurrence)
    for expected in ("Jour fixe Steueramt", "Raum 214", "L-1 Hundesteuer", "Sachgebietsleitung", "entscheiden", "15"):
        assert expected in words
    assert "Noch geheim" not in words
    assert "Was daraus wurde" not in words
    note(cast, item, "Es geht auch ohne.\nZweite Zeile.", "Wir lassen das Formular weg.")
    afterwards.add_follow_up(standing=cast.standing("author"), item=item, text="Formular löschen", role="IT")
    words = words_of(cast, occurrence, "staff")
    for expected in ("Was daraus wurde", "Zweite Zeile.", "Wir lassen das Formular weg.", "Formular löschen (IT)"):
        assert expected in words


def test_what_must_not_stand_in_a_word_file_is_left_out(cast: Cast) -> None:
    occurrence = make_occurrence(cast)
    item = add_topic(cast, occurrence)
    type(item).objects.update(title="Vorher\x0bnachher ￿<w:p>", notes="=1+1\x01")
    words = words_of(cast, occurrence)
    assert "Vorhernachher <w:p>" in words
    assert "=1+1" in words


def test_the_text_for_the_invitation_stands_on_the_page(cast: Cast) -> None:
    occurrence = make_occurrence(cast)
    add_topic(cast, occurrence, "<b>Fett</b>", minutes=5)
    page = page_for(cast, "staff", occurrence.get_absolute_url())
    assert "1. &lt;b&gt;Fett&lt;/b&gt; (informieren, 5 Minuten)" in page
    assert "<b>Fett" not in page


def test_the_time_of_the_points_is_summed_against_the_length(cast: Cast) -> None:
    occurrence = make_occurrence(cast)
    add_topic(cast, occurrence, minutes=50)
    add_topic(cast, occurrence)
    page = main_of(page_for(cast, "staff", occurrence.get_absolute_url()))
    assert "50 von 60 Minuten verplant." in page
    assert "1 Punkt ohne Zeitangabe." in page
    assert "zu viel" not in page
    add_topic(cast, occurrence, minutes=25)
    assert "Das sind 15 Minuten zu viel." in page_for(cast, "staff", occurrence.get_absolute_url())


def test_the_page_of_an_occurrence_costs_the_same_for_one_and_for_many_points(cast: Cast) -> None:
    occurrence, client = make_occurrence(cast), client_of(cast, "author")

    def grow(times: int) -> None:
        for number in range(times):
            item = note(cast, take(cast, occurrence, make_published(cast)))
            afterwards.add_follow_up(standing=cast.standing("author"), item=item, text=f"Tun {number}")

    grow(1)
    client.get("/")
    before = queries_of(client, occurrence.get_absolute_url())
    grow(4)
    assert queries_of(client, occurrence.get_absolute_url()) == before <= 4 + 3


def test_the_learnings_of_an_agenda_are_one_presentation_in_its_order(cast: Cast) -> None:
    occurrence = make_occurrence(cast)
    first = take(cast, occurrence, make_published(cast, title="Erstes Learning"))
    take(cast, occurrence, make_published(cast, title="Zweites Learning"))
    take(cast, occurrence, make_draft(cast, title="Noch geheim"))
    agenda.move(standing=cast.standing("author"), item=first, way=agenda.DOWN)
    url = f"/transfer/occurrences/{occurrence.pk}/slides.pptx"
    answer = client_of(cast, "author").get(f"{url}?audience=decision_makers")
    slides = Presentation(io.BytesIO(answer.content)).slides
    words = "\n".join(s.text_frame.text for slide in slides for s in slide.shapes if s.has_text_frame)
    assert words.index("Zweites Learning") < words.index("Erstes Learning")
    assert "Noch geheim" not in words
    assert f'action="{url}"' in page_for(cast, "staff", occurrence.get_absolute_url())


def test_without_a_learning_there_are_no_slides(cast: Cast) -> None:
    occurrence = make_occurrence(cast)
    add_topic(cast, occurrence)
    url = f"/transfer/occurrences/{occurrence.pk}/slides.pptx"
    assert url not in page_for(cast, "author", occurrence.get_absolute_url())
    assert "Es gibt nichts zu zeigen." in page_for(cast, "author", url)
