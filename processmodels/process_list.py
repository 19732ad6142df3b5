"""The town hall's existing list of processes, as a spreadsheet or CSV file: read, checked, ready for a preview.

Pure: bytes in, rows out. Each row says what is wrong with it; nothing is made here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from governance import files
from governance.text.clean import clean_line
from processmodels import delimited, workbook

MAX_BYTES = 5 * 2**20
MAX_ROWS = 2_000
# The heading stands within so many lines that hold anything.
HEAD_LINES = 100
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

# The number of a line in the file, and its cells.
Line = tuple[int, list[str]]


@dataclass
class Entry:
    """One process of the list: its line in the file, its values by field, and what is wrong with it.

    A field that the list has no column for is not in `values`; one whose cell is empty is.
    """

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
        return _read_workbook(data)
    if info.name.endswith((".csv", ".txt")):
        return _read_csv(data)
    raise ValidationError(_("Bitte laden Sie die Prozessliste als .xlsx oder .csv hoch."))


def _read_workbook(data: bytes) -> ProcessList:
    sheet = workbook.read_sheet(data, HEAD_LINES + MAX_ROWS + 1, MAX_COLUMNS)
    lines = [(number, [_cell(value) for value in row]) for number, row in sheet.lines]
    return _read_table(lines, sheet.merged)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()[: MAX_CELL + 1]


def _read_csv(data: bytes) -> ProcessList:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    try:
        rows = list(delimited.rows(text, _delimiter(text)))
    except csv.Error as error:
        raise ValidationError(_("Diese CSV-Datei lässt sich nicht lesen. Bitte speichern Sie sie neu.")) from error
    return _read_table([(n, [_cell(value) for value in row[:MAX_COLUMNS]]) for n, row in enumerate(rows, start=1)])


def _delimiter(text: str) -> str:
    """The one that makes most headings out of one line."""
    head = list(islice(io.StringIO(text), HEAD_LINES))
    return max(";\t,", key=lambda sign: max((len(_columns(line.split(sign))) for line in head), default=0))


def _heading(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalpha())


def _columns(line: Sequence[str]) -> dict[int, str]:
    """The field of each column by its place, where a line of headings names one that is known."""
    found = {place: _FIELD_OF.get(_heading(text), "") for place, text in enumerate(line)}
    return {place: name for place, name in found.items() if name}


def _read_table(lines: Sequence[Line], merged: Mapping[tuple[int, int], int] = MappingProxyType({})) -> ProcessList:
    lines = [(number, row) for number, row in lines if any(row)]
    for at, (_number, head) in enumerate(lines[:HEAD_LINES]):  # noqa: B007 - where the head stands is used below
        columns = _columns(head)
        if "title" in columns.values():
            break
    else:
        raise ValidationError(
            _("In der Liste fehlt eine Kopfzeile mit einer Spalte „Prozess“ oder „Titel“. Bitte ergänzen Sie sie.")
        )
    body = lines[at + 1 :]
    if not body:
        raise ValidationError(_("Unter der Kopfzeile steht kein Prozess."))
    if len(body) > MAX_ROWS:
        raise ValidationError(
            _("Höchstens %(max)d Prozesse sind auf einmal möglich. Bitte teilen Sie die Liste in mehrere Dateien auf."),
            params={"max": MAX_ROWS},
        )
    for place, name in columns.items():
        if name == "department":
            _fill_merged(body, place, merged)
    unknown = [text for place, text in enumerate(head) if text and place not in columns]
    return ProcessList(list(_entries(body, columns)), unknown)


def _fill_merged(body: Sequence[Line], place: int, merged: Mapping[tuple[int, int], int]) -> None:
    """A department written once beside several processes, its cells merged, is that of all of them."""
    text, last = "", 0
    for number, row in body:
        if (number, place) in merged:
            text, last = row[place], merged[number, place]
        elif number <= last and not row[place]:
            row[place] = text


def _entries(body: Sequence[Line], columns: Mapping[int, str]) -> Iterator[Entry]:
    seen: dict[str, int] = {}
    for number, row in body:
        entry = Entry(number, {})
        for place, name in columns.items():
            if not entry.values.get(name):
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
