"""The template of a proof of concept as a file: empty, or filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.http import standing_of
from governance.text.clean import slugify_de
from learnings.taking import DOCX, PPTX
from transfer.http import download
from transfer.proofs import taking
from transfer.proofs.taking import Source

_FILES: Mapping[str, tuple[Callable[[Source], bytes], str]] = {
    "docx": (taking.document, DOCX),
    "pptx": (taking.slides, PPTX),
}


@require_safe
def empty(request: HttpRequest, ending: str) -> HttpResponse:
    """To fill in by hand."""
    return _file(taking.EMPTY, ending, _("Vorlage-Proof-of-Concept"))


@require_safe
def filled(request: HttpRequest, number: int, slug: str, ending: str) -> HttpResponse:
    """What is published; for the own team, as long as nothing is, what is on the person's desk."""
    source = taking.asked_for(standing_of(request), number)
    mark = f"-{_('Entwurf')}" if source.is_draft else ""
    return _file(source, ending, f"{source.short_number}-{slugify_de(source.title)}{mark}")


def _file(source: Source, ending: str, name: str) -> HttpResponse:
    known = _FILES.get(ending)
    if known is None:
        raise Http404
    make, media_type = known
    return download(make(source), media_type, f"{name}.{ending}")
