"""From the bytes of an attachment to its plain text, by kept libraries. Pure, and without Django.

Meets hostile files: it runs in a process of its own (`sandbox.py`), whose limits end what this module cannot foresee.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any

# Raised when the same file may now give another text, so that all are read again.
VERSION = 1

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_ODF_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ODF_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
# The same words once more, for programs that do not know the newer form.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

_DTD = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_BLOCK = 2**20
# What lxml and expat say when the process gets no more memory: the same error as for bad XML, with this code.
_NO_MEMORY = {"XMLSyntaxError": 2, "ParseError": 1}
_ENCRYPTED_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LIGATURES = re.compile("[\ufb00-\ufb06]")
# "Anmel-\ndung", but not "Haupt-\nund Nebenwohnung".
_HYPHENATION = re.compile(r"(?<=[^\W\d_])-\n(?!(?:und|oder|bzw|sowie)\b)(?=[a-zäöüß])")


class Reason(StrEnum):
    """Why there is no text; `words.py` says it in German."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    DTD = "dtd"
    NO_TEXT = "no_text"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    # Those two may be over when somebody tries again.
    CRASHED = "crashed"
    MISSING = "missing"


class Unreadable(Exception):
    """The file has no text for us; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def read(data: bytes, media_type: str, characters: int) -> str:
    """The text of a file, at most so many characters of it.

    Raises Unreadable, MemoryError at the limit of the process, and KeyError for a type that is not in READABLE.
    """
    pieces = READABLE[media_type]
    try:
        text = _collect(pieces(data), characters)
    except (Unreadable, MemoryError):
        raise
    # Libraries fail on damaged files in a hundred ways; all of them mean the same to whoever attached the file.
    except Exception as error:
        out_of_memory = getattr(error, "code", None) == _NO_MEMORY.get(type(error).__name__, "no such error")
        raise Unreadable(Reason.TOO_MUCH_MEMORY if out_of_memory else Reason.DAMAGED) from error
    if not text:
        raise Unreadable(Reason.NO_TEXT)
    return text


def _collect(pieces: Iterable[str], characters: int) -> str:
    """Piece by piece until there is enough: what comes behind is not even read."""
    kept: list[str] = []
    room = characters
    for piece in pieces:
        if room <= 0:
            break
        # Longer than the room is cut twice: once before the work, once after it.
        text = clean(piece[: room * 4])[:room]
        if text:
            kept.append(text)
            room -= len(text) + 1
    return "\n".join(kept)


def clean(text: str) -> str:
    """Composed letters, no control or invisible characters, one space between words, no empty lines."""
    text = unicodedata.normalize("NFC", _LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text))
    lines = (
        " ".join((line if line.isprintable() else "".join(map(_visible, line))).split()) for line in text.splitlines()
    )
    return "\n".join(line for line in lines if line)


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    # Cc: controls, tabs among them; Cf: soft hyphens, bidi marks; Cs, Co, Cn: no characters at all.
    return "" if unicodedata.category(character) in ("Cf", "Cs", "Co", "Cn") else " "


# -- PDF and plain text ----------------------------------------------------------------------------


def _pdf(data: bytes) -> Iterator[str]:
    from pypdf import PasswordType, PdfReader

    reader = PdfReader(io.BytesIO(data))
    # Many are locked against changes only, and open without a password.
    if reader.is_encrypted and not _opens(reader, PasswordType.NOT_DECRYPTED):
        raise Unreadable(Reason.ENCRYPTED)
    for page in reader.pages:
        yield _HYPHENATION.sub("", page.extract_text())


def _opens(reader: Any, refused: Any) -> bool:
    from pypdf.errors import DependencyError

    try:
        return bool(reader.decrypt("") != refused)
    except (DependencyError, NotImplementedError):
        return False


def _plain(data: bytes) -> Iterator[str]:
    yield _decode(data)


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


# -- zip archives full of XML ----------------------------------------------------------------------


def _check_archive(data: bytes) -> None:
    """Refuse what is encrypted, and every DTD: neither format has any, and entities are made of them."""
    if data.startswith(_ENCRYPTED_OFFICE):
        raise Unreadable(Reason.ENCRYPTED)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            if entry.flag_bits & 1:
                raise Unreadable(Reason.ENCRYPTED)
            if entry.filename.lower().endswith((".xml", ".rels")) and _has_dtd(archive, entry):
                raise Unreadable(Reason.DTD)


def _has_dtd(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    before = b""
    with archive.open(entry) as part:
        while block := part.read(_BLOCK):
            if any(mark in before + block for mark in _DTD):
                return True
            before = block[-32:]
    return False


def _docx(data: bytes) -> Iterator[str]:
    _check_archive(data)
    from docx import Document

    # The tree and not `paragraphs`: that leaves out text boxes, forms and what was inserted under revision.
    body = Document(io.BytesIO(data)).element.body
    return _paragraphs(body, _WORD, breaks=("br", "cr", "tab"))


def _pptx(data: bytes) -> Iterator[str]:
    _check_archive(data)
    from pptx import Presentation

    for slide in Presentation(io.BytesIO(data)).slides:
        yield from _paragraphs(slide.element, _DRAWING, breaks=("br",))
        if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame) is not None:
            yield notes.text


def _paragraphs(root: Any, space: str, breaks: Iterable[str]) -> Iterator[str]:
    """The text of each paragraph below `root`; deleted text under revision has another tag and is left out."""
    apart = {f"{space}{name}" for name in breaks}
    line: list[str] = []
    for element in _walk(root, {_FALLBACK}):
        if element.tag == f"{space}p":
            yield "".join(line)
            line = []
        elif element.tag == f"{space}t":
            line.append(element.text or "")
        elif element.tag in apart:
            line.append(" ")
    yield "".join(line)


def _walk(root: Any, without: set[str]) -> Iterator[Any]:
    """All elements in the order of the text, without those with these tags and all that is below them."""
    pending = [root]
    while pending:
        element = pending.pop()
        if element.tag not in without:
            yield element
            pending.extend(reversed(element))


def _xlsx(data: bytes) -> Iterator[str]:
    _check_archive(data)
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        yield sheet.title
        # The size that a sheet claims to have is not believed.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            yield " ".join(str(value) for value in row if value is not None)


def _open_document(data: bytes) -> Iterator[str]:
    _check_archive(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in archive.namelist() else b""
        if b"encryption-data" in manifest:
            raise Unreadable(Reason.ENCRYPTED)
        content = archive.read("content.xml")
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return _odf_paragraphs(etree.fromstring(content, parser), etree.iterwalk)


def _odf_paragraphs(root: Any, iterwalk: Callable[..., Any]) -> Iterator[str]:
    """Paragraphs and headings, in which text and elements are mixed; without remarks and deleted text."""
    ends = {f"{_ODF_TEXT}p", f"{_ODF_TEXT}h"}
    apart = {f"{_ODF_TEXT}{name}" for name in ("s", "tab", "line-break")}
    without = {f"{_ODF_TEXT}tracked-changes", f"{_ODF_OFFICE}annotation"}
    line: list[str] = []
    walk = iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start" and element.tag in without:
            walk.skip_subtree()
        elif event == "start":
            line.append(" " if element.tag in apart else element.text or "")
        else:
            if element.tag in ends:
                yield "".join(line)
                line = []
            line.append(element.tail or "")


READABLE: dict[str, Callable[[bytes], Iterator[str]]] = {
    "application/pdf": _pdf,
    f"{_OFFICE}wordprocessingml.document": _docx,
    f"{_OFFICE}spreadsheetml.sheet": _xlsx,
    f"{_OFFICE}presentationml.presentation": _pptx,
    f"{_OPEN}text": _open_document,
    f"{_OPEN}spreadsheet": _open_document,
    f"{_OPEN}presentation": _open_document,
    "text/plain": _plain,
    "text/csv": _plain,
}
