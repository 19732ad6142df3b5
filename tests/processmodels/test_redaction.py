"""A name inside a diagram can be erased like one in the text: everywhere, and nothing else breaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from governance import attachments, catalogue, redaction, versions
from governance.blanking import ADDRESSES, MARK, STRUCTURAL, Blanking
from governance.models import CatalogueEntry, DraftBuffer, Record
from governance.rows import AttachmentRow, Link, Row
from learnings import schemas as learning_schemas
from portal import search
from portal.asked import Query
from processmodels import diagrams, schemas
from processmodels.bpmn import blanking
from processmodels.bpmn.reading import labels, read
from processmodels.models import Diagram, Picture, PublishedProcess
from processmodels.steps import Step
from tests import kept
from tests.factories import Cast, reload, save
from tests.governance.test_redaction import everything_stored, propose
from tests.pages import page_for
from tests.processmodels.bpmn_samples import REFUSED, each, shared_files
from tests.processmodels.factories import AFTER, bpmn, key_figure, make_process, publish

pytestmark = pytest.mark.django_db
NAME = "Erika Mustermann"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
NAMED = [Step("Steueramt", f"Antrag an {NAME} geben", "Fachverfahren", f"{NAME} da ist", "Erika\nMustermann weiß Rat")]


def confirm(cast: Cast, record: Record, *passages: str) -> Any:
    proposal = propose(cast, record, *(passages or (NAME,)))
    return redaction.confirm(standing=cast.standing("chair"), redaction=proposal)


def everything() -> str:
    """All that is stored, the bytes of diagrams as text."""
    return everything_stored() + "".join(bytes(row.source).decode() for row in Diagram.objects.all())


@pytest.fixture
@kept.once
def story(cast: Cast) -> Record:
    """The name stands in the diagrams of two versions, in a step list, and in work in progress."""
    record = publish(cast, make_process(cast, as_is=diagrams.store(bpmn(NAMED)).pk))
    rows = [{"role": "Amt", "activity": f"{NAME} fragen"}]
    save(cast, record, to_be=diagrams.store(bpmn([*NAMED, *AFTER])).pk, to_be_steps=rows)
    opened = reload(record).current_version
    drawn = diagrams.store(bpmn([*AFTER, *NAMED])).pk
    assert opened is not None
    DraftBuffer.objects.create(record=record, user=cast.member, opened_on=opened, data={"to_be": drawn})
    return reload(record)


def test_the_name_is_gone_from_files_pictures_pages_search_and_work_in_progress(cast: Cast, story: Record) -> None:
    assert [hit.entry.pk for hit in search.search(Query(text="Mustermann")).hits] == [story.pk]
    event = confirm(cast, story)
    for stored in (everything(), "".join(Picture.objects.values_list("svg", flat=True))):
        assert "mustermann" not in stored.lower()
    catalogue.rebuild()
    assert "mustermann" not in everything().lower()
    assert not search.search(Query(text="Mustermann")).hits
    url = CatalogueEntry.objects.get().url
    page = page_for(cast, "staff", url)
    assert f"Antrag an {MARK} geben" in page
    file = page_for(cast, "staff", f"{url}versions/1/files/vorher.bpmn/")
    assert MARK in file
    assert PublishedProcess.objects.get().as_is_id in event.data["replaced"].values()
    kept = DraftBuffer.objects.get().data["to_be"]
    assert MARK in " ".join(labels(diagrams.model_of(Diagram.objects.get(pk=kept))))
    assert len(event.data["replaced"]) == 3
    assert not Diagram.objects.filter(pk__in=event.data["replaced"]).exists()


def test_versions_and_diagrams_keep_hashes_that_hold_and_both_are_recorded(cast: Cast, story: Record) -> None:
    before = dict(story.versions.values_list("number", "content_hash"))
    event = confirm(cast, story)
    for version in story.versions.all():
        version.record = reload(story)
        assert versions.verify(version)
        assert event.data["hashes"][str(version.number)] == [before[version.number], version.content_hash]
    for row in Diagram.objects.all():
        assert diagrams.store(bytes(row.source)).pk == row.pk
    page_for(cast, "author", f"{CatalogueEntry.objects.get().url}versions/1..2/")


def test_places_inside_diagrams_are_counted_by_version_before_it_is_confirmed(cast: Cast, story: Record) -> None:
    proposal = propose(cast, story)
    html = page_for(cast, "chair", f"/governance/redactions/{proposal.pk}/")
    assert "Ablauf vorher (Ist)" in html
    assert redaction.confirm(standing=cast.standing("chair"), redaction=proposal).data["versions"] == 2


def test_a_name_in_a_diagram_alone_can_be_proposed(cast: Cast) -> None:
    record = make_process(cast, as_is=diagrams.store(bpmn(NAMED)).pk)
    confirm(cast, record)
    assert MARK in " ".join(labels(diagrams.model_of(Diagram.objects.get(pk=versions.content_of(record).as_is))))


def test_another_record_keeps_the_diagram_it_shares(cast: Cast, story: Record) -> None:
    other = publish(cast, make_process(cast, "outsider", as_is=diagrams.store(bpmn(NAMED)).pk), "outsider")
    text = versions.content_of(other)
    confirm(cast, story)
    assert versions.content_of(other).as_is == text.as_is
    assert bytes(Diagram.objects.get(pk=text.as_is).source) == bpmn(NAMED)


def test_outside_a_redaction_no_diagram_goes(cast: Cast, story: Record) -> None:
    diagrams.store(bpmn([Step("Niemand", "Unbenutzt")]))
    for sql in ("DELETE FROM processmodels_diagram", "UPDATE processmodels_diagram SET source = ''"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM processmodels_picture")
            cursor.execute(sql)


@pytest.mark.parametrize("place", ["other", "named"])
def test_within_a_redaction_only_what_it_replaced_goes(cast: Cast, story: Record, place: str) -> None:
    other = diagrams.store(bpmn([Step("Niemand", "Unbenutzt")])).pk
    event = confirm(cast, story)
    key = other if place == "other" else versions.content_of(story).to_be
    # The same transaction still runs, so its event would open the trigger for what it names.
    redaction._open_the_triggers(event)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM processmodels_picture WHERE diagram_id = %s", [key])
        cursor.execute("DELETE FROM processmodels_diagram WHERE sha256 = %s", [key])


# -- structure of the text -------------------------------------------------------------------------


def test_codes_numbers_days_and_hashes_are_no_words(cast: Cast) -> None:
    figure = key_figure("handling_time", "120", "60", "Minuten", label="") | {
        "people": "120",
        "as_is_since": "2025-01-01",
        "as_is_sample": "120",
        "time_freed": "ja",
        "as_is_source": "handling_time 120",
    }
    attachment, _info = attachments.store(SimpleUploadedFile("bild.png", PNG), "bild.png", None)
    row = {"sha256": attachment.sha256, "name": "bild.png", "media_type": "image/png", "description": "Ablauf"}
    drawn = diagrams.store(bpmn(AFTER)).pk
    words = [
        "120",
        "handling_time",
        "2025-01-01",
        "measured",
        "lower",
        drawn[:6],
        attachment.sha256[:6],
        "99107023000000",
    ]
    record = make_process(
        cast,
        key_figures=[figure],
        to_be=drawn,
        as_is=None,
        attachments=[row],
        as_is_picture=attachment.sha256,
        service_key="99107023000000",
        trigger=", ".join(words),
    )
    before = versions.content_of(record)
    confirm(cast, record, *words)
    after = versions.content_of(record)
    assert after.trigger.replace("_", "") == ", ".join([MARK] * len(words))
    for name in ("to_be", "as_is", "as_is_picture", "service_key"):
        assert getattr(after, name) == getattr(before, name)
    source = f"_{MARK} {MARK}"
    assert after.key_figures == [{**before.key_figures[0], "as_is_source": source}]
    after.clean()
    assert save(cast, record, risks="Neu.") is not None
    attachment.file.delete(save=False)


def test_every_part_of_a_row_is_either_written_by_people_or_known_as_structure() -> None:
    rows: list[type[Row]] = [*schemas.FIELDS.values(), *learning_schemas.FIELDS.values(), AttachmentRow, Link]
    for row in rows:
        unknown = set(row.__dataclass_fields__) - {"LENGTHS", "MAX_ROWS"} - set(row.LENGTHS) - STRUCTURAL - ADDRESSES
        assert not unknown, row


# -- the file --------------------------------------------------------------------------------------

FILE = """<?xml version="1.0" encoding="UTF-8"?>
<!-- gezeichnet von Erika Mustermann -->
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:x="http://vendor.example" exporter="Zeichner">
  <process id="P_Erika_Mustermann" isExecutable="true" x:owner="Erika Mustermann">
    <startEvent id="Start"><outgoing>F_Erika_Mustermann</outgoing></startEvent>
    <task id="T_Erika_Mustermann" name="Frau&#10;Erika   Mustermann fragen">
      <documentation textFormat="text/html"><b xmlns="http://www.w3.org/1999/xhtml">Erika</b> Mustermann
        weiß es</documentation>
      <extensionElements><x:note by="Erika Mustermann">120 true <x:in/>Erika Mustermann</x:note></extensionElements>
    </task>
    <sequenceFlow id="F_Erika_Mustermann" sourceRef="Start" targetRef="T_Erika_Mustermann" name="120 true">
      <conditionExpression>${person == "Erika Mustermann"}</conditionExpression></sequenceFlow>
  </process>
  <di:BPMNDiagram name="Plan von Erika Mustermann"><di:BPMNPlane bpmnElement="P_Erika_Mustermann">
    <di:BPMNShape bpmnElement="Start"><dc:Bounds x="120" y="120" width="36" height="36"/></di:BPMNShape>
    <di:BPMNShape bpmnElement="T_Erika_Mustermann"><dc:Bounds x="220" y="120" width="120" height="80"/></di:BPMNShape>
  </di:BPMNPlane></di:BPMNDiagram>
