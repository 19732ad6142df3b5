"""Cells out of text with a delimiter, as spreadsheets save and copy it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

# What a spreadsheet may take for the beginning of a formula (OWASP: CSV injection).
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")


def as_text(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """The cells of each line, Excel's quotation marks understood; raises csv.Error for a cell beyond the limit."""
    # A quotation mark that is opened and never closed would swallow the rest of the list.
    is_broken = text.count('"') % 2 == 1
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar="\x01" if is_broken else '"')
