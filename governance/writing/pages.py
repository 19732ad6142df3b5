"""Guided writing: steps or one page, each post kept at once; the first sentence; files of a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance import kinds, pairs, reviewing, versions
from governance.http import backup_key, standing_of, told_ok
from governance.models import Comment, Record, Team
from governance.rows import AttachmentRow
from governance.rules import Standing
from governance.text.markdown import reads_the_same
from governance.text.markdown import render as render_markdown
from governance.views import files
from governance.writing import desk, editing, hints, saving
from governance.writing.once import once, token_of
from governance.writing.sheet import Group, Sheet
from governance.writing.steps import Step
from governance.writing.writing import Writing

ALL = 0  # the form on one page
MAX_COMPARED = 30_000
# What a button asks for, followed by which one.
REMOVE, TO_STEP = "remove-", "step-"
form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
def quick(request: HttpRequest, writing: Writing) -> HttpResponse:
    """Title and one sentence make a record with its first version."""
    standing = standing_of(request)
    if not standing.is_change_team_member:
        raise PermissionDenied
    teams = {pk: standing.team_names[pk] for pk in standing.team_ids}
    form = writing.quick_form(request.POST or None, teams=teams)
    token = token_of(request)
    if request.method == "POST" and form.is_valid():
        pk = once(request, token, lambda: _create(writing, standing, form.cleaned_data))
        record = Record.objects.select_related("current_version").get(pk=pk)
        done = _("Ihr Entwurf ist angelegt. Sie können gleich weiterschreiben oder später.")
        told_ok(request, done, saved=backup_key(request))
        return redirect(desk.url_of(record, writing.begins_at))
    context = {"form": form, "writing": writing, "backup_key": backup_key(request), "token": token}
    return render(request, "governance/writing/quick.html", context, status=422 if form.errors else 200)


def _create(writing: Writing, standing: Standing, data: Mapping[str, Any]) -> int:
    values = {name: value for name, value in data.items() if name != "team"}
    owner = Team.objects.get(pk=data["team"])
    return versions.create(kind=writing.kind.key, owner=owner, standing=standing, values=values).record_id


@form_page
def edit(request: HttpRequest, number: int, slug: str, writing: Writing, step: int = 1) -> HttpResponse:
    """One step of guided writing."""
    if step not in writing.steps:
        raise Http404
    return _edit(request, desk.open_desk(request, writing, number), step)


@form_page
def edit_all(request: HttpRequest, number: int, slug: str, writing: Writing) -> HttpResponse:
    """The whole form on one page."""
    return _edit(request, desk.open_desk(request, writing, number), ALL)


def _edit(request: HttpRequest, work: editing.Work, step: int) -> HttpResponse:
    """Each post is kept before anything else happens: before the lock, the errors and the next page."""
    writing = work.writing
    names = writing.steps[step].all_names if step else writing.all_names()
    if request.method != "POST":
        if work.is_locked:
            return saving.locked(request, work)
        return _page(request, work, step, Sheet(work, names))
    sheet = Sheet(work, names, posted=request.POST, files=request.FILES)
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
    if go in ("save", "submit"):
        return saving.save(request, work, submit=go == "submit")
    if (answer := work.writing.go_on(request, work, go)) is not None:
        return answer
    target = _target(work, step, go)
    if target is None:
        told_ok(request, _("Ihr Zwischenstand ist festgehalten. Nur Sie sehen ihn."))
    return redirect(target or request.path)


def _target(work: editing.Work, step: int, go: str) -> str | None:
    """The page that a button leads to; None to stay."""
    if go == "all":
        return desk.url_of(work.record, "edit_all")
    known = work.writing.steps
    steps = {f"{TO_STEP}{at}": at for at in known} | ({"next": step + 1, "back": step - 1} if step else {})
    return desk.url_of(work.record, "edit_step", steps[go]) if steps.get(go) in known else None


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


@form_page
def drop(request: HttpRequest, number: int, slug: str, writing: Writing) -> HttpResponse:
    """Forget one's own work in progress; asked once more, for nobody can bring it back."""
    work = desk.open_desk(request, writing, number)
    if request.method == "POST":
        versions.drop_buffer(record=work.record, standing=standing_of(request))
        done = _("Ihr Zwischenstand ist verworfen. Der gespeicherte Text ist unverändert.")
        told_ok(request, done, dropped=backup_key(request, work.record))
        return redirect(desk.url_of(work.record, "versions"))
    context = desk.frame(request, work) | {
        "heading": _("Zwischenstand verwerfen"),
        "explanation": _(
            "Alles, was Sie seit der letzten Version geschrieben haben, geht verloren und lässt sich nicht "
            "zurückholen. Die gespeicherten Versionen bleiben, wie sie sind."
        ),
        "action": _("Endgültig verwerfen"),
        "form": forms.Form(),
        "back": desk.url_of(work.record, "edit"),
    }
    return render(request, "governance/reason.html", context)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """A piece of Markdown as readers will see it."""
    return HttpResponse(render_markdown(request.POST.get("text", "")[:20_000]))


