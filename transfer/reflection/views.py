"""The guided form of a reflection round."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.http import standing_of, told_ok
from transfer import rules
from transfer.afterwards.views import write_from_note
from transfer.http import attempt
from transfer.models import ExchangeFormat
from transfer.occurrences.queries import fetch
from transfer.occurrences.views import way_to
from transfer.reflection import services
from transfer.reflection.forms import ReflectionForm

# What a button asks for, followed by the key of a point.
LEARNING = "learning-"


@require_http_methods(["GET", "HEAD", "POST"])
def reflection(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of the last trials; what to keep, to change, to try. A button makes a draft of a point."""
    standing = standing_of(request)
    occurrence = fetch(pk)
    if occurrence.format.kind != ExchangeFormat.Kind.REFLECTION_ROUND:
        raise Http404
    if not rules.may_prepare(standing, occurrence.format):
        raise PermissionDenied
    backup_key = f"{request.user.pk}:round-{pk}"
    points = list(occurrence.reflections.all())
    if (do := request.POST.get("do", "")).startswith(LEARNING):
        wanted = next((note for note in points if f"{LEARNING}{note.pk}" == do), None)
        if wanted is None:
            raise Http404
        return write_from_note(request, wanted)
    form = ReflectionForm(
        request.POST if request.method == "POST" else None,
        open_notes=[note for note in points if not note.is_settled],
        trials=list(services.open_trials(occurrence)),
    )

    def step(data: dict[str, Any]) -> None:
        services.reflect(standing=standing, occurrence=occurrence, **form.values())

    tried = attempt(request, form, step)
    if tried.done:
        told_ok(request, _("Festgehalten. Was Sie ausprobieren, fragt die nächste Runde wieder ab."), saved=backup_key)
        return redirect(occurrence)
    context = {
        "form": form,
        "backup_key": backup_key,
        "occurrence": occurrence,
        "settled": [note for note in points if note.is_settled],
        "way": way_to(occurrence, _("Runde festhalten")),
    }
    return render(request, "transfer/reflection/form.html", context, status=tried.status)
