"""How process models are written: forms, steps, and what only they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.http import standing_of, told_ok, told_refused
from governance.writing import editing
from governance.writing.desk import url_of
from governance.writing.editing import Work
from governance.writing.writing import SHORT_TEXTS, Writing
from processmodels import desk, states
from processmodels.forms.rows import ROWS
from processmodels.forms.state import LABELS, StatePart
from processmodels.forms.steps import STEPS
from processmodels.forms.text import ProcessForm, QuickForm
from processmodels.kind import PROCESS_MODEL, doubts
from processmodels.page import state_of
from processmodels.poster.text import state_of as state_on_poster

CLEAR, DRAW, POSTER = "clear-", "draw-", "poster-"
NO_POSTER = gettext_lazy(
    "Für einen Aushang fehlt noch ein Diagramm. Tragen Sie den Ablauf als Schrittliste ein, laden Sie eine Datei hoch "
    "oder zeichnen Sie ihn im Portal."
)


def without_file(values: Mapping[str, Any], place: int) -> Mapping[str, Any]:
    """An attachment that stands for a diagram stays until it no longer does."""
    row = values["attachments"][place - 1]
    for state in states.STATES:
        if values[f"{state}_picture"] == row["sha256"]:
            raise ValidationError(
                _("„%(name)s“ zeigt den Ablauf „%(state)s“. Bitte nehmen Sie das Bild zuerst dort heraus (Schritt 2)."),
                params={"name": row["name"], "state": LABELS[state]},
            )
    return {}


def part_doubts(values: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """What does not hold about the key figures, beside them."""
    return {"key_figures": doubts(values)}


def go_on(request: HttpRequest, work: Work, go: str) -> HttpResponse | None:
    """The buttons of a state: to the drawing, or taking the diagram out; and the poster of the draft."""
    if go.startswith(POSTER):
        return _to_poster(request, work, go.removeprefix(POSTER))
    for state, name in states.FILE_NAMES.items():
        if go == f"{DRAW}{state}":
            return redirect(url_of(work.record, "draw", name))
        if go == f"{CLEAR}{state}":
            desk.clear(work, standing_of(request), state)
            done = _("„%(state)s“ ist aus Ihrem Entwurf genommen. Gespeicherte Versionen behalten es.")
            told_ok(request, done % {"state": LABELS[state]})
            return redirect(request.path)
    return None


def _to_poster(request: HttpRequest, work: Work, paper: str) -> HttpResponse:
    if not state_on_poster(editing.text_of(work)):
        told_refused(request, ValidationError(NO_POSTER))
        return redirect(request.path)
    return redirect(f"{url_of(work.record, 'poster')}?{urlencode({'text': 'draft', 'paper': paper[:2]})}")


def _side(state: str, text: Any, address: Any) -> Any:
    return state_of(text, state, address, states.models_of(text, state))


PROCESS_WRITING = Writing(
    kind=PROCESS_MODEL,
    quick_form=QuickForm,
    quick_lead=gettext_lazy(
        "Titel und Zweck genügen für den Anfang. Danach führen vier Schritte weiter, jetzt oder später."
    ),
    quick_template="processmodels/_quick.html",
    text_form=ProcessForm,
    steps=STEPS,
    rows=ROWS,
    edit_template="processmodels/edit.html",
    own_parts={state: partial(StatePart, state) for state in states.STATES},
    own_sides={state: partial(_side, state) for state in states.STATES},
    own_side_template="processmodels/_state_side.html",
    part_templates={
        **SHORT_TEXTS,
        **dict.fromkeys(states.STATES, "processmodels/_state_form.html"),
        "key_figures": "processmodels/_key_figures_form.html",
    },
    shown_at={f"{state}_picture": state for state in states.STATES},
    together={state: (state, f"{state}_steps", f"{state}_picture") for state in states.STATES},
    without_file=without_file,
    follows=desk.with_title,
    part_doubts=part_doubts,
    go_on=go_on,
)
