"""The one exception: what a team's lead announces is seen by all staff without a review, on the board alone."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from governance import workflow
from governance.errors import NotAllowed, WrongState
from governance.models import AuditEvent, CatalogueEntry
from tests.factories import Cast, reload
from tests.pages import client_of, main_of, page_for
from tests.transfer.proofs.factories import announce, decide, finish, make_proof, publish, start
from transfer.models import Announcement
from transfer.proofs import announcing

pytestmark = pytest.mark.django_db
BOARD, LIST = "/transfer/measures/", "/transfer/proofs/"


def test_the_form_says_that_this_is_the_exception(cast: Cast) -> None:
    record = make_proof(cast)
    url = f"/transfer/proofs/{record.number}-x/trial/announcement/"
    page = main_of(page_for(cast, "lead", url))
    assert "Ohne Freigabe für alle sichtbar" in page
    assert "nie in der Suche" in page
    answer = client_of(cast, "lead").post(url, {"title": "", "question": "Was?", "contact": cast.outsider.pk})
    assert answer.status_code == 422
    assert "Was?" in answer.content.decode()
    assert not Announcement.objects.exists()


def test_staff_see_the_announced_words_and_the_phase_and_nothing_else(cast: Cast) -> None:
    record = start(cast, make_proof(cast, title="Geheimer Arbeitstitel"))
    assert "E-1" not in page_for(cast, "staff", BOARD) + page_for(cast, "staff", LIST)
    announce(cast, record, title="Kürzerer <b>Antrag</b>")
    for url in (BOARD, f"{BOARD}?view=table", LIST):
        page = main_of(page_for(cast, "staff", url))
        assert "Kürzerer &lt;b&gt;Antrag&lt;/b&gt;" in page
        assert "läuft" in page
        assert cast.author.full_name in page
        for hidden in ("Geheimer", "Jeder dritte Antrag", "Rückfragen"):
            assert hidden not in page, url
    for gone in (f"/transfer/proofs/{record.number}-x/", f"/transfer/proofs/{record.number}-x/template.docx"):
        assert client_of(cast, "staff").get(gone).status_code == 404


def test_an_announcement_is_in_no_catalogue_and_no_search(cast: Cast) -> None:
    announce(cast, start(cast), title="Quittenbaum", question="Wächst der Quittenbaum?")
    assert not CatalogueEntry.objects.exists()
    assert "Wächst" not in main_of(page_for(cast, "staff", "/search/?q=Quittenbaum"))
    assert "Quittenbaum" not in client_of(cast, "staff").get("/search/suggest.json?q=Quitt").content.decode()


def test_only_the_lead_releases_and_takes_back(cast: Cast) -> None:
    record = start(cast)
    url = f"/transfer/proofs/{record.number}-x/trial/announcement/"
    assert client_of(cast, "author").get(url).status_code == 403
    for role in ("author", "outsider", "committee", "admin"):
        with pytest.raises(NotAllowed):
            announcing.release(
                standing=cast.standing(role), record=record, title="x", question="x", contact=cast.author
            )
    announce(cast, record)
    assert client_of(cast, "lead").post(url, {"do": "take_back"}).status_code == 302
    assert client_of(cast, "lead").post(url, {"do": "take_back"}).status_code == 302
    assert "Kürzerer" not in page_for(cast, "staff", BOARD)
    assert AuditEvent.objects.filter(verb="take_back_announcement").count() == 1


def test_other_words_are_another_announcement_and_one_is_open(cast: Cast) -> None:
    record = start(cast)
    first = announce(cast, record)
    assert announce(cast, record) == first
    second = announce(cast, record, title="Neuer Name")
    first.refresh_from_db()
    assert first.until_at is not None
    assert "Neuer Name" in page_for(cast, "staff", BOARD)
    with pytest.raises(IntegrityError), transaction.atomic():
        Announcement.objects.create(record=record, title="x", question="x", contact=cast.author, released_by=cast.lead)
    assert second.released_by == cast.lead


def test_what_was_decided_shows_after_the_approval_alone(cast: Cast) -> None:
    record = decide(cast, finish(cast, start(cast)), decision="stop")
    announce(cast, record)
    page = main_of(page_for(cast, "staff", f"{BOARD}?view=table"))
    assert "In Erprobung<br>" in page
    assert "entschieden" in page
    assert "beenden" not in page
    publish(cast, record)
    page = main_of(page_for(cast, "staff", f"{BOARD}?view=table"))
    assert "Beendet<br>" in page
    assert "Erfolgsmaß erreicht; beenden" in page
    assert not Announcement.objects.filter(until_at=None).exists()
    with pytest.raises(WrongState):
        announce(cast, record, title="Noch einmal")


def test_an_archived_one_leaves_the_board(cast: Cast) -> None:
    record = start(cast)
    announce(cast, record)
    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="Doppelt")
    assert "Kürzerer" not in page_for(cast, "staff", BOARD) + page_for(cast, "staff", LIST)


def test_redaction_reaches_announcement_notes_and_measure(cast: Cast) -> None:
    from governance import clock, redaction
    from tests.transfer.proofs.factories import MEASURE, trial_of
    from transfer.proofs import services

    measure = MEASURE | {"method": "Frau Muster zählt"}
    record = start(cast, make_proof(cast, problem="Frau Muster zählt mit."), measure=measure)
    announce(cast, record, question="Hilft das Frau Muster?")
    services.note(standing=cast.standing("author"), record=record, day=clock.today(), text="Frau Muster war krank.")
    proposed = redaction.propose(
        standing=cast.standing("admin"), record=record, reason="Name", passages=["Frau Muster"]
    )
    redaction.confirm(standing=cast.standing("chair"), redaction=proposed)
    words = str(trial_of(record).measures) + "".join(record.trial.notes.values_list("text", flat=True))
    assert "Muster" not in words + Announcement.objects.get().question
    assert "zählt" in words
