"""What readers see: the list, the page of a learning, its files and its presentation."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import queries, rules, versions
from governance.http import standing_of
from governance.models import CatalogueEntry, Record
from governance.rules import Owned, Standing
from governance.views.reading import entry_context, open_entry
from governance.writing import editing
from learnings import presentation
from learnings.kind import KIND, LEARNING
from learnings.models import Audience
from learnings.writing import LEARNING_WRITING

LIST_SIZE = 20
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """All published learnings, the newest first, and the way to a new one."""
    entries = queries.catalogue().filter(kind=KIND)
    audience = request.GET.get("audience", "")
    if audience in Audience.values:
        entries = entries.filter(audiences__contains=[audience])
    page = Paginator(entries, LIST_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "audience": audience,
        "audiences": Audience.choices,
        "may_write": standing_of(request).is_change_team_member,
    }
    return render(request, "learnings/list.html", context)


@require_safe
def record(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """The page of a published learning, from the catalogue alone."""
    entry = open_entry(request, KIND, number, slug)
    if isinstance(entry, HttpResponse):
        return entry
    messages = entry.page["messages"]
    audience = _audience(request, entry, [row["audience"] for row in messages])
    context = entry_context(request, entry) | {
        "audience": audience,
        "audiences": Audience.choices,
        "my_message": next((row for row in messages if row["audience"] == audience), None),
        "other_messages": [row for row in messages if row["audience"] != audience],
    }
    return render(request, "learnings/record.html", context)


def _audience(request: HttpRequest, owned: Owned, written: Sequence[str] = ()) -> str:
    """Whom a message or a presentation is for: as asked for, else what the person is to the owning team.

    When there are messages (`written` says for whom), it is one of those.
    """
    asked = request.GET.get("audience", "")
    if asked in Audience.values:
        return asked
    own = owned.department_id is not None and owned.department_id == standing_of(request).department_id
    mine = Audience.TEAM if own else Audience.MUNICIPALITY
    return mine if mine in written or not written else written[0]


@require_safe
def download_presentation(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """Six slides for an audience: of the published text, or of the team's own draft, marked as one."""
    standing = standing_of(request)
    found = queries.fetch_readable_record(standing, KIND, number)
    audience = _audience(request, found)
    draft = request.GET.get("text") == "draft" and rules.may_see_working_text(standing, found)
    data = _presentation(request, found, standing, audience, draft)
    response = HttpResponse(data, content_type=PPTX)
    name = f"{found.short_number}-{slug}{'-' + _('Entwurf') if draft else ''}.pptx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _presentation(request: HttpRequest, found: Record, standing: Standing, audience: str, draft: bool) -> bytes:
    if draft:
        values = editing.open_work(LEARNING_WRITING, found, standing).values
        published = None
    else:
        entry = CatalogueEntry.objects.select_related("version").filter(pk=found.pk).first()
        if entry is None:
            raise queries.not_there(found)
        entry.version.record = found
        values = editing.values_of(versions.text_of(entry.version), LEARNING)
        published = entry.published_at
    return presentation.make(
        values,
        audience=audience,
        draft=draft,
        short_number=found.short_number,
        address=request.build_absolute_uri(f"/{found.short_number}"),
        contact=found.contact.full_name,
        team=found.owner.name,
        published=published,
    )
