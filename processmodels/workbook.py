"""The cells of an .xlsx file, read with bounds on what reading may cost.

A small file may unpack to a gigabyte or hold entities that do. So the parts are unpacked and looked at first,
and only those that were looked at are handed to the reader.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

MAX_UNPACKED = 20 * 2**20
# Each tag becomes an object or two; this many cost well below 300 MB, and 2 000 lines of 15 full columns need less.
MAX_TAGS = 300_000
# The last line a spreadsheet can have.
LAST_LINE = 2**20
# Of more sheets than these none is the list.
MAX_SHEETS = 10
_ENCODING = re.compile(rb"""^<\?xml[^>]*\sencoding=["'](?!utf-8["'])""", re.IGNORECASE)
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})["']""")


@dataclass(frozen=True)
class Sheet:
    """The lines that hold anything, with their numbers; and merged cells: last line by first line and column.

    Lines count from 1 as in the spreadsheet, columns from 0 as in the lines.
    """

    lines: list[tuple[int, list[object]]] = field(default_factory=list)
    merged: Mapping[tuple[int, int], int] = field(default_factory=dict)


def read_sheet(data: bytes, max_lines: int, max_columns: int) -> Sheet:
    """The first sheet that holds anything, up to so many lines and columns; raises a ValidationError that says why."""
    try:
        parts = _unpack(data)
        book = load_workbook(_pack(parts), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets[:MAX_SHEETS]:
            rows = enumerate(sheet.iter_rows(max_row=LAST_LINE, max_col=max_columns, values_only=True), start=1)
            lines: list[tuple[int, list[object]]] = []
            for number, row in rows:
                if any(value is not None for value in row):
                    lines.append((number, list(row)))
                if len(lines) == max_lines:
                    break
            if lines:
                return Sheet(lines, _merged(parts.get(sheet._worksheet_path, b"")))
    except ValidationError:
        raise
    # A damaged file makes the reader fail in many ways; each of them means the same to who uploaded it.
    except Exception as error:
        raise ValidationError(
            _("Diese Tabelle lässt sich nicht lesen. Bitte speichern Sie sie neu als .xlsx.")
        ) from error
    return Sheet()


def _unpack(data: bytes) -> dict[str, bytes]:
    """The XML parts by name, all of them looked at; pictures and the like are left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [entry for entry in archive.infolist() if entry.filename.endswith((".xml", ".rels"))]
        # No entry unpacks to more than it says.
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise _too_much()
        parts = {entry.filename: archive.read(entry) for entry in entries}
    if sum(part.count(b"<") for part in parts.values()) > MAX_TAGS:
        raise _too_much()
    for part in parts.values():
        _check(part)
    return parts


def _check(part: bytes) -> None:
    """Raises a ValueError for a DTD, and for any encoding in which one could hide: spreadsheets write UTF-8."""
    text = part.removeprefix(b"\xef\xbb\xbf").lstrip()
    text.decode()
    if b"\x00" in text or not text.startswith(b"<") or _ENCODING.match(text) or b"<!DOCTYPE" in text:
        raise ValueError("no plain XML in UTF-8")


def _too_much() -> ValidationError:
    return ValidationError(
        _(
            "Diese Tabelle enthält zu viel zum Einlesen. Bitte kopieren Sie die Prozessliste allein in eine neue Datei "
            "und laden Sie diese hoch."
        )
    )


def _pack(parts: Mapping[str, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    out.seek(0)
    return out


def _merged(part: bytes) -> dict[tuple[int, int], int]:
    found = {}
    for reference in _MERGED.findall(part):
        column, first, _last_column, last = range_boundaries(reference.decode())
        found[first, column - 1] = last
    return found
