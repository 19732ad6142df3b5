"""The existing list of processes: read from what town halls have, each problem told at its line."""

from __future__ import annotations

import contextlib
import io
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
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


def workbook(*rows: list[Any], empty_first: bool = False, merged: str = "") -> bytes:
    book = Workbook()
    sheet = book.active
    if empty_first:
        sheet = book.create_sheet("Liste")
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
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


def rewritten(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one of its parts changed."""
    source, out = zipfile.ZipFile(io.BytesIO(workbook(["Prozess", "Amt"], ["Bauantrag", "Bauamt"]))), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            data = source.read(name)
            archive.writestr(name, change(data) if name == part else data)
    return out.getvalue()


def in_sheet(rows: bytes, before: bytes = b"") -> bytes:
    return rewritten(
        "xl/worksheets/sheet1.xml", lambda data: before + data.replace(b"</sheetData>", rows + b"</sheetData>")
    )


def in_styles(tags: bytes) -> bytes:
    return rewritten("xl/styles.xml", lambda data: data.replace(b"</styleSheet>", tags + b"</styleSheet>"))


# In a process of its own, where the peak of memory is that of reading alone.
READ_APART = """
import resource, sys, time, django
django.setup()
from django.core.exceptions import ValidationError
from processmodels import process_list
data, message = sys.stdin.buffer.read(), ""
before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
try:
    process_list.read(data, "a.xlsx")
except ValidationError as error:
    message = error.messages[0]
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(time.process_time() - started, grown / 1024, message)
"""


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: in_sheet(b"<row>" + b"<c><v>1</v></c>" * 2_500_000 + b"</row>"), "enthält zu viel"),
        (lambda: in_sheet(b"<row>" + b"<c/>" * 1_000_000 + b"</row>"), "enthält zu viel"),
        (lambda: in_styles(b"<x/>" * 10_000_000), "enthält zu viel"),
        (lambda: in_sheet(b"<row>" + b"<c/>" * 290_000 + b"</row>"), ""),
        (lambda: in_sheet(b"<row r='99999999'><c r='A99999999'><v>1</v></c></row>"), ""),
    ],
    ids=["many cells", "one wide line", "styles", "just within", "far away"],
)
def test_a_small_workbook_that_unpacks_to_much_costs_neither_memory_nor_time(
    make: Callable[[], bytes], message: str
) -> None:
    done = subprocess.run([sys.executable, "-c", READ_APART], input=make(), capture_output=True, check=True)
    seconds, megabytes, *words = done.stdout.decode().split()
    said = " ".join(words)
    assert message in said and bool(message) == bool(said)
    assert float(seconds) < 6 and float(megabytes) < 300


DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]>'


@pytest.mark.parametrize(
    "data",
    [
        in_sheet(b"", before=DTD),
        rewritten("xl/worksheets/sheet1.xml", lambda data: (DTD.decode() + data.decode()).encode("utf-16")),
        rewritten("xl/worksheets/sheet1.xml", lambda data: b'<?xml version="1.0" encoding="UTF-7"?>' + data),
        rewritten("xl/workbook.xml", lambda data: DTD + data),
    ],
    ids=["sheet", "utf-16", "utf-7", "workbook"],
)
def test_a_workbook_with_a_dtd_or_an_encoding_that_may_hide_one_is_refused(data: bytes) -> None:
    with pytest.raises(ValidationError, match="lässt sich nicht lesen"):
        process_list.read(data, "a.xlsx")


def test_a_department_in_merged_cells_is_that_of_all_their_lines() -> None:
    rows = [["Prozess", "Amt", "Fälle"], ["Bauantrag", "Bauamt", 9], ["Abnahme"], ["Nutzung"], ["Baulast"]]
    found = process_list.read(workbook(*rows, merged="B2:B4"), "a.xlsx").entries
    assert [entry.values["department"] for entry in found] == ["Bauamt", "Bauamt", "Bauamt", ""]
    found = process_list.read(workbook(*rows, merged="C2:C4"), "a.xlsx").entries
    assert [entry.values["cases_a_year"] for entry in found] == ["9", "", "", ""]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_blank_lines_do_not_count_and_no_line_is_left_out_silently(name: str) -> None:
    def listed(processes: int, above: int) -> ProcessList:
        rows = [["Stand 2026", None]] * above + [["Prozess", "Amt"]]
        for number in range(processes):
            rows += [[f"Prozess {number}", "Amt"], [None, None]]
        text = "".join(";".join(cell or "" for cell in row) + "\n" for row in rows)
        return process_list.read(workbook(*rows) if name == "a.xlsx" else text.encode(), name)

    found = listed(process_list.MAX_ROWS, above=60).entries
    assert [found[0].line, found[-1].line] == [62, 62 + 2 * (process_list.MAX_ROWS - 1)]
    assert len(found) == process_list.MAX_ROWS
    with pytest.raises(ValidationError, match="Höchstens"):
        listed(process_list.MAX_ROWS + 1, above=60)


def test_the_line_of_headings_decides_what_parts_the_cells() -> None:
    text = "Stand, Ort, Zeit, Amt, Haus, Ziel\nProzess;Amt\n" + "A, B, C, D, E, F;Steueramt\n" * 3
    found = process_list.read(text.encode(), "a.csv").entries
    assert found[0].values == {"title": "A, B, C, D, E, F", "department": "Steueramt"}
    assert process_list.read(b'"Prozess","Amt"\n"A; B; C","X"\n', "a.csv").entries[0].values["title"] == "A; B; C"


def test_a_quotation_mark_that_is_never_closed_swallows_no_line() -> None:
    text = 'Prozess;Amt\n"Hund;Steueramt\n' + "".join(f"P{n};Steueramt\n" for n in range(20))
    assert len(process_list.read(text.encode(), "a.csv").entries) == 21
