"""Numbers as people type them, as they are stored, and as they are shown again."""

from __future__ import annotations

import time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from governance import versions
from governance.rows import decimal_string, german
from learnings.schemas import Figure
from tests.factories import Cast, make_draft, reload, save
from tests.learnings.pages import address, client_of, fields_of, send

STORED = st.from_regex(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?", fullmatch=True)


@given(STORED)
def test_a_stored_number_shown_in_the_form_is_read_as_the_same_number(number: str) -> None:
    assert decimal_string(german(number)) == number


@given(STORED)
def test_a_number_as_readers_see_it_is_read_as_the_same_number(number: str) -> None:
    shown = Figure(label="", number=number, unit="", period="", source="").shown
    assert decimal_string(shown) == number


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_number_that_can_be_saved_or_a_word_about_it(typed: str) -> None:
    try:
        number = decimal_string(typed)
    except ValidationError:
        return
    Figure(label="", number=number, unit="", period="", source="").check()


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("12.5", "12.5"),
        ("1.234", "1234"),
        ("1.234,5", "1234.5"),
        ("1 234,50", "1234.50"),
        ("1\u202f234", "1234"),
        ("1234.567", "1234.567"),
        ("−3", "-3"),
        ("+3", "3"),
        ("007", "7"),
    ],
)
def test_a_number_is_read_as_it_is_meant(typed: str, number: str) -> None:
    assert decimal_string(typed) == number


@pytest.mark.parametrize("typed", ["1e-1000000000", "1e3", "1.2,5", "1,2.5", "1,2,5", "٣", "--1", ".5", "5,", "1_000"])
def test_what_is_no_number_is_refused_at_once(typed: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(ValidationError):
        decimal_string(typed)
    assert time.perf_counter() - begun < 0.1


@pytest.mark.django_db
def test_a_number_saved_again_and_again_stays_the_same(cast: Cast) -> None:
    record = make_draft(cast, figures=[{"label": "Anteil", "number": "0.125"}, {"label": "Fälle", "number": "1234"}])
    author = client_of(cast, "author")
    for results in ("Einmal.", "Zweimal."):
        page = author.get(address(record, "edit/2/"))
        assert fields_of(page)["figures-0-number"] == ["0,125"]
        assert send(author, address(record, "edit/2/"), page, results=results, go="save").status_code == 302
        numbers = [row["number"] for row in versions.content_of(reload(record)).figures]
        assert numbers == ["0.125", "1234"]


@pytest.mark.django_db
def test_the_conflict_page_shows_numbers_the_german_way(cast: Cast) -> None:
    record = make_draft(cast, figures=[{"label": "Anteil", "number": "0.5"}])
    author = client_of(cast, "author")
    page = author.get(address(record, "edit/2/"))
    save(cast, record, by="member", figures=[{"label": "Anteil", "number": "0.75"}])
    answer = send(author, address(record, "edit/2/"), page, figures__0__number="0,25", go="save")
    assert answer.status_code == 409
    assert "0,75" in answer.content.decode()
    assert fields_of(answer)["figures-0-number"] == ["0,25"]
