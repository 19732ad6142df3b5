"""What readers see of a learning, in how many queries, and what is left of it when it is archived."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from pptx import Presentation

from governance import attachments, redaction, workflow
from governance.models import Record
from tests import kept
from tests.factories import Cast, make_draft, make_published, save, submit
from tests.pages import client_of, page_for, queries_of

pytestmark = pytest.mark.django_db
FRAME = 4  # session, user, memberships, number of tasks
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def address(record: Record, rest: str = "") -> str:
    return f"/learnings/{record.number}-hundesteuer-online-anmelden/{rest}"


@pytest.mark.parametrize("records", [1, 15])
def test_the_number_of_queries_does_not_grow(cast: Cast, records: int) -> None:
    for number in range(records):
        make_published(cast, title="Hundesteuer online anmelden", answer=f"Antwort {number}")
    record = Record.objects.order_by("pk").first()
    assert record is not None
    for name in ("staff", "author", "committee"):
        client = client_of(cast, name)
        client.get("/search/?q=Formular")  # a process reads synonyms and own words once
        assert queries_of(client, address(record)) <= FRAME + 2
        assert queries_of(client, "/tags/online-dienst/") <= FRAME + 2
        assert queries_of(client, "/learnings/") <= FRAME + 2
        assert queries_of(client, "/search/?q=Formular") <= FRAME + 3 + 1  # counted after the answer
        assert queries_of(client, "/") <= FRAME + 6


def test_readers_see_the_published_text_while_the_team_writes_on(cast: Cast) -> None:
    record = make_published(cast)
    save(cast, record, title="Heimlich neuer Titel", answer="Heimlich neue Antwort.")
    for path in (address(record), address(record, "versions/"), "/learnings/", "/", "/search/"):
        page = client_of(cast, "staff").get(path, follow=True).content.decode()
        assert "Heimlich" not in page, path
    assert "Heimlich" in client_of(cast, "author").get(address(record, "versions/")).content.decode()


def test_readers_see_no_name_but_the_contacts(cast: Cast) -> None:
    record = make_published(cast)
    page = client_of(cast, "staff").get(address(record, "versions/")).content.decode()
    assert str(cast.committee) not in page
    assert str(cast.author) not in page
    assert str(cast.committee) in client_of(cast, "member").get(address(record, "versions/")).content.decode()


def with_file(cast: Cast) -> Record:
    upload = SimpleUploadedFile("plan.pdf", PDF)
    kept, info = attachments.store(upload, "plan.pdf", make_draft(cast))
    row = {"sha256": kept.sha256, "name": info.name, "media_type": info.media_type, "description": ""}
    return make_draft(cast, attachments=[row])


def test_a_file_is_served_through_its_version_to_those_who_may_read_it(cast: Cast) -> None:
    record = with_file(cast)
    path = address(record, "versions/1/files/1/")
    assert client_of(cast, "staff").get(path).status_code == 404
    answer = client_of(cast, "author").get(path)
    assert io.BytesIO(answer.getvalue()).read() == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_an_archived_record_answers_with_410_reason_and_date(cast: Cast) -> None:
    record = make_published(cast)
    successor = make_published(cast, title="Was heute gilt")
    workflow.archive(record=record, standing=cast.standing("lead"), reason="Neues Verfahren", successor=successor)
    staff = client_of(cast, "staff")
    for rest in ("", "versions/", "versions/1/", "versions/1/files/1/"):
        answer = staff.get(address(record, rest))
        assert answer.status_code == 410, rest
        assert "Neues Verfahren" in answer.content.decode()
        assert "Was heute gilt" in answer.content.decode()
    assert client_of(cast, "author").get(address(record, "versions/1/")).status_code == 200


def test_a_draft_that_was_archived_does_not_exist_for_staff(cast: Cast) -> None:
    record = make_draft(cast)
    workflow.archive(record=record, standing=cast.standing("lead"), reason="Doppelt")
    assert client_of(cast, "staff").get(address(record)).status_code == 404


def test_hostile_titles_stay_text_on_every_page(cast: Cast) -> None:
    record = make_published(cast, title="<script>alert(1)</script>")
    for path in ("/", "/learnings/", f"/L-{record.number}", "/search/?q=alert"):
        page = client_of(cast, "staff").get(path, follow=True).content.decode()
        assert "<script>alert" not in page


def test_a_redacted_file_cannot_be_attached_again(cast: Cast) -> None:
    kept, _info = attachments.store(SimpleUploadedFile("plan.pdf", PDF), "plan.pdf", make_draft(cast))
    record = make_published(
        cast,
        attachments=[{"sha256": kept.sha256, "name": "plan.pdf", "media_type": kept.media_type, "description": ""}],
    )
    proposal = redaction.propose(
        standing=cast.standing("admin"), record=record, reason="Falsche Datei", attachment=kept
    )
    assert "Falsche Datei" in client_of(cast, "chair").get("/tasks/").content.decode()
    redaction.confirm(standing=cast.standing("chair"), redaction=proposal)
    with pytest.raises(ValidationError, match="geschwärzt"):
        attachments.store(SimpleUploadedFile("plan.pdf", PDF), "plan.pdf", record)


# -- the message for my audience -------------------------------------------------------------------

MESSAGES = [
    {"audience": "team", "text": "Für das Team gesagt.", "based_on": ""},
    {"audience": "municipality", "text": "Für die Kommune gesagt.", "based_on": ""},
    {"audience": "decision_makers", "text": "Für die Spitze gesagt.", "based_on": ""},
]


@pytest.fixture
@kept.once
def told(cast: Cast) -> Record:
    return make_published(cast, audiences=[row["audience"] for row in MESSAGES], messages=MESSAGES)


def first_message(page: str) -> str:
    return page.partition('<h2 id="kernaussage">')[2].partition("</section>")[0]


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("author", "Für das Team gesagt."),
        ("head", "Für das Team gesagt."),
        ("staff", "Für die Kommune gesagt."),
        ("outsider", "Für die Kommune gesagt."),
        ("committee", "Für die Kommune gesagt."),
        ("chair", "Für die Kommune gesagt."),
    ],
)
def test_the_message_shown_first_is_for_what_the_person_is(cast: Cast, told: Record, role: str, words: str) -> None:
    page = page_for(cast, role, address(told))
    assert words in first_message(page)
    for row in MESSAGES:
        assert page.count(row["text"]) == 1


def test_another_audience_is_chosen_without_javascript_and_leads_the_presentation_too(cast: Cast, told: Record) -> None:
    client = client_of(cast, "staff")
    page = client.get(address(told), {"audience": "decision_makers"}).content.decode()
    assert "Für die Spitze gesagt." in first_message(page)
    assert '<option value="decision_makers" selected>' in page
    for rest in ("presentation/", "handout.pdf"):
        assert f'formaction="{address(told, rest)}"' in page
    assert f'action="{address(told, "audience/")}"' in page
    for audience, words in (("decision_makers", "Für die Spitze gesagt."), ("", "Für die Kommune gesagt.")):
        answer = client.get(address(told, "presentation/"), {"audience": audience})
        first = Presentation(io.BytesIO(answer.content)).slides[0]
        assert words in first.placeholders[1].text_frame.text


def test_an_audience_nobody_wrote_for_leaves_the_text_as_it_is(cast: Cast, told: Record) -> None:
    page = client_of(cast, "staff").get(address(told), {"audience": "other_municipalities"}).content.decode()
    assert first_message(page) == ""
    for row in MESSAGES:
        assert page.count(row["text"]) == 1


def test_the_presentation_of_what_is_not_published_does_not_exist_or_is_gone(cast: Cast) -> None:
    record = make_draft(cast)
    submit(cast, record)
    assert client_of(cast, "author").get(address(record, "presentation/")).status_code == 404
    assert client_of(cast, "author").get(address(record, "presentation/?text=draft")).status_code == 200
    gone = make_published(cast, title="Hundesteuer online anmelden")
    workflow.archive(record=gone, standing=cast.standing("lead"), reason="Überholt")
    assert client_of(cast, "staff").get(address(gone, "presentation/")).status_code == 410
