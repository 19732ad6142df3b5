"""A process model goes the way of every record: written, judged, published, found, compared, taken out."""

from __future__ import annotations

import random
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from governance import catalogue, versions
from governance.models import CatalogueEntry, Record
from portal import search
from portal.asked import Query
from processmodels import diagrams
from processmodels.models import Diagram, Picture, PublishedFigure, PublishedProcess
from tests import kept
from tests.factories import Cast, reload, save
from tests.processmodels.bpmn_samples import definitions
from tests.processmodels.factories import AFTER, BEFORE, bpmn, make_process, publish

pytestmark = pytest.mark.django_db
FIGURE = {
    "measure": "media_breaks",
    "better": "lower",
    "as_is_number": "3",
    "as_is_unit": "Medienbrüche",
    "as_is_basis": "measured",
    "to_be_number": "1",
    "to_be_unit": "Medienbrüche",
    "to_be_basis": "measured",
}


def client_of(cast: Cast, role: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, role), "django.contrib.auth.backends.ModelBackend")
    return client


def page(cast: Cast, role: str, address: str, status: int = 200) -> str:
    answer = client_of(cast, role).get(address)
    assert answer.status_code == status, address
    return answer.content.decode() if not answer.streaming else ""


@pytest.fixture
@kept.once
def published(cast: Cast) -> Record:
    return publish(cast, make_process(cast, key_figures=[FIGURE]))


def entry(record: Record) -> CatalogueEntry:
    return CatalogueEntry.objects.get(pk=record.pk)


def test_numbers_and_addresses_are_those_of_process_models(cast: Cast, published: Record) -> None:
    assert published.short_number == "P-1"
    assert entry(published).url == "/processmodels/1-hund-zur-steuer-anmelden/"
    assert client_of(cast, "staff").get("/P-1").url == entry(published).url


@pytest.mark.parametrize("word", ["Online-Antrag", "Abtippen", "abtippen", "Steueramt", "P-1"])
def test_words_inside_a_diagram_are_found(cast: Cast, published: Record, word: str) -> None:
    found = search.search(Query(text=word))
    assert [hit.entry.pk for hit in found.hits] == [published.pk]


def test_the_page_shows_both_states_as_picture_and_as_text(cast: Cast, published: Record) -> None:
    html = page(cast, "staff", entry(published).url)
    for name in ("vorher", "nachher"):
        assert f"/versions/1/files/{name}.svg" in html
        assert f"/versions/1/files/{name}.bpmn" in html
    for step in (*BEFORE, *AFTER):
        assert step.activity in html
    assert "−2 (−67 %)" in html


def test_lists_in_the_text_of_a_diagram_are_nested_properly(cast: Cast, published: Record) -> None:
    html = page(cast, "staff", entry(published).url)
    for part in html.split('<div class="process-text">')[1:]:
        text = part.split("</div>")[0]
        assert text.count("<ol>") == text.count("</ol>") > 0
        assert text.count("<li>") == text.count("</li>") > 3


def test_a_file_is_downloaded_byte_for_byte_and_the_picture_is_no_document(cast: Cast, published: Record) -> None:
    client, base = client_of(cast, "staff"), entry(published).url
    file = client.get(f"{base}versions/1/files/nachher.bpmn/")
    assert file.content == bpmn(AFTER)
    assert file.headers["Content-Disposition"].startswith("attachment")
    picture = client.get(f"{base}versions/1/files/nachher.svg/")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert picture.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["nachher.exe", "anders.svg", "0", "9", "..", "nachher", "1.svg"])
def test_other_names_are_no_files(cast: Cast, published: Record, name: str) -> None:
    page(cast, "staff", f"{entry(published).url}versions/1/files/{name}/", 404)


SAID = definitions(
    "<process id='p'><documentation>Gilt auch für Assistenzhunde.</documentation><startEvent id='s'/>"
    "<userTask id='t' name='Prüfen'><documentation>Im Fachverfahren Zwinger nachsehen.</documentation></userTask>"
    "<boundaryEvent id='b' name='Frist' attachedToRef='t'><timerEventDefinition><timeDuration>Vierzehntageszeit"
    "</timeDuration></timerEventDefinition></boundaryEvent><endEvent id='e'/><sequenceFlow id='f' sourceRef='s' "
    "targetRef='t'/><sequenceFlow id='g' sourceRef='t' targetRef='e'><conditionExpression>Rasseliste"
    "</conditionExpression></sequenceFlow></process>"
)


@pytest.mark.parametrize("word", ["Assistenzhunde", "Zwinger", "Vierzehntageszeit", "Rasseliste"])
def test_whatever_people_wrote_into_a_diagram_is_found(cast: Cast, word: str) -> None:
    record = publish(cast, make_process(cast, to_be=diagrams.store(SAID).pk))
    assert word in page(cast, "staff", entry(record).url)
    assert record.short_number in page(cast, "staff", f"/search/?q={word}")


