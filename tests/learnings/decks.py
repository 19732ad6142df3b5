"""Texts for slides, handout and brief, and how a file of slides is looked at."""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
import zipfile
from typing import Any

from lxml import etree
from pptx import Presentation

from learnings import presentation
from learnings.models import Audience, Learning
from learnings.story import Picture, Source

SENTENCE = "Ein langer Satz, der viel erklärt und nicht aufhört zu erklären. "
PAGES_500 = (SENTENCE * 25_000)[: 500 * 3_000]
FIGURE = {"label": "Anteil online", "number": "72.5", "unit": "%", "period": "2026", "source": "Fachverfahren"}
PAIR = [
    {"label": "Wartezeit, vorher", "number": "47", "unit": "Minuten", "period": "2024", "source": "Zählung"},
    {"label": "Wartezeit, nachher", "number": "4.5", "unit": "Minuten", "period": "2025", "source": "Zählung"},
]
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="120" viewBox="0 0 400 120">'
    '<rect x="10" y="10" width="100" height="60" fill="#fff" stroke="#000"/>'
    '<text x="20" y="45" font-family="Fira Sans" font-size="12">Antrag</text></svg>'
)
PICTURE = Picture(SVG, "Hund anmelden", "P-4", "Ablauf des Prozesses P-4, Hund anmelden.")


def values(**changes: Any) -> dict[str, Any]:
    """A whole text."""
    empty = {field.name: field.get_default() for field in Learning._meta.concrete_fields}
    return (
        empty
        | {
            "title": "Hundesteuer online",
            "guiding_question": "Wie wird ein Formular auch ausgefüllt?",
            "answer": "Ein kurzes Formular wird ausgefüllt.",
            "audiences": list(Audience.values),
            "everyday_benefit": "- weniger Tippen\n- **schneller** fertig",
            "occasion": "Viele Formulare kamen unvollständig an.",
            "what_was_done": "Formular gekürzt.",
            "results": "Weniger Rückfragen.",
            "figures": PAIR,
            "recommendation": "Klein anfangen.",
            "next_step": "Die Abmeldung ebenso kürzen.",
            "effort_time": "drei Wochen",
            "effort_money": "keine",
        }
        | changes
    )


def source(draft: bool = False, *, pictures: Any = (), number: str = "L-7", **changes: Any) -> Source:
    return Source(
        values=values(**changes),
        short_number=number,
        address=f"https://wissen.stadt.example/{number}",
        team="Change-Management-Team Steueramt",
        contact="Kim Beispiel",
        email="kim.beispiel@stadt.example",
        issue=None if draft else 3,
        released_on=None if draft else dt.date(2026, 5, 3),
        check_mark="3f2a-91c0-77de",
        pictures=pictures,
    )


def deck(audience: str = "team", draft: bool = False, **changes: Any) -> Any:
    return opened(presentation.make([source(draft, **changes)], Audience(audience)))


def opened(data: bytes) -> Any:
    return Presentation(io.BytesIO(data))


def texts(slide: Any) -> str:
    """All words on a slide, its charts and tables included."""
    parts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    for shape in slide.shapes:
        if shape.has_table:
            parts += [cell.text for row in shape.table.rows for cell in row.cells]
        if shape.has_chart:
            parts += [shape.chart.chart_title.text_frame.text, *map(str, shape.chart.plots[0].categories)]
    return "\n".join(parts)


def notes(slide: Any) -> str:
    return str(slide.notes_slide.notes_text_frame.text) if slide.has_notes_slide else ""


def titles(slides: Any) -> list[str]:
    return [slide.shapes.title.text for slide in slides.slides]


def package_faults(data: bytes) -> list[str]:
    """What PowerPoint would repair: parts without type, relationships that lead nowhere, names and ids given twice."""
    faults = []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        parts = {name: package.read(name) for name in names}
    faults += [f"twice: {name}" for name in {name.lower() for name in names} if _count(names, name) > 1]
    types = etree.fromstring(parts["[Content_Types].xml"])
    known = {one.get("Extension", "").lower() for one in types} | {one.get("PartName", "") for one in types}
    for name in names:
        if name != "[Content_Types].xml" and not {f"/{name}", name.rpartition(".")[2].lower()} & known:
            faults.append(f"without type: {name}")
    faults += [f"type of nothing: {part}" for one in types if (part := one.get("PartName")) and part[1:] not in parts]
    for name in names:
        if name.endswith(".rels"):
            faults += _dangling(name, etree.fromstring(parts[name]), parts)
        elif re.match(r"ppt/(slides|notesSlides|slideLayouts|slideMasters)/[^/]+\.xml", name):
            ids = [one.get("id") for one in etree.fromstring(parts[name]).iter("{*}cNvPr")]
            faults += [f"id twice in {name}: {one}" for one in set(ids) if ids.count(one) > 1]
    return faults


def _count(names: list[str], lower: str) -> int:
    return sum(name.lower() == lower for name in names)


def _dangling(name: str, root: Any, parts: dict[str, bytes]) -> list[str]:
    folder = posixpath.dirname(posixpath.dirname(name))
    keys = [one.get("Id") for one in root]
    found = [f"relationship twice in {name}: {key}" for key in set(keys) if keys.count(key) > 1]
    for one in root:
        if one.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, one.get("Target")))[1:]
            if target not in parts:
                found.append(f"{name} leads nowhere: {target}")
    return found
