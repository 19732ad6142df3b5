"""A finished proof of concept becomes a draft, and a file to take away; an overdue one comes back to its team."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from docx import Document
from pptx import Presentation

from governance import clock, versions
from governance.errors import NotAllowed, WrongState
from governance.models import OutgoingMail, PublishedLink, Record
from learnings.schemas import Figure
from tests.factories import Cast, approve, reload, submit
from tests.pages import client_of, page_for
from tests.transfer.proofs.factories import MEASURE, decide, finish, make_proof, publish, start, trial_of
from transfer.proofs import carrying, reminding

pytestmark = pytest.mark.django_db


def carry(cast: Cast, record: Record, kind: str = "learning", by: str = "author") -> Any:
    key = carrying.carry_over(standing=cast.standing(by), record=record, kind=kind)
    return versions.content_of(Record.objects.get(pk=key))


def test_a_finished_one_becomes_a_learning_with_text_and_figures(cast: Cast) -> None:
    record = publish(cast, decide(cast, finish(cast, start(cast, make_proof(cast, effort="Zwei Wochen")))))
    text = carry(cast, record)
    assert text.title == "Kurzer Antrag mit drei Pflichtfeldern"
    assert text.answer == "Drei Felder genügen."
    assert text.occasion == "Jeder dritte Antrag kommt unvollständig."
    assert "Erfolgsmaß erreicht." in text.results
    assert "einführen" in text.recommendation
    measured, wanted = [Figure.read(row) for row in text.figures]
    assert (measured.shown, measured.source) == ("7,5 Rückfragen", f"E-1, {MEASURE['method']}")
    assert (wanted.label, wanted.number) == ("Rückfragen je 100 Anträge, Ziel: höchstens", "10")
    assert text.related == [record.pk]
    # Asked twice, as by a double click, there is one; and the page of the trial leads there.
    assert carry(cast, record, by="member").pk == text.pk
    assert "L-1" in page_for(cast, "author", f"/transfer/proofs/{record.number}-x/trial/")


def test_a_finished_one_becomes_a_process_model_too(cast: Cast) -> None:
    text = carry(cast, decide(cast, finish(cast, number="12"), decision="stop"), "process_model")
    [figure] = text.key_figures
    assert (figure["label"], figure["to_be_number"]) == ("Rückfragen je 100 Anträge", "12")
    assert (figure["better"], figure["to_be_basis"]) == ("lower", "measured")
    assert text.life_cycle == "ended"
    assert "Erfolgsmaß nicht erreicht." in text.result


def test_long_words_are_carried_over_whole(cast: Cast) -> None:
    long = "Ein Satz mit vielen Worten. " * 60
    values = {"effort": long, "participants": long, "scope": long}
    text = carry(cast, finish(cast, start(cast, make_proof(cast, **values)), learnt=long))
    assert len(text.answer) <= 600
    assert long.strip() in text.results


def test_the_published_learning_leads_back(cast: Cast) -> None:
    record = publish(cast)
    made = carry(cast, record)
    approve_ready = versions.write(
        record=made.record,
        standing=cast.standing("author"),
        opened_on=reload(made.record).current_version_id or 0,
        values={"everyday_benefit": "Weniger Rückfragen."},
    )
    assert approve_ready is not None
    approve(cast, submit(cast, made.record))
    assert PublishedLink.objects.filter(source=made.pk, target=record).exists()
    assert "E-1" in page_for(cast, "staff", "/L-1")


def test_only_a_finished_one_and_only_for_its_team(cast: Cast) -> None:
    record = start(cast)
    with pytest.raises(WrongState):
        carry(cast, record)
    finish(cast, record)
    with pytest.raises(NotAllowed):
        carry(cast, record, by="outsider")
    assert client_of(cast, "outsider").post(f"/transfer/proofs/{record.number}-x/trial/carry/").status_code == 404
    assert Record.objects.filter(kind="learning").count() == 0


# -- files ------------------------------------------------------------------------------------------


def words_of(data: bytes, ending: str) -> str:
    if ending == "docx":
        return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs)
    slides = Presentation(io.BytesIO(data)).slides
    return "\n".join(shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame)


@pytest.mark.parametrize("ending", ["docx", "pptx"])
def test_the_template_is_there_empty_and_filled(cast: Cast, ending: str) -> None:
    empty = words_of(client_of(cast, "staff").get(f"/transfer/proofs/template.{ending}").content, ending)
    assert "Erfolgsmaß" in empty
    assert "Was stört heute" in empty
    record = decide(cast, finish(cast, start(cast, make_proof(cast, hypothesis="- Punkt & <eins>"))))
    url = f"/transfer/proofs/{record.number}-x/template.{ending}"
    draft = words_of(client_of(cast, "author").get(url).content, ending)
    assert "Entwurf, nicht freigegeben" in draft
    assert "Was stört heute" not in draft.replace("Jeder", "")
    publish(cast, record)
    answer = client_of(cast, "staff").get(url)
    filled = words_of(answer.content, ending)
    for said in ("Drei Felder genügen.", "höchstens 10 Rückfragen", "Punkt & <eins>", "7,5 Rückfragen: erreicht"):
        assert said in filled, said
    assert "Ausgabe 1, freigegeben am" in filled
    assert "Risiken" not in filled
    assert "nosniff" in answer["X-Content-Type-Options"]


# -- overdue ----------------------------------------------------------------------------------------


def test_an_overdue_trial_comes_back_to_its_team(cast: Cast) -> None:
    record = start(cast, days=3)
    with clock.at(clock.now() + dt.timedelta(days=3)):
        reminding.remind()
        assert "Ende ist vorbei" not in page_for(cast, "member", "/tasks/")
    with clock.at(clock.now() + dt.timedelta(days=4)):
        page = page_for(cast, "member", "/tasks/")
        assert "Erprobungen, die auf Sie warten" in page
        assert f"/transfer/proofs/{record.number}-" in page
        reminding.remind()
        reminding.remind()
        # One mail for each member of the team, whatever the clock does twice.
        assert OutgoingMail.objects.filter(subject__contains="Erprobung überfällig").count() == 3
        assert "E-1" not in page_for(cast, "outsider", "/tasks/")
    with clock.at(clock.now() + dt.timedelta(days=18)):
        reminding.remind()
        assert OutgoingMail.objects.filter(subject__contains="Erprobung überfällig").count() == 6
        finish(cast, record)
        assert "Ende ist vorbei" not in page_for(cast, "member", "/tasks/")
    with clock.at(clock.now() + dt.timedelta(days=33)):
        assert "Bitte entscheiden Sie" in page_for(cast, "member", "/tasks/")
        decide(cast, record)
        assert "Bitte entscheiden Sie" not in page_for(cast, "member", "/tasks/")
    assert trial_of(record).phase == "decided"


def test_a_handed_over_trial_comes_back_to_the_new_team(cast: Cast) -> None:
    from governance import people

    start(cast, days=0)
    people.hand_over(standing=cast.standing("admin"), team=cast.team, to=cast.other_team)
    with clock.at(clock.now() + dt.timedelta(days=2)):
        assert "Ende ist vorbei" in page_for(cast, "outsider", "/tasks/")
        assert "Ende ist vorbei" not in page_for(cast, "author", "/tasks/")
