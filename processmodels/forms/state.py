"""One state of the process in the form: a BPMN file, a step list, a drawing, or a picture that stands for it."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.rules import Standing
from governance.text.clean import LineField
from governance.writing.desk import file_addresses
from governance.writing.editing import Work, text_of
from governance.writing.rows import RowFormSet, count_rows, rows_of
from governance.writing.sheet import Problem, problems_of, row_problems
from governance.writing.writing import Files
from processmodels import desk, states
from processmodels.bpmn.source import BpmnError
from processmodels.forms.rows import StepFormSet
from processmodels.page import state_of
from processmodels.pasting import parse_pasted
from processmodels.schemas import StepRow

LABELS = {"as_is": gettext_lazy("Vorher (Ist)"), "to_be": gettext_lazy("Nachher (Soll)")}


class StateForm(forms.Form):
    """What is typed or chosen for one state beside the rows of its list."""

    file = forms.FileField(
        label=gettext_lazy("BPMN-Datei"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".bpmn,.xml"}),
        help_text=gettext_lazy("Aus Signavio, ADONIS, Camunda und anderen: als BPMN 2.0 exportiert (.bpmn oder .xml)."),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Aus Excel einfügen"),
        max_length=200_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text=gettext_lazy(
            "Spalten: Wer, tut was, mit welchem System, nur wenn, Notiz. Die Zeilen kommen ans Ende der Liste."
        ),
    )
    picture = forms.FileField(
        label=gettext_lazy("Bild"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.pdf"}),
        help_text=gettext_lazy("PNG, JPEG oder PDF, zum Beispiel aus Visio oder PowerPoint."),
    )
    description = LineField(
        label=gettext_lazy("Was zeigt das Bild?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Menschen, die das Bild nicht sehen, lesen diesen Satz."),
    )
    # Which list the form was shown with: only one that was changed makes a new diagram.
    basis = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)


class StatePart:
    """The part of the form for `state`; see `governance.writing.writing.OwnPart`."""

    def __init__(self, state: str, work: Work, posted: QueryDict | None, files: Files | None) -> None:
        self.state = state
        self.label = LABELS[state]
        self.work = work
        self.rows_name = f"{state}_steps"
        self._make(posted, files)

    def _make(self, posted: QueryDict | None, files: Files | None) -> None:
        """The forms of what came in, or of what is on the desk."""
        self.before: Sequence[Mapping[str, str]] = self.work.values[self.rows_name]
        too_many = False
        if posted is not None:
            posted, too_many = self._with_pasted(posted)
        self.picture = desk.picture_of(self.work.values, self.state)
        initial = {"basis": _digest(self.before), "description": self.picture.description if self.picture else ""}
        self.form = StateForm(posted, files, prefix=self.state, initial=initial)
        self.rows: RowFormSet = rows_of(StepFormSet, self.rows_name, posted, self.before)
        if too_many:
            self._refuse("pasted", _("Höchstens %(max)d Schritte sind möglich.") % {"max": StepRow.MAX_ROWS})

    def _with_pasted(self, posted: QueryDict) -> tuple[QueryDict, bool]:
        """What came in, with the pasted lines as rows after the others; and whether they were too many for that."""
        steps = parse_pasted(posted.get(f"{self.state}-pasted", "")[:200_000])
        if not steps:
            return posted, False
        total = posted.get(f"{self.rows_name}-TOTAL_FORMS", "")
        count = max(count_rows(self.rows_name, posted), int(total) if total.isdecimal() and len(total) < 5 else 0)
        if count + len(steps) > StepRow.MAX_ROWS + 1:
            return posted, True
        data = posted.copy()
        data[f"{self.state}-pasted"] = ""
        data[f"{self.rows_name}-TOTAL_FORMS"] = str(count + len(steps))
        data[f"{self.rows_name}-INITIAL_FORMS"] = "0"
        for at, step in enumerate(steps, start=count):
            data.update({f"{self.rows_name}-{at}-{name}": value for name, value in asdict(step).items()})
        return data, False

    # -- what came in ------------------------------------------------------------------------------

    def take(self, work: Work, standing: Standing) -> None:
        """Keep the list with the diagram made from it, a file or a picture: one of them at a time."""
        self.form.is_valid()
        data = self.form.cleaned_data
        rows = self.rows.rows(self.before)
        shown = data.get("basis") or _digest(self.before)
        changed = not self.rows.non_form_errors() and _digest(rows) != shown
        if changed:
            desk.put_steps(work, standing, self.state, rows)
        if data.get("file"):
            self._take_file(standing, data["file"], changed)
        description = data.get("description", "")
        if data.get("picture"):
            self._take_picture(standing, data["picture"], description)
        elif description:
            desk.describe_picture(work, standing, self.state, description)
        self.__dict__.pop("shown", None)
        if next(self.problems(), None) is None:
            self._make(None, None)

    def _take_file(self, standing: Standing, upload: Any, list_changed: bool) -> None:
        if list_changed:
            self._refuse(
                "file",
                _(
                    "Sie haben zugleich die Schrittliste geändert; sie ist festgehalten, die Datei nicht. "
                    "Wenn die Datei gelten soll, wählen Sie sie bitte noch einmal."
                ),
            )
            return
        try:
            # One byte more than allowed is enough to be refused.
            desk.put_diagram(self.work, standing, self.state, upload.read(settings.DIAGRAM_MAX_BYTES + 1))
        except BpmnError as error:
            self._refuse("file", error.message)

    def _take_picture(self, standing: Standing, upload: Any, description: str) -> None:
        try:
            desk.put_picture(self.work, standing, self.state, upload, description)
        except ValidationError as error:
            self._refuse("picture", " ".join(error.messages))
            return
        kept = desk.picture_of(self.work.values, self.state)
        if not description and kept and not kept.description:
            text = _("Das Bild ist festgehalten. Bitte beschreiben Sie noch in einem Satz, was es zeigt.")
            self._refuse("description", text)

    def _refuse(self, name: str, text: str) -> None:
        self.form.add_error(name, text)

    def problems(self) -> Iterator[Problem]:
        before = f"{self.label}: "
        yield from problems_of(self.form, before)
        yield from row_problems(self.rows_name, f"{before}{_('Schrittliste')}", self.rows)

    # -- what is shown -----------------------------------------------------------------------------

    @property
    def has_something(self) -> bool:
        return True

    @cached_property
    def shown(self) -> dict[str, Any] | None:
        """The diagram or picture on the desk as readers will see it."""
        text = text_of(self.work)
        return state_of(text, self.state, file_addresses(self.work), states.models_of(text, self.state))

    @property
    def file_name(self) -> str:
        return states.FILE_NAMES[self.state]

    @property
    def says_more_than_a_list(self) -> bool:
        return bool(self.work.values[self.state]) and not self.work.values[self.rows_name]

    @property
    def rows_label(self) -> str:
        return f"{_('Schrittliste')}: {self.label}"

    @property
    def list_is_open(self) -> bool:
        """The list is the way for all who have none yet."""
        wrong = next(row_problems("", "", self.rows), None) or self.form["pasted"].errors
        return bool(self.before or wrong or not self.shown)

    @property
    def file_errors(self) -> Any:
        return self.form["file"].errors

    @property
    def picture_is_open(self) -> bool:
        """Shown when something about the picture is wrong or still missing."""
        undescribed = self.picture is not None and not self.picture.description
        return bool(undescribed or self.form["picture"].errors or self.form["description"].errors)


def _digest(rows: Sequence[Mapping[str, str]]) -> str:
    """Blanks and forms of characters do not count: a field may clean them without anybody having typed."""
    known = [
        {name: unicodedata.normalize("NFC", " ".join(value.split())) for name, value in asdict(step).items()}
        for step in map(StepRow.read, rows)
    ]
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:16]
