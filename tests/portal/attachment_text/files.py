"""Attachments as the libraries write them, and as an attacker would."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import typst
from docx import Document
from openpyxl import Workbook
from pptx import Presentation
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = f"{OFFICE}wordprocessingml.document"
XLSX = f"{OFFICE}spreadsheetml.sheet"
PPTX = f"{OFFICE}presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
PDF = "application/pdf"
TXT = "text/plain"

ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20}">' for n in range(1, 9))
BOMB = f'<!DOCTYPE x [<!ENTITY e0 "Hundesteuer">{ENTITIES}]>'


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


def docx(*paragraphs: str, table: str = "") -> bytes:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        document.add_table(1, 1).cell(0, 0).text = table
    return _saved(document.save)


def xlsx(*cells: object) -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.title = "Fallzahlen"
    book.active.append(list(cells))
    return _saved(book.save)


def pptx(title: str, notes: str) -> bytes:
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = title
    slide.notes_slide.notes_text_frame.text = notes
    return _saved(show.save)


def pdf(markup: str) -> bytes:
    compiled = typst.compile(markup.encode())
    assert isinstance(compiled, bytes)
    return compiled


def pdf_with_password(password: str) -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(pdf("Geheim"))))
    writer.encrypt(user_password=password, owner_password="Eigentümer", algorithm="RC4-128")
    return _saved(writer.write)


def pdf_without_end() -> bytes:
    """A page whose content takes longer than anybody waits: 39 MB of operators, packed into 80 kB."""
    writer = PdfWriter(PdfReader(io.BytesIO(pdf("x"))))
    content = DecodedStreamObject()
    content.set_data(b"BT (x) Tj ET\n" * 3_000_000)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(content.flate_encode())
    return _saved(writer.write)


def pdf_in_a_circle() -> bytes:
    """The tree of pages contains itself."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 2/Kids[2 0 R 2 0 R]/Parent 2 0 R>>endobj\n"
        b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n"
        b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n126\n%%EOF\n"
    )


ODT_FRAME = (
    '{before}<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>{inside}'
    "</office:text></office:body></office:document-content>"
)


def odt(inside: str, before: str = "", manifest: str = "<manifest/>") -> bytes:
    content = ODT_FRAME.format(before=before, inside=inside)
    return zipped({"mimetype": ODT, "content.xml": content, "META-INF/manifest.xml": manifest})


def zipped(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same archive with one part changed."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for entry in old.infolist():
            part = old.read(entry)
            new.writestr(entry.filename, change(part) if entry.filename == name else part)
    return stream.getvalue()


def docx_bomb() -> bytes:
    """A few hundred kilobytes that unpack to 80 MB of paragraphs."""
    many = b"<w:p><w:r><w:t>Hund</w:t></w:r></w:p>" * 2_200_000
    return with_part(docx("x"), "word/document.xml", lambda part: part.replace(b"<w:body>", b"<w:body>" + many))


def sheet_of(cell: bytes, rows: int) -> bytes:
    """A sheet of so many rows of a thousand such cells, claiming to be as large as a sheet can be."""
    row = b"<row>" + cell * 1000 + b"</row>"
    data = b'<dimension ref="A1:XFD1048576"/><sheetData>' + row * rows + b"</sheetData>"
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + data + b"</worksheet>"
    return with_part(xlsx("x"), "xl/worksheets/sheet1.xml", lambda part: sheet)
