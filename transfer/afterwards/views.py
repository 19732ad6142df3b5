"""What came of an item: notes, decisions, follow-ups, and the draft made of a note."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.http import standing_of, told_ok, told_refused
from governance.models import Record
from governance.writing import desk
from transfer import rules
from transfer.afterwards import services
from transfer.afterwards.forms import FollowUpForm, OutcomeForm
from transfer.agenda.queries import fetch_item
from transfer.http import Attempt, attempt
from transfer.models import AgendaItem, ReflectionNote
from transfer.occurrences import paper
from transfer.occurrences.views import way_to

FOLLOW_UP, LEARNING, DONE, OPEN = "follow_up", "learning", "done", "open"


@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes and decisions of one item, and what is to be done; the buttons of its follow-ups."""
    standing = standing_of(request)
    found = fetch_item(standing, pk)
    if not rules.may_prepare(standing, found.occurrence.format):
        raise PermissionDenied
    do = request.POST.get("do", "")
    if do == LEARNING:
        return write_from_note(request, found)
    if do.startswith((f"{DONE}-", f"{OPEN}-")):
        return _tick(request, found, do)
    adds = do == FOLLOW_UP
    words = OutcomeForm(request.POST if request.method == "POST" and not adds else None, item=found)
    to_do = FollowUpForm(request.POST if adds else None)
    if adds:
        tried = attempt(request, to_do, lambda data: services.add_follow_up(standing=standing, item=found, **data))
    else:
        tried = attempt(request, words, lambda data: services.note(standing=standing, item=found, **data))
    if tried.done:
        if adds:
            told_ok(request, _("Die Folgeaufgabe ist eingetragen."))
            return redirect("transfer:outcome", pk=pk)
        told_ok(request, _("Festgehalten."), saved=_backup_key(request, found))
        return redirect(found)
    return _page(request, found, words, to_do, tried)


def _page(
    request: HttpRequest, found: AgendaItem, words: OutcomeForm, to_do: FollowUpForm, tried: Attempt
) -> HttpResponse:
    current = tried.current
    now = []
    if isinstance(current, AgendaItem):
        now = [(_("Notizen"), current.notes or "–"), (_("Beschlossen"), current.decisions or "–")]
    context = {
        "item": found,
        "name": paper.named(found),
        "form": words,
        "to_do": to_do,
        "follow_ups": found.follow_ups.all(),
        "conflict": tried.conflict,
        "backup_key": _backup_key(request, found),
        "now": now,
        "way": way_to(found.occurrence, _("Was daraus wurde")),
    }
    return render(request, "transfer/afterwards/outcome.html", context, status=tried.status)


def _backup_key(request: HttpRequest, found: AgendaItem) -> str:
    """What the browser files its own copy of the notes under."""
    return f"{request.user.pk}:item-{found.pk}"


def _tick(request: HttpRequest, found: AgendaItem, do: str) -> HttpResponse:
    """Done, or open again."""
    verb, _dash, key = do.partition("-")
    wanted = key if key.isascii() and key.isdecimal() and len(key) < 18 else "0"
    follow_up = get_object_or_404(found.follow_ups, pk=wanted)
    done = verb == DONE
    services.tick(standing=standing_of(request), follow_up=follow_up, done=done)
    told_ok(request, _("Erledigt: %s") % follow_up.text if done else _("Wieder offen: %s") % follow_up.text)
    return redirect(found)


def write_from_note(request: HttpRequest, source: AgendaItem | ReflectionNote) -> HttpResponse:
    """A draft learning with the words of a note; the person goes on writing there."""
    try:
        key = services.write_from_note(standing=standing_of(request), source=source)
    except ValidationError as error:
        told_refused(request, error)
        return redirect(source.occurrence)
    record = Record.objects.select_related("current_version").get(pk=key)
    told_ok(request, _("Aus der Notiz ist ein Entwurf geworden. Unter „Quellen und Links“ steht, woher er kommt."))
    return redirect(desk.url_of(record, "edit"))
