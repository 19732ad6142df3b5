"""The poster as a file of the portal: from the published version alone, on two papers, whatever people write."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.models import made_up
from governance import clock, workflow
from governance.models import CatalogueEntry, Record
from processmodels import diagrams
from processmodels.bpmn.writing import write
from processmodels.poster import Contact, PosterData
from processmodels.poster.plan import plan
from processmodels.poster.text import data_of
from tests.factories import Cast, reload, save
from tests.kept import once
from tests.processmodels.factories import BEFORE, bpmn, make_process, process_values, publish
from tests.processmodels.pages import address, client_of, kept, send
from tests.processmodels.test_poster import HOSTILE, pages

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2030, 6, 4, 12, tzinfo=dt.UTC)
FIGURE = {
    "measure": "lead_time",
    "better": "lower",
    "as_is_number": "42",
    "as_is_unit": "Tage",
    "as_is_basis": "measured",
    "to_be_number": "12",
    "to_be_unit": "Tage",
    "to_be_basis": "measured",
}


@pytest.fixture
@once
def published(cast: Cast) -> Record:
    return publish(cast, make_process(cast, key_figures=[FIGURE]))


def fetch(client: Client, record: Record, query: str = "", status: int = 200) -> Any:
    answer = client.get(address(record, f"poster.pdf{query}"))
    assert answer.status_code == status
    return answer


def read(**changes: Any) -> PosterData:
    """The poster of a text with these values."""
    defaults = {"life_cycle": "", "key_figures": [], "what_was_done": "", "as_is": None, "to_be": None}
    text = SimpleNamespace(**{"title": "Hund anmelden", "purpose": "Hunde anmelden.", **defaults, **changes})
    data = data_of(text, number="P-1", address="https://x.example/P-1", contact=Contact("Team"), printed_at=NOON)
    assert data is not None
    return data


# -- the file --------------------------------------------------------------------------------------


def test_everybody_gets_the_published_model_as_a_tagged_german_pdf(cast: Cast, published: Record) -> None:
    answer = fetch(client_of(cast, "staff"), published)
    pdf = answer.content
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="P-1-hund-zur-steuer-anmelden-A3.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf and b"/Lang(de)" in pdf and b"/Marked true" in pdf
    assert b">Hund zur Steuer anmelden</rdf:li>" in pdf and f">{published.owner.name}<".encode() in pdf


@pytest.mark.parametrize(
    ("query", "short", "name"),
    [("", 842, "A3"), ("?paper=a3", 842, "A3"), ("?paper=a4", 595, "A4"), ("?paper=%3Ca9%3E", 842, "A3")],
)
def test_the_paper_is_a3_or_a4(cast: Cast, published: Record, query: str, short: int, name: str) -> None:
    answer = fetch(client_of(cast, "staff"), published, query)
    box = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", answer.content)
    assert box and round(min(map(float, box.groups()))) == short
    assert f"-{name}.pdf" in answer["Content-Disposition"]


def test_the_code_leads_to_the_short_number_at_the_portals_own_address(
    cast: Cast, published: Record, settings: Any
) -> None:
    client = client_of(cast, "staff")
    with clock.at(NOON):
        one = fetch(client, published).content
        assert client.get(address(published, "poster.pdf"), headers={"host": "localhost"}).content == one
        settings.PORTAL_BASE_URL = "https://wissen.stadt.example/"
        assert fetch(client, published).content != one


def test_the_poster_costs_four_queries_however_many_records_there_are(cast: Cast, published: Record) -> None:
    client = client_of(cast, "staff")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            fetch(client, published)
        return len(captured)

    before = queries()
    publish(cast, make_process(cast, title="Zweites Modell", related=[published.pk]))
    # Session and person; then entry, version, text, diagram.
    assert queries() == before == 6


def test_a_wide_diagram_goes_over_more_sheets(cast: Cast) -> None:
    wide = diagrams.store(write(made_up(30))).pk
    record = publish(cast, make_process(cast, to_be=wide))
    assert 1 < pages(fetch(client_of(cast, "staff"), record, "?paper=a4").content) <= 10


# -- who sees what ---------------------------------------------------------------------------------


def test_nothing_unapproved_stands_on_a_staff_poster(cast: Cast, published: Record) -> None:
    client = client_of(cast, "staff")
    with clock.at(NOON):
        before = fetch(client, published).content
        changed = process_values(
            title="Geheimer Titel",
            purpose="Geheimer Zweck.",
            what_was_done="Geheim.",
            life_cycle="idea",
            to_be=diagrams.store(bpmn(BEFORE)).pk,
            key_figures=[],
        )
        save(cast, published, **{name: value for name, value in changed.items() if name not in ("as_is", "tag_ids")})
        assert fetch(client, published).content == before
        workflow.submit(
            record=reload(published),
            standing=cast.standing("author"),
            version_id=reload(published).current_version_id or 0,
        )
        for role in ("staff", "committee", "author"):
            assert fetch(client_of(cast, role), published).content == before


def test_never_published_is_not_found_and_archived_is_gone(cast: Cast, published: Record) -> None:
    draft = make_process(cast, title="Nur ein Entwurf")
    workflow.archive(record=reload(published), standing=cast.standing("lead"), reason="überholt")
    for query in ("", "?text=draft"):
        fetch(client_of(cast, "staff"), draft, query, 404)
        fetch(client_of(cast, "staff"), published, query, 410)
    fetch(client_of(cast, "author"), published, "", 410)


def test_the_team_gets_what_is_on_the_desk_marked_as_a_draft_and_nobody_else(cast: Cast, published: Record) -> None:
    author = client_of(cast, "author")
    answer = send(author, address(published, "edit/3/"), what_was_done="Noch neuer.", go="poster-a4")
    assert answer.url.endswith("/poster.pdf?text=draft&paper=a4")
    found = author.get(answer.url)
    assert found.status_code == 200
    assert "-A4-Entwurf.pdf" in found["Content-Disposition"]
    assert kept(cast, published)["what_was_done"] == "Noch neuer."
    for role in ("staff", "committee", "outsider"):
        fetch(client_of(cast, role), published, "?text=draft", 404)


def test_a_draft_without_diagram_says_what_a_poster_needs(cast: Cast) -> None:
    record = make_process(cast, as_is=None, to_be=None)
    author = client_of(cast, "author")
    answer = send(author, address(record, "edit/2/"), go="poster-a3")
    page = author.get(answer.url).content.decode()
    assert "Für einen Aushang fehlt noch ein Diagramm." in page and 'data-outcome="invalid"' in page
    fetch(author, record, "?text=draft", 404)


# -- on the page -----------------------------------------------------------------------------------


def test_the_page_of_the_model_offers_both_papers(cast: Cast, published: Record) -> None:
    entry = CatalogueEntry.objects.get(pk=published.pk)
    page = client_of(cast, "staff").get(entry.url).content.decode()
    for paper in ("a3", "a4"):
        assert f'href="{entry.url}poster.pdf?paper={paper}"' in page
        assert f"Aushang ({paper.upper()})" in page


def test_a_model_of_a_picture_alone_has_no_poster_and_says_why(cast: Cast, published: Record) -> None:
    entry = CatalogueEntry.objects.get(pk=published.pk)
    entry.page["states"] = [
        {
            "key": "to_be",
            "field": "to_be_picture",
            "label": "Nachher (Soll)",
            "picture": {"url": "/x", "name": "bild.png"},
        }
    ]
    entry.save()
    page = client_of(cast, "staff").get(entry.url).content.decode()
    assert "poster.pdf" not in page and "Einen Aushang gibt es, sobald" in page
    text = SimpleNamespace(as_is=None, to_be=None)
    assert data_of(text, number="P-1", address="", contact=Contact("x"), printed_at=NOON) is None


# -- what stands on it -----------------------------------------------------------------------------


def test_the_diagram_after_the_measure_goes_before_that_of_before() -> None:
    values = process_values()
    before, after = read(as_is=values["as_is"]), read(as_is=values["as_is"], to_be=values["to_be"], life_cycle="idea")
    assert before.caption == "Ablauf vorher (Ist)" and "Hauspost" in str(before.model)
    assert after.caption == "Ablauf nachher (Soll) · Idee" and "Online-Antrag" in str(after.model)
    assert "Ablauf nachher (Soll) · Idee" in str(plan(after).sheets)


def test_two_figures_with_both_sides_are_compared_those_first_that_hold() -> None:
    doubtful = FIGURE | {"measure": "handling_time", "to_be_basis": "planned"}
    one_sided = FIGURE | {"measure": "cost_per_case", "to_be_number": "", "to_be_unit": "", "to_be_basis": ""}
    rate = FIGURE | {"measure": "error_rate", "as_is_unit": "%", "to_be_unit": "%"}
    steps = FIGURE | {"measure": "hand_overs", "as_is_number": "2", "to_be_number": "1"}
    few = FIGURE | {"measure": "handling_time", "people": "3"}
    empty = dict.fromkeys(
        ["label", "people", "time_freed"]
        + [
            f"{side}_{name}" for side in ("as_is", "to_be") for name in ("since", "until", "source", "sample", "method")
        ],
        "",
    )

    def shown(*figures: dict[str, str]) -> list[tuple[str, str, str, str]]:
        rows = [empty | figure for figure in figures]
        found = read(to_be=process_values()["to_be"], key_figures=rows).figures
        return [(one.name, one.before, one.after, one.change) for one in found]

    assert shown(doubtful, one_sided, few, FIGURE, rate, steps) == [
        ("Durchlaufzeit", "42 Tage", "12 Tage", "30 Tage weniger (−71 %), besser"),
        ("Fehler- oder Rückfragenquote", "42 %", "12 %", "30 Prozentpunkte weniger, besser"),
    ]
    assert [row[3] for row in shown(steps, doubtful)] == [
        "1 weniger (−50 %), besser",
        "30 Tage weniger (−71 %), besser; nachher geplant; nur bedingt vergleichbar",
    ]


def test_what_changes_is_told_in_points_without_markup() -> None:
    data = read(to_be=process_values()["to_be"], what_was_done="- **Erster** Punkt\n- Zweiter\n\n| a |\n|---|\n| b |")
    assert data.changes.splitlines() == ["Erster Punkt", "Zweiter"]
    [block] = [
        block
        for sheet in plan(data).sheets
        for row in sheet["rows"]
        for block in row["blocks"]
        if block["kind"] == "changes"
    ]
    assert block["points"] == ["Erster Punkt", "Zweiter"] and block["has_bullets"]


@pytest.mark.parametrize("hostile", [*HOSTILE, "漢字😀" * 3_000, "# $x$ @y " * 3_000], ids=range(len(HOSTILE) + 2))
def test_whatever_is_published_makes_a_poster(cast: Cast, hostile: str) -> None:
    written = hostile.encode("utf-8", "ignore").decode().replace("\x00", "") or "x"
    title = " ".join("".join(c if c.isprintable() else " " for c in written).split())[:200] or "x"
    record = publish(cast, make_process(cast, title=title, purpose=written[:400], what_was_done=written))
    for paper in ("a3", "a4"):
        pdf = fetch(client_of(cast, "staff"), record, f"?paper={paper}").content
        assert pdf.startswith(b"%PDF-") and pages(pdf) >= 1


def test_a_diagram_that_is_larger_than_the_limit_became_leaves_a_poster_of_the_texts(
    cast: Cast, published: Record, settings: Any
) -> None:
    settings.DIAGRAM_MAX_BYTES = 100
    assert pages(fetch(client_of(cast, "staff"), published).content) == 1
