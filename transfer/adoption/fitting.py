"""The fit check: at most ten questions, what the answers say in words, and a first draft of a plan. Never a gate."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance import clock, versions
from governance.models import CatalogueEntry
from governance.text.markdown import to_plain
from transfer.adoption import figures
from transfer.models import Adoption, Answer
from transfer.transferability import assessing, factors

MOST, OF_PREREQUISITES, LONGEST = 10, 4, 240
_MARK = re.compile(r"^\s*(?:[-*+•]|\d+[.)])\s+")
HEAVY = 3


@dataclass(frozen=True)
class Question:
    """One question; `says` is what the source answered itself, as far as it did."""

    key: str
    name: str
    question: str
    weight: int
    says: str = ""


def questions(entry: CatalogueEntry) -> list[Question]:
    """What the source requires first, then the factors that weigh most, in their order; never more than ten."""
    required = [_required(line) for line in _prerequisites(entry)]
    living = factors.living()
    chosen = sorted(living, key=lambda factor: (-factor.weight, factor.position))[: MOST - len(required)]
    newest = assessing.newest_of(entry.pk)
    says = {one.factor.key: one.evidence for one in assessing.answers_of(newest)} if newest else {}
    asked = [
        Question(f.key, f.name, f.fit_question, f.weight, says.get(f.key, ""))
        for f in sorted(chosen, key=lambda factor: factor.position)
    ]
    return required + asked


def _required(line: str) -> Question:
    key = f"p-{hashlib.sha256(line.encode()).hexdigest()[:12]}"
    return Question(key, line, _("Voraussetzung dort: „%s“ Ist das bei Ihnen gegeben?") % line, HEAVY)


def _prerequisites(entry: CatalogueEntry) -> list[str]:
    """The points of a list, or the paragraphs, of what the published text requires."""
    entry.version.record = entry.record
    text = str(getattr(versions.text_of(entry.version), "prerequisites", "") or "")
    lines = text.splitlines()
    points = [_MARK.sub("", line) for line in lines if _MARK.match(line)]
    parts = points or [part for part in re.split(r"\n\s*\n", text) if part.strip()]
    plain = [" ".join(to_plain(part).split()) for part in parts]
    return [_short(line) for line in dict.fromkeys(filter(None, plain))][:OF_PREREQUISITES]


def _short(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rpartition(' ')[0]} …"


def stamp(asked: Sequence[Question]) -> str:
    """Changes when what is asked does."""
    words = "\n".join(f"{one.key}:{one.question}" for one in asked)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def kept(asked: Sequence[Question], answers: Mapping[str, str]) -> dict[str, Any]:
    """As it stands in the adoption: the words that were asked, each with its answer."""
    rows = [
        {
            "key": one.key,
            "name": one.name,
            "question": one.question,
            "weight": one.weight,
            "says": one.says,
            "answer": answers[one.key],
        }
        for one in asked
    ]
    return {"on": f"{clock.today():%Y-%m-%d}", "questions": rows}


# -- what it says ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Summary:
    """In words: the whole in a sentence, the counts, and what is to be seen to, the weightiest first."""

    verdict: str
    counted: str
    open: Sequence[Mapping[str, Any]]
    rows: Sequence[Mapping[str, Any]]


_LACKS: Mapping[str, float] = {Answer.NO: 1.0, Answer.UNKNOWN: 0.75, Answer.PARTLY: 0.5}


def summary(adoption: Adoption) -> Summary | None:
    """None where there was no check."""
    if not adoption.fit:
        return None
    rows = [{**row, "label": str(dict(Answer.choices)[row["answer"]])} for row in adoption.fit["questions"]]
    lacking = [row for row in rows if row["answer"] != Answer.YES]
    lacking.sort(key=lambda row: -row["weight"] * _LACKS[row["answer"]])
    return Summary(_verdict(rows), _counted(rows), lacking, rows)


def _verdict(rows: Sequence[Mapping[str, Any]]) -> str:
    yes = sum(row["answer"] == Answer.YES for row in rows)
    unknown = sum(row["answer"] == Answer.UNKNOWN for row in rows)
    against = [row for row in rows if row["answer"] == Answer.NO and row["weight"] >= HEAVY]
    if against:
        return _("Vor dem Start ist etwas Wichtiges zu klären: %s.") % ", ".join(row["name"] for row in against)
    if unknown * 2 > len(rows):
        return _("Das lässt sich noch nicht sagen: Das meiste ist unbekannt.")
    if yes * 10 >= len(rows) * 7:
        return _("Das passt gut zu Ihnen.")
    return _("Das passt mit Anpassungen.")


def _counted(rows: Sequence[Mapping[str, Any]]) -> str:
    counted = Counter(row["answer"] for row in rows)
    words = [f"{counted[value]} {label}" for value, label in Answer.choices if counted[value]]
    asked = ngettext("%d Frage", "%d Fragen", len(rows)) % len(rows)
    return f"{asked}: {', '.join(words)}"


def plan(adoption: Adoption, entry: CatalogueEntry | None) -> str:
    """A first draft, as a list in Markdown; empty where there was no check."""
    found = summary(adoption)
    if found is None:
        return ""
    steps = [_("Mit dem Team sprechen, das es eingeführt hat: Was war der größte Aufwand, was würde es anders machen?")]
    steps += [_step(row) for row in found.open]
    measured = [figure.name for figure in figures.source_figures(entry)] if entry else []
    if measured:
        steps.append(_("Vorher messen: %s.") % ", ".join(measured))
    steps += [
        _("Im Kleinen beginnen, mit einem Team oder einer Fallart."),
        _("Nach vier Wochen ansehen, was hakt, und hier eintragen, was Sie angepasst haben."),
    ]
    if measured:
        steps.append(_("Nachher messen und die Zahlen hier eintragen."))
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))


def _step(row: Mapping[str, Any]) -> str:
    verbs = {
        Answer.NO: _("Schaffen: %s."),
        Answer.PARTLY: _("Ergänzen: %s."),
        Answer.UNKNOWN: _("Herausfinden: %s."),
    }
    step = verbs[row["answer"]] % row["name"].rstrip(". ")
    says = " ".join(str(row.get("says", "")).split())
    return f"{step} {_('Dort: %s') % says}" if says else step
