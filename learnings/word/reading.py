"""From the bytes of a .docx to blocks of Markdown, its pictures and what could not be kept. Without Django.

Meets foreign files: it runs in a process of its own (`sandbox.py`), whose limits end what this module cannot foresee.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections import Counter
from enum import StrEnum
from typing import Any

from learnings.word import markup

MAX_ENTRIES = 5_000
MAX_UNPACKED = 150 * 2**20
MAX_XML = 40 * 2**20
MAX_PICTURES = 60
_BLOCK = 2**20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DTD = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name='Titel'] => h1.title:fresh
p[style-name='Subtitle'] => p:fresh
strike => s
"""


class Reason(StrEnum):
    """Why a file cannot be taken; `words.py` says it in German."""

    NOT_WORD = "not_word"
    OLD_WORD = "old_word"
    MACROS = "macros"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    EMPTY = "empty"
    CRASHED = "crashed"


class Unreadable(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def read(data: bytes) -> dict[str, Any]:
    """Blocks, pictures and counts of what the draft will not hold; raises Unreadable with the reason."""
    _check(data)
    try:
        return _read(data)
    except (Unreadable, MemoryError, RecursionError):
        raise
    # Libraries fail on damaged files in a hundred ways; all of them mean the same to whoever chose the file.
    except Exception as error:
        raise Unreadable(Reason.DAMAGED) from error


def _read(data: bytes) -> dict[str, Any]:
    import mammoth
    from lxml import html

    notes = _count(data)
    pictures: list[dict[str, str]] = []

    def picture(image: Any) -> dict[str, str]:
        if len(pictures) >= MAX_PICTURES:
            notes["pictures_left"] += 1
            return {"src": f"{markup.PICTURE}:0"}
        with image.open() as opened:
            data = base64.b64encode(opened.read()).decode()
        pictures.append({"type": image.content_type or "", "data": data, "alt": (image.alt_text or "").strip()})
        return {"src": f"{markup.PICTURE}:{len(pictures)}"}

    made = mammoth.convert_to_html(
        io.BytesIO(data),
        style_map=_STYLES,
        include_embedded_style_map=False,
        convert_image=mammoth.images.img_element(picture),
    )
    root = html.fragment_fromstring(made.value or "<p></p>", create_parent="div")
    blocks = [block.as_json() for block in markup.blocks_of(root)]
    if not any(block["markdown"] for block in blocks):
        raise Unreadable(Reason.EMPTY)
    return {"blocks": blocks, "pictures": pictures, "notes": dict(notes)}


def _check(data: bytes) -> None:
    """Refuse what is no .docx, what is locked, what has macros, and what grows too large when unpacked."""
    if data.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise Unreadable(Reason.ENCRYPTED if locked else Reason.OLD_WORD)
    if not data.startswith(b"PK"):
        raise Unreadable(Reason.NOT_WORD)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_entries(archive)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(Reason.DAMAGED) from error


def _check_entries(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or "word/document.xml" not in names:
        raise Unreadable(Reason.NOT_WORD)
    if len(entries) > MAX_ENTRIES:
        raise Unreadable(Reason.TOO_LARGE)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable(Reason.ENCRYPTED)
    whole = xml = 0
    for entry in entries:
        is_xml = entry.filename.lower().endswith((".xml", ".rels"))
        size = _measure(archive, entry, is_xml, MAX_UNPACKED - whole)
        whole, xml = whole + size, xml + size * is_xml
        if whole > MAX_UNPACKED or xml > MAX_XML:
            raise Unreadable(Reason.TOO_LARGE)
    if any("vbaproject" in name.lower() for name in names) or b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise Unreadable(Reason.MACROS)


def _measure(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, is_xml: bool, room: int) -> int:
    """The real size of an entry, read no further than there is room; a DTD is refused, for no .docx has one."""
    size, before = 0, b""
    with archive.open(entry) as part:
        while block := part.read(_BLOCK):
            size += len(block)
            if is_xml and any(mark in before + block for mark in _DTD):
                raise Unreadable(Reason.DAMAGED)
            if size > room:
                return size
            before = block[-32:]
    return size


# What stands in the document and not in the draft, by the element that says so.
_TELLING = {
    f"{_W}ins": "inserted",
    f"{_W}del": "deleted",
    f"{_W}txbxContent": "text_boxes",
    f"{_W}gridSpan": "merged_cells",
    f"{_W}vMerge": "merged_cells",
    f"{_W}object": "objects",
    f"{_W}strike": "struck",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath": "formulas",
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart": "objects",
    "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds": "objects",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback": "",
}


def _count(data: bytes) -> Counter[str]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    found: Counter[str] = Counter()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())

        def tree(name: str) -> Any:
            return etree.fromstring(archive.read(name), parser)

        walk = etree.iterwalk(tree("word/document.xml"), events=("start",))
        for _event, element in walk:
            if (what := _TELLING.get(element.tag)) is None:
                continue
            if what == "":  # the same once more, for programs that do not know the newer form
                walk.skip_subtree()
            else:
                found[what] += 1
        for kind in ("comments", "footnotes", "endnotes"):
            if f"word/{kind}.xml" in names:
                rows = [row for row in tree(f"word/{kind}.xml") if row.get(f"{_W}type") in (None, "normal")]
                found["comments" if kind == "comments" else "notes"] += len(rows)
        for name in names:
            if re.fullmatch(r"word/(header|footer)\d*\.xml", name) and "".join(tree(name).itertext()).strip():
                found["headers"] += 1
    return found
