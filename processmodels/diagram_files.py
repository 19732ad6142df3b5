"""The files of a process model that are no attachments: diagrams as they were uploaded, and their pictures."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from processmodels import diagrams, states

# The picture is shown by <img>, never as a document: nothing in it may load or run.
SANDBOX = "default-src 'none'; style-src 'none'; sandbox"


def answer(text: Any, name: str) -> HttpResponse | None:
    """`vorher.bpmn`, `nachher.bpmn`: the very bytes that were uploaded; `….svg`: the drawn picture.

    `….xml` is what bpmn-js can open: laid out where the file is not.
    """
    stem, _dot, ending = name.rpartition(".")
    state = next((key for key, known in states.FILE_NAMES.items() if known == stem), "")
    diagram = diagrams.find(getattr(text, state)) if state else None
    if diagram is None:
        return None
    if ending == "bpmn":
        response = HttpResponse(bytes(diagram.source), content_type=diagrams.MEDIA_TYPE)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    elif ending == "xml":
        response = HttpResponse(diagrams.drawable(diagram), content_type=diagrams.MEDIA_TYPE)
    elif ending == "svg":
        response = HttpResponse(diagrams.svg_of(diagram), content_type="image/svg+xml")
    else:
        return None
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
