"""Teaser, article and card: derived by rule, or as the team has written them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from governance import kinds, short_texts, versions, workflow
from governance.hashing import content_hash
from governance.models import Version
from tests.factories import Cast, make_draft, make_published, reload, save
from tests.pages import address, client_of, page_for

pytestmark = pytest.mark.django_db
BENEFIT = "Niemand tippt mehr ab. Die Bestätigung kommt am 3. Mai, z. B. per Mail."
ANSWER = "Ein kurzes Formular wird auch ausgefüllt."


def suggested(kind: str = "learning", **values: str) -> short_texts.ShortTexts:
    return short_texts.suggested(kinds.get(kind), values)


# -- derived ---------------------------------------------------------------------------------------


def test_the_everyday_benefit_comes_first_and_then_the_answer() -> None:
    made = suggested(everyday_benefit=BENEFIT, answer=ANSWER, results="Zwölf Tage statt vierzig.")
    assert made.teaser == f"{BENEFIT} {ANSWER}"
    assert made.article == f"{BENEFIT}\n\n{ANSWER}\n\nZwölf Tage statt vierzig."
    assert made.card == ["Niemand tippt mehr ab.", "Die Bestätigung kommt am 3. Mai, z. B. per Mail.", ANSWER]


def test_markup_goes_and_points_become_running_text() -> None:
    made = suggested(
        everyday_benefit="## Kopf\n\n**Drei** Felder:\n\n- Name\n- Ort\n\n| a | b |\n|---|---|\n| c | d |",
        answer="_Gut_",
    )
    assert made.teaser == "Drei Felder: Name; Ort. Gut."


@pytest.mark.parametrize("name", ["everyday_benefit", "answer"])
def test_texts_are_cut_at_sentences_within_their_limits(name: str) -> None:
    made = suggested(**{name: "Das ist ein Satz mit einigen Wörtern. " * 200})
    assert 350 < len(made.teaser) <= 400
    assert 900 < len(made.article) <= 1000
    assert made.teaser.endswith("Wörtern.")
    assert made.article.endswith("Wörtern.")
    assert all(sentence == "Das ist ein Satz mit einigen Wörtern." for sentence in made.card)


def test_an_endless_sentence_is_cut_between_words_and_says_so() -> None:
    made = suggested(everyday_benefit="Wort " * 500)
    assert len(made.teaser) <= 400
    assert made.teaser.endswith("Wort …")
    assert len(made.article) <= 1000
    assert all(len(sentence) <= 220 for sentence in made.card)


def test_what_is_empty_gives_nothing() -> None:
    assert suggested() == short_texts.ShortTexts("", "", [])
    assert suggested(answer="Nur eine Antwort.").card == ["Nur eine Antwort."]


def test_process_models_tell_purpose_and_change() -> None:
    made = suggested("process_model", purpose="Hunde anmelden.", what_was_done="Das Formular ist kurz.")
    assert made.teaser == "Hunde anmelden. Das Formular ist kurz."


def test_what_the_team_has_written_counts() -> None:
    made = short_texts.of(kinds.get("learning"), {"answer": ANSWER, "teaser": "Eigenes.", "article": ""})
    assert (made.teaser, made.article) == ("Eigenes.", ANSWER)


# -- part of the version ---------------------------------------------------------------------------


def as_of_schema_1(version: Version) -> None:
    """Make `version` one of the time before there were short texts."""
    kind = kinds.get("learning")
    text = versions.text_of(version)
    digest = content_hash({name: getattr(text, name) for name in kind.schemas[1]}, kind.schemas[1])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE governance_version SET schema = 1, content_hash = %s WHERE id = %s", [digest, version.pk]
        )
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_hashes_of_before_stay_valid_and_nothing_new_makes_no_version(cast: Cast) -> None:
    record = make_published(cast)
    version = versions.current_of(reload(record))
    as_of_schema_1(version)
    version.refresh_from_db()
    version.record = record
    assert (version.schema, versions.verify(version)) == (1, True)
    assert save(cast, record) is None
    made = save(cast, record, teaser="Neu.")
    assert made is not None
    assert (made.schema, versions.verify(made)) == (2, True)
    # And back to the text of before, which knew no teaser.
    back = workflow.discard(record=reload(record), standing=cast.standing("author"))
    assert back is not None
    assert versions.content_of(record).teaser == ""


def send(cast: Cast, url: str, **data: Any) -> Any:
    record_page = client_of(cast, "author")
    return record_page.post(url, {"go": "save", **data})


def test_the_form_suggests_counts_and_keeps_what_is_too_long(cast: Cast) -> None:
    record = make_draft(cast, everyday_benefit=BENEFIT, answer=ANSWER)
    url = address(record, "edit/3/")
    page = page_for(cast, "author", url)
    assert f"{BENEFIT} {ANSWER}" in page
    assert "%n von 400 Zeichen" in page
    assert "%n von 1000 Zeichen" in page
    opened = record.current_version_id
    answer = send(cast, url, opened_on=opened, teaser="x" * 401)
    assert answer.status_code == 422
    assert "höchstens 400 sind möglich" in answer.content.decode()
    assert "x" * 401 in answer.content.decode()
    assert not versions.content_of(record).teaser


def test_it_is_compared_and_shown_to_who_decides(cast: Cast) -> None:
    record = make_published(cast)
    save(cast, record, teaser="Mit Pfiff.", article="Erster Absatz.\n\nZweiter Absatz.")
    page = page_for(cast, "author", address(record, "versions/1..2/"))
    assert "Anreißer für Newsletter und Intranet" in page
    assert "Mit Pfiff." in page
    whole = page_for(cast, "author", address(record, "versions/2/"))
    assert "Zweiter Absatz." in whole
