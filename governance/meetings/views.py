"""The committee's pages of a session: all of them, one with its list, one text of it, who was there, the minutes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from governance import rules, word
from governance.forms import MeetingForm
from governance.http import only_for, posted_from, standing_of, told_ok, told_refused
from governance.meetings import deciding, queries, services
from governance.meetings import minutes as paper
from governance.meetings.errors import Changed, MinutesClosed
from governance.meetings.forms import ItemForm, SessionForm
from governance.models import Meeting, MeetingItem

LIST_SIZE = 25
_LONGEST_KEY = 18
form_page = require_http_methods(["GET", "HEAD", "POST"])
for_committee = only_for(rules.may_keep_meetings)


def _page_of(pk: int, **more: Any) -> str:
    return reverse("governance:meeting", args=[pk])


from_meeting = posted_from(_page_of)


@require_safe
@for_committee
def meeting_list(request: HttpRequest) -> HttpResponse:
    """All sessions, the newest first."""
    page = Paginator(queries.meetings(), LIST_SIZE).get_page(request.GET.get("page"))
    return render(request, "governance/meetings/list.html", {"page": page, "form": MeetingForm()})


@require_safe
@for_committee
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The list, to print and to decide from."""
    return _meeting(request, get_object_or_404(Meeting, pk=pk))


def _meeting(
    request: HttpRequest, found: Meeting, outcomes: list[deciding.Outcome] | None = None, code: int = 200
) -> HttpResponse:
    standing = standing_of(request)
    lines = queries.lines(found, standing)
    refused = {outcome.item.pk: outcome.refused for outcome in outcomes or () if outcome.refused}
    for line in lines:
        line.refused = refused.get(line.item.pk, "") if line.item else ""
    context = {
        "meeting": found,
        "lines": lines,
        "refused": len(refused),
        "approved": len(outcomes or ()) - len(refused),
        "may_approve": not found.is_closed and any(line.may_approve for line in lines),
        "waiting": [] if found.is_closed else list(queries.waiting_for(found)),
        "present": list(queries.names_of(found.present).values()),
        "may_open": found.is_closed and rules.may_open_minutes(standing),
        "way": _way(found),
    }
    return render(request, "governance/meetings/meeting.html", context, status=code)


def _way(found: Meeting | None = None, here: str = "") -> list[tuple[str, str | None]]:
    way: list[tuple[str, str | None]] = [
        (_("Freigaben"), reverse("governance:reviews")),
        (_("Sitzungen"), reverse("governance:meeting_list")),
    ]
    if found is None:
        return way
    return [*way, (found.title, found.get_absolute_url()), *([(here, None)] if here else [])]


# -- the list --------------------------------------------------------------------------------------


def _keys(values: list[str]) -> list[int]:
    return [int(value) for value in values if value.isascii() and value.isdecimal() and len(value) <= _LONGEST_KEY]


@from_meeting
@for_committee
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """Put reviews on the list, or take an item off."""
    found = get_object_or_404(Meeting, pk=pk)
    try:
        if off := _keys(request.POST.getlist("off")):
            services.take_off(item=get_object_or_404(found.items, pk=off[0]), standing=standing_of(request))
            told_ok(request, _("Von der Liste genommen. Der Text wartet weiter auf eine Entscheidung."))
        elif chosen := _keys(request.POST.getlist("review")):
            _put_on(request, found, chosen)
        else:
            raise ValidationError(_("Bitte wählen Sie mindestens einen Text aus."))
    except ValidationError as error:
        told_refused(request, error, _outcome_of(error))
    return redirect(found)


def _put_on(request: HttpRequest, found: Meeting, chosen: list[int]) -> None:
    made = services.put_on(meeting=found, standing=standing_of(request), reviews=chosen)
    if not made:
        raise ValidationError(_("Diese Texte warten nicht mehr oder stehen schon auf der Liste."))
    new = len(made)
    told_ok(request, ngettext("%d Text steht neu auf der Liste.", "%d Texte stehen neu auf der Liste.", new) % new)


def _outcome_of(error: ValidationError) -> str:
    return "conflict" if isinstance(error, (Changed, MinutesClosed)) else "invalid"


