"""A proof of concept as it is read: from the fields of a text, and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from governance import related, short_texts, tags
from governance.kinds import Address
from governance.rows import AttachmentRow, Link, german_number
from governance.text.markdown import render
from transfer.models.proofs import Decision
from transfer.proofs import measure
from transfer.proofs.fields import LABELS, OUTCOME, PLAN
from transfer.proofs.measure import SuccessMeasure


def page_of(text: Any, address: Address) -> dict[str, Any]:
    """The rendered parts of a text; reads nothing from the database."""
    return {
        "question": text.question,
        "measure": _measure(text.measures),
        "result": outcome_of(text),
        "decision": str(dict(Decision.choices).get(text.decision, "")),
        "outcome": _sections(text, OUTCOME),
        "plan": _sections(text, PLAN),
        "links": [
            {
                "title": link.title or link.url,
                "url": link.url,
                "repository": link.repository,
                "retrieved_on": link.retrieved_on,
            }
            for link in (Link.read(row) for row in text.links)
        ],
        "attachments": [
            {"name": file.name, "description": file.description, "url": address(str(place))}
            for place, file in enumerate(map(AttachmentRow.read, text.attachments), start=1)
        ],
    }


def _sections(text: Any, names: Sequence[str]) -> list[dict[str, str]]:
    return [
        {"key": name, "label": str(LABELS[name]), "html": render(getattr(text, name))}
        for name in names
        if getattr(text, name)
    ]


def _measure(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The measure that counts, and each change of it since the start with its reason; empty without one."""
    known = measure.read(rows)
    if not known:
        return {}
    last = known[-1]
    return {
        "words": last.words,
        "method": last.method,
        "fixed_on": known[0].fixed_on,
        "changes": [
            {"before": before.words, "after": after.words, "day": after.fixed_on, "reason": after.reason}
            for before, after in pairwise(known)
        ],
    }


def outcome_of(text: Any) -> dict[str, Any]:
    """The result against the measure; empty as long as there is none."""
    is_met = measure.is_met(text.measures, text.result_number)
    last = measure.current(text.measures)
    if is_met is None or last is None:
        return {}
    return {"is_met": is_met, "value": last.value(text.result_number), "target": last.target, "figure": last.figure}


def whole_of(text: Any, address: Address, tag_names: Sequence[str] | None = None) -> dict[str, Any]:
    """Everything that a version consists of, for those who judge it: no field may be missing here."""
    words = {
        "related": related.in_words(text.related, related.titles(text.related)),
        "tag_ids": tags.names_of(text.tag_ids)[0] if tag_names is None else tag_names,
    }
    details = [{"label": str(LABELS[name]), "text": ", ".join(said)} for name, said in words.items() if said]
    written = {name: getattr(text, name) for name in short_texts.NAMES}
    details += [{"label": str(LABELS[name]), "text": said} for name, said in written.items() if said]
    return page_of(text, address) | {"details": details}


def in_words(texts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The values of each text with keys and codes as words, for comparing."""
    numbers = related.titles({pk for values in texts for pk in values["related"]})
    names = tags.names_of(*(values["tag_ids"] for values in texts))
    return [_in_words(values, numbers) | {"tag_ids": words} for values, words in zip(texts, names, strict=True)]


def _in_words(values: Mapping[str, Any], numbers: Mapping[int, str]) -> dict[str, Any]:
    return dict(values) | {
        "measures": [line for one in measure.read(values["measures"]) for line in lines_of(one)],
        "result_number": german_number(values["result_number"]) if values["result_number"] else "",
        "decision": str(dict(Decision.choices).get(values["decision"], "")),
        "related": related.in_words(values["related"], numbers),
        "attachments": [{"name": row["name"], "description": row["description"]} for row in values["attachments"]],
    }


def lines_of(one: SuccessMeasure) -> list[str]:
    """A measure of success in lines."""
    how = _("gemessen: %(method)s") % {"method": one.method} if one.method else ""
    why = _("geändert, weil: %(reason)s") % {"reason": one.reason} if one.reason else ""
    return list(filter(None, (one.words, how, why)))
