"""Saving a text, and the two pages on which it cannot be saved as it is: conflict and locked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance import queries, versions
from governance.errors import Conflict, WrongState
from governance.http import standing_of, told_refused
from governance.models import Record, Version
from governance.text.clean import slugify_de
from governance.writing import desk, editing
from governance.writing.notes import MINE, THEIRS, ChoiceForm
from governance.writing.sheet import Sheet, problems_of
from governance.writing.steps import FILES
from governance.writing.writing import Writing


def save(request: HttpRequest, work: editing.Work, *, submit: bool) -> HttpResponse:
    """Make a version of what is on the desk, or show why that is not possible now."""
    try:
        version = editing.save(work, standing_of(request))
    except Conflict:
        return _conflict_again(request, work)
    except WrongState:
        _read_again(request, work)
        return locked(request, work, status=409)
    except ValidationError as error:
        told_refused(request, error)
        return redirect(request.path)
    desk.told_saved(request, work, version)
    if version is not None:
        work.record.current_version = version
    return redirect(desk.url_of(work.record, "submit" if submit else "versions"))


def _read_again(request: HttpRequest, work: editing.Work) -> None:
    work.record = queries.fetch_record(standing_of(request), work.record.kind, work.record.number)


# -- locked ----------------------------------------------------------------------------------------


def locked(request: HttpRequest, work: editing.Work, sheet: Sheet | None = None, *, status: int = 200) -> HttpResponse:
    """The text is in review or archived: what was typed is kept, can be read, and goes on later."""
    kind = work.writing.kind
    saved = editing.values_of(versions.content_of(work.record), kind)
    context = desk.frame(request, work) | {
        "posted": status != 200,
        "is_archived": work.record.state == Record.State.ARCHIVED,
        "kept": editing.compare(kind, saved, work.values) if work.buffer else [],
        "problems": list(sheet.problems()) if sheet else [],
    }
    return render(request, "governance/writing/locked.html", context, status=status)


# -- conflict --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: HttpRequest, number: int, slug: str, writing: Writing) -> HttpResponse:
    """Somebody else saved meanwhile: both texts side by side, field by field, to choose or to edit."""
    work = desk.open_desk(request, writing, number)
    if request.method == "POST":
        return _resolve(request, work)
    if work.buffer is None or not work.is_outdated:
        return redirect(desk.url_of(work.record, "edit"))
    return _show_conflict(request, work, versions.current_of(work.record), status=200)


def _conflict_again(request: HttpRequest, work: editing.Work) -> HttpResponse:
    _read_again(request, work)
    return _show_conflict(request, work, versions.current_of(work.record), status=409)


def _resolve(request: HttpRequest, work: editing.Work) -> HttpResponse:
    """Keep what was typed first; then take of each field the text that was chosen, and save."""
    shown = _shown_version(request, work)
    names = [name for name in work.writing.chosen_names() if name in request.POST.getlist("shown")]
    sheet = _sheet(work, names, request)
    choices = ChoiceForm(request.POST, names=_labels(work, names), prefix="take")
    before = work.values
    kept = desk.keep_posted(request, work, sheet)
    if work.is_locked:
        return locked(request, work, sheet, status=409)
    if shown is None:
        return _conflict_again(request, work)
    if not (choices.is_valid() and kept) or _doubtful(work, names, choices, before):
        return _show_conflict(request, work, shown, status=422, sheet=sheet, choices=choices)
    theirs = editing.values_of(versions.text_of(shown), work.writing.kind)
    taken = [key for name in names if choices.cleaned_data[name] == THEIRS for key in work.writing.fields_of(name)]
    work.opened_on = shown.pk
    editing.keep(work, standing_of(request), {key: theirs[key] for key in taken})
    if request.POST.get("go") == "edit":
        return redirect(desk.url_of(work.record, "edit_all"))
    return save(request, work, submit=False)


def _shown_version(request: HttpRequest, work: editing.Work) -> Version | None:
    """The version that stood on the page as the saved text."""
    claimed = request.POST.get("shown_version", "")
    if not (claimed.isascii() and claimed.isdecimal() and len(claimed) < 19):
        return None
    found = work.record.versions.filter(pk=int(claimed)).first()
    if found is not None:
        found.record = work.record
    return found


def _doubtful(work: editing.Work, names: list[str], choices: ChoiceForm, before: Mapping[str, Any]) -> bool:
    """Whether somebody edited a text and chose the other; asked once more, for no word is dropped unasked."""
    for name in names:
        edited = any(before[key] != work.values[key] for key in work.writing.fields_of(name))
        if edited and choices.cleaned_data[name] == THEIRS:
            choices.add_error(
                name,
                _("Sie haben Ihren Text hier geändert und den gespeicherten gewählt. Bitte wählen Sie noch einmal."),
            )
    return not choices.is_valid()


def _sheet(work: editing.Work, names: list[str], request: HttpRequest | None = None) -> Sheet:
    parts = [part for name in names for part in work.writing.parts_of(name) if name not in _shown_only(work)]
    return Sheet(work, parts, posted=request.POST if request else None)


def _shown_only(work: editing.Work) -> set[str]:
    """What is chosen on this page and edited elsewhere."""
    return {FILES, *work.writing.own_parts}


def _labels(work: editing.Work, names: list[str]) -> dict[str, str]:
    return {name: work.writing.label(name) for name in names}


def _show_conflict(
    request: HttpRequest,
    work: editing.Work,
    shown: Version,
    *,
    status: int,
    sheet: Sheet | None = None,
    choices: ChoiceForm | None = None,
) -> HttpResponse:
    theirs = editing.values_of(versions.text_of(shown), work.writing.kind)
    differences = {diff.name: diff for diff in editing.compare(work.writing.kind, theirs, work.values)}
    names = list(choices.fields) if choices else _differing(work, theirs)
    sheet = sheet or _sheet(work, names)
    choices = choices or ChoiceForm(names=_labels(work, names), initial=_proposed(work, names), prefix="take")
    rows = [
        {
            "name": name,
            "label": label,
            "choice": choices[name],
            "diffs": [differences[key] for key in _compared(work, name) if key in differences],
            "sides": _sides(work, shown, name),
            "parts": [] if name in _shown_only(work) else sheet.parts(work.writing.parts_of(name)),
        }
        for name, label in _labels(work, names).items()
    ]
    context = desk.frame(request, work) | {
        "current": shown,
        "rows": rows,
        "side_template": work.writing.own_side_template,
        "problems": [*sheet.problems(), *problems_of(choices)],
        "again": status == 422,
    }
    return render(request, "governance/writing/conflict.html", context, status=status)


def _sides(work: editing.Work, shown: Version, name: str) -> tuple[Any, Any] | None:
    """Both sides of a part that only this kind has: theirs, mine."""
    side_of = work.writing.own_sides.get(name)
    if side_of is None:
        return None
    slug = slugify_de(work.record.current_version.title if work.record.current_version else "")
    theirs = work.writing.kind.file_addresses(work.record.number, slug, shown.number)
    return (
        side_of(versions.text_of(shown), theirs),
        side_of(editing.text_of(work), desk.file_addresses(work)),
    )


def _differing(work: editing.Work, theirs: Mapping[str, Any]) -> list[str]:
    mine, names = work.values, work.writing.chosen_names()
    return [name for name in names if any(theirs[key] != mine[key] for key in work.writing.fields_of(name))]


def _compared(work: editing.Work, name: str) -> tuple[str, ...]:
    return ("tag_ids",) if name == "tags" else work.writing.fields_of(name)


def _proposed(work: editing.Work, names: list[str]) -> dict[str, str]:
    """Where the person changed nothing since opening the form, the saved text is proposed."""
    opened = work.record.versions.get(pk=work.opened_on)
    opened.record = work.record
    base = editing.values_of(versions.text_of(opened), work.writing.kind)
    return {
        name: THEIRS if all(base[key] == work.values[key] for key in work.writing.fields_of(name)) else MINE
        for name in names
    }
