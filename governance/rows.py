"""Rows of JSON fields: what all kinds share of their shapes, and the rows that every kind may have.

Each row is a plain mapping of texts; numbers are decimal strings with a point. `read` lifts every older
shape to the newest one, `write` checks and puts into order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

MAX_DIGITS, MAX_PLACES = 15, 6
_NUMBER = re.compile(rf"-?\d{{1,{MAX_DIGITS}}}(\.\d{{1,{MAX_PLACES}}})?", re.ASCII)
# As typed: a point groups thousands where it can ("1.234,5"), else it is a decimal point ("0.125", "12.5").
_GROUPED = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?", re.ASCII)
_PLAIN = re.compile(r"-?\d+([.,]\d+)?", re.ASCII)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_URL = URLValidator(schemes=["http", "https"])


def full_address(typed: str) -> str:
    """An address on the web, with https:// where no scheme was typed."""
    return f"https://{typed}" if typed and not _SCHEME.match(typed) else typed


def check_address(address: str) -> None:
    """Raises a ValidationError for anything but an address that begins with http:// or https://, and for one with
    somebody's name or password in it."""
    try:
        _URL(address)
    except ValidationError:
        raise ValidationError(
            _("Bitte geben Sie eine vollständige Adresse an, die mit http:// oder https:// beginnt.")
        ) from None
    if "@" in urlsplit(address).netloc:
        raise ValidationError(_("In der Adresse stehen Zugangsdaten vor dem „@“. Bitte geben Sie sie ohne diese an."))


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
        check_address(self.url)
        return self


@dataclass(frozen=True)
class AttachmentRow(Row):
    """A file of the text: sha256 of its bytes, its name, what it shows."""

    sha256: str
    name: str
    media_type: str
    description: str
    LENGTHS: ClassVar[Mapping[str, int]] = {"name": 120, "media_type": 120, "description": 300}

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")

    def check(self) -> Self:
        super().check()
        if not re.fullmatch(r"[0-9a-f]{64}", self.sha256):
            raise ValidationError(_("Diese Anlage ist nicht vollständig hochgeladen."))
        return self


def undescribed(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What submission still requires of the attachments: a description of each picture."""
    message = _("Bitte beschreiben Sie das Bild „%(name)s“ unter „Anlagen“ in einem Satz.")
    return [
        ("attachments", message % {"name": file.name})
        for file in map(AttachmentRow.read, rows)
        if file.is_picture and not file.description
    ]


def decimal_string(typed: str) -> str:
    """A number as people type it ("1.234,5", "0,50", "12.5") as a decimal string; raises a ValidationError."""
    text = re.sub(r"\s", "", typed).replace("−", "-").removeprefix("+")
    if _GROUPED.fullmatch(text):
        text = text.replace(".", "")
    elif not _PLAIN.fullmatch(text):
        raise ValidationError(_("Bitte eine Zahl angeben, zum Beispiel 12,5."))
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _point, places = digits.replace(",", ".").partition(".")
    whole = whole.lstrip("0") or "0"
    if len(whole) > MAX_DIGITS:
        raise ValidationError(_("Diese Zahl ist zu groß."))
    if len(places) > MAX_PLACES:
        raise ValidationError(_("Höchstens %(max)d Stellen nach dem Komma sind möglich."), params={"max": MAX_PLACES})
    return f"{sign}{whole}{'.' + places if places else ''}"


def german(decimal: str) -> str:
    """A decimal string as it stands in a form, where `decimal_string` reads it as the same number."""
    return decimal.replace(".", ",")


def check_decimal(number: str) -> None:
    """Raises a ValidationError unless `number` is a decimal string as `decimal_string` makes them."""
    if not _NUMBER.fullmatch(number):
        raise ValidationError(_("Bitte eine Zahl angeben, zum Beispiel 12,5."))


def german_number(number: str) -> str:
    """A decimal string in German spelling: 1234.5 becomes 1.234,5."""
    whole, _point, rest = number.lstrip("-").partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{'−' if number.startswith('-') else ''}{grouped}{',' + rest if rest else ''}"
