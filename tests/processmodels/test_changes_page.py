"""Before and after a measure compared on a page of its own, and in a few words on the record's page."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import kinds, versions, workflow
from governance.models import CatalogueEntry, Record
from processmodels import diagrams
from processmodels.kind import PROCESS_MODEL
from processmodels.page import SENTENCES
from processmodels.steps import Step
from tests import kept
from tests.factories import Cast, reload, save
from tests.processmodels.bpmn_samples import definitions
from tests.processmodels.factories import BEFORE, bpmn, make_process, publish
from tests.processmodels.pages import address, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept.once
def published(cast: Cast) -> Record:
    return publish(cast, make_process(cast))


def read(cast: Cast, where: str, role: str = "staff", status: int = 200) -> str:
    answer = client_of(cast, role).get(where)
    assert answer.status_code == status, where
    return answer.content.decode()


def page_of(record: Record) -> str:
    return f"{CatalogueEntry.objects.get(pk=record.pk).url}changes/"


def test_everybody_reads_the_changes_in_words_and_as_two_pictures(cast: Cast, published: Record) -> None:
    html = read(cast, page_of(published))
    for sentence in (
        "„Daten abtippen“ (Benutzeraufgabe) ist entfallen.",
        "„Online-Antrag prüfen“ (Benutzeraufgabe) ist neu, in „Steueramt“.",
    ):
        assert sentence in html
    assert html.count('src="data:image/svg+xml;base64,') == 2


def test_steps_that_are_only_drawn_elsewhere_are_told_apart_and_folded(cast: Cast, published: Record) -> None:
    folds = re.findall(r"<details.*?</details>", read(cast, page_of(published)), re.DOTALL)
    [redrawn] = [fold for fold in folds if "nur anders gezeichnet" in fold]
    assert "<li>Steueramt</li>" in redrawn and "<details open" not in redrawn


def test_the_record_page_names_the_first_changes_and_leads_to_all_of_them(cast: Cast, published: Record) -> None:
    where = page_of(published)
    html = read(cast, where.removesuffix("changes/"))
    assert "„Daten abtippen“ (Benutzeraufgabe) ist entfallen." in html
    assert f'href="{where}"' in html
    difference = CatalogueEntry.objects.get(pk=published.pk).page["difference"]
    assert len(difference["sentences"]) == SENTENCES and difference["more"] > 0
    assert f"{difference['more']} weitere" in html


def test_without_one_of_the_states_nothing_is_compared_and_the_page_says_why(cast: Cast) -> None:
    record = publish(cast, make_process(cast, as_is=None))
    where = page_of(record)
    assert where not in read(cast, where.removesuffix("changes/"))
    assert "Noch nichts zu vergleichen" in read(cast, where)


def test_the_same_process_twice_is_no_change(cast: Cast) -> None:
    same = diagrams.store(bpmn(BEFORE)).pk
    record = publish(cast, make_process(cast, as_is=same, to_be=same))
    assert "Die beiden Abläufe unterscheiden sich nicht." in read(cast, page_of(record).removesuffix("changes/"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("x='0'", "x='9'", "Nur die Anordnung ist anders, der Ablauf ist derselbe."),
        ("v:assignee='Meier'", "v:assignee='Schulz'", "aber nichts, was hier verglichen wird"),
        ("isForCompensation='false'", "startQuantity='3'", "aber nichts, was hier verglichen wird"),
        ("x='0'", "x='9' v:y='1'", "Nur die Anordnung ist anders, der Ablauf ist derselbe."),
        ("x x</ext", "x y</ext", "aber nichts, was hier verglichen wird"),
        ("x JA", "x NEIN", "Name geändert"),
    ],
)
def test_what_nothing_compares_is_not_called_layout(cast: Cast, old: str, new: str, says: str) -> None:
    name = "x " * 300 + "JA"
    shape = "<bpmndi:BPMNShape bpmnElement='t'><dc:Bounds x='0' y='0' width='100' height='80'/></bpmndi:BPMNShape>"
    file = definitions(
        f"<process id='p'><task id='t' name='{name}' v:assignee='Meier' isForCompensation='false'>"
        "<extensionElements>x x</extensionElements></task></process><bpmndi:BPMNDiagram>"
        f"<bpmndi:BPMNPlane bpmnElement='p'>{shape}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    ).decode()
    both = [diagrams.store(text.encode()).pk for text in (file, file.replace(old, new))]
    html = read(cast, page_of(publish(cast, make_process(cast, as_is=both[0], to_be=both[1]))))
    assert says in html
    assert ("Nur die Anordnung" in html) == says.startswith("Nur")


def test_an_unpublished_change_is_compared_for_nobody(cast: Cast, published: Record) -> None:
    before = read(cast, page_of(published))
    save(cast, published, to_be=diagrams.store(bpmn([Step("Steueramt", "Geheimer Schritt")])).pk)
    for role in ("staff", "author", "committee"):
        assert "Geheimer Schritt" not in read(cast, page_of(published), role)
    assert "Geheimer Schritt" not in before


def test_an_old_address_leads_to_the_comparison_and_not_away_from_it(cast: Cast, published: Record) -> None:
    answer = client_of(cast, "staff").get(f"/processmodels/{published.number}-alt/changes/")
    assert answer.status_code == 302 and answer["Location"] == page_of(published)


def test_never_published_is_not_found_and_archived_is_gone(cast: Cast, published: Record) -> None:
    draft, where = make_process(cast, title="Nur ein Entwurf"), page_of(published)
    workflow.archive(record=reload(published), standing=cast.standing("lead"), reason="überholt")
    read(cast, address(draft, "changes/"), status=404)
    for role in ("staff", "author"):
        read(cast, where, role, status=410)


def test_the_comparison_costs_four_queries_beyond_the_frame(cast: Cast, published: Record) -> None:
    client, where = client_of(cast, "staff"), page_of(published)

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    frame = queries("/help/")
    publish(cast, make_process(cast, title="Zweites Modell", related=[published.pk]))
    # Entry, version, text, diagrams.
    assert queries(where) == frame + 4


def test_the_page_of_a_text_reads_its_two_diagrams_in_one_query(cast: Cast, published: Record) -> None:
    version = versions.current_of(published)
    text = versions.text_of(version)
    files = kinds.get(published.kind).file_addresses(published.number, "x", version.number)
    with CaptureQueriesContext(connection) as captured:
        PROCESS_MODEL.project(text, files)
    assert [query["sql"].count('FROM "processmodels_diagram"') for query in captured] == [1]
