"""A Word document becomes a draft, sorted by its headings; what is lost is told; bad files leave nothing behind."""

from __future__ import annotations

import io
import shutil
import subprocess
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from docx import Document
from docx.oxml import parse_xml

from governance import versions
from governance.limits import Limits
from governance.models import Attachment, Record
from governance.text.markdown import render
from learnings.word import reading, sandbox
from learnings.word.reading import Reason, Unreadable
from tests.factories import Cast
from tests.learnings.pages import client_of

pytestmark = pytest.mark.django_db
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LIMITS = Limits(20, 700 * 2**20, 3_000_000)


@pytest.fixture(autouse=True)
def files_apart(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def picture() -> io.BytesIO:
    # One grey pixel.
    import struct
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + parts)


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def report() -> Any:
    """What an office might have written, with the headings of everyday life."""
    one = Document()
    one.add_heading("Hundesteuer online", 0)
    one.add_paragraph("Wir haben umgestellt.")
    one.add_heading("1. Anlass", 1)
    words = one.add_paragraph("Zu viele ")
    words.add_run("Rückfragen").bold = True
    words.add_run(" am ")
    words.add_run("Schalter").italic = True
    words.add_run(", 3 * 4 je Tag [geschätzt].")
    one.add_heading("Ergebnisse", 1)
    one.add_paragraph("weniger Papier", style="List Bullet")
    one.add_paragraph("kürzere Wege", style="List Bullet")
    one.add_heading("In Zahlen", 2)
    table = one.add_table(2, 2)
    for at, text in enumerate(("Jahr", "Anträge", "2025", "310 | 12")):
        table.cell(at // 2, at % 2).text = text
    one.add_heading("Nutzen im Arbeitsalltag", 1)
    one.add_paragraph("Niemand wartet.")
    one.add_picture(picture())
    one.add_heading("Kosten", 1)
    one.add_paragraph("keine")
    one.add_heading("Anhang", 1)
    one.add_paragraph("Was sonst noch war.")
    return one


def archive(data: bytes, **parts: bytes) -> bytes:
    """The same archive with these parts put in or exchanged; `/` is written as `__`."""
    out = io.BytesIO()
    named = {name.replace("__", "/"): part for name, part in parts.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in named:
                new.writestr(entry.filename, old.read(entry))
        for name, part in named.items():
            new.writestr(name, part)
    return out.getvalue()


def bring(cast: Cast, data: bytes, name: str = "bericht.docx", **more: Any) -> HttpResponse:
    posted = {"file": SimpleUploadedFile(name, data), "team": str(cast.team.pk), "once": "a" * 32} | more
    answer: HttpResponse = client_of(cast, "author").post(reverse("learnings:from_word_new"), posted)
    return answer


def test_the_headings_lead_to_the_fields_and_the_rest_to_what_was_done(cast: Cast) -> None:
    client = client_of(cast, "author")
    posted = {"file": SimpleUploadedFile("b.docx", saved(report())), "team": str(cast.team.pk), "once": "b" * 32}
    answer = client.post(reverse("learnings:from_word_new"), posted)
    assert answer.status_code == 302
    record = Record.objects.get()
    text = versions.content_of(record)
    assert (text.title, record.state, record.current_version.number) == ("Hundesteuer online", "draft", 1)
    assert text.occasion == "Zu viele **Rückfragen** am _Schalter_, 3 \\* 4 je Tag \\[geschätzt\\]."
    assert text.results == (
        "- weniger Papier\n- kürzere Wege\n\n## In Zahlen\n\n| Jahr | Anträge |\n| --- | --- |\n| 2025 | 310 \\| 12 |"
    )
    assert text.everyday_benefit == "Niemand wartet.\n\n![Bild 1](anlage:1)"
    assert text.effort_money == "keine"
    assert text.what_was_done == "Wir haben umgestellt.\n\n## Anhang\n\nWas sonst noch war."
    assert [row["name"] for row in text.attachments] == ["bild-1.png"]
    assert Attachment.objects.count() == 1
    assert "<td>310 | 12</td>" in render(text.results)
    page = client.get(answer["Location"]).content.decode()
    assert "1 Bild als Anlage" in page and "Ergebnis" not in page.split("Das ging nicht")[1]
    # Sent twice, it is one draft.
    assert client.post(
        reverse("learnings:from_word_new"), posted | {"file": SimpleUploadedFile("b.docx", saved(report()))}
    )
    assert Record.objects.count() == 1


def test_changes_comments_boxes_and_the_like_are_told(cast: Cast) -> None:
    one = Document()
    one.add_paragraph("Bleibt. ")
    body = one.paragraphs[0]._p
    body.append(parse_xml(f'<w:ins {W} w:id="1" w:author="x"><w:r><w:t>Neu.</w:t></w:r></w:ins>'))
    body.append(parse_xml(f'<w:del {W} w:id="2" w:author="x"><w:r><w:delText>Alt.</w:delText></w:r></w:del>'))
    one.add_comment(one.paragraphs[0].runs, text="Stimmt das?", author="x")
    one.sections[0].header.paragraphs[0].text = "Stadt Beispiel"
    client = client_of(cast, "author")
    posted = {"file": SimpleUploadedFile("alt_und_neu.docx", saved(one)), "team": str(cast.team.pk)}
    answer = client.post(reverse("learnings:from_word_new"), posted, follow=True)
    text = versions.content_of(Record.objects.get())
    assert (text.title, text.what_was_done) == ("alt und neu", "Bleibt. Neu.")
    page = answer.content.decode()
    for told in ("gelten als angenommen", "1 Kommentar wurde nicht", "Kopf- und Fußzeilen"):
        assert told in page
    # Told to whoever brought it, once the session is over no more.
    other = client_of(cast, "member").get(answer.request["PATH_INFO"])
    assert other.status_code == 302 and "edit" in other["Location"]


def bomb() -> bytes:
    return archive(saved(Document()), word__media__x=bytes(155 * 2**20))


BAD = {
    "not a file of Word": (lambda: b"%PDF-1.7", "keine Word-Datei"),
    "an old .doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "alten Word-Format"),
    "locked": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + bytes(99),
        "Passwort",
    ),
    "with macros": (lambda: archive(saved(report()), **{"word/vbaProject.bin": b"x"}), "Makros"),
    "broken XML": (lambda: archive(saved(report()), **{"word/document.xml": b"<w:document"}), "beschädigt"),
    "entities": (
        lambda: archive(saved(report()), **{"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "beschädigt",
    ),
    "half of it": (lambda: saved(report())[:4000], "beschädigt"),
    "a zip bomb": (bomb, "zu groß"),
    "no text": (lambda: saved(Document()), "kein Text"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_gets_a_clear_message_at_the_field_and_nothing_is_written(cast: Cast, what: str) -> None:
    make, told = BAD[what]
    answer = bring(cast, make())
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page.split('id="id_file_error"')[1]
    assert "Es ist nichts angelegt worden." in page
    assert not Record.objects.exists() and not Attachment.objects.exists()


def test_three_hundred_pages_are_refused_with_their_length(cast: Cast) -> None:
    one = Document()
    for number in range(1500):
        one.add_paragraph(f"Absatz {number}: " + "Wörter " * 60)
    answer = bring(cast, saved(one))
    assert answer.status_code == 422
    assert "in ein Feld passen 20000" in answer.content.decode()
    assert not Record.objects.exists()


def test_the_process_is_held_to_its_limits() -> None:
    with pytest.raises(Unreadable) as error:
        sandbox.read(io.BytesIO(saved(report())), Limits(0, 700 * 2**20, 1000))
    assert error.value.reason is Reason.TOO_SLOW
    with pytest.raises(Unreadable) as error:
        sandbox.read(io.BytesIO(saved(report())), Limits(20, 25 * 2**20, 3_000_000))
    assert error.value.reason in (Reason.CRASHED, Reason.TOO_LARGE, Reason.DAMAGED)


def test_what_libreoffice_writes_is_read_alike(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if not office:
        warnings.warn("soffice is not here: its files were NOT tried", stacklevel=1)
        pytest.skip("no soffice")
    (tmp_path / "t.html").write_text(
        "<h1>Empfehlung</h1><p>Erst <b>zählen</b>.</p><ol><li>eins<ul><li>innen</li></ul></li><li>zwei</li></ol>"
        "<table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>",
        encoding="utf-8",
    )
    command = [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--infilter=HTML (StarWriter)"]
    command += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(tmp_path), str(tmp_path / "t.html")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    blocks = reading.read((tmp_path / "t.docx").read_bytes())["blocks"]
    assert [(block["kind"], block["markdown"]) for block in blocks] == [
        ("heading", "Empfehlung"),
        ("text", "Erst **zählen**."),
        ("text", "1. eins\n    - innen\n2. zwei"),
        ("text", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
    ]
