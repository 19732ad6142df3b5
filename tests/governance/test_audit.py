"""Every verb that is recorded anywhere has its sentence."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from governance.audit import VERBS, record_event, sentence

ROOT = Path(__file__).resolve().parents[2]


def recorded_verbs() -> set[str]:
    found = set()
    for app in ("governance", "learnings", "portal"):
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record_event":
                    first = node.args[0]
                    if isinstance(first, ast.Constant):
                        found.add(str(first.value))
    return found


def test_every_recorded_verb_has_a_sentence() -> None:
    verbs = recorded_verbs()
    assert {"create", "erase_person", "redact"} <= verbs
    assert verbs <= set(VERBS)


@pytest.mark.django_db
def test_an_event_tells_what_happened() -> None:
    assert sentence(record_event("archive", actor=None)) == "hat den Eintrag archiviert"
    assert sentence(record_event("old_verb", actor=None)) == "old_verb"
