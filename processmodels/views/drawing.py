"""Drawing one state of a process in the browser; the server reads what was drawn like any uploaded file."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from governance.http import backup_key, standing_of, told_ok
from governance.writing import desk as shared
from governance.writing import saving
from governance.writing.editing import Work
from governance.writing.sheet import Sheet
from processmodels import desk, diagrams, states
from processmodels.bpmn.source import BpmnError
from processmodels.diagram_files import SANDBOX
from processmodels.forms.state import LABELS
from processmodels.starter import starter
from processmodels.writing import PROCESS_WRITING

STATE_STEP = 2
# In the session: the token of the drawing that arrived last, by the key under which the browser keeps its copy.
ARRIVED = "drawings_arrived"


def _open(request: HttpRequest, number: int, name: str) -> tuple[Work, str]:
    """The text on the desk, and the state that is called `name` in addresses."""
    state = next((key for key, known in states.FILE_NAMES.items() if known == name), "")
    if not state:
        raise Http404
    return shared.open_desk(request, PROCESS_WRITING, number), state


@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: HttpRequest, number: int, slug: str, name: str) -> HttpResponse:
    """The page with the modeler. A drawing that was not touched is not sent: the file keeps its bytes."""
    work, state = _open(request, number, name)
    if request.method != "POST":
        return saving.locked(request, work) if work.is_locked else _page(request, work, state)
    drawn = request.POST.get("drawing", "")
    if drawn and (refused := _keep(request, work, state, drawn)):
        return _page(request, work, state, refused)
    if work.is_locked:
        return saving.locked(request, work, status=409)
    done = _("Die Zeichnung ist in Ihrem Zwischenstand.") if drawn else _("An der Zeichnung hat sich nichts geändert.")
    told_ok(request, done)
    if request.POST.get("go") == "stay":
        return redirect(request.path)
    return redirect(shared.url_of(work.record, "edit_step", STATE_STEP))


def _keep(request: HttpRequest, work: Work, state: str, drawn: str) -> str:
    """Keep what was drawn, on the version that the page was opened on; returns why it is refused, or nothing."""
    sheet = Sheet(work, (), posted=request.POST)
    if not shared.keep_posted(request, work, sheet):
        return next(sheet.problems()).text
    try:
        desk.put_diagram(work, standing_of(request), state, drawn.encode())
    except (BpmnError, UnicodeEncodeError) as error:
        return error.message if isinstance(error, BpmnError) else _("Die Zeichnung kam beschädigt an.")
    _note_arrival(request, work, state)
    return ""


def _note_arrival(request: HttpRequest, work: Work, state: str) -> None:
    """For the browser, which drops its copy only when it is told that this very drawing is here."""
    token = request.POST.get("drawing_token", "")[:64]
    request.session[ARRIVED] = request.session.get(ARRIVED, {}) | {_browser_key(request, work, state): token}


def _browser_key(request: HttpRequest, work: Work, state: str) -> str:
    return f"portal-drawing:{backup_key(request, work.record)}:{state}"


def _page(request: HttpRequest, work: Work, state: str, refused: str = "") -> HttpResponse:
    name = states.FILE_NAMES[state]
    key = _browser_key(request, work, state)
    context = shared.frame(request, work) | {
        "state": state,
        "label": LABELS[state],
        "keep": key,
        "arrived": request.session.get(ARRIVED, {}).get(key, ""),
        "source_url": shared.url_of(work.record, "draw_source", name),
        "back_url": shared.url_of(work.record, "edit_step", STATE_STEP),
        "max_bytes": settings.DIAGRAM_MAX_BYTES,
        "refused": refused,
    }
    return render(request, "processmodels/draw.html", context, status=422 if refused else 200)


@require_safe
def draw_source(request: HttpRequest, number: int, slug: str, name: str) -> HttpResponse:
    """What the modeler opens: the diagram on the desk, laid out where its file is not, or a starter."""
    work, state = _open(request, number, name)
    diagram = diagrams.find(work.values[state])
    source = diagrams.drawable(diagram) if diagram else starter(work.values["title"])
    response = HttpResponse(source, content_type=diagrams.MEDIA_TYPE)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
