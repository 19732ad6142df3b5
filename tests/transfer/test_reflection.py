"""A reflection round: keep, change, try; the next one tells what became of the trials."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document

from governance import versions
from tests.factories import Cast
from tests.learnings.pages import fields_of
from tests.pages import client_of, main_of, page_for
from tests.transfer.factories import make_format, make_occurrence
from transfer.models import ExchangeFormat, Occurrence, ReflectionNote

pytestmark = pytest.mark.django_db


@pytest.fixture
def rounds(cast: Cast) -> ExchangeFormat:
    return make_format(cast, name="Reflexionsrunde", kind="reflection_round")


def post(cast: Cast, occurrence: Occurrence, role: str = "author", **fields: Any) -> Any:
    return client_of(cast, role).post(f"/transfer/occurrences/{occurrence.pk}/reflection/", fields)


def form_of(cast: Cast, occurrence: Occurrence) -> dict[str, Any]:
    return fields_of(client_of(cast, "author").get(f"/transfer/occurrences/{occurrence.pk}/reflection/"))


def points(occurrence: Occurrence, kind: str) -> set[str]:
    return set(occurrence.reflections.filter(kind=kind).values_list("text", flat=True))


def test_a_round_is_noted_a_line_for_each_point(cast: Cast, rounds: ExchangeFormat) -> None:
    occurrence = make_occurrence(cast, rounds)
    post(
        cast,
        occurrence,
        keep="- Montags kurz sprechen\n\n* Offene Tür",
        change="Zu viele Mails",
        **{"try": "Ohne Mail"},
    )
    assert points(occurrence, "keep") == {"Montags kurz sprechen", "Offene Tür"}
    page = main_of(page_for(cast, "staff", occurrence.get_absolute_url()))
    for words in ("Behalten", "Offene Tür", "Zu viele Mails", "Ausprobieren", "Ohne Mail"):
        assert words in page
    assert "Als Learning-Entwurf" not in page
    answer = client_of(cast, "staff").get(f"/transfer/occurrences/{occurrence.pk}/agenda.docx")
    words = [paragraph.text for paragraph in Document(io.BytesIO(answer.content)).paragraphs]
    assert {"Behalten", "Offene Tür", "Ausprobieren", "Ohne Mail"} <= set(words)


def test_the_next_round_asks_what_became_of_the_trials_until_it_is_told(cast: Cast, rounds: ExchangeFormat) -> None:
    first, second, third = (make_occurrence(cast, rounds, days=days) for days in (-60, -30, -1))
    post(cast, first, **{"try": "Ohne Mail"})
    trial = ReflectionNote.objects.get()
    field = f"became_{trial.pk}"
    assert field not in form_of(cast, first)
    for occurrence in (second, third):
        assert form_of(cast, occurrence)[field] == [""]
    post(cast, second, **{field: "Bleibt so."})
    assert field not in form_of(cast, third)
    trial.refresh_from_db()
    assert (trial.became, trial.became_in) == ("Bleibt so.", second)
    assert "Bleibt so." in page_for(cast, "staff", second.get_absolute_url())
    assert "Daraus wurde" in page_for(cast, "staff", first.get_absolute_url())
    # Told by mistake, it is taken back where it was told.
    post(cast, second, **{field: ""})
    assert form_of(cast, third)[field] == [""]


def test_two_who_note_one_round_lose_nothing(cast: Cast, rounds: ExchangeFormat) -> None:
    occurrence = make_occurrence(cast, rounds)
    post(cast, occurrence, keep="Eins\nZwei")
    mine, theirs = form_of(cast, occurrence), form_of(cast, occurrence)
    post(cast, occurrence, "member", **theirs | {"keep": "Eins\nZwei\nDrei"})
    # I take away what I saw, and add; what came meanwhile stays.
    post(cast, occurrence, **mine | {"keep": "Eins\nVier"})
    assert points(occurrence, "keep") == {"Eins", "Drei", "Vier"}


def test_a_point_becomes_a_draft_and_stands_from_then_on(cast: Cast, rounds: ExchangeFormat) -> None:
    occurrence = make_occurrence(cast, rounds)
    post(cast, occurrence, keep="Montags kurz sprechen\nOffene Tür")
    point = ReflectionNote.objects.get(text="Offene Tür")
    for _twice in range(2):
        answer = post(cast, occurrence, do=f"learning-{point.pk}")
        assert answer["Location"].startswith("/learnings/")
    point.refresh_from_db()
    assert point.learning is not None
    assert versions.content_of(point.learning).answer == "Offene Tür"
    assert post(cast, occurrence, do="learning-0").status_code == 404
    link = f"/{point.learning.short_number}"
    assert link in page_for(cast, "author", occurrence.get_absolute_url())
    assert link not in page_for(cast, "staff", occurrence.get_absolute_url())
    post(cast, occurrence, **form_of(cast, occurrence) | {"keep": ""})
    assert points(occurrence, "keep") == {"Offene Tür"}


def test_only_the_organising_team_notes_and_only_in_rounds(cast: Cast, rounds: ExchangeFormat) -> None:
    occurrence = make_occurrence(cast, rounds)
    assert post(cast, occurrence, "staff", keep="x").status_code == 403
    other = make_occurrence(cast)
    assert post(cast, other, keep="x").status_code == 404
    assert not ReflectionNote.objects.exists()


@pytest.mark.parametrize("typed", ["x" * 401, "y\x07", "\n".join(f"Punkt {n}" for n in range(101))])
def test_what_is_too_much_is_told_and_kept(cast: Cast, rounds: ExchangeFormat, typed: str) -> None:
    occurrence = make_occurrence(cast, rounds)
    answer = post(cast, occurrence, keep=typed, change="Bleibt stehen")
    assert answer.status_code == 422
    assert fields_of(answer)["change"] == ["Bleibt stehen"]
    assert not ReflectionNote.objects.exists()
