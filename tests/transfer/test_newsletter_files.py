"""An issue as .docx, PDF, HTML and .eml: complete, without anything that what was typed could start."""

from __future__ import annotations

import datetime as dt
import io
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.http import HttpResponse
from docx import Document
from lxml import etree
from lxml import html as lxml_html
from pypdf import PdfReader
from pytest_django import Settings

from governance import clock, workflow
from tests.factories import Cast, make_published, reload
from tests.pages import client_of
from tests.transfer.factories import make_issue, make_newsletter, release
from transfer.models import ExchangeFormat, NewsletterIssue, NewsletterPiece
from transfer.newsletter import files, letter, mail, printing, services

pytestmark = pytest.mark.django_db
HOSTILE = '<script>alert(1)</script> [x](javascript:alert(1)) =HYPERLINK("x") #eval("y") \\ {{ 7*7 }} „Ä“ 🐕 \u00ad漢'
TEXT = "Ein *Gruß*:\n\n1. eins\n2. zwei\n\n- Punkt\n\n### Kopf\n\n[Haus](/tasks/) und <b>roh</b>"


@pytest.fixture
def issue(cast: Cast, settings: Settings) -> NewsletterIssue:
    settings.PORTAL_BASE_URL = "https://wissen.stadt.example"
    make_published(cast, title="Hundesteuer", everyday_benefit="Niemand tippt mehr ab.", answer="Kurz ist gut.")
    made = make_issue(cast, intro="Guten *Tag* zusammen.")
    services.add_text(standing=cast.standing("author"), issue=made, title="Dank & mehr", text=TEXT)
    return release(cast, made)


