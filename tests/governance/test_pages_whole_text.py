"""Whoever judges a text has seen all of it: no versioned field is missing where a version is shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance import attachments, kinds
from governance.models import Record
from tests import factories
from tests.factories import Cast, make_draft, make_published, submit
from tests.pages import address, page_for

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def full_text(cast: Cast) -> dict[str, tuple[Any, list[str]]]:
    """For each field a value, and the words by which it is recognised on a page."""
    other = make_published(cast, title="Verwandt-Quitte")
    kept, info = attachments.store(SimpleUploadedFile("plan.pdf", PDF), "plan-quitte.pdf", other)
    row = {"sha256": kept.sha256, "name": info.name, "media_type": info.media_type, "description": "Zeigt Birnen"}
    figure = {"label": "Zahl-Mirabelle", "number": "417.5", "unit": "Kisten", "period": "Mai 2031", "source": "Zoll"}
    link = {
        "title": "Link-Holunder",
        "url": "https://example.org/schlehe",
        "repository": "Depot-Sanddorn",
        "retrieved_on": "2026-02-03",
    }
    messages = [
        {"audience": "team", "text": "Botschaft-Apfel", "based_on": ""},
        {"audience": "decision_makers", "text": "Botschaft-Birne", "based_on": ""},
    ]
    plain = {
        name: (f"Wort-{name.replace('_', '-')}", [f"Wort-{name.replace('_', '-')}"])
        for name in (
            *("title", "guiding_question", "answer", "everyday_benefit", "occasion", "what_was_done", "results"),
            *("difficulties", "recommendation", "next_step", "prerequisites"),
            *("effort_time", "effort_money", "effort_people", "teaser", "article"),
        )
    }
    return plain | {
        "audiences": (["team", "other_municipalities"], ["Eigenes Team", "Andere Kommunen"]),
        # The second is for nobody who was chosen, and still part of the text.
        "messages": (messages, ["Botschaft-Apfel", "Botschaft-Birne"]),
        "figures": ([figure], ["Zahl-Mirabelle", "417,5", "Kisten", "Mai 2031", "Zoll"]),
        "share_difficulties": (True, ["Schwierigkeiten dürfen weitergegeben werden</dt><dd>ja"]),
        "related": ([other.pk], [other.short_number, "Verwandt-Quitte"]),
        "links": ([link], ["Link-Holunder", "https://example.org/schlehe", "Depot-Sanddorn", "3. Februar 2026"]),
        "attachments": ([row], ["plan-quitte.pdf", "Zeigt Birnen"]),
        "tag_ids": ([factories.tag("Wort-Hagebutte").pk], ["Wort-Hagebutte"]),
    }


def whole_text_of(page: str) -> str:
    """From the heading on, without forms: a field's name beside an input is not its value."""
    start = page.index("<h1>")
    return page[start : page.index("</main>")].partition('id="entscheidung"')[0]


@pytest.fixture
def text(cast: Cast) -> dict[str, tuple[Any, list[str]]]:
    return full_text(cast)


@pytest.fixture
def record(cast: Cast, text: dict[str, tuple[Any, list[str]]]) -> Record:
    return make_draft(cast, **{name: value for name, (value, _words) in text.items()})


def is_whole(page: str, text: dict[str, tuple[Any, list[str]]]) -> None:
    missing = [(name, word) for name, (_value, words) in text.items() for word in words if word not in page]
    assert not missing


def test_the_table_of_this_test_names_every_field_of_the_kind(text: dict[str, tuple[Any, list[str]]]) -> None:
    assert set(text) == {field.name for field in kinds.get("learning").fields}
    assert set(text) == set(kinds.get("learning").versioned)


def test_the_committee_sees_every_field_before_the_first_approval(
    cast: Cast, text: dict[str, tuple[Any, list[str]]], record: Record
) -> None:
    review = submit(cast, record)
    page = page_for(cast, "committee", f"/governance/reviews/{review.pk}/")
    is_whole(whole_text_of(page), text)
    # Something may be said of each of them, once.
    assert {name: page.count(f'name="remark_{name}"') for name in text} == dict.fromkeys(text, 1)


@pytest.mark.parametrize("role", ["author", "committee"])
def test_the_page_of_a_version_has_every_field(
    cast: Cast, text: dict[str, tuple[Any, list[str]]], record: Record, role: str
) -> None:
    submit(cast, record)
    is_whole(whole_text_of(page_for(cast, role, address(record, "versions/1/"))), text)


def test_the_preview_before_submission_has_every_field(
    cast: Cast, text: dict[str, tuple[Any, list[str]]], record: Record
) -> None:
    page = page_for(cast, "author", address(record, "edit/4/"))
    is_whole(page[page.index("data-preview") : page.index("</details>", page.index("data-preview"))], text)


def test_that_difficulties_stay_inside_is_said_too(cast: Cast) -> None:
    record = make_draft(cast, difficulties="Schwer", share_difficulties=False)
    page = page_for(cast, "author", address(record, "versions/1/"))
    assert "Schwierigkeiten dürfen weitergegeben werden</dt><dd>nein" in page
