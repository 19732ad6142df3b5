"""The short form that starts the records of a measure."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.http import standing_of, told_ok
from governance.models import Record, Team
from governance.rules import Standing
from governance.writing import desk
from governance.writing.once import once, token_of
from learnings import measures
from learnings.forms.measure import MeasureForm


@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: HttpRequest) -> HttpResponse:
    """What was done and why, typed once: a learning and, if wanted, its process model."""
    standing = standing_of(request)
    if not standing.is_change_team_member:
        raise PermissionDenied
    form = MeasureForm(request.POST or None, teams={pk: standing.team_names[pk] for pk in standing.team_ids})
    token, copy = token_of(request), f"{request.user.pk}:measure"
    if form.is_valid():
        pk = once(request, token, lambda: _document(standing, form))
        learning = Record.objects.select_related("current_version").get(pk=pk)
        told_ok(request, _told(with_process=form.cleaned_data["with_process"]), saved=copy)
        return redirect(desk.url_of(learning, "edit"))
    context = {"form": form, "backup_key": copy, "token": token}
    return render(request, "learnings/measure.html", context, status=422 if form.errors else 200)


def _document(standing: Standing, form: MeasureForm) -> int:
    data = form.cleaned_data
    return measures.document(
        owner=Team.objects.get(pk=data["team"]),
        standing=standing,
        values=form.shared_values(),
        tag_names=data["tags"],
        with_process=data["with_process"],
    ).record_id


def _told(*, with_process: bool) -> str:
    if with_process:
        return _(
            "Learning und Prozessmodell sind angelegt; was Sie geschrieben haben, steht in beiden. Hier geht es mit "
            "dem Learning weiter; zum Prozessmodell führt der Link unter dem Titel. Vorlegen können Sie beide zusammen."
        )
    return _("Ihr Learning ist angelegt. Sie können gleich weiterschreiben oder später.")
