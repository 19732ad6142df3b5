"""Rows of JSON fields: what all kinds share of their shapes, and the rows that every kind may have.

Each row is a plain mapping of texts; numbers are decimal strings with a point. `read` lifts every older
shape to the newest one, `write` checks and puts into order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

_URL = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Row:
    """What the shapes share: texts only, of bounded length."""

    LENGTHS: ClassVar[Mapping[str, int]] = {}
    MAX_ROWS: ClassVar[int] = 30

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """From any stored shape so far; unknown keys are ignored, missing ones are empty."""
        names = {field.name for field in fields(cls)}
        return cls(**{name: str(value.get(name, "") or "") for name in names})

    def check(self) -> Self:
        for name, length in self.LENGTHS.items():
            if len(getattr(self, name)) > length:
                raise ValidationError(_("Höchstens %(max)d Zeichen sind möglich."), params={"max": length})
        return self

    @classmethod
    def write(cls, value: Any) -> list[dict[str, str]]:
        """Checked rows in the newest shape; raises a ValidationError."""
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > cls.MAX_ROWS:
            raise ValidationError(_("Höchstens %(max)d Zeilen sind möglich."), params={"max": cls.MAX_ROWS})
        return [asdict(cls.read(row).check()) for row in value]


@dataclass(frozen=True)
class Link(Row):
    """A source outside the portal: title, address, which repository, when it was retrieved (ISO day)."""

    title: str
    url: str
    repository: str
    retrieved_on: str
    LENGTHS: ClassVar[Mapping[str, int]] = {
        "title": 200,
        "url": 1000,
        "repository": 200,
        "retrieved_on": 10,
    }

    def check(self) -> Self:
        super().check()
        _URL(self.url)
        return self


@dataclass(frozen=True)
class AttachmentRow(Row):
    """A file of the text: sha256 of its bytes, its name, what it shows."""

    sha256: str
    name: str
    media_type: str
    description: str
    LENGTHS: ClassVar[Mapping[str, int]] = {"name": 120, "media_type": 120, "description": 300}

    def check(self) -> Self:
        super().check()
        if not re.fullmatch(r"[0-9a-f]{64}", self.sha256):
            raise ValidationError(_("Diese Anlage ist nicht vollständig hochgeladen."))
        return self


def decimal_string(typed: str) -> str:
    """A number as people type it ("1.234,5", "12 %" without the sign, "0,50") as a decimal string."""
    text = typed.strip().replace(" ", "").replace("\u00a0", "").replace("−", "-")
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(\.\d{3})+", text):
        text = text.replace(".", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValidationError(_("Bitte eine Zahl angeben, zum Beispiel 12,5.")) from None
    if not number.is_finite() or abs(number) >= 10**15:
        raise ValidationError(_("Diese Zahl ist zu groß."))
    return f"{number:f}"


def check_decimal(number: str) -> None:
    """Raises a ValidationError unless `number` is a decimal string with at most six decimals."""
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", number):
        raise ValidationError(_("Bitte eine Zahl angeben, zum Beispiel 12,5."))


def german_number(number: str) -> str:
    """A decimal string in German spelling: 1234.5 becomes 1.234,5."""
    whole, _point, rest = number.lstrip("-").partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{'−' if number.startswith('-') else ''}{grouped}{',' + rest if rest else ''}"
