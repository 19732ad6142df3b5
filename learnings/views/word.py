"""A Word document becomes a draft: choose it, and see what came of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from governance.http import standing_of, told_ok
from governance.models import Record, Team
from governance.rules import Standing
from governance.writing import desk
from governance.writing.once import once, token_of
from learnings.forms.word import WordForm
from learnings.word import services
from learnings.writing import LEARNING_WRITING

# In the session, by the key of the record: what could not be kept of the newest few documents.
_KEY, _REMEMBERED = "word", 5


@require_http_methods(["GET", "HEAD", "POST"])
def from_word(request: HttpRequest) -> HttpResponse:
    """Read a .docx and make a draft of it; what is wrong with the file stands at the field, and nothing is written."""
    standing = standing_of(request)
    if not standing.is_change_team_member:
        raise PermissionDenied
    teams = {pk: standing.team_names[pk] for pk in standing.team_ids}
    form = WordForm(request.POST or None, request.FILES or None, teams=teams)
    token = token_of(request)
    if request.method == "POST" and form.is_valid():
        try:
            document = services.read(form.cleaned_data["file"])
            pk = once(request, token, lambda: _take(request, standing, form.cleaned_data, document))
        except ValidationError as error:
            form.add_error("file", error)
        else:
            record = Record.objects.select_related("current_version").get(pk=pk)
            told_ok(request, _("Aus der Word-Datei ist ein Entwurf geworden. Bitte lesen Sie ihn einmal durch."))
            return redirect(desk.url_of(record, "from_word"))
    context = {"form": form, "token": token}
    return render(request, "learnings/word.html", context, status=422 if form.errors else 200)


def _take(request: HttpRequest, standing: Standing, data: dict[str, Any], document: dict[str, Any]) -> int:
    owner = Team.objects.get(pk=data["team"])
    taken = services.take(standing=standing, owner=owner, document=document, name=data["file"].name)
    pk = taken.version.record_id
    kept = dict(list(request.session.get(_KEY, {}).items())[1 - _REMEMBERED :])
    told = {"fields": taken.fields, "pictures": taken.pictures, "lost": taken.lost}
    request.session[_KEY] = kept | {str(pk): told}
    return pk


@require_safe
def word_taken(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """What went where, and what could not be kept; told to whoever brought the document, while the session lasts."""
    work = desk.open_desk(request, LEARNING_WRITING, number)
    told = request.session.get(_KEY, {}).get(str(work.record.pk))
    if told is None:
        return redirect(desk.url_of(work.record, "edit"))
    context = desk.frame(request, work) | {
        "told": told,
        "edit_url": desk.url_of(work.record, "edit_all"),
    }
    return render(request, "learnings/word_taken.html", context)
