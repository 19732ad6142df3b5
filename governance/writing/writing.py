"""What a kind tells the pages of writing: its forms, its steps, and what only it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise

from governance import short_texts
from governance.kinds import Address, Kind
from governance.rules import Standing
from governance.writing.rows import RowFormSet
from governance.writing.steps import Step
from governance.writing.text import TextForm, initial_of

if TYPE_CHECKING:
    from governance.writing.editing import Work
    from governance.writing.sheet import Problem

Values = Mapping[str, Any]
# Templates of the parts that every kind has and that are shown in a way of their own.
SHORT_TEXTS = dict.fromkeys(short_texts.NAMES, "governance/writing/_short_text.html")
Files = MultiValueDict[str, Any]


class OwnPart(Protocol):
    """A part of the form that only one kind has; shown by the template of its name."""

    @property
    def has_something(self) -> bool:
        """Whether it is filled in or wrong."""
        ...

    def take(self, work: Work, standing: Standing) -> None:
        """Keep what was posted and is valid; what is not stands in the problems."""
        ...

    def problems(self) -> Iterator[Problem]: ...


@dataclass(frozen=True)
class Writing:
    """How texts of one kind are written. Names are those of parts of the form: fields, rows, own parts."""

    kind: Kind
    quick_form: Callable[..., forms.Form]
    quick_lead: str | Promise
    text_form: Callable[..., TextForm]
    steps: Mapping[int, Step]
    rows: Mapping[str, type[RowFormSet]]
    # Over the form that begins a text, where the kind is no "Neues …"; and the page that then follows.
    quick_heading: str | Promise = ""
    begins_at: str = "edit"
    # What stands below the form that begins a text.
    quick_template: str = ""
    edit_template: str = "governance/writing/edit.html"
    initial_of: Callable[[Values], dict[str, Any]] = initial_of
    own_parts: Mapping[str, Callable[[Work, QueryDict | None, Files | None], OwnPart]] = field(default_factory=dict)
    # In a conflict an own part is shown, not edited: what its template gets as `side`, from a text and its files.
    own_sides: Mapping[str, Callable[[Any, Address], Any]] = field(default_factory=dict)
    own_side_template: str = ""
    # Templates of parts that are shown in a way of their own.
    part_templates: Mapping[str, str] = field(default_factory=dict)
    # What those who write should look at once more, by part of the form.
    part_doubts: Callable[[Values], Mapping[str, Sequence[str]]] = lambda values: {}
    # Whether texts show attached pictures: `![description](anlage:2)` is the second attachment.
    shows_pictures: bool = False
    # Comments name fields of the text; on the page some of them go by another name.
    shown_at: Mapping[str, str] = field(default_factory=dict)
    # In a conflict: fields of the text that are chosen together, their parts of the form, and what they are called.
    together: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    form_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: Mapping[str, str | Promise] = field(default_factory=dict)
    # Called before the attachment at a place goes: what changes with it, or a ValidationError that names the reason.
    without_file: Callable[[Values, int], Mapping[str, Any]] = lambda values, place: {}
    # What changes by itself with what is kept: from the values before and after.
    follows: Callable[[Values, Values], Mapping[str, Any]] = lambda before, after: {}
    # What the page shows beside what all kinds show, and the buttons that only this kind has: the answer to one
    # that leads elsewhere, or None to go on as all kinds do.
    context: Callable[[Work], Mapping[str, Any]] = lambda work: {}
    go_on: Callable[[HttpRequest, Work, str], HttpResponse | None] = lambda request, work, go: None

    @property
    def last_step(self) -> int:
        return max(self.steps)

    def all_names(self) -> tuple[str, ...]:
        """The parts of the form on one page."""
        return tuple(name for step in self.steps.values() for name in step.all_names)

    def label(self, name: str) -> str:
        """What a part is called outside its form."""
        known = {"tags": "tag_ids"}.get(name, name)
        found = self.labels.get(name) or next((one.label for one in self.kind.fields if one.name == known), "")
        return str(found)

    def part_of(self, name: str) -> str:
        """The part of the form at which a field of the text stands."""
        return {"tag_ids": "tags"}.get(name) or self.shown_at.get(name, name)

    def fields_of(self, name: str) -> tuple[str, ...]:
        """The fields that are chosen together under `name`."""
        return self.together.get(name, (name,))

    def parts_of(self, name: str) -> tuple[str, ...]:
        """The parts of the form in which they are edited."""
        return self.form_names.get(name, (name,))

    def chosen_names(self) -> tuple[str, ...]:
        """What is chosen in a conflict, in the order of the form."""
        inner = {part for name, parts in self.form_names.items() for part in parts if part != name}
        return tuple(name for name in self.all_names() if name not in inner and name != "note")
