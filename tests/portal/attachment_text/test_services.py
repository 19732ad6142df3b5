"""From publishing to the stored text: what is read and when, what becomes of failures, and when a text goes again."""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from governance import attachments, catalogue, clock, periodic, redaction, workflow
from governance.errors import NotAllowed
from governance.models import Attachment, Record
from portal.attachment_text import reading, services
from portal.attachment_text.models import AttachmentText, PublishedFile
from portal.attachment_text.reading import Reason
from portal.attachment_text.words import REASONS
from portal.signals import attachment_text_ready
from tests import factories
from tests.factories import Cast, approve, make_draft, make_published, reload, save, submit
from tests.pages import client_of, page_for, queries_of
from tests.portal.attachment_text import files
from tests.portal.attachment_text.test_sandbox import child, endless
from tests.racing import overtake

pytestmark = pytest.mark.django_db
Status = AttachmentText.Status
WAIT = 10.0
PAGE = "/search/attachments/"
Capture = DjangoCaptureOnCommitCallbacks


def attach(name: str, data: bytes) -> dict[str, Any]:
    """Store a file; the row that names it in a text."""
    kept, info = attachments.store(SimpleUploadedFile(name, data), name, None)
    return {"sha256": kept.sha256, "name": info.name, "media_type": info.media_type, "description": "Plan"}


def leash(name: str = "merkblatt.docx") -> dict[str, Any]:
    return attach(name, files.docx("Leinenpflicht im Stadtpark"))


def publish(cast: Cast, *rows: dict[str, Any], **more: Any) -> Record:
    return make_published(cast, attachments=list(rows), **more)


def text_of(row: dict[str, Any]) -> AttachmentText:
    return AttachmentText.objects.get(pk=row["sha256"])


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """The hashes that those who listen are told of."""
    told: list[str] = []

    def listen(sha256s: list[str], **more: Any) -> None:
        told.extend(sha256s)

    attachment_text_ready.connect(listen)
    yield told
    attachment_text_ready.disconnect(listen)


# -- publishing ------------------------------------------------------------------------------------


def work() -> None:
    """Let the worker do what is in the queue."""
    call_command("db_worker", batch=True, verbosity=0, interval=0)


@pytest.mark.django_db(transaction=True)
def test_the_worker_reads_what_is_published(heard: list[str]) -> None:
    row = leash()
    publish(factories.make_cast(), row)
    work()
    text = text_of(row)
    assert (text.status, text.text, text.reason) == (Status.OK, "Leinenpflicht im Stadtpark", "")
    assert text.read_at is not None
    assert heard == [row["sha256"]]


def test_drafts_and_texts_under_review_are_not_read(cast: Cast) -> None:
    submit(cast, make_draft(cast, attachments=[leash()]))
    services.catch_up()
    assert not AttachmentText.objects.exists()


def test_pictures_are_not_read_and_no_failure(cast: Cast) -> None:
    publish(cast, attach("bild.gif", b"GIF89a" + bytes(40)))
    services.catch_up()
    assert PublishedFile.objects.count() == 1
    assert not AttachmentText.objects.exists()


def test_a_publication_that_is_taken_back_expects_nothing(cast: Cast) -> None:
    row = leash()
    review = submit(cast, make_draft(cast, attachments=[row]))
    with pytest.raises(RuntimeError), transaction.atomic():
        approve(cast, review)
        raise RuntimeError
    assert not AttachmentText.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_the_same_file_of_two_records_is_read_once(cast: Cast, django_capture_on_commit_callbacks: Capture) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        row = leash()
        publish(cast, row, row)
        publish(cast, {**row, "name": "anders.docx"}, by="outsider")
    assert PublishedFile.objects.count() == 2
    assert DBTaskResult.objects.filter(task_path__endswith="read_later").count() == 1


def test_rebuilding_the_catalogue_notes_the_files_of_every_record_and_reads_none_again(cast: Cast) -> None:
    row = leash()
    publish(cast, row)
    services.catch_up()
    PublishedFile.objects.all().delete()
    read_at = text_of(row).read_at
    catalogue.rebuild()
    services.catch_up()
    assert [file.name for file in PublishedFile.objects.all()] == ["merkblatt.docx"]
    assert text_of(row).read_at == read_at


# -- worker away, reader killed --------------------------------------------------------------------


def test_when_the_worker_is_away_the_next_run_of_the_clock_reads_what_waits(cast: Cast) -> None:
    row = leash()
    publish(cast, row)
    assert text_of(row).status == Status.PENDING
    assert periodic.run_due()["read_attachments"]
    assert text_of(row).status == Status.OK


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_is_killed_leaves_the_file_waiting_and_the_clock_reads_it() -> None:
    cast = factories.make_cast()
    row = attach("tabelle.xlsx", endless())
    publish(cast, row)
    reader = threading.Thread(target=closing(lambda: services.read(row["sha256"])))
    reader.start()
    os.kill(child(), signal.SIGKILL)
    reader.join(WAIT)
    text = text_of(row)
    assert (text.status, text.reason, text.attempts) == (Status.PENDING, Reason.CRASHED, 1)
    overwrite(row, files.xlsx("Leinenpflicht"))
    services.catch_up()
    assert text_of(row).text == "Fallzahlen\nLeinenpflicht"


