"""What readers see: the list, the page of a learning, its files and its presentation."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import hashing, queries, rules, status, versions
from governance.errors import Gone
from governance.http import standing_of
from governance.models import CatalogueEntry, Record
from governance.rules import Owned, Standing
from governance.text.clean import slugify_de
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
    entry = queries.fetch_entry(KIND, number)
    if entry is None:
        return _not_published(request, number)
    if slug != entry.slug:
        return redirect(entry.url, permanent=False)
    standing = standing_of(request)
    audience = _audience(request, entry)
    messages = entry.page["messages"]
    context = {
        "entry": entry,
        "page": entry.page,
        "mark": hashing.mark(entry.content_hash),
        "neighbours": queries.neighbours(entry),
        "audience": audience,
        "audiences": Audience.choices,
        "my_message": next((row for row in messages if row["audience"] == audience), None),
        "other_messages": [row for row in messages if row["audience"] != audience],
        "is_team": rules.may_edit(standing, entry),
        "status": status.shown(
            standing,
            entry,
            entry.record,
            published_at=entry.published_at,
            due_on=vars(entry)["review_due_on"],
        ),
    }
    return render(request, "learnings/record.html", context)


def _audience(request: HttpRequest, owned: Owned) -> str:
    """Whom a message or a presentation is for: as asked for, else what the person is to the owning team."""
    asked = request.GET.get("audience", "")
    if asked in Audience.values:
        return asked
    own = owned.department_id is not None and owned.department_id == standing_of(request).department_id
    return Audience.TEAM if own else Audience.MUNICIPALITY


def _not_published(request: HttpRequest, number: int) -> HttpResponse:
    """The working side for those who may; 410 with the way on for all others, and for what is archived."""
    standing = standing_of(request)
    found = queries.fetch_readable_record(standing, KIND, number)
    may_open = queries.records_visible_to(standing).filter(pk=found.pk).exists()
    if found.state != Record.State.ARCHIVED and may_open:
        return redirect(LEARNING.url("versions", number, slugify_de(queries.title_for(standing, found))))
    raise Gone(found)


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