@from_meeting
@for_committee
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve what is ticked, each text by a decision of its own; lines that could not be are told one by one."""
    found = get_object_or_404(Meeting, pk=pk)
    chosen = dict(_ticked(value) for value in request.POST.getlist("approve"))
    if not chosen:
        told_refused(request, ValidationError(_("Bitte haken Sie mindestens einen Text an.")))
        return redirect(found)
    outcomes = deciding.approve_several(meeting=found, standing=standing_of(request), chosen=chosen)
    if not outcomes:
        told_refused(request, ValidationError(_("Diese Texte stehen nicht mehr auf der Liste.")), "conflict")
        return redirect(found)
    if any(outcome.refused for outcome in outcomes):
        return _meeting(request, found, outcomes, code=409)
    done = len(outcomes)
    told_ok(request, ngettext("%d Text ist freigegeben.", "%d Texte sind freigegeben.", done) % done)
    return redirect(found)


def _ticked(value: str) -> tuple[int, int]:
    """The key of the item and of the version that was shown."""
    keys = _keys(value.split(":"))
    if len(keys) != 2:
        raise Http404
    return keys[0], keys[1]


# -- forms -----------------------------------------------------------------------------------------


@form_page
@for_committee
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Title, day, who is there, further notes."""
    found = get_object_or_404(Meeting, pk=pk)
    form = SessionForm(request.POST or None, meeting=found)
    return _form(request, found, form, _("Sitzung und Anwesenheit"), lambda data: _change(request, found, data))


def _change(request: HttpRequest, found: Meeting, data: dict[str, Any]) -> None:
    services.change(meeting=found, standing=standing_of(request), **data)
    told_ok(request, _("Gespeichert."))


@form_page
@for_committee
def item(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """What was said about one text, and who abstained, was biased or away."""
    known = MeetingItem.objects.select_related("meeting", "review__record", "review__version")
    one = get_object_or_404(known, pk=item, meeting=pk)
    form = ItemForm(request.POST or None, item=one, meeting=one.meeting)

    def step(data: dict[str, Any]) -> None:
        standing = standing_of(request)
        services.note(item=one, standing=standing, opened_on=data["opened_on"], note=data["note"], parts=form.parts())
        told_ok(request, _("%s: festgehalten.") % one.review.record.short_number)

    title = f"{one.review.record.short_number} {one.review.version.title}"
    return _form(request, one.meeting, form, title, step, item=one)


def _form(
    request: HttpRequest,
    found: Meeting,
    form: SessionForm | ItemForm,
    here: str,
    step: Callable[[dict[str, Any]], None],
    **more: Any,
) -> HttpResponse:
    """The page of a form; after a conflict it keeps what was typed and stands on the newest state."""
    code, current = (422 if form.is_bound else 200), None
    if form.is_valid():
        try:
            step(form.cleaned_data)
        except Changed as error:
            current, code = error.current, 409
            data = request.POST.copy()
            data["opened_on"] = str(current.version)
            form.data = data
            told_refused(request, error, "conflict")
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect(found)
    if found.is_closed and not form.is_bound:
        told_refused(request, MinutesClosed(), "conflict")
        return redirect(found)
    context = {"meeting": found, "form": form, "here": here, "way": _way(found, here), "current": current, **more}
    context["now"] = _now(current) if current is not None else []
    return render(request, "governance/meetings/form.html", context, status=code)


def _now(current: Meeting | MeetingItem) -> list[tuple[str, str]]:
    """What somebody else has saved, in words, to be read above one's own."""
    if isinstance(current, MeetingItem):
        rows = current.attendances.select_related("person")
        told = ", ".join(f"{row.person} ({row.get_part_display()})" for row in rows)
        return [(_("Was besprochen wurde"), current.note or "–"), (_("Nicht wie üblich beteiligt"), told or "–")]
    names = ", ".join(queries.names_of(current.present).values())
    return [
        (_("Titel"), current.title),
        (_("Datum"), f"{current.held_on:%d.%m.%Y}"),
        (_("Anwesend"), names or "–"),
        (_("Sonstiges"), current.notes or "–"),
    ]


# -- the minutes -----------------------------------------------------------------------------------


@require_safe
@for_committee
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes as a Word file."""
    found = get_object_or_404(Meeting, pk=pk)
    response = HttpResponse(paper.minutes(found, standing_of(request).committee_name), content_type=word.MEDIA_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(True, paper.file_name(found)) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@from_meeting
@for_committee
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the minutes, or open them again."""
    found, standing = get_object_or_404(Meeting, pk=pk), standing_of(request)
    try:
        if request.POST.get("do") == "open":
            services.open_again(meeting=found, standing=standing)
            told_ok(request, _("Das Protokoll ist wieder offen."))
        else:
            seen = (_keys([request.POST.get("opened_on", "")]) or [0])[0]
            services.close(meeting=found, standing=standing, opened_on=seen)
            told_ok(request, _("Das Protokoll ist abgeschlossen. Was nicht entschieden wurde, wartet weiter."))
    except ValidationError as error:
        told_refused(request, error, _outcome_of(error))
    return redirect(found)
