"""The poster of a process model as a file."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import clock, hashing, queries, rules, versions
from governance.addresses import absolute
from governance.http import standing_of
from governance.text.clean import slugify_de
from governance.writing import editing
from processmodels.diagram_files import SANDBOX
from processmodels.models import KIND
from processmodels.poster import Contact, Paper, PosterData, make
from processmodels.poster.text import data_of
from processmodels.writing import PROCESS_WRITING


@require_safe
def poster(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """A3, or A4 where asked for: of the published text, or of the team's own draft, marked as one."""
    read = _own_draft if request.GET.get("text") == "draft" else _published
    data = read(request, number)
    if data is None:
        raise Http404
    paper = Paper.A4 if request.GET.get("paper") == Paper.A4 else Paper.A3
    response = HttpResponse(make(data, paper), content_type="application/pdf")
    draft = f"-{_('Entwurf')}" if data.is_draft else ""
    name = f"{data.number}-{slugify_de(data.title)}-{paper.upper()}{draft}.pdf"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _published(request: HttpRequest, number: int) -> PosterData | None:
    """What everybody may hang up: the published version and no other. Raises Gone or Http404."""
    entry = queries.fetch_entry(KIND, number)
    if entry is None:
        raise queries.not_there(queries.fetch_readable_record(standing_of(request), KIND, number))
    entry.version.record = entry.record
    known = vars(entry)
    data = data_of(
        versions.text_of(entry.version),
        number=entry.short_number,
        address=absolute(f"/{entry.short_number}"),
        contact=Contact(entry.owner_name, known["contact_name"], known["contact_email"]),
        printed_at=timezone.localtime(clock.now()),
    )
    released_on = timezone.localdate(entry.published_at)
    mark = hashing.mark(entry.content_hash)
    return data and replace(data, issue=entry.issue, released_on=released_on, check_mark=mark)


def _own_draft(request: HttpRequest, number: int) -> PosterData | None:
    """What the person has on the desk. Raises Gone or Http404 for those whose text it is not."""
    standing = standing_of(request)
    record = queries.fetch_readable_record(standing, KIND, number)
    if not rules.may_see_working_text(standing, record):
        raise queries.not_there(record)
    data = data_of(
        editing.text_of(editing.open_work(PROCESS_WRITING, record, standing)),
        number=record.short_number,
        address=absolute(f"/{record.short_number}"),
        contact=Contact(record.owner.name, record.contact.full_name, record.contact.email),
        printed_at=timezone.localtime(clock.now()),
    )
    return data and replace(data, is_draft=True)
