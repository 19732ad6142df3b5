"""Guided writing: four steps, each kept at once; saving, the conflict page, files of a draft."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance import attachments, queries, reviewing, rules, status, versions
from governance.errors import Conflict
from governance.http import standing_of, told_ok, told_refused
from governance.models import Record, Team
from governance.text.clean import slugify_de
from governance.text.markdown import render as render_markdown
from learnings import editing
from learnings.forms import (
    STEPS,
    FigureFormSet,
    LearningForm,
    LinkFormSet,
    QuickForm,
    UploadForm,
    initial_of,
)
from learnings.kind import KIND, LEARNING, missing, whole_of

ALL = 0  # the form on one page
ROWS: dict[int, tuple[str, type[Any]]] = {2: ("figures", FigureFormSet), 3: ("links", LinkFormSet)}


@require_http_methods(["GET", "HEAD", "POST"])
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
        told_ok(request, _("Ihr Entwurf ist angelegt. Sie können gleich weiterschreiben oder später."))
        return redirect(_url(version.record, "edit"))
    return render(request, "learnings/quick.html", {"form": form})


def _url(record: Record, name: str, *args: Any) -> str:
    title = record.current_version.title if record.current_version else ""
    return LEARNING.url(name, record.number, slugify_de(title), *args)


def _open(request: HttpRequest, number: int) -> editing.Work:
    """The text on the person's desk: 404 for outsiders, 403 for those who may only read."""
    standing = standing_of(request)
    record = queries.fetch_record(standing, KIND, number)
    if not rules.may_edit(standing, record):
        raise PermissionDenied
    return editing.open_work(record, standing)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: int, slug: str, step: int = 1) -> HttpResponse:
    """One step of guided writing. Each post is kept before anything else happens."""
    if step not in STEPS:
        raise Http404
    return _edit(request, _open(request, number), step)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_all(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """The whole form on one page."""
    return _edit(request, _open(request, number), ALL)


def _edit(request: HttpRequest, work: editing.Work, step: int) -> HttpResponse:
    if work.record.state in (Record.State.IN_REVIEW, Record.State.ARCHIVED):
        return render(request, "learnings/locked.html", _frame(request, work), status=200)
    posted = request.POST if request.method == "POST" else None
    form = LearningForm(posted, initial=initial_of(work.values), step=step or None)
    rows = {
        name: formset(posted, initial=work.values[name], prefix=name)
        for at, (name, formset) in ROWS.items()
        if step in (at, ALL)
    }
    upload = UploadForm(posted, request.FILES or None, prefix="upload") if step in (3, ALL) else None
    forms = [form, *rows.values(), *([upload] if upload else [])]
    # Each is asked, so that all errors show at once.
    valid = [one.is_valid() for one in forms]
    if posted is not None and all(valid):
        changes = form.values(work.values) | {name: formset.rows() for name, formset in rows.items()}
        if not work.buffer and posted.get("opened_on", "").isdecimal():
            work.opened_on = _opened_on(work, int(posted["opened_on"]))
        editing.keep(work, standing_of(request), changes)
        if upload is None or _uploaded(request, work, upload):
            return _go_on(request, work, step)
    context = _frame(request, work) | {
        "form": form,
        "rows": rows,
        "upload": upload,
        "step": step,
        "steps": _progress(work, step),
        "comments": list(reviewing.open_comments(work.record)),
        "others": list(versions.others_at_work(work.record, standing_of(request))),
        "outdated": editing.outdated_messages(work.values),
        "preview": _preview(work) if step == 4 else None,
        "missing": missing(work.values | {"tag_ids": work.values["tags"]}) if step == 4 else [],
    }
    return render(request, "learnings/edit.html", context)


def _opened_on(work: editing.Work, claimed: int) -> int:
    """The version that the form was opened on, when it is one of this record."""
    known = claimed == work.opened_on or work.record.versions.filter(pk=claimed).exists()
    return claimed if known else work.opened_on


def _uploaded(request: HttpRequest, work: editing.Work, upload: UploadForm) -> bool:
    file = upload.cleaned_data["file"]
    if not file:
        return True
    try:
        editing.attach(work, standing_of(request), file, upload.cleaned_data["description"])
    except ValidationError as error:
        about_description = getattr(error, "code", None) == "description"
        upload.add_error("description" if about_description else "file", error)
        return False
    return True


def _go_on(request: HttpRequest, work: editing.Work, step: int) -> HttpResponse:
    match request.POST.get("go", "next"):
        case "next" if step and step < max(STEPS):
            return redirect(_url(work.record, "edit_step", step + 1))
        case "back" if step > 1:
            return redirect(_url(work.record, "edit_step", step - 1))
        case "stay":
            told_ok(request, _("Ihr Zwischenstand ist festgehalten. Nur Sie sehen ihn."))
            return redirect(request.path)
        case "presentation":
            return redirect(_url(work.record, "presentation") + "?text=draft")
        case go:
            return _save(request, work, submit=go == "submit")


def _save(request: HttpRequest, work: editing.Work, *, submit: bool) -> HttpResponse:
    try:
        version = editing.save(work, standing_of(request), note=request.POST.get("note", "")[:500])
    except Conflict:
        return redirect(_url(work.record, "conflict"))
    except ValidationError as error:
        told_refused(request, error)
        return redirect(request.path)
    if version is not None:
        work.record.current_version = version
    if submit:
        return redirect(_url(work.record, "submit"))
    if version is None:
        told_ok(request, _("Es hat sich nichts geändert; es gibt keine neue Version."))
    else:
        told_ok(request, _("Gespeichert als Version %(number)d.") % {"number": version.number})
    return redirect(_url(work.record, "versions"))


@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """Somebody else saved meanwhile: both texts side by side, every word kept, a way to go on."""
    work = _open(request, number)
    current = work.record.current_version
    assert current is not None
    if work.buffer is None or not work.is_outdated:
        return redirect(_url(work.record, "edit"))
    if request.method == "POST" and request.POST.get("opened_on") == str(current.pk):
        work.opened_on = current.pk
        editing.keep(work, standing_of(request), {})
        if request.POST.get("go") == "edit":
            return redirect(_url(work.record, "edit_all"))
        return _save(request, work, submit=False)
    saved = editing.values_of(versions.content_of(work.record))
    context = _frame(request, work) | {
        "current": current,
        "rows": [row for row in editing.compare(saved, work.values) if row.changed],
    }
    return render(request, "learnings/conflict.html", context, status=409 if request.method == "POST" else 200)


@require_POST
def drop(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """Forget one's own work in progress."""
    work = _open(request, number)
    versions.drop_buffer(record=work.record, standing=standing_of(request))
    told_ok(request, _("Ihr Zwischenstand ist verworfen. Der gespeicherte Text ist unverändert."))
    return redirect(_url(work.record, "versions"))


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """A piece of Markdown as readers will see it."""
    html = render_markdown(request.POST.get("text", "")[:20_000])
    return HttpResponse(html)


@require_safe
def draft_file(request: HttpRequest, number: int, slug: str, place: int) -> FileResponse:
    """A file of the text on one's own desk."""
    row = editing.file_at(_open(request, number).values["attachments"], place)
    response = attachments.respond(row.sha256, row.name) if row else None
    if response is None:
        raise Http404
    return response


@require_POST
def remove_file(request: HttpRequest, number: int, slug: str, place: int) -> HttpResponse:
    work = _open(request, number)
    editing.detach(work, standing_of(request), place)
    told_ok(request, _("Die Anlage ist aus dem Entwurf genommen."))
    return redirect(_url(work.record, "edit_step", 3))


# -- what the page shows ---------------------------------------------------------------------------


def _frame(request: HttpRequest, work: editing.Work) -> dict[str, Any]:
    record = work.record
    title = work.values["title"] or record.short_number
    slug = slugify_de(record.current_version.title if record.current_version else "")
    return {
        "record": record,
        "title": title,
        "slug": slug,
        "work": work,
        "status": status.of(standing_of(request), record),
        "backup_key": f"{request.user.pk}:{record.short_number}",
        "versions_url": _url(record, "versions"),
        "files": [
            row | {"place": place, "url": _url(record, "draft_file", place)}
            for place, row in enumerate(work.values["attachments"], start=1)
        ],
    }


def _progress(work: editing.Work, step: int) -> list[dict[str, Any]]:
    def is_done(names: tuple[str, ...]) -> bool:
        return any(work.values.get(name) for name in names if name != "guiding_question")

    return [
        {
            "label": label,
            "url": _url(work.record, "edit_step", at),
            "current": at == step,
            "done": is_done(names),
        }
        for at, (label, names) in STEPS.items()
    ]


def _preview(work: editing.Work) -> dict[str, Any]:
    """The whole text as the committee will see it, from what is on the desk."""
    text = LEARNING.model(**{k: v for k, v in work.values.items() if k != "tags"})
    urls = [_url(work.record, "draft_file", at) for at in range(1, len(text.attachments) + 1)]
    return whole_of(text, urls, work.values["tags"])
