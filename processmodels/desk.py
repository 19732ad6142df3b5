"""One state of the process on a person's desk: its diagram, its step list, the picture that stands for it.

List and diagram say the same, or the list is empty: a diagram made from a list keeps it, a diagram that was
uploaded or drawn has one only when a list can say all of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from governance import files
from governance.rows import AttachmentRow
from governance.rules import Standing
from governance.writing import editing
from governance.writing.editing import Work
from processmodels import diagrams, states
from processmodels.bpmn.writing import write
from processmodels.models import Diagram
from processmodels.schemas import StepRow
from processmodels.steps import Step, to_model, to_steps

PICTURE_TYPES = frozenset({"application/pdf", *files.PICTURES.values()})


def put_diagram(work: Work, standing: Standing, state: str, data: bytes) -> Diagram:
    """Keep an uploaded or drawn file as the diagram; raises BpmnError for what is no BPMN."""
    model = diagrams.read_file(data)
    diagram = diagrams.store(data, model)
    steps = to_steps(model) or []
    rows = [asdict(step) for step in steps] if len(steps) <= StepRow.MAX_ROWS else []
    _put(work, standing, state, diagram.pk, rows)
    return diagram


def put_steps(work: Work, standing: Standing, state: str, rows: Sequence[dict[str, str]]) -> None:
    """Keep a list and the diagram made from it; without rows there is neither."""
    if not rows:
        return _put(work, standing, state, None, [])
    return _put(work, standing, state, diagrams.store(_drawn(rows, work.values["title"])).pk, rows)


def _drawn(rows: Sequence[Mapping[str, str]], title: str) -> bytes:
    return write(to_model([Step(**row) for row in rows], title))


def with_title(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """Diagrams made from a list carry the title of the process: they are made anew when it changes.

    One that was uploaded, or that somebody has moved by hand, stays as it is.
    """
    changes: dict[str, str] = {}
    for state in states.STATES if before["title"] != after["title"] else ():
        rows, diagram = after[f"{state}_steps"], diagrams.find(after[state])
        if rows and diagram and bytes(diagram.source) == _drawn(rows, diagrams.model_of(diagram).name):
            changes[state] = diagrams.store(_drawn(rows, after["title"])).pk
    return changes


def put_picture(work: Work, standing: Standing, state: str, upload: Any, description: str) -> None:
    """Keep a picture as an attachment that stands for the diagram; raises a ValidationError with the reason.

    One without description is kept too: it can be described without choosing the file again. Submission asks for it.
    """
    if work.values[state]:
        raise ValidationError(
            _("Es gibt schon ein Diagramm. Nehmen Sie es zuerst heraus, wenn stattdessen das Bild gelten soll.")
        )
    info = files.inspect(upload, upload.name, settings.ATTACHMENT_MAX_BYTES)
    if info.media_type not in PICTURE_TYPES:
        raise ValidationError(_("Bitte laden Sie das Bild als PNG, JPEG oder PDF hoch."))
    editing.attach(work, standing, upload, description)
    editing.keep(work, standing, {f"{state}_picture": info.sha256})


def picture_of(values: Mapping[str, Any], state: str) -> AttachmentRow | None:
    """The attachment that stands for the diagram of a state."""
    rows = map(AttachmentRow.read, values["attachments"])
    return next((row for row in rows if row.sha256 == values[f"{state}_picture"]), None)


def describe_picture(work: Work, standing: Standing, state: str, description: str) -> None:
    """Say what the picture of a state shows, there and among the attachments; without a picture nothing happens."""
    sha256 = work.values[f"{state}_picture"]
    rows = [
        {**row, "description": description} if row["sha256"] == sha256 else row for row in work.values["attachments"]
    ]
    editing.keep(work, standing, {"attachments": rows})


def clear(work: Work, standing: Standing, state: str) -> None:
    """Take the diagram, its list and the picture out of the text on the desk; saved versions keep them."""
    _put(work, standing, state, None, [])


def _put(work: Work, standing: Standing, state: str, diagram: str | None, rows: Sequence[dict[str, str]]) -> None:
    editing.keep(work, standing, {state: diagram, f"{state}_steps": list(rows), f"{state}_picture": ""})
