"""Diagrams kept once by the hash of their bytes: reading, storing, drawing.

Nothing is written when a page is read: the picture is drawn when the file is stored, and again by
`manage.py draw_diagrams` after the drawing code has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.db import transaction

from governance import clock
from processmodels.bpmn.comparison import ChangeKind
from processmodels.bpmn.layout import lay_out
from processmodels.bpmn.likeness import differ_in_drawing_alone
from processmodels.bpmn.model import Model
from processmodels.bpmn.reading import read
from processmodels.bpmn.writing import write
from processmodels.diagram.marks import Mark
from processmodels.diagram.render import render_all
from processmodels.models import Diagram, Picture

# Counts changes of the drawing code, so that pictures of an older one are not shown.
RENDERER = 2
MEDIA_TYPE = "application/xml"


def read_file(data: bytes) -> Model:
    """The model of an uploaded file; raises BpmnError, whose message names line and reason."""
    return read(data, max_bytes=settings.DIAGRAM_MAX_BYTES)


@transaction.atomic
def store(data: bytes, model: Model | None = None) -> Diagram:
    """Keep a BPMN file and its picture; the same bytes are kept once. Raises BpmnError for what is no BPMN.

    `model` is what `data` says, where it has been read already.
    """
    model = model or read_file(data)
    digest = hashlib.sha256(data).hexdigest()
    Diagram.objects.bulk_create([Diagram(sha256=digest, source=data, created_at=clock.now())], ignore_conflicts=True)
    diagram = Diagram.objects.get(pk=digest)
    keep_picture(diagram, model)
    return diagram


def keep_picture(diagram: Diagram, model: Model | None = None) -> None:
    """Draw the picture of `diagram` and keep it."""
    if not diagram.pictures.filter(renderer=RENDERER).exists():
        svg = draw(model_of(diagram) if model is None else model)
        Picture.objects.bulk_create([Picture(diagram=diagram, renderer=RENDERER, svg=svg)], ignore_conflicts=True)


def undrawn() -> Iterator[Diagram]:
    """The diagrams without a picture by this drawing code, one at a time: their files may be large."""
    return Diagram.objects.exclude(pictures__renderer=RENDERER).order_by("pk").iterator(chunk_size=1)


def drop_old_pictures() -> int:
    """Delete what older drawing code drew; returns how many pictures."""
    deleted, _by_model = Picture.objects.exclude(renderer=RENDERER).delete()
    return deleted


def model_of(diagram: Diagram) -> Model:
    """What the file of `diagram` says."""
    return read_file(bytes(diagram.source))


def find(digest: str | None) -> Diagram | None:
    return Diagram.objects.filter(pk=digest).first() if digest else None


def are_drawn_otherwise(one: str, other: str) -> bool:
    """Whether two diagrams, by their keys, differ in how they are drawn and in nothing else that their files say."""
    files = [bytes(row.source) for row in Diagram.objects.filter(pk__in=(one, other))]
    return len(files) == 2 and differ_in_drawing_alone(*files, max_bytes=settings.DIAGRAM_MAX_BYTES)


def svg_of(diagram: Diagram) -> str:
    """The picture of `diagram`, kept or drawn now."""
    kept = diagram.pictures.filter(renderer=RENDERER).values_list("svg", flat=True).first()
    return draw(model_of(diagram)) if kept is None else kept


def with_layout(model: Model) -> Model:
    """`model` itself, or laid out automatically when its file says nothing of where things are."""
    return model if model.has_diagram else lay_out(model)


def drawable(diagram: Diagram) -> bytes:
    """The file for a drawing program: the very bytes, or laid out when they say nothing of where things are."""
    model = model_of(diagram)
    return bytes(diagram.source) if model.has_diagram else write(with_layout(model))


def draw(model: Model, marks: Mapping[str, ChangeKind] | None = None, title: str = "") -> str:
    """The SVG of a model's diagrams, one below the other; `marks` say what changed, by the ids of elements."""
    shown = {key: Mark(kind.value) for key, kind in (marks or {}).items()}
    return render_all(with_layout(model), marks=shown, title=title)
