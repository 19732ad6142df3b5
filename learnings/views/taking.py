"""What is taken along from a learning, for an audience: slides, handout, brief, and the page that shows the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import queries
from governance.http import standing_of
from governance.rules import Owned
from governance.text import blocks
from governance.text.clean import slugify_de
from learnings import brief, handout, presentation, templates
from learnings.models import KIND, Audience
from learnings.story import Chapter, Source, sources, tell
from learnings.story.figures import Plot
from learnings.taking import DOCX, PPTX

BAR = 240


def audience_for(request: HttpRequest, owned: Owned, written: Sequence[str] = ()) -> Audience:
    """Whom a message or a presentation is for: as asked for, else what the person is to the owning team.

    When there are messages (`written` says for whom), it is one of those.
    """
    asked = request.GET.get("audience", "")
    if asked in Audience.values:
        return Audience(asked)
    own = owned.department_id is not None and owned.department_id == standing_of(request).department_id
    mine = Audience.TEAM if own else Audience.MUNICIPALITY
    return mine if mine in written or not written else Audience(written[0])


@require_safe
def download_presentation(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """Slides of the published text, or of the team's own draft, marked as one."""

    def make(source: Source, audience: Audience) -> bytes:
        return presentation.make([source], audience, template=templates.in_use())

    return _file(request, number, make, PPTX, "pptx")


@require_safe
def download_handout(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """The same on paper."""
    return _file(request, number, handout.make, "application/pdf", "pdf")


@require_safe
def download_brief(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """Half a page for decision makers, whatever audience is asked for."""
    return _file(request, number, lambda source, audience: brief.make([source]), DOCX, "docx")


@require_safe
def audience_view(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """What an audience is told on slides and paper, as a page to read first."""
    source, audience = _asked_for(request, number)
    story = tell(source, audience)
    context = {
        "story": story,
        "source": source,
        "audience": audience,
        "audiences": Audience.choices,
        "chapters": list(map(_shown, story.chapters)),
        "number": number,
        "slug": slug,
        "query": urlencode({"audience": audience} | ({"text": "draft"} if source.is_draft else {})),
    }
    return render(request, "learnings/audience.html", context)


def _shown(chapter: Chapter) -> dict[str, Any]:
    """A chapter with its lists put together and its plots reckoned."""
    return {
        "chapter": chapter,
        "blocks": blocks.grouped(chapter.blocks),
        "beside": blocks.grouped(chapter.beside),
        "plots": list(map(_plot_rows, chapter.plots)),
    }


def _plot_rows(plot: Plot) -> dict[str, Any]:
    """A plot with the length of each bar, in units of its drawing."""
    longest = max(abs(bar.number) for bar in plot.bars) or 1
    rows = [(bar, max(1, round(abs(bar.number) / longest * BAR))) for bar in plot.bars]
    return {"plot": plot, "rows": rows}


def _file(
    request: HttpRequest, number: int, make: Callable[[Source, Audience], bytes], media_type: str, ending: str
) -> HttpResponse:
    source, audience = _asked_for(request, number)
    return file_response(make(source, audience), media_type, _name(source, ending))


def _asked_for(request: HttpRequest, number: int) -> tuple[Source, Audience]:
    standing = standing_of(request)
    found = queries.fetch_readable_record(standing, KIND, number)
    read = sources.own_draft if request.GET.get("text") == "draft" else sources.published_one
    return read(standing, number), audience_for(request, found)


def _name(source: Source, ending: str) -> str:
    title = slugify_de(source.values["title"]) or _("ohne-titel")
    return f"{source.short_number}-{title}{'-' + _('Entwurf') if source.is_draft else ''}.{ending}"


def file_response(data: bytes, media_type: str, name: str) -> HttpResponse:
    """A download that nothing is guessed about."""
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