def test_a_diagram_with_more_words_than_an_index_holds_is_published(cast: Cast) -> None:
    chance = random.Random(1)
    tasks = "".join(f"<task id='t{i}' name='{chance.randbytes(200).hex(' ', 4)}'/>" for i in range(6_000))
    record = publish(
        cast, make_process(cast, to_be=diagrams.store(definitions(f"<process id='p'>{tasks}</process>")).pk)
    )
    assert entry(record).title


def test_after_a_change_of_the_drawing_code_every_picture_is_drawn_once_by_a_command(
    cast: Cast, published: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagrams, "RENDERER", diagrams.RENDERER + 1)
    diagram = diagrams.find(diagrams.store(bpmn(AFTER)).pk)
    assert diagram
    call_command("draw_diagrams", stdout=StringIO())
    assert set(Picture.objects.values_list("renderer", flat=True)) == {diagrams.RENDERER}
    assert Picture.objects.count() == Diagram.objects.count() == 2
    monkeypatch.setattr(diagrams, "draw", lambda _model: pytest.fail("drawn although it is kept"))
    assert "<svg" in diagrams.svg_of(diagram)
    call_command("draw_diagrams", stdout=StringIO())


def test_the_diagrams_of_a_draft_do_not_exist_for_others(cast: Cast, published: Record) -> None:
    save(cast, published, to_be=diagrams.store(bpmn(BEFORE)).pk)
    base = entry(published).url
    for role, status in (("author", 200), ("staff", 404), ("committee", 404), ("outsider", 404)):
        page(cast, role, f"{base}versions/2/files/nachher.svg/", status)


def test_the_committee_sees_what_changed_in_the_diagram(cast: Cast, published: Record) -> None:
    changed = [AFTER[0], AFTER[2]]
    save(cast, published, to_be=diagrams.store(bpmn(changed)).pk)
    record = reload(published)
    from governance import workflow

    review = workflow.submit(
        record=record, standing=cast.standing("author"), version_id=record.current_version_id or 0, note=""
    )
    html = page(cast, "committee", f"/governance/reviews/{review.pk}/")
    assert "Rückfrage stellen" in html
    assert html.count('src="data:image/svg+xml;base64,') == 2
    compared = page(cast, "author", f"{entry(published).url}versions/1..2/")
    assert compared.count('src="data:image/svg+xml;base64,') == 2


def test_what_is_summed_stands_in_plain_tables_and_is_rebuilt_the_same(cast: Cast, published: Record) -> None:
    def rows() -> list[Any]:
        return [*PublishedProcess.objects.values(), *PublishedFigure.objects.values("process", "measure", "before")]

    before = rows()
    assert PublishedProcess.objects.get().life_cycle == "introduced"
    assert PublishedFigure.objects.get().before == 3
    catalogue.rebuild()
    assert rows() == before


def test_what_does_not_hold_is_not_summed(cast: Cast) -> None:
    publish(cast, make_process(cast, key_figures=[FIGURE | {"as_is_basis": "planned"}]))
    assert not PublishedFigure.objects.exists()


def test_diagrams_are_immutable_and_a_text_names_only_diagrams_that_exist(cast: Cast, published: Record) -> None:
    kept = Diagram.objects.first()
    assert kept is not None
    for sql in ("UPDATE processmodels_diagram SET source = ''", "DELETE FROM processmodels_diagram"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    with pytest.raises(IntegrityError), transaction.atomic():
        save(cast, published, to_be="0" * 64)
        connection.check_constraints()


def test_the_same_file_is_kept_once_and_an_unchanged_save_makes_no_version(cast: Cast, published: Record) -> None:
    assert diagrams.store(bpmn(AFTER)).pk == diagrams.store(bpmn(AFTER)).pk
    assert save(cast, published, to_be=diagrams.store(bpmn(AFTER)).pk) is None


def test_the_hash_holds_the_diagram(cast: Cast, published: Record) -> None:
    version = save(cast, published, to_be=diagrams.store(bpmn(BEFORE)).pk)
    assert version is not None
    version.record = reload(published)
    assert versions.verify(version)
    assert version.content_hash != entry(published).content_hash


@pytest.mark.parametrize(
    ("lacks", "field"),
    [
        ({"purpose": ""}, "purpose"),
        ({"tag_ids": []}, "tag_ids"),
        ({"as_is": None, "to_be": None}, "to_be"),
    ],
)
def test_submission_needs_title_purpose_tag_and_a_way_to_see_the_process(
    cast: Cast, lacks: dict[str, Any], field: str
) -> None:
    from governance import workflow
    from governance.errors import Incomplete

    record = make_process(cast, **lacks)
    with pytest.raises(Incomplete) as refused:
        workflow.submit(
            record=record, standing=cast.standing("author"), version_id=record.current_version_id or 0, note=""
        )
    assert [name for name, _message in refused.value.missing] == [field]