@require_POST
def same(request: HttpRequest) -> HttpResponse:
    """Whether readers would see the same of two spellings of a text: what the editor asks before it opens one."""
    text, other = (request.POST.get(name, "")[:MAX_COMPARED] for name in ("text", "other"))
    return JsonResponse({"same": reads_the_same(text, other)})


@require_safe
def draft_file(request: HttpRequest, number: int, slug: str, name: str, writing: Writing) -> HttpResponseBase:
    """A file of the text on one's own desk, by its place or name as in `governance.views.files`."""
    return files.answer(writing.kind, editing.text_of(desk.open_desk(request, writing, number)), name)


# -- what the page shows ---------------------------------------------------------------------------


def _page(request: HttpRequest, work: editing.Work, step: int, sheet: Sheet, status: int = 200) -> HttpResponse:
    comments = list(reviewing.open_comments(work.record))
    writing = work.writing
    steps = [writing.steps[step]] if step else list(writing.steps.values())
    here = {name for one in steps for name in one.all_names}
    context = desk.frame(request, work) | {
        "partner": _partner(work),
        "groups": [_group(sheet, one, comments) for one in steps],
        "problems": list(sheet.problems()),
        "step": step,
        "steps": _progress(work, step),
        "elsewhere": [
            (writing.label(comment.field), comment)
            for comment in comments
            if writing.part_of(comment.field) not in here
        ],
        "others": list(versions.others_at_work(work.record, standing_of(request))),
        "files": _files(work, sheet),
        "is_last": step in (ALL, writing.last_step),
        "hints_on_title": "title" in here,
        "alike": hints.alike(standing_of(request), work.record, work.values["title"]) if "title" in here else [],
    }
    if context["is_last"]:
        values = work.values | {"tag_ids": work.values["tags"]}
        context |= {"missing": writing.kind.missing(values), "doubts": writing.kind.doubts(values)}
    if step == writing.last_step:
        context["preview"] = _preview(work)
    return render(request, writing.edit_template, context | dict(writing.context(work)), status=status)


def _partner(work: editing.Work) -> dict[str, Any] | None:
    """The other record of the pair, with the page on which its team goes on."""
    found = pairs.partner_of(work.record, work.values["related"], set(Record.State) - {Record.State.ARCHIVED})
    if found is None:
        return None
    is_open = found.state in (Record.State.DRAFT, Record.State.CHANGES_REQUESTED)
    return {
        "record": found,
        "label": kinds.get(found.kind).label,
        "url": desk.url_of(found, "edit" if is_open else "versions"),
    }


def _files(work: editing.Work, sheet: Sheet) -> list[dict[str, Any]]:
    """The attachments on the desk; `in_text` are those that a text can show as pictures."""
    return [
        row
        | {
            "place": place,
            "url": desk.url_of(work.record, "draft_file", str(place)),
            "is_picture": (is_picture := AttachmentRow.read(row).is_picture),
            "in_text": is_picture and work.writing.shows_pictures,
            "field": sheet.described[row["sha256"]] if sheet.described else None,
        }
        for place, row in enumerate(work.values["attachments"], start=1)
    ]


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
            "go": f"{TO_STEP}{at}",
            "current": at == step,
            "done": any(work.values.get(name) for name in one.all_names),
        }
        for at, one in work.writing.steps.items()
    ]


def _preview(work: editing.Work) -> Mapping[str, Any]:
    """The whole text as the committee will see it, from what is on the desk."""
    return work.writing.kind.page_of(editing.text_of(work), desk.file_addresses(work), work.values["tags"])