@pytest.mark.django_db(transaction=True)
def test_nobody_reads_what_is_read_at_this_moment_and_a_redaction_meanwhile_wins() -> None:
    cast = factories.make_cast()
    row = attach("tabelle.xlsx", endless())
    record = publish(cast, row)
    reader = threading.Thread(target=closing(lambda: services.read(row["sha256"])))
    reader.start()
    pid = child()
    assert services._claim(row["sha256"]) is None
    blank(cast, record)
    os.kill(pid, signal.SIGKILL)
    reader.join(WAIT)
    services.catch_up()
    assert not AttachmentText.objects.exists()


def closing(action: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        try:
            action()
        finally:
            connection.close()

    return run


def overwrite(row: dict[str, Any], data: bytes) -> None:
    file = Attachment.objects.get(sha256=row["sha256"]).file
    with open(file.path, "wb") as stored:
        stored.write(data)


def test_a_worker_that_died_holds_the_file_for_a_while_and_not_for_ever(cast: Cast) -> None:
    row = leash()
    publish(cast, row)
    assert services._claim(row["sha256"]) is not None
    services.catch_up()
    assert text_of(row).status == Status.PENDING
    with clock.at(clock.now() + dt.timedelta(minutes=5)):
        services.catch_up()
    assert text_of(row).status == Status.OK


def test_who_was_given_up_and_comes_late_changes_nothing(cast: Cast) -> None:
    row = leash()
    publish(cast, row)
    late = services._claim(row["sha256"])
    assert late is not None
    with clock.at(clock.now() + dt.timedelta(minutes=5)):
        services.read(row["sha256"])
    services._keep(late, services.Outcome(text="alt"))
    assert text_of(row).text == "Leinenpflicht im Stadtpark"


def test_a_file_that_is_missing_is_tried_three_times_and_then_a_failure(cast: Cast) -> None:
    row = leash()
    publish(cast, row)
    file = Attachment.objects.get(sha256=row["sha256"]).file
    file.storage.delete(file.name)
    for attempt in range(1, 4):
        assert (text_of(row).attempts, text_of(row).status) == (attempt - 1, Status.PENDING)
        services.catch_up()
    assert (text_of(row).status, text_of(row).reason) == (Status.FAILED, Reason.MISSING)


def test_the_clock_stops_reading_when_its_time_is_over(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(cast, leash())
    monkeypatch.setattr(services, "CATCH_UP_FOR", dt.timedelta(seconds=-1))
    services.catch_up()
    assert services.waiting() == 1


# -- limits and failures ---------------------------------------------------------------------------


def test_a_file_above_the_size_of_the_setting_is_not_even_opened(cast: Cast, settings: Settings) -> None:
    row = leash()
    publish(cast, row)
    settings.ATTACHMENT_TEXT_MAX_BYTES = 1000
    overwrite(row, b"")
    services.catch_up()
    assert (text_of(row).status, text_of(row).reason) == (Status.FAILED, Reason.TOO_LARGE)


def test_no_more_characters_are_kept_than_the_setting_says(cast: Cast, settings: Settings) -> None:
    settings.ATTACHMENT_TEXT_CHARACTERS = 13
    row = leash()
    publish(cast, row)
    services.catch_up()
    assert text_of(row).text == "Leinenpflicht"


def test_a_failure_harms_no_other_file_and_not_the_record(cast: Cast) -> None:
    good, bad = leash(), attach("kaputt.docx", broken())
    record = publish(cast, bad, good)
    services.catch_up()
    assert (text_of(bad).status, text_of(bad).reason) == (Status.FAILED, Reason.DAMAGED)
    assert text_of(good).status == Status.OK
    page_for(cast, "staff", f"/L-{record.number}")


def broken() -> bytes:
    return files.with_part(files.docx("x"), "word/document.xml", lambda part: b"<w:")


def test_a_failure_without_reason_and_a_text_of_a_failure_are_refused_by_the_database(cast: Cast) -> None:
    row = leash()
    publish(cast, row)
    for wrong in ({"status": Status.FAILED}, {"status": Status.FAILED, "reason": "x", "text": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AttachmentText.objects.update(**wrong)


def test_a_newer_reader_reads_all_again_and_the_old_text_stays_until_then(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = leash()
    publish(cast, row)
    services.catch_up()
    AttachmentText.objects.update(text="alt")
    services.catch_up()
    assert text_of(row).text == "alt"
    monkeypatch.setattr(reading, "VERSION", reading.VERSION + 1)
    monkeypatch.setattr(services, "CATCH_UP_FOR", dt.timedelta(seconds=-1))
    services.catch_up()
    assert (text_of(row).status, text_of(row).text) == (Status.PENDING, "alt")
    monkeypatch.undo()
    services.catch_up()
    assert text_of(row).text == "Leinenpflicht im Stadtpark"


# -- going again -----------------------------------------------------------------------------------


def test_the_text_of_a_file_that_is_no_longer_published_anywhere_goes(cast: Cast, heard: list[str]) -> None:
    row = leash()
    record, other = publish(cast, row), publish(cast, row, by="outsider")
    services.catch_up()
    save(cast, record, attachments=[])
    approve(cast, submit(cast, record))
    services.catch_up()
    assert AttachmentText.objects.exists()
    heard.clear()
    workflow.archive(record=reload(other), standing=cast.standing("chair"), reason="Überholt")
    services.catch_up()
    assert not AttachmentText.objects.exists()
    assert heard == [row["sha256"]]


def test_a_redacted_file_loses_its_text_at_once_and_for_ever(cast: Cast, heard: list[str]) -> None:
    row = leash()
    record = publish(cast, row)
    publish(cast, row, by="outsider")
    services.catch_up()
    heard.clear()
    blank(cast, record)
    assert not AttachmentText.objects.exists()
    assert heard == [row["sha256"]]
    services.catch_up()
    catalogue.rebuild()
    assert not AttachmentText.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_begins_to_read_while_a_redaction_is_under_way_stores_nothing() -> None:
    cast = factories.make_cast()
    record = publish(cast, leash())
    AttachmentText.objects.all().delete()
    # The redaction has found no text to delete, and is not committed when the clock expects one and reads.
    assert overtake(lambda: blank(cast, record), services.catch_up) is None
    assert not AttachmentText.objects.exists()


def blank(cast: Cast, record: Record) -> None:
    attachment = Attachment.objects.get()
    proposal = redaction.propose(standing=cast.standing("admin"), record=record, reason="Plan", attachment=attachment)
    redaction.confirm(standing=cast.standing("chair"), redaction=proposal)


# -- the page --------------------------------------------------------------------------------------


def failed(cast: Cast) -> Attachment:
    row = attach("kaputt.docx", broken())
    publish(cast, row, title="Hunde im Park")
    services.catch_up()
    return Attachment.objects.get(sha256=row["sha256"])


@pytest.mark.parametrize("role", ["committee", "admin"])
def test_committee_and_administration_see_file_record_and_reason(cast: Cast, role: str) -> None:
    failed(cast)
    publish(cast, leash("gut.docx"), by="outsider")
    services.catch_up()
    html = page_for(cast, role, PAGE)
    assert "kaputt.docx" in html
    assert "Hunde im Park" in html
    assert str(REASONS[Reason.DAMAGED]) in html
    assert "gut.docx" not in html


def test_without_failures_the_page_says_so_and_how_many_wait(cast: Cast) -> None:
    publish(cast, leash())
    html = page_for(cast, "committee", PAGE)
    assert "1 Anlage wartet" in html
    assert "Zurzeit gibt es keine." in html


def test_a_file_that_is_no_longer_published_is_not_listed(cast: Cast) -> None:
    failed(cast)
    workflow.archive(record=Record.objects.get(), standing=cast.standing("lead"), reason="Überholt")
    assert "kaputt.docx" not in page_for(cast, "committee", PAGE)


@pytest.mark.django_db(transaction=True)
def test_trying_again_reads_the_file_once_more() -> None:
    cast = factories.make_cast()
    attachment = failed(cast)
    with open(attachment.file.path, "wb") as stored:
        stored.write(files.docx("Wieder heil"))
    client = client_of(cast, "admin")
    answer = client.post(PAGE, {"attachment": attachment.pk}, follow=True)
    assert 'data-outcome="ok"' in answer.content.decode()
    work()
    assert AttachmentText.objects.get().text == "Wieder heil"
    again = client.post(PAGE, {"attachment": attachment.pk}, follow=True)
    assert "Es ist nichts zu tun" in again.content.decode()


@pytest.mark.parametrize("key", ["", "x", "9" * 40, "0"])
def test_trying_again_what_does_not_exist_is_not_found(cast: Cast, key: str) -> None:
    assert client_of(cast, "admin").post(PAGE, {"attachment": key}).status_code == 404


@pytest.mark.parametrize("role", ["author", "lead", "head", "staff"])
def test_nobody_else_has_a_file_read_again(cast: Cast, role: str) -> None:
    attachment = failed(cast)
    with pytest.raises(NotAllowed):
        services.retry(attachment=attachment, standing=cast.standing(role))
    assert client_of(cast, role).post(PAGE, {"attachment": attachment.pk}).status_code == 403
    assert AttachmentText.objects.get().status == Status.FAILED


def test_the_page_asks_the_same_number_of_questions_for_many_files(cast: Cast) -> None:
    failed(cast)
    before = queries_of(client_of(cast, "committee"), PAGE)
    for number in range(1, 4):
        publish(cast, attach(f"kaputt{number}.docx", broken() + bytes(number)), title=f"Eintrag {number}")
    services.catch_up()
    assert AttachmentText.objects.filter(status=Status.FAILED).count() == 4
    assert queries_of(client_of(cast, "committee"), PAGE) == before


def test_every_reason_is_said_in_words() -> None:
    assert set(REASONS) == set(Reason)