</definitions>""".encode()


def test_a_name_goes_from_labels_documentation_vendors_ids_and_comments() -> None:
    after = blanking.blanked(FILE, Blanking([NAME]))
    assert after is not None
    assert "mustermann" not in after.decode().lower()
    assert "erika" not in after.decode().lower()
    model = read(after)
    assert set(model.nodes) == {"Start", "T__geschwaerzt"}
    assert model.nodes["T__geschwaerzt"].name == f"Frau {MARK} fragen"
    assert model.nodes["T__geschwaerzt"].documentation == f"{MARK}\nweiß es"
    assert (model.flows["F__geschwaerzt"].source, model.flows["F__geschwaerzt"].target) == ("Start", "T__geschwaerzt")


def test_numbers_and_closed_words_of_the_drawing_stay() -> None:
    after = blanking.blanked(FILE, Blanking(["120", "true"]))
    assert after is not None
    assert read(after).flows["F_Erika_Mustermann"].name == f"{MARK} {MARK}"
    for part in (b'x="120" y="120"', b'width="120"', b'isExecutable="true"'):
        assert after.count(part) == FILE.count(part) > 0


def test_two_ids_never_become_one() -> None:
    file = FILE.replace(b'"Start"', b'"T__geschwaerzt"')
    after = blanking.blanked(file, Blanking([NAME]))
    assert after is not None
    assert set(read(after).nodes) == {"T__geschwaerzt", "T__geschwaerzt_2"}


def test_a_file_without_the_passage_stays_as_it_is() -> None:
    assert blanking.blanked(FILE, Blanking(["Max Beispiel"])) is None


# The one of Camunda has no element at all.
@each([path for path in shared_files() if path.stem not in {*REFUSED, "no-di-camunda-A.4.1"}])
def test_files_of_all_tools_keep_their_drawing(path: Path) -> None:
    data = path.read_bytes()
    before = read(data)
    passage = max((name for name in labels(before) if "\n" not in name), key=len)
    after = blanking.blanked(data, Blanking([passage]))
    assert after is not None
    assert not any(passage in text for text in blanking.texts(after))
    model = read(after)
    assert [node.type for node in model.nodes.values()] == [node.type for node in before.nodes.values()]
    assert [flow.type for flow in model.flows.values()] == [flow.type for flow in before.flows.values()]
    assert MARK in " ".join(labels(model))
    assert model.has_diagram == before.has_diagram