def fetch(cast: Cast, issue: NewsletterIssue, ending: str, role: str = "staff") -> HttpResponse:
    answer = client_of(cast, role).get(f"/transfer/issues/{issue.pk}/newsletter.{ending}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == files.KINDS[ending].media_type
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == f'attachment; filename="rathaus-kompakt-1-neues-im-mai.{ending}"'
    return answer


def mail_of(data: bytes) -> EmailMessage:
    found = message_from_bytes(data, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_word_has_headings_texts_points_and_links_that_work(cast: Cast, issue: NewsletterIssue) -> None:
    read = Document(io.BytesIO(fetch(cast, issue, "docx").content))
    told = [(row.style.name, row.text) for row in read.paragraphs if row.style is not None]
    day = clock.today()
    assert ("Heading 1", "Neues im Mai") in told
    assert any(text.startswith("Ausgabe 1, ") and str(day.year) in text for _style, text in told)
    assert ("Heading 2", "Hundesteuer") in told
    assert ("Normal", "Niemand tippt mehr ab. Kurz ist gut.") in told
    assert ("Normal", "Guten Tag zusammen.") in told
    assert ("List Bullet", "Punkt") in told
    assert ("Normal", "2. zwei") in told
    assert ("Heading 3", "Kopf") in told
    links = [row.target_ref for row in read.part.rels.values() if row.is_external]
    assert "https://wissen.stadt.example/L-1" in links
    assert read.core_properties.language == "de-DE"
    assert read.core_properties.author == cast.team.name


def test_pdf_is_tagged_in_german_with_title_and_texts(cast: Cast, issue: NewsletterIssue) -> None:
    data = fetch(cast, issue, "pdf").content
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data
    read = PdfReader(io.BytesIO(data))
    assert read.metadata is not None
    assert read.metadata.title == "Neues im Mai"
    assert read.root_object["/Lang"] == "de"
    assert read.root_object["/MarkInfo"]["/Marked"]
    text = read.pages[0].extract_text().replace("\n", " ")
    for words in ("Hundesteuer", "Niemand tippt mehr ab.", "Mehr dazu unter L-1", "Dank & mehr", "Punkt"):
        assert words in text
    assert "Vorschau" not in text


def test_html_stands_alone_and_is_styled_inline(cast: Cast, issue: NewsletterIssue) -> None:
    page = fetch(cast, issue, "html").content.decode()
    read = lxml_html.fromstring(page)
    assert page.startswith("<!DOCTYPE html>")
    assert read.get("lang") == "de"
    assert [row.text_content() for row in read.iter("h1", "h2", "h3")][:2] == ["Neues im Mai", "Hundesteuer"]
    assert all(row.get("style") for row in read.iter("h1", "h2", "p", "a", "li"))
    assert "https://wissen.stadt.example/tasks/" in [row.get("href") for row in read.iter("a")]
    assert not list(read.iter("script", "link", "img", "style", "form"))
    assert "&lt;b&gt;roh&lt;/b&gt;" in page


def test_the_mail_is_a_draft_without_people(cast: Cast, issue: NewsletterIssue) -> None:
    read = mail_of(fetch(cast, issue, "eml").content)
    assert read["Subject"] == "Rathaus kompakt: Neues im Mai"
    assert read["X-Unsent"] == "1"
    assert not any(read[name] for name in ("To", "Cc", "Bcc", "From", "Reply-To"))
    plain, rich = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert "Mehr dazu unter L-1: https://wissen.stadt.example/L-1" in plain.get_content()
    assert "2. zwei" in plain.get_content()
    assert "<h1" in rich.get_content()


@pytest.mark.parametrize("text", [HOSTILE, "a\r\nBcc: chef@stadt.example\r\n\r\nBoo", "\x00\x1b[31m\ufffe", "x" * 5000])
def test_whatever_is_typed_stays_text_in_every_file(cast: Cast, text: str) -> None:
    """Written past the forms, as old rows may hold it."""
    letters = make_newsletter(cast)
    issue = make_issue(cast, letters)
    ExchangeFormat.objects.filter(pk=letters.pk).update(name=text.replace("\x00", "")[:120])
    kept = text.replace("\x00", "")
    NewsletterPiece.objects.create(issue=issue, position=1, title=kept[:200], text=kept)
    NewsletterIssue.objects.filter(pk=issue.pk).update(title=kept[:120], intro=kept)
    told = letter.of(NewsletterIssue.objects.select_related("format__team", "department").get(pk=issue.pk))
    made = {ending: kind.make(told) for ending, kind in files.KINDS.items()}
    read = mail_of(made["eml"])
    assert set(read.keys()) == {"Subject", "X-Unsent", "MIME-Version", "Content-Type"}
    assert "\n" not in read["Subject"]
    page = lxml_html.fromstring(made["html"].decode())
    assert not list(page.iter("script"))
    assert not [row for row in page.iter("a") if "javascript" in row.get("href", "")]
    document = Document(io.BytesIO(made["docx"]))
    etree.fromstring(etree.tostring(document.element))
    assert PdfReader(io.BytesIO(made["pdf"])).pages
    answer = client_of(cast, "author").get(f"/transfer/issues/{issue.pk}/")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_a_preview_says_so_in_every_file_and_is_the_teams_alone(cast: Cast) -> None:
    make_published(cast)
    issue = make_issue(cast)
    for ending in files.KINDS:
        assert client_of(cast, "staff").get(f"/transfer/issues/{issue.pk}/newsletter.{ending}").status_code == 404
    told = letter.of(issue)
    assert "Vorschau, nicht freigegeben" in mail.plain(told)
    read = PdfReader(io.BytesIO(printing.make(told)))
    assert "Vorschau" in read.pages[0].extract_text()
    assert client_of(cast, "author").get(f"/transfer/issues/{issue.pk}/newsletter.exe").status_code == 404


def test_what_was_archived_since_is_marked_in_every_file(cast: Cast, issue: NewsletterIssue) -> None:
    record = issue.pieces.exclude(record=None).get().record
    assert record is not None
    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="Überholt")
    told = letter.of(issue)
    assert "Hundesteuer (archiviert)" in mail.plain(told)
    assert "Hundesteuer (archiviert)" in [
        row.text for row in Document(io.BytesIO(files.KINDS["docx"].make(told))).paragraphs
    ]


def test_a_long_issue_flows_over_pages(cast: Cast) -> None:
    issue = make_issue(cast)
    for number in range(services.MOST_PIECES):
        services.add_text(
            standing=cast.standing("author"), issue=issue, title=f"Nummer {number}", text="Viel zu sagen. " * 250
        )
    with clock.at(clock.now() + dt.timedelta(minutes=1)):
        told = letter.of(release(cast, issue))
        read = PdfReader(io.BytesIO(printing.make(told)))
        assert len(read.pages) > 30
        assert "Nummer 39" in "".join(page.extract_text() for page in read.pages[-4:])
