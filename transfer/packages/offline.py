"""What of a package people read without a portal: HTML without scripts, Markdown, figures as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from governance.comparison import FieldSpec
from governance.kinds import Kind
from learnings.models import KIND as LEARNING
from processmodels.delimited import as_text
from processmodels.models import KIND as PROCESS_MODEL
from transfer.models.proofs import KIND as PROOF_OF_CONCEPT
from transfer.transferability import carrying

STYLE = Path(__file__).with_name("offline.css")
_ATTACHMENT = re.compile(r"\(anlage:(\d{1,3})\)")
_TEXTS = {
    LEARNING: "learnings/_text.html",
    PROCESS_MODEL: "processmodels/_text.html",
    PROOF_OF_CONCEPT: "transfer/proofs/_text.html",
}


def page(
    kind: Kind,
    head: Mapping[str, Any],
    package: Any,
    shown: Mapping[str, Any],
    assessment: Mapping[str, Any] | None = None,
) -> bytes:
    """One record as a page. `shown` is what the kind's text template is given as `page`, `assessment` as it travels."""
    context = {
        "record": head,
        "package": package,
        "page": shown,
        "text_template": _TEXTS[kind.key],
        "messages": shown.get("messages", ()),
        "kind": kind,
        "assessment": carrying.read(package.municipality, assessment) if assessment else None,
    }
    return render_to_string("transfer/packages/offline/record.html", context).encode()


def index(package: Any, records: Sequence[Mapping[str, Any]]) -> bytes:
    """The page to begin with."""
    return render_to_string("transfer/packages/offline/index.html", {"package": package, "records": records}).encode()


def markdown(kind: Kind, words: Mapping[str, Any], head: Mapping[str, Any], files: Sequence[str]) -> bytes:
    """The whole text as Markdown; `words` are the values with keys replaced by words."""

    def place(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        return f"({files[at]})" if 0 <= at < len(files) else found[0]

    approval = head["approval"]
    parts = [f"# {words['title']}", f"{head['short_number']} · Ausgabe {approval['issue']} · {approval['on']}"]
    for spec in kind.fields:
        if spec.name != "title" and (text := _told(spec, words[spec.name])):
            parts.append(f"## {spec.label}\n\n{_ATTACHMENT.sub(place, text)}")
    return ("\n\n".join(parts) + "\n").encode()


def _told(spec: FieldSpec, value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else ""
    if isinstance(value, list):
        return "\n".join(f"- {_row(one)}" for one in value)
    return "" if value is None else str(value)


def _row(row: Any) -> str:
    return " · ".join(str(part) for part in row.values() if part) if isinstance(row, Mapping) else str(row)


def figures(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Figures for a spreadsheet, in the order in which they are kept; no cell begins a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    names = list(rows[0])
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(str(row.get(name) or "")) for name in names])
    return f"\ufeff{text.getvalue()}".encode()


def _cell(text: str) -> str:
    is_number = re.fullmatch(r"-?\d+(\.\d+)?", text)
    return text if is_number else as_text(text)
