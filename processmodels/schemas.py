"""The shapes of a process model's JSON fields; legal basis and attachments are rows that all kinds share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from governance.rows import AttachmentRow, Row, check_address
from processmodels.figures import KeyFigure


@dataclass(frozen=True)
class LegalBasis(Row):
    """A legal basis as it is cited, with the address of its text if there is one."""

    title: str
    url: str
    LENGTHS: ClassVar[Mapping[str, int]] = {"title": 200, "url": 1000}

    def check(self) -> Self:
        super().check()
        if not self.title:
            raise ValidationError(_("Bitte nennen Sie die Rechtsgrundlage."))
        if self.url:
            check_address(self.url)
        return self


@dataclass(frozen=True)
class StepRow(Row):
    """One line of a step list; see processmodels.steps.Step."""

    role: str
    activity: str
    system: str
    condition: str
    note: str
    MAX_ROWS: ClassVar[int] = 200
    LENGTHS: ClassVar[Mapping[str, int]] = {
        **dict.fromkeys(("role", "activity", "system", "condition"), 300),
        "note": 2_000,
    }


FIELDS: Mapping[str, type[Row]] = {
    "legal_basis": LegalBasis,
    "as_is_steps": StepRow,
    "to_be_steps": StepRow,
    "key_figures": KeyFigure,
    "attachments": AttachmentRow,
}
