"""The town hall's existing list of processes, as a spreadsheet or CSV file: read, checked, ready for a preview.

Pure: bytes in, rows out. Each row says what is wrong with it; nothing is made here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from governance import files
from governance.text.clean import clean_line

MAX_BYTES = 5 * 2**20
MAX_ROWS = 2_000
MAX_COLUMNS = 60
MAX_CELL = 2_000
TITLE_LENGTH = 200

# Our field for each heading that town halls use, compared in lower case without points and hyphens.
HEADINGS = {
    "title": ("titel", "prozess", "prozessname", "prozessbezeichnung", "bezeichnung", "name", "leistung"),
    "department": ("bereich", "amt", "fachbereich", "abteilung", "fachamt", "organisationseinheit", "oe", "dezernat"),
    "purpose": ("zweck", "ziel", "kurzbeschreibung", "beschreibung"),
    "service_key": ("leistungsschlüssel", "leikaid", "leika", "leikaschlüssel", "ozgid", "ozg", "schlüssel"),
    "cases_a_year": ("fallzahl", "fallzahlen", "fälle", "fälleimjahr", "fällejahr", "fälleprojahr", "anzahlfälle"),
    "systems": ("fachverfahren", "verfahren", "systeme", "itsysteme", "software", "itverfahren"),
    "legal_basis": ("rechtsgrundlage", "rechtsgrundlagen", "gesetz"),
    "responsible_unit": (
        "zuständigestelle",
        "zuständig",
        "zuständigkeit",
        "verantwortlich",
        "sachgebiet",
        "prozesseigner",
    ),
}
_FIELD_OF = {heading: name for name, headings in HEADINGS.items() for heading in headings}


@dataclass
class Entry:
    """One process of the list: its line in the file, its values by field, and what is wrong with it."""

    line: int
    values: dict[str, str]
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ProcessList:
    """What was read. `unknown` are headings that the portal has no field for; their columns are left out."""

    entries: Sequence[Entry]
    unknown: Sequence[str] = ()


def read(data: bytes, name: str) -> ProcessList:
    """The processes of an .xlsx or .csv file; raises a ValidationError that says what to do.

    The first line with a heading for the title is the head of the table; lines above it are left out.
    """
    if len(data) > MAX_BYTES:
        raise ValidationError(_("Die Datei ist größer als %(max)d MB."), params={"max": MAX_BYTES // 2**20})
    info = files.inspect(io.BytesIO(data), name, MAX_BYTES)
    if info.name.endswith(".xlsx"):
        lines = _lines_of_workbook(data)
    elif info.name.endswith((".csv", ".txt")):
        lines = _lines_of_csv(data)
    else:
        raise ValidationError(_("Bitte laden Sie die Prozessliste als .xlsx oder .csv hoch."))
    return _read_table(lines)


def _lines_of_workbook(data: bytes) -> list[list[str]]:
    """The first sheet that holds anything."""
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            rows = sheet.iter_rows(max_row=MAX_ROWS + 50, max_col=MAX_COLUMNS, values_only=True)
            lines = [[_cell(value) for value in row] for row in rows]
            if any(any(line) for line in lines):
                return lines
    # A damaged file makes the reader fail in many ways; each of them means the same to who uploaded it.
    except Exception as error:
        raise ValidationError(
            _("Diese Tabelle lässt sich nicht lesen. Bitte speichern Sie sie neu als .xlsx.")
        ) from error
    return []


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()[: MAX_CELL + 1]


def _lines_of_csv(data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    head = text[:4096]
    delimiter = max(";\t,", key=head.count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return [[_cell(value) for value in row[:MAX_COLUMNS]] for row in islice(rows, MAX_ROWS + 50)]
    except csv.Error as error:
        raise ValidationError(_("Diese CSV-Datei lässt sich nicht lesen. Bitte speichern Sie sie neu.")) from error


def _heading(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalpha())


def _read_table(lines: Sequence[Sequence[str]]) -> ProcessList:
    for at, line in enumerate(lines):  # noqa: B007 - where the head stands is used below
        columns = {place: _FIELD_OF.get(_heading(text), "") for place, text in enumerate(line) if text}
        if "title" in columns.values():
            break
    else:
        raise ValidationError(
            _("In der Liste fehlt eine Kopfzeile mit einer Spalte „Prozess“ oder „Titel“. Bitte ergänzen Sie sie.")
        )
    body = [(number, row) for number, row in enumerate(lines[at + 1 :], start=at + 2) if any(row)]
    if not body:
        raise ValidationError(_("Unter der Kopfzeile steht kein Prozess."))
    if len(body) > MAX_ROWS:
        raise ValidationError(_("Höchstens %(max)d Prozesse sind auf einmal möglich."), params={"max": MAX_ROWS})
    unknown = [lines[at][place] for place, name in columns.items() if not name]
    return ProcessList(list(_entries(body, columns)), unknown)


def _entries(body: Sequence[tuple[int, Sequence[str]]], columns: dict[int, str]) -> Iterator[Entry]:
    seen: dict[str, int] = {}
    for number, row in body:
        entry = Entry(number, {})
        for place, name in columns.items():
            if name and not entry.values.get(name):
                entry.values[name] = _checked(entry, row[place] if place < len(row) else "", name)
        _judge(entry, seen)
        yield entry


def _checked(entry: Entry, text: str, name: str) -> str:
    try:
        return clean_line(text, TITLE_LENGTH if name == "title" else MAX_CELL)
    except ValidationError as error:
        entry.problems += error.messages
        return ""


def _judge(entry: Entry, seen: dict[str, int]) -> None:
    title = entry.values.get("title", "").casefold()
    if not title and not entry.problems:
        entry.problems.append(_("Der Name des Prozesses fehlt."))
    if title in seen:
        entry.problems.append(_("Steht schon in Zeile %(line)d.") % {"line": seen[title]})
    elif title:
        seen[title] = entry.line
    cases = entry.values.get("cases_a_year", "")
    if cases:
        digits = cases.replace(".", "").replace(" ", "")
        if digits.isdecimal() and len(digits) < 10:
            entry.values["cases_a_year"] = digits
        else:
            entry.values["cases_a_year"] = ""
            entry.problems.append(_("„%(value)s“ ist keine Fallzahl.") % {"value": cases[:40]})
