"""The learning of the week: by rule, the same for the same catalogue, without a note of who saw it."""

from __future__ import annotations

import datetime as dt

import pytest

from governance import clock, periodic, workflow
from governance.models import Record
from tests.factories import Cast, make_published, reload, tag
from tests.pages import main_of, page_for
from transfer.models import LearningOfTheWeek
from transfer.week import choosing

pytestmark = pytest.mark.django_db


def shown(cast: Cast) -> str:
    """To those of the cast's own department."""
    entry = choosing.entry_for(cast.team.department_id).first()
    return entry.title if entry else ""


def weeks(cast: Cast, number: int, first: int = 0) -> list[str]:
    """What is shown in so many weeks one after the other."""
    found = []
    for week in range(first, first + number):
        with clock.at(clock.now() + dt.timedelta(weeks=week)):
            choosing.choose()
            found.append(shown(cast))
    return found


def test_nothing_comes_twice_before_everything_was_shown(cast: Cast) -> None:
    for title in ("Eins", "Zwei", "Drei"):
        make_published(cast, by="outsider", title=title)
    first = weeks(cast, 3)
    assert sorted(first) == ["Drei", "Eins", "Zwei"]
    assert weeks(cast, 3, first=3) == first


def test_new_ones_come_first_then_those_with_words_of_the_department_from_elsewhere(cast: Cast) -> None:
    old = dt.timedelta(days=choosing.NEW_DAYS + 30)
    with clock.at(clock.now() - old):
        make_published(cast, by="outsider", title="Alt", tag_ids=[tag("Formular").pk])
    make_published(cast, title="Eigenes", tag_ids=[tag("Formular").pk])
    make_published(cast, by="outsider", title="Passt", tag_ids=[tag("Formular").pk])
    make_published(cast, by="outsider", title="Anderes", tag_ids=[tag("Straßen").pk])
    assert weeks(cast, 4) == ["Passt", "Anderes", "Eigenes", "Alt"]


def test_it_is_chosen_once_a_week_for_each_department_and_for_those_in_none(cast: Cast) -> None:
    make_published(cast)
    assert choosing.choose() == 3
    assert choosing.choose() == 0
    week = choosing.this_week()
    assert week.weekday() == 0
    assert {row.week for row in LearningOfTheWeek.objects.all()} == {week}
    assert "learning_of_the_week" in periodic.run_due()


def archive(cast: Cast, record: Record) -> None:
    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="Überholt")


def test_the_start_page_shows_it_and_none_that_is_archived(cast: Cast) -> None:
    assert "Learning der Woche" not in page_for(cast, "lead", "/")
    record = make_published(cast, title="Schönes Learning")
    choosing.choose()
    page = main_of(page_for(cast, "lead", "/"))
    assert page.index("Learning der Woche") < page.index("Neu veröffentlicht")
    assert "Learning der Woche" in page_for(cast, "admin", "/")
    archive(cast, record)
    assert "Learning der Woche" not in page_for(cast, "lead", "/")
    assert choosing.choose() == 0


def test_the_same_catalogue_gives_the_same_choice(cast: Cast) -> None:
    for number in range(6):
        make_published(cast, by="outsider", title=f"Nummer {number}")
    first = weeks(cast, 4)
    LearningOfTheWeek.objects.all().delete()
    assert weeks(cast, 4) == first
