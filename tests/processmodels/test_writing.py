"""Writing a process model over HTTP: each way to show the process, key figures, the lock, conflicts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance import workflow
from governance.models import Record
from governance.writing import editing
from processmodels import desk, diagrams
from processmodels.kind import PROCESS_MODEL
from processmodels.models import Classification, Diagram, Maturity
from processmodels.page import CHANGE, FACTS
from processmodels.writing import PROCESS_WRITING
from tests.factories import Cast, make_published, reload, save
from tests.processmodels.bpmn_samples import REFUSED, REFUSED_HOSTILE, each, shared_files
from tests.processmodels.factories import AFTER, BEFORE, bpmn, make_process
from tests.processmodels.pages import address, client_of, fields_of, kept, send, start, text_of, upload

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


@pytest.fixture(autouse=True)
def files_apart(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def html(answer: Any) -> str:
    return str(answer.content.decode())


# -- the start and the fields ----------------------------------------------------------------------


def test_title_and_purpose_make_a_draft_of_the_team(cast: Cast) -> None:
    record = start(cast)
    text = text_of(record)
    assert (text.title, text.purpose) == ("Hund anmelden", "Hunde zur Steuer anmelden.")
    assert (record.short_number, record.owner) == ("P-1", cast.team)


def test_a_new_title_is_that_of_the_diagram_made_from_the_list(cast: Cast) -> None:
    record, author = start(cast), client_of(cast, "author")
    step = {"to_be_steps__0__role": "Steueramt", "to_be_steps__0__activity": "Antrag prüfen"}
    send(author, address(record, "edit/2/"), go="save", **step)
    send(author, address(record, "edit/"), title="Hund abmelden", go="save")
    text = text_of(record)
    model = diagrams.model_of(Diagram.objects.get(pk=text.to_be))
    names = [model.name, *(node.name for node in model.nodes.values() if node.type == "participant")]
    assert names == ["Hund abmelden", "Hund abmelden"]
    assert [row["activity"] for row in text.to_be_steps] == ["Antrag prüfen"]


def test_a_new_title_leaves_a_file_alone_that_was_uploaded(cast: Cast) -> None:
    record = start(cast)
    data = bpmn(AFTER).replace(b"\n", b"\n ")
    upload(cast, record, data, go="save")
    assert text_of(record).to_be_steps
    send(client_of(cast, "author"), address(record, "edit/"), title="Hund abmelden", go="save")
    assert bytes(Diagram.objects.get(pk=text_of(record).to_be).source) == data


def test_four_steps_lead_from_the_first_sentence_to_submission(cast: Cast) -> None:
    record, author = start(cast), client_of(cast, "author")
    send(author, address(record, "edit/"), tags="Online-Dienst", life_cycle="trial", go="next")
    step = {"to_be_steps__0__role": "Steueramt", "to_be_steps__0__activity": "Antrag prüfen"}
    assert send(author, address(record, "edit/2/"), go="next", **step).url == address(record, "edit/3/")
    send(author, address(record, "edit/3/"), what_was_done="Online statt Papier.", go="next")
    page = author.get(address(record, "edit/4/"))
    assert "Antrag prüfen" in html(page) and "Online statt Papier." in html(page)
    assert "Zum Vorlegen fehlt noch" not in html(page)
    answer = send(
        author, address(record, "edit/4/"), page, service_key="99 102 0130 00000", cases_a_year="1.200", go="submit"
    )
    assert answer.url == address(record, "submit/")
    send_to = author.get(answer.url)
    assert "Es fehlt noch etwas" not in html(send_to)
    text = text_of(record)
    assert (text.life_cycle, text.service_key, text.cases_a_year) == ("trial", "99102013000000", 1200)


def test_the_last_step_says_what_submission_still_requires(cast: Cast) -> None:
    page = html(client_of(cast, "author").get(address(start(cast), "edit/4/")))
    assert "Bitte wählen Sie mindestens ein Schlagwort." in page
    assert "Bitte zeigen Sie den Ablauf" in page


@pytest.mark.parametrize(
    ("step", "changes", "says"),
    [
        (4, {"service_key": "12345678"}, "Ein LeiKa-Schlüssel hat 14 Ziffern"),
        (4, {"service_key": "99١٠٢٠١٣٠٠٠٠٠٠"}, "Bitte prüfen Sie die Nummer"),
        (4, {"cases_a_year": "viele"}, "Bitte eine Zahl angeben"),
        (4, {"cases_a_year": "-3"}, "eine ganze Zahl"),
        (4, {"legal_basis__0__url": "https://stadt.example/satzung"}, "Bitte nennen Sie die Rechtsgrundlage."),
        (1, {"purpose": "x" * 401}, "höchstens 400"),
        (1, {"title": ""}, "Titel"),
        (2, {"to_be_steps__0__role": "Steueramt"}, "was in diesem Schritt getan wird"),
        (3, {"key_figures__0__as_is_number": "3"}, "Bitte wählen Sie die Kennzahl."),
        (3, {"key_figures__0__measure": "lead_time"}, "mindestens einen Wert"),
        (3, {"key_figures__0__measure": "other", "key_figures__0__as_is_number": "3"}, "einen Namen"),
        (
            3,
            {"key_figures__0__measure": "lead_time", "key_figures__0__to_be_number": "drei"},
            "Bitte eine Zahl angeben",
        ),
    ],
)
def test_bad_input_is_told_at_the_field_and_the_rest_is_kept(cast: Cast, step: int, changes: Any, says: str) -> None:
    record, author = start(cast), client_of(cast, "author")
    good = {1: {"tags": "Papier"}, 2: {}, 3: {"occasion": "Zu langsam."}, 4: {"risks": "Ausfall."}}[step]
    answer = send(author, address(record, f"edit/{step}/"), go="next", **changes, **good)
    assert answer.status_code == 422
    assert 'data-outcome="invalid"' in html(answer) and says in html(answer)
    for name, typed in changes.items():
        assert fields_of(answer)[name.replace("__", "-")] == [typed]
    for name, typed in good.items():
        assert kept(cast, record)[name] in (typed, [typed])


# -- key figures -----------------------------------------------------------------------------------


def figure(cast: Cast, record: Record, **fields: str) -> Any:
    changes = {f"key_figures__0__{name}": value for name, value in fields.items()}
    return send(client_of(cast, "author"), address(record, "edit/3/"), go="stay", **changes)


def test_value_and_kind_are_enough_and_the_usual_unit_and_direction_are_proposed(cast: Cast) -> None:
    record = start(cast)
    assert figure(cast, record, measure="lead_time", as_is_number="12,5", to_be_number="1.200").status_code == 302
    [row] = kept(cast, record)["key_figures"]
    assert (row["as_is_number"], row["as_is_unit"], row["better"]) == ("12.5", "Tage", "lower")
    assert row["to_be_number"] == "1200"
    page = fields_of(client_of(cast, "author").get(address(record, "edit/3/")))
    assert page["key_figures-0-as_is_number"] == ["12,5"] and page["key_figures-0-as_is_unit"] == ["Tage"]


def test_a_number_shown_in_the_form_is_read_as_the_same_number(cast: Cast) -> None:
    record = start(cast)
    figure(cast, record, measure="lead_time", as_is_number="1234,5", to_be_number="0,125")
    send(client_of(cast, "author"), address(record, "edit/3/"), go="save")
    [row] = text_of(record).key_figures
    assert (row["as_is_number"], row["to_be_number"]) == ("1234.5", "0.125")


def test_handling_time_of_few_people_gives_a_hint_and_is_saved(cast: Cast) -> None:
    record = start(cast)
    figure(cast, record, measure="handling_time", as_is_number="30", to_be_number="10", people="3", time_freed="on")
    page = html(client_of(cast, "author").get(address(record, "edit/3/")))
    assert "Weniger als fünf Personen bearbeiten den Prozess." in page
    assert send(client_of(cast, "author"), address(record, "edit/3/"), go="save").status_code == 302
    [row] = text_of(record).key_figures
    assert (row["people"], row["time_freed"]) == ("3", "ja")


def test_a_period_that_ends_before_it_begins_is_refused(cast: Cast) -> None:
    answer = figure(
        cast, start(cast), measure="cases", as_is_number="3", as_is_since="2026-03-01", as_is_until="2026-01-01"
    )
    assert answer.status_code == 422 and "Der Zeitraum endet vor seinem Beginn." in html(answer)


# -- files -----------------------------------------------------------------------------------------


@each(shared_files())
def test_each_shared_file_is_taken_or_refused_with_its_reason(cast: Cast, path: Path) -> None:
    record, data = start(cast), path.read_bytes()
    answer = upload(cast, record, data, name=path.name)
    if path.stem in REFUSED:
        assert answer.status_code == 422 and "Zeile" in html(answer)
        return
    assert answer.status_code == 302
    page = client_of(cast, "author").get(answer.url)
    assert page.status_code == 200
    back = client_of(cast, "author").get(address(record, "edit/files/nachher.bpmn/"))
    assert back.content == data


@each(shared_files("hostile"))
def test_no_hostile_file_makes_an_error_and_those_to_refuse_are_refused(cast: Cast, path: Path) -> None:
    record = start(cast)
    answer = upload(cast, record, path.read_bytes(), name=path.name)
    assert answer.status_code == (422 if path.stem in REFUSED_HOSTILE else 302)
    if answer.status_code == 422:
        assert "/etc/passwd" not in html(answer) and "root:" not in html(answer)
    assert client_of(cast, "author").get(address(record, "edit/2/")).status_code == 200


def test_a_refused_file_keeps_everything_else_that_was_typed(cast: Cast) -> None:
    record = start(cast)
    row = {"as_is_steps__0__role": "Kasse", "as_is_steps__0__activity": "Betrag buchen"}
    answer = upload(cast, record, b"kein BPMN", **row)
    assert answer.status_code == 422 and 'href="#id_to_be-file"' in html(answer)
    assert kept(cast, record)["as_is_steps"][0]["activity"] == "Betrag buchen"
    assert kept(cast, record)["as_is"] and not kept(cast, record)["to_be"]


def test_a_file_larger_than_the_setting_is_refused(cast: Cast, settings: Any) -> None:
    settings.DIAGRAM_MAX_BYTES = 1000
    answer = upload(cast, start(cast), bpmn(AFTER))
    assert answer.status_code == 422 and "zu groß" in html(answer)


def test_an_empty_file_is_refused_at_the_field(cast: Cast) -> None:
    answer = upload(cast, start(cast), b"")
    assert answer.status_code == 422 and "Die Datei ist leer." in html(answer)


def test_hints_on_an_uploaded_file_are_shown_and_refuse_nothing(cast: Cast) -> None:
    record = start(cast)
    source = bpmn(AFTER).replace(b'name="Bescheid versenden"', b'name=""')
    assert upload(cast, record, source).status_code == 302
    assert "Hinweise zum Diagramm" in html(client_of(cast, "author").get(address(record, "edit/2/")))


def test_the_list_follows_an_uploaded_diagram_that_a_list_can_say(cast: Cast) -> None:
    record = start(cast)
    upload(cast, record, bpmn(BEFORE), "as_is")
    assert [row["activity"] for row in kept(cast, record)["as_is_steps"]] == [step.activity for step in BEFORE]


def test_saving_an_untouched_list_keeps_the_very_bytes_that_were_uploaded(cast: Cast) -> None:
    record, source = start(cast), bpmn(BEFORE).replace(b"Formular annehmen", b"Formular  annehmen")
    upload(cast, record, source, "as_is")
    send(client_of(cast, "author"), address(record, "edit/2/"), go="save")
    assert bytes(Diagram.objects.get(pk=text_of(record).as_is).source) == source


def test_a_diagram_that_says_more_than_a_list_empties_it_and_says_so(cast: Cast) -> None:
    record = start(cast)
    send(client_of(cast, "author"), address(record, "edit/2/"), to_be_steps__0__activity="Prüfen", go="stay")
    source = bpmn(AFTER).replace(b"exclusiveGateway", b"parallelGateway")
    upload(cast, record, source)
    assert kept(cast, record)["to_be_steps"] == []
    page = html(client_of(cast, "author").get(address(record, "edit/2/")))
    assert "Das Diagramm sagt mehr, als eine Liste kann." in page


# -- step lists ------------------------------------------------------------------------------------


def test_an_uploaded_file_is_read_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    read, files = diagrams.read, []
    monkeypatch.setattr(diagrams, "read", lambda data, **given: files.append(data) or read(data, **given))
    work = editing.open_work(PROCESS_WRITING, start(cast), cast.standing("author"))
    desk.put_diagram(work, cast.standing("author"), "to_be", bpmn(AFTER))
    assert files == [bpmn(AFTER)]


def test_a_step_list_makes_its_diagram(cast: Cast) -> None:
    record = start(cast)
    row = {
        "to_be_steps__0__role": "Steueramt",
        "to_be_steps__0__activity": "Antrag prüfen",
        "to_be_steps__0__system": "SAP",
    }
    send(client_of(cast, "author"), address(record, "edit/2/"), go="save", **row)
    text = text_of(record)
    names = {node.name for node in diagrams.model_of(Diagram.objects.get(pk=text.to_be)).nodes.values()}
    assert {"Steueramt", "Antrag prüfen"} <= names


def test_lines_pasted_from_excel_come_after_the_rows_and_can_be_corrected(cast: Cast) -> None:
    record, author = start(cast), client_of(cast, "author")
    pasted = "Wer\tWas\tSystem\nBürgerservice\tAntrag annehmen\tPapier\n\tAntrag scannen\t\nSteueramt\t\tSAP"
    first = {"as_is_steps__0__role": "Poststelle", "as_is_steps__0__activity": "Post öffnen"}
    answer = send(author, address(record, "edit/2/"), as_is__pasted=pasted, go="stay", **first)
    assert answer.status_code == 422, "the last line says not what is done"
    fields = fields_of(answer)
    assert fields["as_is-pasted"] == [""]
    assert fields["as_is_steps-2-role"] == ["Bürgerservice"]
    assert send(author, address(record, "edit/2/"), answer, as_is_steps__3__activity="Erfassen").status_code == 302
    assert [row["activity"] for row in kept(cast, record)["as_is_steps"]] == [
        "Post öffnen",
        "Antrag annehmen",
        "Antrag scannen",
        "Erfassen",
    ]


def test_too_many_pasted_lines_stay_in_their_field(cast: Cast) -> None:
    pasted = "\n".join(f"Amt\tSchritt {n}" for n in range(300))
    answer = send(client_of(cast, "author"), address(start(cast), "edit/2/"), as_is__pasted=pasted)
    assert answer.status_code == 422 and "Höchstens 200 Schritte" in html(answer)
    assert "Schritt 299" in fields_of(answer)["as_is-pasted"][0]


def test_taking_a_diagram_out_takes_its_list_along(cast: Cast) -> None:
    record = make_process(cast)
    answer = send(client_of(cast, "author"), f"/processmodels/{record.number}-x/edit/2/", go="clear-to_be")
    assert answer.status_code == 302
    assert (kept(cast, record)["to_be"], kept(cast, record)["to_be_steps"]) == (None, [])
    assert text_of(record).to_be


def test_file_and_changed_list_at_once_keep_the_list_and_say_so(cast: Cast) -> None:
    record = start(cast)
    answer = upload(cast, record, bpmn(AFTER), to_be_steps__0__activity="Prüfen")
    assert answer.status_code == 422 and "zugleich die Schrittliste geändert" in html(answer)
    assert kept(cast, record)["to_be_steps"][0]["activity"] == "Prüfen"


# -- pictures --------------------------------------------------------------------------------------


def picture(cast: Cast, record: Record, data: bytes, name: str, description: str = "") -> Any:
    return send(
        client_of(cast, "author"),
        address(record, "edit/2/"),
        as_is__picture=SimpleUploadedFile(name, data),
        as_is__description=description,
        go="stay",
    )


def test_a_picture_with_a_description_is_enough_until_there_is_a_diagram(cast: Cast) -> None:
    record = start(cast)
    assert picture(cast, record, PNG, "ablauf.png", "Der Weg des Antrags durch drei Ämter").status_code == 302
    data = kept(cast, record)
    assert data["as_is_picture"] == data["attachments"][0]["sha256"]
    assert "Bitte zeigen Sie den Ablauf" not in html(client_of(cast, "author").get(address(record, "edit/4/")))
    upload(cast, record, bpmn(BEFORE), "as_is")
    assert kept(cast, record)["as_is_picture"] == ""
    assert len(kept(cast, record)["attachments"]) == 1


@pytest.mark.parametrize(
    ("data", "name", "description", "says"),
    [
        (b"Text", "ablauf.txt", "Ablauf", "als PNG, JPEG oder PDF"),
        (b"<svg/>", "ablauf.svg", "Ablauf", "ablauf"),
    ],
)
def test_a_picture_of_another_kind_is_refused(cast: Cast, data: bytes, name: str, description: str, says: str) -> None:
    record = start(cast)
    answer = picture(cast, record, data, name, description)
    assert answer.status_code == 422 and says in html(answer)
    assert not kept(cast, record)["attachments"]


@pytest.mark.parametrize(("data", "name"), [(PNG, "ablauf.png"), (PDF, "ablauf.pdf")])
def test_a_picture_without_description_is_kept_and_described_without_choosing_it_again(
    cast: Cast, data: bytes, name: str
) -> None:
    record, author, step = start(cast), client_of(cast, "author"), "edit/2/"
    answer = picture(cast, record, data, name)
    assert answer.status_code == 422 and "Das Bild ist festgehalten. Bitte beschreiben Sie noch" in html(answer)
    assert kept(cast, record)["as_is_picture"] == kept(cast, record)["attachments"][0]["sha256"]
    assert f"Bitte beschreiben Sie das Bild „{name}“ in einem Satz." in html(author.get(address(record, "edit/4/")))
    send(author, address(record, step), as_is__description="Der Weg durch drei Ämter", go="stay")
    [row] = kept(cast, record)["attachments"]
    assert row["description"] == "Der Weg durch drei Ämter"
    assert "Bitte beschreiben Sie das Bild" not in html(author.get(address(record, "edit/4/")))
    assert fields_of(author.get(address(record, step)))["as_is-description"] == ["Der Weg durch drei Ämter"]


def test_an_attachment_that_shows_the_process_is_not_taken_out(cast: Cast) -> None:
    record = start(cast)
    picture(cast, record, PNG, "ablauf.png", "Der Weg des Antrags")
    answer = send(client_of(cast, "author"), address(record, "edit/4/"), go="remove-1")
    assert answer.status_code == 422 and "zeigt den Ablauf" in html(answer)


# -- locks and conflicts ---------------------------------------------------------------------------


def test_a_file_sent_while_the_text_is_in_review_is_kept(cast: Cast) -> None:
    record = make_process(cast)
    page = client_of(cast, "author").get(address(record, "edit/2/"))
    workflow.submit(
        record=record, standing=cast.standing("member"), version_id=record.current_version_id or 0, note="Neu"
    )
    source = bpmn(AFTER[:2])
    file = {"to_be__file": SimpleUploadedFile("neu.bpmn", source)}
    answer = send(client_of(cast, "author"), address(record, "edit/2/"), page, go="save", **file)
    assert answer.status_code == 409
    assert bytes(Diagram.objects.get(pk=kept(cast, record)["to_be"]).source) == source


def meet(cast: Cast, record: Record) -> Any:
    """The author uploads a diagram while the member saves another one."""
    page = client_of(cast, "author").get(address(record, "edit/2/"))
    theirs = diagrams.store(bpmn(AFTER[:1])).pk
    save(cast, record, by="member", to_be=theirs, to_be_steps=[])
    file = {"to_be__file": SimpleUploadedFile("mein.bpmn", bpmn(AFTER[:2]))}
    return send(client_of(cast, "author"), address(record, "edit/2/"), page, go="save", **file)


def test_two_diagrams_at_once_stand_side_by_side_and_both_can_be_downloaded(cast: Cast) -> None:
    record = make_process(cast)
    answer = meet(cast, record)
    assert answer.status_code == 409 and 'data-outcome="conflict"' in html(answer)
    assert fields_of(answer)["shown"] == ["to_be"]
    author = client_of(cast, "author")
    for place, steps in (("versions/2/files/nachher", AFTER[:1]), ("edit/files/nachher", AFTER[:2])):
        assert f"/{place}.svg" in html(answer) and f"/{place}.bpmn" in html(answer)
        assert author.get(address(record, f"{place}.bpmn/")).content == bpmn(steps)


@pytest.mark.parametrize(("choice", "steps"), [("mine", AFTER[:2]), ("theirs", AFTER[:1])])
def test_the_chosen_diagram_is_saved(cast: Cast, choice: str, steps: Any) -> None:
    record = make_process(cast)
    answer = meet(cast, record)
    done = send(client_of(cast, "author"), address(record, "edit/conflict/"), answer, take__to_be=choice, go="save")
    assert done.status_code == 302
    assert bytes(Diagram.objects.get(pk=text_of(record).to_be).source) == bpmn(steps)


def test_who_did_not_touch_the_diagram_keeps_the_newest_one(cast: Cast) -> None:
    record = make_process(cast)
    author = client_of(cast, "author")
    page = author.get(address(record, "edit/2/"))
    theirs = diagrams.store(bpmn(AFTER[:1])).pk
    save(cast, record, by="member", to_be=theirs, to_be_steps=[])
    send(author, address(record, "edit/2/"), page, go="stay")
    assert kept(cast, record)["to_be"] == theirs


# -- drawing ---------------------------------------------------------------------------------------


def draw(cast: Cast, record: Record, source: bytes, page: Any = None, name: str = "nachher", go: str = "done") -> Any:
    author = client_of(cast, "author")
    opened = page or record.current_version_id
    return author.post(
        address(record, f"edit/draw/{name}/"), {"drawing": source.decode(), "opened_on": opened, "go": go}
    )


def test_a_drawing_is_kept_like_an_uploaded_file(cast: Cast) -> None:
    record = start(cast)
    answer = draw(cast, record, bpmn(AFTER))
    assert answer.url.endswith("/edit/2/")
    assert bytes(Diagram.objects.get(pk=kept(cast, record)["to_be"]).source) == bpmn(AFTER)
    assert len(kept(cast, record)["to_be_steps"]) == 3


def test_an_untouched_drawing_changes_nothing(cast: Cast) -> None:
    record = make_process(cast)
    assert draw(cast, record, b"").status_code == 302
    assert not record.buffers.exists()


def test_a_drawing_that_cannot_be_read_is_refused_with_its_reason(cast: Cast) -> None:
    answer = draw(cast, start(cast), b"<html/>")
    assert answer.status_code == 422 and 'data-outcome="invalid"' in html(answer)


def test_the_modeler_opens_the_file_itself_a_layout_of_it_or_a_starter(cast: Cast) -> None:
    record, author = start(cast), client_of(cast, "author")
    source = address(record, "edit/draw/nachher/source/")
    assert b"Erster Schritt" in author.get(source).content
    upload(cast, record, bpmn(AFTER))
    assert author.get(source).content == bpmn(AFTER)
    start_of_di = bpmn(AFTER).index(b"<bpmndi:BPMNDiagram")
    upload(cast, record, bpmn(AFTER)[:start_of_di] + b"</bpmn:definitions>")
    assert b"BPMNShape" in author.get(source).content


def test_a_drawing_made_on_an_older_version_meets_the_conflict_page(cast: Cast) -> None:
    record = make_process(cast)
    save(cast, record, by="member", to_be=diagrams.store(bpmn(AFTER[:1])).pk)
    draw(cast, record, bpmn(AFTER[:2]), page=record.current_version_id)
    answer = send(client_of(cast, "author"), address(reload(record), "edit/2/"), go="save")
    assert answer.status_code == 409


# -- as learnings are written ----------------------------------------------------------------------


def test_a_first_page_sent_twice_makes_one_process_model(cast: Cast) -> None:
    author = client_of(cast, "author")
    page = author.get("/processmodels/new/")
    for _time in range(2):
        send(author, "/processmodels/new/", page, title="Hund anmelden", purpose="Hunde zur Steuer anmelden.")
    assert Record.objects.filter(kind="process_model").count() == 1


def test_work_in_progress_is_discarded_after_asking_once_more(cast: Cast) -> None:
    record, author = start(cast), client_of(cast, "author")
    send(author, address(record, "edit/"), tags="Papier", go="stay")
    assert "Endgültig verwerfen" in html(author.get(address(record, "edit/drop/")))
    assert record.buffers.exists()
    assert author.post(address(record, "edit/drop/")).status_code == 302
    assert not record.buffers.exists()


def test_another_step_keeps_what_was_typed_before_it_leads_away(cast: Cast) -> None:
    record = start(cast)
    answer = send(client_of(cast, "author"), address(record, "edit/"), tags="Papier", go="step-3")
    assert answer.url == address(record, "edit/3/") and kept(cast, record)["tags"] == ["Papier"]


def test_a_file_without_description_is_kept_and_described_later(cast: Cast) -> None:
    record, author = start(cast), client_of(cast, "author")
    file = SimpleUploadedFile("plan.png", PNG)
    answer = send(author, address(record, "edit/4/"), upload__file=file, go="stay")
    assert answer.status_code == 422 and "Das Bild ist angehängt." in html(answer)
    [row] = kept(cast, record)["attachments"]
    assert "Bitte beschreiben Sie das Bild „plan.png“" in html(author.get(address(record, "edit/4/")))
    send(author, address(record, "edit/4/"), go="stay", **{f"file__{row['sha256']}": "Der Plan"})
    assert kept(cast, record)["attachments"][0]["description"] == "Der Plan"


def test_a_picture_of_the_process_sent_with_wrong_words_beside_it_has_its_description_in_the_form(cast: Cast) -> None:
    record = start(cast)
    changes = {"as_is__picture": SimpleUploadedFile("ablauf.png", PNG), "as_is__description": "Der Weg", "title": ""}
    answer = send(client_of(cast, "author"), address(record, "edit/all/"), go="stay", **changes)
    assert answer.status_code == 422
    [row] = kept(cast, record)["attachments"]
    assert fields_of(answer)[f"file-{row['sha256']}"] == ["Der Weg"]


def test_the_committee_can_remark_on_every_filled_part(cast: Cast) -> None:
    sha256 = "0" * 64
    record = make_process(
        cast,
        **dict.fromkeys((*CHANGE, *FACTS), "Steht da."),
        key_figures=[{"measure": "lead_time", "as_is_number": "3", "as_is_unit": "Tage"}],
        legal_basis=[{"title": "§ 3 Hundesteuersatzung", "url": ""}],
        attachments=[{"sha256": sha256, "name": "a.png", "media_type": "image/png", "description": "Der Weg"}],
        service_key="99102013000000",
        cases_a_year=1200,
        classification=Classification.values[0],
        maturity=Maturity.values[0],
        as_is=None,
        as_is_picture=sha256,
        related=[make_published(cast).pk],
        teaser="Kurz gesagt.",
        article="Länger gesagt.",
    )
    review = workflow.submit(
        record=record, standing=cast.standing("author"), version_id=record.current_version_id or 0, note="Neu"
    )
    page = fields_of(client_of(cast, "committee").get(f"/governance/reviews/{review.pk}/"))
    fields = {field.name for field in PROCESS_MODEL.fields} - {"as_is", "to_be_picture"}
    assert {f"remark_{name}" for name in fields} <= set(page)
