"""What must not stand in the source: texts called safe, inline scripts and styles, settings nobody explains."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APPS = ("governance", "learnings", "portal", "processmodels", "transfer")
# The one that renders Markdown, and the one that marks differences.
MAY_CALL_SAFE = {"governance/text/markdown.py", "governance/comparison.py"}
CALLS_SAFE = re.compile(r"mark_safe|SafeString\(|SafeText|__html__|autoescape\s*=\s*False")
NOT_ESCAPED = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off")
EVENT_HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE)
INLINE = re.compile(r"<style\b|\sstyle\s*=\s*[\"']|javascript:|srcdoc\s*=", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.IGNORECASE | re.DOTALL)
COMMENT = re.compile(r"{%\s*comment\s*%}.*?{%\s*endcomment\s*%}|{#.*?#}", re.DOTALL)


def python_files() -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def templates() -> Iterator[Path]:
    yield from (path for path in (ROOT / "templates").rglob("*") if path.is_file())
    for app in APPS:
        yield from (ROOT / app).rglob("templates/**/*.*")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_only_two_modules_call_a_text_safe() -> None:
    found = {named(path) for path in python_files() if CALLS_SAFE.search(path.read_text())}
    assert found == MAY_CALL_SAFE


@pytest.mark.parametrize("path", list(templates()), ids=named)
def test_a_template_escapes_everything_and_has_nothing_inline(path: Path) -> None:
    text = COMMENT.sub("", path.read_text())
    assert not NOT_ESCAPED.search(text)
    assert not EVENT_HANDLER.search(text)
    assert not INLINE.search(text)
    for attributes, body in SCRIPT.findall(text):
        assert "src=" in attributes or 'type="application/json"' in attributes
        assert not body.strip() or "application/json" in attributes


@pytest.mark.parametrize(
    "bad",
    [
        "{{ x|safe }}",
        "{{ x | safe }}",
        "{% autoescape off %}",
        '<a onclick="x()">',
        '<p style="color:red">',
        '<a href="javascript:x()">',
        "<style>",
    ],
)
def test_the_patterns_find_what_they_look_for(bad: str) -> None:
    assert any(pattern.search(bad) for pattern in (NOT_ESCAPED, EVENT_HANDLER, INLINE))


def test_templates_take_nothing_from_elsewhere() -> None:
    foreign = re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE)
    assert [named(path) for path in templates() if foreign.search(path.read_text())] == []


# -- what the documents promise --------------------------------------------------------------------


def test_every_variable_of_the_environment_is_explained() -> None:
    read = set(re.findall(r'env\.?\w*\(\s*"([A-Z_]+)"', (ROOT / "portal" / "settings.py").read_text()))
    explained = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "betrieb.md").read_text()))
    assert read - {"DEBUG", "DEMO"} <= explained
    signing_in = (ROOT / "portal" / "signing_in" / "config.py").read_text()
    read = set(re.findall(r'env\.\w+\("([A-Z_]+)"|_texts\(env, "([A-Z_]+)"', signing_in))
    named = {name for pair in read for name in pair if name}
    assert len(named) > 30
    assert named <= explained | set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "anmeldung.md").read_text()))


OF_SEARCHES = (("SEARCHES_KEPT_DAYS", 90), ("MISSING_NOTES_KEPT_DAYS", 365), ("ASKERS_KEPT_DAYS", 365))


def test_every_time_of_the_privacy_page_is_a_setting_with_that_default() -> None:
    page = (ROOT / "docs" / "datenschutz.md").read_text()
    settings = (ROOT / "portal" / "settings.py").read_text()
    for name, days in (("MAILS_KEPT_DAYS", 90), ("SIGN_IN_ATTEMPTS_KEPT_DAYS", 7), *OF_SEARCHES):
        assert f'env.int("{name}", default={days})' in settings
        assert re.search(rf"\b{days} Tage nach [^|]*`{name}`", page)


PERSONAL = {
    "last_login": "letzten Anmeldung",
    "date_joined": "Anlage des Kontos",
    "redactions": "Vorschläge zur Schwärzung",
    "attempts": "Fehlgeschlagene Anmeldungen",
    "absence": "Abwesenheit",
    "mails": "Ausgehende Mitteilungen",
    "subscriptions": "Abonnements",
    "saved searches": "Gespeicherte Suchen",
    "digests": "Zusammenfassungen",
    "feed addresses": "Persönliche Feed-Adresse",
    "counted searches": "Zählung der Suchen",
    "questions": "Fragen aus der Suche",
    "questions to teams": "Rückfragen und Hinweise an Teams",
    "marks of who was helped": "Hat mir geholfen",
    "backups": "Sicherungen der Datenbank",
    "logs": "Zugriffsprotokoll",
}


@pytest.mark.parametrize("words", PERSONAL.values(), ids=PERSONAL)
def test_the_privacy_page_names_each_kind_of_personal_data(words: str) -> None:
    assert words in (ROOT / "docs" / "datenschutz.md").read_text()
