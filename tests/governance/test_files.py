"""Uploads are judged by their content; the name may only agree."""

from __future__ import annotations

import contextlib
import io
import random
import zipfile

import pytest
from django.core.exceptions import ValidationError
from pptx import Presentation

from governance.files import inspect

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
MB = 2**20


def packed(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def slides() -> bytes:
    out = io.BytesIO()
    Presentation().save(out)
    return out.getvalue()


DOCX = (("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("Bericht.pdf", PDF),
        ("bild.PNG", PNG),
        ("folien.pptx", slides()),
        ("vermerk.docx", packed(*DOCX)),
        ("liste.csv", "a;ä\n1;2\n".encode()),
        ("alt.txt", "Straße".encode("latin-1")),
        ("brief.odt", packed(("mimetype", b"application/vnd.oasis.opendocument.text"))),
    ],
)
def test_usual_office_files_are_taken(name: str, data: bytes) -> None:
    info = inspect(io.BytesIO(data), name, MB)
    assert info.size == len(data)
    assert len(info.sha256) == 64


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("programm.exe", b"MZ\x90\x00"),
        ("rechnung.pdf.exe", b"MZ\x90\x00"),
        ("seite.html", b"<script>alert(1)</script>"),
        ("bild.svg", b"<svg onload='alert(1)'/>"),
        ("bild.png", b"<svg onload='alert(1)'/>"),
        ("bild.png", PDF),
        ("bericht.pdf", b"<html></html>"),
        ("archiv.zip", packed(("a.txt", b"x"))),
        ("falsch.docx", packed(("a.txt", b"x"))),
        ("makro.docx", packed(*DOCX, ("word/vbaProject.bin", b"x"))),
        ("kaputt.docx", b"PK\x03\x04 kaputt"),
        ("binär.txt", b"\x00\x01\x02"),
        ("leer.pdf", b""),
        ("gross.pdf", PDF + b"x" * MB),
        ("ohne-endung", PDF),
        (".pdf", PDF),
        ("", PDF),
    ],
)
def test_everything_else_is_refused_with_a_reason(name: str, data: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        inspect(io.BytesIO(data), name, MB)
    assert refused.value.messages[0]


def test_damaged_archives_are_refused_and_never_fail() -> None:
    rng = random.Random(20261125)
    whole = packed(("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a/>" * 500))
    for _round in range(400):
        data = bytearray(whole)
        for _place in range(rng.randint(1, 20)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        with contextlib.suppress(ValidationError):
            inspect(io.BytesIO(bytes(data)), "brief.odt", MB)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/Bericht.pdf", "Bericht.pdf"),
        ("C:\\Users\\x\\Bericht.pdf", "Bericht.pdf"),
        ("Be\u202ericht\x00.pdf", "Bericht.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_cleaned(name: str, kept: str) -> None:
    assert inspect(io.BytesIO(PDF), name, MB).name == kept
