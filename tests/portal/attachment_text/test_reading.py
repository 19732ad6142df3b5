"""What is read from each kind of file, and what is refused."""

from __future__ import annotations

import pytest

from portal.attachment_text.reading import READABLE, Reason, Unreadable, clean, read
from tests.portal.attachment_text import files
from tests.portal.attachment_text.files import DOCX, ODT, PDF, PPTX, TXT, XLSX

ENOUGH = 10_000


def reason_for(data: bytes, media_type: str) -> Reason:
    with pytest.raises(Unreadable) as refused:
        read(data, media_type, ENOUGH)
    return refused.value.reason


def test_word_is_read_with_its_tables() -> None:
    data = files.docx("Hundesteuer – Anmeldung", "Straße", table="Zelle")
    assert read(data, DOCX, ENOUGH) == "Hundesteuer – Anmeldung\nStraße\nZelle"


def test_word_gives_what_was_inserted_and_not_what_was_deleted_and_nothing_twice() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    marked = (
        f"<w:p><w:ins>{run.format('neu')}</w:ins><w:del><w:r><w:delText>alt</w:delText></w:r></w:del>"
        f"<w:sdt><w:sdtContent>{run.format('Feld')}</w:sdtContent></w:sdt>"
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{run.format('Kasten')}</mc:Choice><mc:Fallback>{run.format('Kasten')}</mc:Fallback>"
        "</mc:AlternateContent></w:p>"
    )
    data = files.with_part(
        files.docx(), "word/document.xml", lambda part: part.replace(b"<w:body>", f"<w:body>{marked}".encode())
    )
    assert read(data, DOCX, ENOUGH) == "neuFeldKasten"


def test_excel_is_read_row_by_row_with_the_names_of_its_sheets() -> None:
    assert read(files.xlsx("Bereich", 12, None, "Bürgerbüro"), XLSX, ENOUGH) == "Fallzahlen\nBereich 12 Bürgerbüro"


def test_powerpoint_is_read_with_its_notes() -> None:
    assert read(files.pptx("Weniger Papier", "Dank an alle"), PPTX, ENOUGH) == "Weniger Papier\nDank an alle"


def test_open_document_is_read_without_remarks_and_deleted_text() -> None:
    inside = (
        "<text:tracked-changes><text:p>alt</text:p></text:tracked-changes><text:h>Kopf</text:h>"
        "<text:p>Der <text:span>Hund</text:span><text:s/>bellt<office:annotation><text:p>intern</text:p>"
        "</office:annotation>.</text:p>"
    )
    assert read(files.odt(inside), ODT, ENOUGH) == "Kopf\nDer Hund bellt."


def test_pdf_is_read_with_words_joined_that_were_broken_at_the_end_of_a_line() -> None:
    data = files.pdf("= Hundesteuer\nDie Anmel-\\\ndung der Haupt-\\\nund Nebenwohnung")
    assert read(data, PDF, ENOUGH) == "Hundesteuer\nDie Anmeldung der Haupt-\nund Nebenwohnung"


def test_pdf_that_is_only_locked_against_changes_is_read() -> None:
    assert read(files.pdf_with_password(""), PDF, ENOUGH) == "Geheim"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_plain_text_is_read_in_each_usual_encoding(encoding: str) -> None:
    assert read("Straße – „Bürgerbüro“".encode(encoding), TXT, ENOUGH) == "Straße – „Bürgerbüro“"


def test_invisible_characters_and_empty_lines_go_and_letters_are_composed() -> None:
    assert clean("Hunde\u00adsteuer\x00 \u202eu\u0308ber\n\n\t \ufb01x\ud800") == "Hundesteuer über\nfix"


def test_no_more_is_kept_than_asked_for_and_what_comes_behind_is_not_read() -> None:
    text = read(files.docx(*["Hund und Katze"] * 50), DOCX, 100)
    assert len(text) == 100


@pytest.mark.parametrize(
    ("data", "media_type", "reason"),
    [
        (files.pdf_with_password("geheim"), PDF, Reason.ENCRYPTED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), DOCX, Reason.ENCRYPTED),
        (files.odt("", manifest="<x><encryption-data/></x>"), ODT, Reason.ENCRYPTED),
        (files.docx("x")[:3000], DOCX, Reason.DAMAGED),
        (files.pdf("x")[:1000], PDF, Reason.DAMAGED),
        (files.pdf_in_a_circle(), PDF, Reason.DAMAGED),
        (files.pdf("x"), DOCX, Reason.DAMAGED),
        (files.docx("x"), XLSX, Reason.DAMAGED),
        (files.odt("<text:p>"), ODT, Reason.DAMAGED),
        (b"%PDF-1.7", PDF, Reason.DAMAGED),
        (files.pdf("#rect()"), PDF, Reason.NO_TEXT),
        (files.docx(" \t"), DOCX, Reason.NO_TEXT),
        (b"\xef\xbb\xbf \r\n", TXT, Reason.NO_TEXT),
    ],
)
def test_what_cannot_be_read_has_a_reason(data: bytes, media_type: str, reason: Reason) -> None:
    assert reason_for(data, media_type) == reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    ("media_type", "part"),
    [
        (DOCX, "word/document.xml"),
        (XLSX, "xl/worksheets/sheet1.xml"),
        (PPTX, "ppt/presentation.xml"),
        (ODT, "content.xml"),
    ],
)
def test_entities_are_refused_before_a_parser_meets_them(media_type: str, part: str, encoding: str) -> None:
    data = {DOCX: files.docx("x"), XLSX: files.xlsx("x"), PPTX: files.pptx("x", "y"), ODT: files.odt("x")}[media_type]
    # Far behind, where a look at the first bytes does not find it.
    bomb = f"<!--{'x' * 2**20}-->{files.BOMB}<x>&e8;</x>".encode(encoding)
    assert reason_for(files.with_part(data, part, lambda _part: bomb), media_type) == Reason.DTD


def test_every_kind_of_text_that_may_be_uploaded_is_read() -> None:
    from governance.files import OFFICE, OPEN_DOCUMENT, PLAIN

    uploaded = {
        "application/pdf",
        *(media for _part, media in OFFICE.values()),
        *OPEN_DOCUMENT.values(),
        *PLAIN.values(),
    }
    assert uploaded == set(READABLE)
