"""Step lists out of a spreadsheet: what is pasted from Excel or saved as text, with or without a header."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from processmodels import delimited
from processmodels.steps import Step

_COLUMNS = ("role", "activity", "system", "condition", "note")
_HEADERS = {
    "role": "wer|rolle|rollen|stelle|beteiligte|beteiligter|zuständig|zuständigkeit|verantwortlich|verantwortliche"
    "|zuständige stelle|organisationseinheit|bereich|akteur|who|role",
    "activity": "was|tut was|macht was|tätigkeit|aktivität|aufgabe|schritt|arbeitsschritt|prozessschritt"
    "|verfahrensschritt|beschreibung der tätigkeit|what|activity|step",
    "system": "system|systeme|it-system|it-systeme|it|womit|mit welchem system|fachverfahren|software|programm"
    "|anwendung|hilfsmittel|werkzeug|with",
    "condition": "wenn|falls|bedingung|bedingungen|voraussetzung|if|condition",
    "note": "notiz|hinweis|hinweise|bemerkung|bemerkungen|anmerkung|anmerkungen|kommentar|erläuterung|note",
}
_KNOWN = {name: column for column, names in _HEADERS.items() for name in names.split("|")}
_NUMBER = re.compile(r"\(?\d{1,4}(\.\d{1,4})*[.):]?")


def parse_pasted(text: str) -> list[Step]:
    """The steps of a pasted table: cells parted by tabs, else by semicolons, Excel's quotation marks understood.

    Columns are who, what, with which system, if, note, or as a header row names them; a column of numbers in
    front is passed over. An empty "who" means the one above, as merged cells are pasted. Empty rows are left
    out; a row without "what" is kept with an empty activity, for the form to ask for it.
    """
    rows = [row for row in _rows(text) if any(row)]
    if not rows:
        return []
    columns = _header(rows[0])
    if columns:
        rows = rows[1:]
    else:
        rows = _without_numbers(rows)
        columns = list(_COLUMNS) if max(map(len, rows), default=0) > 1 else ["activity"]
    steps: list[Step] = []
    for row in rows:
        cells = dict.fromkeys(_COLUMNS, "")
        for column, cell in zip(columns, row, strict=False):
            if column and not cells[column]:
                cells[column] = cell
        if not any(cells.values()):
            continue
        if not cells["role"] and steps:
            cells["role"] = steps[-1].role
        steps.append(Step(**cells).cleaned())
    return steps


def _rows(text: str) -> list[list[str]]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").lstrip("\ufeff")
    delimiter = "\t" if "\t" in lines else ";"
    try:
        rows = list(delimited.rows(lines, delimiter))
    except csv.Error:  # a cell beyond the limit of the module
        rows = [line.split(delimiter) for line in lines.split("\n")]
    return [[cell.strip() for cell in row] for row in rows]


def _header(row: Sequence[str]) -> list[str]:
    """The column of each cell when the row is a header, with "" for those passed over; else nothing."""
    columns = [_KNOWN.get(re.sub(r"\s+", " ", cell).strip(" :?*.…").lower(), "") for cell in row]
    known = [column for column in columns if column]
    return columns if "activity" in known and (len(known) > 1 or len(row) == 1) else []


def _without_numbers(rows: list[list[str]]) -> list[list[str]]:
    is_numbered = all(len(row) > 1 and (not row[0] or _NUMBER.fullmatch(row[0])) for row in rows)
    return [row[1:] for row in rows] if is_numbered and any(row[0] for row in rows) else rows
