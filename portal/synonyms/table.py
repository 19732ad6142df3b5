"""Groups of synonyms as a table for Excel, the same when written and when read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from governance import tags
from governance.text.clean import clean_line
from portal.synonyms.models import NOTE_LENGTH, SynonymGroup

HEAD = ("Wörter", "führen zu", "Hinweis")
MAX_BYTES = 1_000_000
MAX_ROWS = 2_000
DELIMITER = ";"
# A cell that begins so is a formula to Excel; the apostrophe in front is taken off again when read.
_FORMULA = ("=", "+", "-", "@", "'")


@dataclass(frozen=True)
class Row:
    """A group that is to be."""

    words: Sequence[str]
    leads_to: Sequence[str] = ()
    note: str = ""


def write(groups: Iterable[SynonymGroup]) -> str:
    """One line for each group, its words separated by commas."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=DELIMITER)
    writer.writerow(HEAD)
    for group in groups:
        writer.writerow(map(_shielded, (", ".join(group.words), ", ".join(group.leads_to), group.note)))
    return "\ufeff" + file.getvalue()


def _shielded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def read(data: bytes) -> list[Row]:
    """Raises a ValidationError that says what to do."""
    if len(data) > MAX_BYTES:
        raise ValidationError(_("Die Datei ist größer als 1 MB. Bitte teilen Sie sie auf."))
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=DELIMITER, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValidationError(
            _("Diese Datei lässt sich nicht lesen. Bitte speichern Sie sie als „CSV UTF-8“ mit Semikolon.")
        ) from error
    if not rows or [cell.strip().casefold() for cell in rows[0][: len(HEAD)]] != [name.casefold() for name in HEAD]:
        raise ValidationError(_("Die erste Zeile muss heißen: %s") % DELIMITER.join(HEAD))
    if len(rows) > MAX_ROWS:
        raise ValidationError(_("Höchstens %d Gruppen sind auf einmal möglich.") % MAX_ROWS)
    return [_row(number, cells) for number, cells in enumerate(rows[1:], start=2) if any(map(str.strip, cells))]


def _row(number: int, cells: Sequence[str]) -> Row:
    words, leads_to, note = (cell.strip().removeprefix("'") for cell in (*cells, "", "", "")[: len(HEAD)])
    try:
        return Row(tags.split(words), tags.split(leads_to), clean_line(note, NOTE_LENGTH))
    except ValidationError as error:
        told = {"number": number, "reason": " ".join(error.messages)}
        raise ValidationError(_("Zeile %(number)d: %(reason)s") % told) from error
