"""Guided writing: four steps or one page, each post kept at once; the quick note; files of a draft."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance import attachments, reviewing, versions
from governance.http import backup_key, standing_of, told_ok
from governance.models import Comment, Team
from governance.text.markdown import render as render_markdown
from governance.views import files
from learnings import editing
from learnings.forms import STEPS, QuickForm, Sheet, Step, all_names
from learnings.forms.sheet import SHOWN_AT, Group
from learnings.kind import KIND, LABELS, LEARNING, missing, whole_of
from learnings.models import Audience
from learnings.views import desk, saving

ALL = 0  # the form on one page
REMOVE = "remove-"
form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
def quick(request: HttpRequest) -> HttpResponse:
    """A quick note: title and one sentence make a record with its first version."""
    standing = standing_of(request)
    if not standing.is_change_team_member:
        raise PermissionDenied
    teams = {pk: standing.team_names[pk] for pk in standing.team_ids}
    form = QuickForm(request.POST or None, teams=teams)
    if request.method == "POST" and form.is_valid():
        values = {key: form.cleaned_data[key] for key in ("title", "answer")}
        owner = Team.objects.get(pk=form.cleaned_data["team"])
        version = versions.create(kind=KIND, owner=owner, standing=standing, values=values)
        done = _("Ihr Entwurf ist angelegt. Sie können gleich weiterschreiben oder später.")
        told_ok(request, done, saved=backup_key(request))
        return redirect(desk.url_of(version.record, "edit"))
    context = {"form": form, "backup_key": backup_key(request)}
    return render(request, "learnings/quick.html", context, status=422 if form.errors else 200)


@form_page
def edit(request: HttpRequest, number: int, slug: str, step: int = 1) -> HttpResponse:
    """One step of guided writing."""
    if step not in STEPS:
        raise Http404
    return _edit(request, desk.open_desk(request, number), step)


@form_page
def edit_all(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """The whole form on one page."""
    return _edit(request, desk.open_desk(request, number), ALL)


def _edit(request: HttpRequest, work: editing.Work, step: int) -> HttpResponse:
    """Each post is kept before anything else happens: before the lock, the errors and the next page."""
    names = STEPS[step].all_names if step else all_names()
    if request.method != "POST":
        if work.is_locked:
            return saving.locked(request, work)
        return _page(request, work, step, Sheet(work.values, names, opened_on=work.opened_on, note=work.note))
    sheet = Sheet(work.values, names, opened_on=work.opened_on, posted=request.POST, files=request.FILES)
    complete = desk.keep_posted(request, work, sheet)
    if work.is_locked:
        return saving.locked(request, work, sheet, status=409)
    if not complete:
        return _page(request, work, step, sheet, status=422)
    return _go_on(request, work, step, sheet)


def _go_on(request: HttpRequest, work: editing.Work, step: int, sheet: Sheet) -> HttpResponse:
    go = request.POST.get("go", "next")
    if go.startswith(REMOVE):
        return _remove_file(request, work, step, sheet, go.removeprefix(REMOVE))
    match go:
        case "next" if step and step < max(STEPS):
            return redirect(desk.url_of(work.record, "edit_step", step + 1))
        case "back" if step > 1:
            return redirect(desk.url_of(work.record, "edit_step", step - 1))
        case "stay":
            told_ok(request, _("Ihr Zwischenstand ist festgehalten. Nur Sie sehen ihn."))
            return redirect(request.path)
        case "presentation":
            query = urlencode({"text": "draft", "audience": request.POST.get("audience", "")[:30]})
            return redirect(f"{desk.url_of(work.record, 'presentation')}?{query}")
    return saving.save(request, work, submit=go == "submit")


def _remove_file(request: HttpRequest, work: editing.Work, step: int, sheet: Sheet, place: str) -> HttpResponse:
    try:
        editing.detach(work, standing_of(request), int(place) if place.isdecimal() and len(place) < 4 else 0)
    except ValidationError as error:
        if sheet.upload is None:
            raise Http404 from None
        sheet.upload.add_error(None, error)
        return _page(request, work, step, sheet, status=422)
    told_ok(request, _("Die Anlage ist aus dem Entwurf genommen. Was Sie geschrieben haben, ist festgehalten."))
    return redirect(request.path)


@require_POST
def drop(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """Forget one's own work in progress."""
    work = desk.open_desk(request, number)
    versions.drop_buffer(record=work.record, standing=standing_of(request))
    done = _("Ihr Zwischenstand ist verworfen. Der gespeicherte Text ist unverändert.")
    told_ok(request, done, dropped=backup_key(request, work.record))
    return redirect(desk.url_of(work.record, "versions"))


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """A piece of Markdown as readers will see it."""
    return HttpResponse(render_markdown(request.POST.get("text", "")[:20_000]))


@require_safe
def draft_file(request: HttpRequest, number: int, slug: str, place: int) -> FileResponse:
    """A file of the text on one's own desk."""
    row = files.file_at(desk.open_desk(request, number).values["attachments"], place)
    response = attachments.respond(row.sha256, row.name) if row else None
    if response is None:
        raise Http404
    return response


# -- what the page shows ---------------------------------------------------------------------------


def _page(request: HttpRequest, work: editing.Work, step: int, sheet: Sheet, status: int = 200) -> HttpResponse:
    comments = list(reviewing.open_comments(work.record))
    steps = [STEPS[step]] if step else list(STEPS.values())
    here = {name for one in steps for name in one.all_names}
    context = desk.frame(request, work) | {
        "groups": [_group(sheet, one, comments) for one in steps],
        "problems": list(sheet.problems()),
        "step": step,
        "steps": _progress(work, step),
        "elsewhere": [
            (LABELS.get(comment.field, ""), comment)
            for comment in comments
            if SHOWN_AT.get(comment.field, comment.field) not in here
        ],
        "others": list(versions.others_at_work(work.record, standing_of(request))),
        "outdated": editing.outdated_messages(work.values),
        "audiences": Audience.choices,
        "preview": _preview(work) if step == 4 else None,
        "missing": missing(work.values | {"tag_ids": work.values["tags"]}) if step == 4 else [],
    }
    return render(request, "learnings/edit.html", context, status=status)


def _group(sheet: Sheet, step: Step, comments: list[Comment]) -> Group:
    folds = []
    for fold in step.folds:
        parts = sheet.parts(fold.names, comments)
        folds.append(Group(fold.label, parts, is_open=any(map(sheet.has_something, parts))))
    return Group(step.label, sheet.parts(step.names, comments), folds=folds)


def _progress(work: editing.Work, step: int) -> list[dict[str, Any]]:
    return [
        {
            "label": one.label,
            "url": desk.url_of(work.record, "edit_step", at),
            "current": at == step,
            "done": any(work.values.get(name) for name in one.all_names if name != "guiding_question"),
        }
        for at, one in STEPS.items()
    ]


def _preview(work: editing.Work) -> dict[str, Any]:
    """The whole text as the committee will see it, from what is on the desk."""
    text = LEARNING.model(**{k: v for k, v in work.values.items() if k != "tags"})
    return whole_of(text, lambda place: desk.url_of(work.record, "draft_file", place), work.values["tags"])
