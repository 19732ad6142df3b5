"""What is taken along from a learning's pages: files, the audience view, several briefs in one file."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document

from governance import workflow
from governance.models import CatalogueEntry, Record
from learnings import taking
from learnings.models import Audience
from learnings.story import sources, tell
from tests.factories import Cast, make_draft, make_published, reload, save
from tests.learnings.decks import PAIR, opened, texts, titles
from tests.pages import address, client_of, main_of, page_for
from tests.processmodels.factories import make_process, publish

pytestmark = pytest.mark.django_db
MESSAGES = [{"audience": one, "text": f"Für {one} gesagt.", "based_on": ""} for one in Audience.values]


@pytest.fixture
def told(cast: Cast) -> Record:
    return make_published(cast, audiences=list(Audience.values), messages=MESSAGES, figures=PAIR, results="Kürzer.")


def briefs_of(data: bytes) -> list[str]:
    return [one.text for one in Document(io.BytesIO(data)).paragraphs if one.style.name == "Heading 1"]


# -- files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rest", "media_type", "ending"),
    [
        ("presentation/", "presentationml.presentation", ".pptx"),
        ("handout.pdf", "application/pdf", ".pdf"),
        ("brief.docx", "wordprocessingml.document", ".docx"),
    ],
)
def test_everybody_takes_the_published_text_along_and_the_team_its_draft(
    cast: Cast, told: Record, rest: str, media_type: str, ending: str
) -> None:
    save(cast, told, title="Noch geheim")
    answer = client_of(cast, "staff").get(address(told, rest))
    assert media_type in answer["Content-Type"] and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].endswith(f'"L-{told.number}-hundesteuer-online-anmelden{ending}"')
    assert b"Noch geheim" not in answer.content
    drafted = client_of(cast, "author").get(address(told, f"{rest}?text=draft"))
    assert drafted["Content-Disposition"].endswith(f'"L-{told.number}-noch-geheim-Entwurf{ending}"')
    for role in ("staff", "committee", "head", "outsider"):
        assert client_of(cast, role).get(address(told, f"{rest}?text=draft")).status_code == 404


def test_the_way_back_is_the_portals_own_address_whatever_host_was_asked(
    cast: Cast, told: Record, settings: Any
) -> None:
    settings.PORTAL_BASE_URL = "https://wissen.stadt.example/"
    client = client_of(cast, "staff")
    for rest in ("presentation/", "presentation/?text=draft"):
        answer = client_of(cast, "author").get(address(told, rest), headers={"host": "localhost"})
        last = list(opened(answer.content).slides)[-1]
        assert f"https://wissen.stadt.example/L-{told.number}" in texts(last)
    brief = client.get(address(told, "brief.docx"), headers={"host": "localhost"})
    lines = [one.text for one in Document(io.BytesIO(brief.content)).paragraphs]
    assert lines[-1] == f"Ausführlich: https://wissen.stadt.example/L-{told.number}"


def test_the_diagram_of_a_model_that_is_published_and_linked_either_way_comes_along(cast: Cast) -> None:
    process = publish(cast, make_process(cast))
    hidden = make_process(cast, title="Noch geheim")
    record = make_published(cast, related=[process.pk, hidden.pk])
    [source] = sources.published([record.pk])
    assert [picture.short_number for picture in source.pictures] == [process.short_number]
    backwards = make_published(cast, title="Wird genannt")
    publish(cast, make_process(cast, title="Nennt ein Learning", related=[backwards.pk]))
    [source] = sources.published([backwards.pk])
    assert [picture.title for picture in source.pictures] == ["Nennt ein Learning"]
    assert any(
        title.startswith("So läuft es ab: ") for title in titles(opened(taking.slides([record.pk], Audience.TEAM)))
    )


def test_slides_cost_as_many_queries_for_one_record_as_for_three(cast: Cast, told: Record) -> None:
    process = publish(cast, make_process(cast))
    others = [make_published(cast, title=f"Titel {n}", related=[process.pk]) for n in range(2)]

    def queries(*records: Record) -> int:
        with CaptureQueriesContext(connection) as captured:
            taking.slides([record.pk for record in records], Audience.TEAM)
        return len(captured)

    assert queries(*others, told) == queries(others[0])


def test_a_process_model_stands_beside_learnings_with_its_diagram_and_figures(cast: Cast, told: Record) -> None:
    figure = {
        "measure": "lead_time",
        "better": "lower",
        "as_is_number": "42",
        "as_is_unit": "Tage",
        "as_is_basis": "measured",
        "to_be_number": "12",
        "to_be_unit": "Tage",
        "to_be_basis": "planned",
    }
    process = publish(cast, make_process(cast, key_figures=[figure, figure | {"measure": "cases", "to_be_number": ""}]))
    slides = opened(taking.slides([told.pk, process.pk], Audience.MUNICIPALITY)).slides
    said = [texts(slide) for slide in slides]
    shown = [slide for slide in slides if "Durchlaufzeit" in texts(slide)]
    [chart] = [shape.chart for slide in shown for shape in slide.shapes if shape.has_chart]
    assert list(chart.plots[0].categories) == ["vorher, gemessen", "nachher, geplant"]
    assert any(f"P-{process.number} · Ausgabe 1" in words for words in said)
    assert any(words.startswith("So läuft es ab: ") for words in said)
    assert briefs_of(taking.briefs([process.pk])) == ["Hund zur Steuer anmelden"]


# -- the audience view -----------------------------------------------------------------------------


@pytest.mark.parametrize("audience", Audience.values)
def test_the_audience_view_shows_what_the_slides_show(cast: Cast, told: Record, audience: str) -> None:
    page = page_for(cast, "staff", address(told, f"audience/?audience={audience}"))
    [source] = sources.published([told.pk])
    headings = re.findall(r"<h2>(.*?)</h2>", main_of(page).partition("</article>")[0])
    assert headings == [chapter.title for chapter in tell(source, Audience(audience)).chapters]
    assert f"Für {audience} gesagt." in page and page.count(" gesagt.") == 1
    for rest in ("presentation/", "handout.pdf", "brief.docx"):
        assert f"{rest}?audience={audience}" in page
    assert "Ausgabe 1, freigegeben am" in page


def test_the_audience_view_of_a_draft_is_marked_and_leads_to_files_of_the_draft(cast: Cast) -> None:
    record = make_draft(cast)
    page = page_for(cast, "author", address(record, "audience/?text=draft&audience=team"))
    assert "Entwurf – nicht freigegeben" in page and "Noch offen: " in page
    assert "presentation/?audience=team&amp;text=draft" in page
    page_for(cast, "author", address(record, "audience/"), code=404)


# -- several briefs --------------------------------------------------------------------------------


def test_chosen_briefs_make_one_file_and_stay_chosen_while_one_looks_for_more(cast: Cast, told: Record) -> None:
    other = make_published(cast, title="Bauberatung mit Termin")
    client = client_of(cast, "staff")
    page = client.get("/learnings/briefs/", {"record": told.pk, "q": "bauberatung"}).content.decode()
    assert f'value="{told.pk}" id="record-{told.pk}" checked' in page
    assert f'value="{other.pk}" id="record-{other.pk}">' in page
    answer = client.get("/learnings/briefs/briefs.docx", {"record": [told.pk, other.pk]})
    assert briefs_of(answer.content) == ["Bauberatung mit Termin", "Hundesteuer online anmelden"]
    assert "Kurzinformationen.docx" in answer["Content-Disposition"]


def test_nothing_or_rubbish_or_too_much_is_refused_with_what_was_chosen(
    cast: Cast, told: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, url = client_of(cast, "staff"), "/learnings/briefs/briefs.docx"
    for query in ({}, {"record": ["x", "9" * 40, "-1", "²"]}, {"record": make_draft(cast).pk}):
        answer = client.get(url, query)
        assert answer.status_code == 422
        assert "Bitte wählen Sie mindestens ein veröffentlichtes Learning." in answer.content.decode()
    monkeypatch.setattr(taking, "MOST_BRIEFS", 1)
    keys = [told.pk, make_published(cast, title="Zweites").pk]
    answer = client.get(url, {"record": keys})
    assert "Höchstens 1 Learnings" in answer.content.decode()
    assert answer.content.decode().count(" checked") == 2


def test_what_is_archived_meanwhile_is_left_out_of_files_of_several(cast: Cast, told: Record) -> None:
    gone = make_published(cast, title="Überholt")
    workflow.archive(record=reload(gone), standing=cast.standing("lead"), reason="Überholt")
    keys = [gone.pk, told.pk]
    assert briefs_of(taking.briefs(keys)) == ["Hundesteuer online anmelden"]
    first = opened(taking.slides(keys, Audience.TEAM, title="Jour fixe")).slides[0]
    assert "Überholt" not in texts(first) and "Hundesteuer online anmelden" in texts(first)
    with pytest.raises(ValidationError):
        taking.slides([gone.pk], Audience.TEAM)


def test_the_page_of_a_learning_leads_to_all_of_it(cast: Cast, told: Record) -> None:
    entry = CatalogueEntry.objects.get(pk=told.pk)
    page = page_for(cast, "staff", entry.url)
    for rest in ("audience/", "presentation/", "handout.pdf", "brief.docx"):
        assert f'"{entry.url}{rest}"' in page
    assert f"/learnings/briefs/?record={told.pk}" in page
    assert "/learnings/briefs/" in page_for(cast, "staff", "/learnings/")
