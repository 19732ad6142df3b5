"""What the pages of writing share: the text on a person's desk, keeping what was posted, saving it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from governance import kinds, queries, reviewing, rules, status
from governance.countersigning import page as countersigning
from governance.http import backup_key, standing_of, told_ok
from governance.kinds import Address
from governance.models import Record, Version
from governance.text.clean import slugify_de
from governance.writing import editing
from governance.writing.notes import UploadForm
from governance.writing.sheet import Sheet
from governance.writing.steps import FILES
from governance.writing.writing import Writing


def url_of(record: Record, name: str, *args: Any) -> str:
    title = record.current_version.title if record.current_version else ""
    return kinds.get(record.kind).url(name, record.number, slugify_de(title), *args)


def file_addresses(work: editing.Work) -> Address:
    """Addresses of the files on the desk."""
    return lambda name: url_of(work.record, "draft_file", name)


def open_desk(request: HttpRequest, writing: Writing, number: int) -> editing.Work:
    """The text on the person's desk: 404 for outsiders, 403 for those who may only read."""
    standing = standing_of(request)
    record = queries.fetch_record(standing, writing.kind.key, number)
    if not rules.may_edit(standing, record):
        raise PermissionDenied
    return editing.open_work(writing, record, standing)


def frame(request: HttpRequest, work: editing.Work) -> dict[str, Any]:
    """What every page of writing shows."""
    record = work.record
    return {
        "kind": work.writing.kind,
        "record": record,
        "title": work.values["title"] or record.short_number,
        "slug": slugify_de(record.current_version.title if record.current_version else ""),
        "work": work,
        "status": status.of(standing_of(request), record),
        "returned": reviewing.returned(record),
        "may_submit": rules.may_submit(standing_of(request), record),
        "countersigning": countersigning.shown(standing_of(request), record),
        "backup_key": backup_key(request, record),
        "versions_url": url_of(record, "versions"),
        "preview_url": reverse(f"{work.writing.kind.url_namespace}:preview"),
        "same_url": reverse(f"{work.writing.kind.url_namespace}:same"),
        "drop_url": url_of(record, "drop"),
    }


def keep_posted(request: HttpRequest, work: editing.Work, sheet: Sheet) -> bool:
    """Keep all of a posted sheet that is valid, its file too, before anything else happens to it.

    Says whether all of it was; what was not stands in the sheet's problems.
    """
    sheet.about.is_valid()
    if claimed := sheet.about.cleaned_data.get("opened_on"):
        _open_on(work, claimed, sheet)
    work.note = sheet.about.cleaned_data.get("note", work.note)
    editing.keep(work, standing_of(request), sheet.changes())
    for own in sheet.own.values():
        own.take(work, standing_of(request))
    if sheet.upload:
        _attach(request, work, sheet.upload, sheet)
    sheet.show(work.values)
    return not sheet.has_problems


def _open_on(work: editing.Work, claimed: int, sheet: Sheet) -> None:
    """Note the version that the form was opened on; work in progress keeps its own."""
    if claimed == work.opened_on:
        return
    if not work.record.versions.filter(pk=claimed).exists():
        sheet.about.add_error("opened_on", sheet.about.fields["opened_on"].error_messages["invalid"])
    elif work.buffer is None:
        work.opened_on = claimed


def _attach(request: HttpRequest, work: editing.Work, upload: UploadForm, sheet: Sheet) -> None:
    """Keep the posted file first, whatever is wrong with the words beside it."""
    upload.is_valid()
    file = upload.cleaned_data.get("file")
    if not file:
        return
    try:
        sha256 = editing.attach(work, standing_of(request), file, upload.cleaned_data.get("description", ""))
    except ValidationError as error:
        upload.add_error("file", error)
    else:
        sheet.took_file(sha256, work.values[FILES])


def told_saved(request: HttpRequest, work: editing.Work, version: Version | None) -> None:
    """Say how saving ended; the browser's own copies are no longer needed."""
    if version is None:
        text = _("Es hat sich nichts geändert; es gibt keine neue Version.")
    else:
        text = _("Gespeichert als Version %(number)d.") % {"number": version.number}
    told_ok(request, text, saved=backup_key(request, work.record))
