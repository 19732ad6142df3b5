"""The existing list of processes: read from what town halls have, each problem told at its line."""

from __future__ import annotations

import contextlib
import io
import random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook

from processmodels import process_list
from processmodels.process_list import ProcessList

CSV = """Prozessliste 2026;;;
;;;
Nr.;Prozess;Amt;Fallzahl;Fachverfahren;LeiKa-ID
1;Hund anmelden;Steueramt;1.200;H&H proDoppik;99102013104000
2;Wohngeld bewilligen;Soziales;viele;;
3;;Soziales;;;
4;hund anmelden;Steueramt;;;
"""


def workbook(*rows: list[Any], empty_first: bool = False) -> bytes:
    book = Workbook()
    sheet = book.active
    if empty_first:
        sheet = book.create_sheet("Liste")
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def lines(found: ProcessList) -> dict[int, str]:
    return {entry.line: " ".join(entry.problems) for entry in found.entries}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_csv_file_is_read_in_the_encodings_of_excel(encoding: str) -> None:
    found = process_list.read(CSV.replace("Amt", "Organisationseinheit").encode(encoding), "Liste.csv")
    first = found.entries[0]
    assert first.line == 4
    assert first.values["title"] == "Hund anmelden"
    assert first.values["department"] == "Steueramt"
    assert first.values["cases_a_year"] == "1200"
    assert first.values["service_key"] == "99102013104000"
    assert found.unknown == ["Nr."]


def test_each_problem_stands_at_its_line() -> None:
    told = lines(process_list.read(CSV.encode(), "liste.csv"))
    assert told[4] == ""
    assert "keine Fallzahl" in told[5]
    assert "fehlt" in told[6]
    assert "Zeile 4" in told[7]


def test_a_workbook_is_read_from_its_first_sheet_with_content_and_numbers_stay_whole() -> None:
    data = workbook(["Titel", "Fälle/Jahr"], ["Baum fällen", 310.0], [None, None], ["Baulast", 12], empty_first=True)
    found = process_list.read(data, "Prozesse.xlsx")
    assert [entry.values["title"] for entry in found.entries] == ["Baum fällen", "Baulast"]
    assert found.entries[0].values["cases_a_year"] == "310"


def test_formulas_links_and_hidden_characters_do_no_harm() -> None:
    data = workbook(["Titel", "Zweck"], ["=cmd|'/c calc'!A1", "ok"], ["Gut\u202egemeint", "x"])
    found = process_list.read(data, "Prozesse.xlsx")
    assert "Schreibrichtung" in lines(found)[3]


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "a.csv", "leer"),
        (b"Nummer;Datum\n1;2\n", "a.csv", "Kopfzeile"),
        (b"Titel;Amt\n", "a.csv", "kein Prozess"),
        (b"PK\x03\x04broken", "a.xlsx", "passt nicht"),
        (b"%PDF-1.7 text", "a.pdf", "xlsx oder .csv"),
        (b"Titel\n" + b"x\n" * 6_000_000, "a.csv", "größer"),
        (b"Titel\n" + b"".join(b"Prozess %d\n" % n for n in range(2_020)), "a.csv", "Höchstens"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_what_to_do(data: bytes, name: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        process_list.read(data, name)


def test_damaged_workbooks_are_refused_and_never_fail() -> None:
    rng = random.Random(20261125)
    whole = workbook(["Titel"], ["Hund anmelden"])
    for _round in range(200):
        data = bytearray(whole)
        for _place in range(rng.randint(1, 30)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        with contextlib.suppress(ValidationError):
            assert isinstance(process_list.read(bytes(data), "a.xlsx"), ProcessList)
