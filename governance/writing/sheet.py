"""A sheet: all forms of one page of writing, asked and shown as one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from governance import short_texts
from governance.models import Comment
from governance.rows import AttachmentRow
from governance.writing.editing import Work
from governance.writing.notes import DescriptionsForm, NoteForm, UploadForm
from governance.writing.rows import RowFormSet, rows_of
from governance.writing.steps import FILES, NOTE
from governance.writing.writing import OwnPart


@dataclass
class Part:
    """One piece of the page: a field, repeated rows, the attachments, or what only its kind has; with comments."""

    name: str
    label: str = ""
    template: str = ""
    field: BoundField | None = None
    is_needed: bool = False
    rows: RowFormSet | None = None
    upload: UploadForm | None = None
    own: OwnPart | None = None
    comments: Sequence[Comment] = ()
    doubts: Sequence[str] = ()
    # What counts as long as the field stays empty.
    suggestion: str = ""


@dataclass(frozen=True)
class Problem:
    """Something that keeps the sheet from being taken: where, what was typed, and why."""

    label: str
    anchor: str
    text: str
    typed: str = ""


@dataclass
class Group:
    """Parts under a heading; a fold is open when something in it is filled in, wrong or commented."""

    label: Any
    parts: list[Part]
    is_open: bool = True
    folds: list[Group] = field(default_factory=list)


class Sheet:
    """The forms for the parts `names` of the text on the desk; with `posted`, what came in."""

    def __init__(
        self,
        work: Work,
        names: Collection[str],
        *,
        posted: QueryDict | None = None,
        files: MultiValueDict[str, Any] | None = None,
    ) -> None:
        self.writing, self.values, self.posted = work.writing, work.values, posted
        writing, values = self.writing, self.values
        self.text = writing.text_form(posted, initial=writing.initial_of(values), names=names)
        self.rows = {
            name: rows_of(made, name, posted, values[name]) for name, made in writing.rows.items() if name in names
        }
        self.own = {name: made(work, posted, files) for name, made in writing.own_parts.items() if name in names}
        self.upload = UploadForm(posted, files, prefix="upload") if FILES in names else None
        self.described = DescriptionsForm(posted, rows=values[FILES]) if FILES in names else None
        self.about = NoteForm(posted, initial={"opened_on": work.opened_on, "note": work.note})
        if NOTE not in names:
            del self.about.fields["note"]

    # -- what came in ------------------------------------------------------------------------------

    def changes(self) -> dict[str, Any]:
        """The valid values; where something is wrong, the value so far stays."""
        self.text.is_valid()
        changes = self.text.values(self.values)
        changes |= {name: formset.rows(self.values[name]) for name, formset in self.rows.items()}
        if self.described:
            changes[FILES] = self.described.rows(self.values[FILES])
        return changes

    def took_file(self, sha256: str, rows: Sequence[Mapping[str, str]]) -> None:
        """The posted file is one of `rows` now, there is room for another. What is wrong or missing in its
        description is asked for beside the file, which need not be chosen again."""
        if self.upload is None or self.described is None or self.posted is None:
            return
        data, name = self.posted.copy(), self.described.add_prefix(sha256)
        data[name] = data.get(name) or data.get(self.upload.add_prefix("description"), "")
        self.described = DescriptionsForm(data, rows=rows)
        file = next(AttachmentRow.read(row) for row in rows if row["sha256"] == sha256)
        if self.described.is_valid() and file.is_picture and not self.described.cleaned_data[sha256]:
            self.described.add_error(sha256, _("Das Bild ist angehängt. Bitte beschreiben Sie es noch in einem Satz."))
        self.upload = UploadForm(prefix="upload")

    def show(self, values: dict[str, Any]) -> None:
        """Show `values`, in which all is that could be kept; files that other parts brought along have a field."""
        self.values = values
        if self.described:
            for row in values[FILES]:
                self.described.add(row)

    @property
    def has_problems(self) -> bool:
        return next(self.problems(), None) is not None

    def problems(self) -> Iterator[Problem]:
        """All that is wrong, in the order of the page."""
        for form in (self.about, self.text):
            yield from problems_of(form)
        for name, formset in self.rows.items():
            yield from row_problems(name, self.writing.label(name), formset)
        for own in self.own.values():
            yield from own.problems()
        for files_form in (self.described, self.upload):
            if files_form:
                yield from problems_of(files_form)

    # -- what is shown -----------------------------------------------------------------------------

    def parts(self, names: Iterable[str], comments: Sequence[Comment] = ()) -> list[Part]:
        """The parts `names` in their order, each with its comments."""
        return [self._part(name, [c for c in comments if self.writing.part_of(c.field) == name]) for name in names]

    def _part(self, name: str, comments: Sequence[Comment]) -> Part:
        part = Part(name, self.writing.label(name), self.writing.part_templates.get(name, ""), comments=comments)
        part.doubts = self.writing.part_doubts(self.values).get(name, ())
        if name in self.rows:
            part.rows = self.rows[name]
        elif name in self.own:
            part.own = self.own[name]
        elif name == FILES:
            part.upload = self.upload
        else:
            part.field = self.about[name] if name == NOTE else self.text[name]
            part.is_needed = name in self.text.NEEDED
        if name in short_texts.NAMES:
            part.suggestion = getattr(short_texts.suggested(self.writing.kind, self.values), name)
        return part

    def has_something(self, part: Part) -> bool:
        """Whether a part is filled in, wrong or commented."""
        if part.comments:
            return True
        if part.field is not None:
            return bool(part.field.value() or part.field.errors)
        if part.rows is not None:
            filled = any(one.initial or one.has_changed() for one in part.rows)
            return bool(filled or part.rows.non_form_errors())
        if part.own is not None:
            return part.own.has_something
        return bool(self.values[FILES] or (part.upload and part.upload.errors))


def row_problems(name: str, label: str, formset: RowFormSet) -> Iterator[Problem]:
    """What is wrong in repeated rows, each problem with the number of its row."""
    yield from (Problem(label, name, str(error)) for error in formset.non_form_errors())
    for at, row in enumerate(formset if formset.is_bound else (), start=1):
        if not row.cleaned_data.get("DELETE"):
            yield from problems_of(row, _("%(rows)s, Zeile %(at)d: ") % {"rows": label, "at": at})


def problems_of(form: forms.Form, before: str = "") -> Iterator[Problem]:
    """What is wrong in one form; `before` leads the label of each field."""
    for name, errors in form.errors.items():
        bound = form[name] if name in form.fields else None
        for error in errors:
            if bound is None or bound.is_hidden:
                yield Problem(before, "", str(error))
            else:
                yield Problem(f"{before}{bound.label}", bound.auto_id, str(error), _typed(bound))


def _typed(bound: BoundField) -> str:
    value = bound.value()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
