"""What people type: one form, nothing hidden, clear messages."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from governance.text.clean import LineField, MarkdownField, clean_line, clean_text, slugify_de


def test_line_ends_and_normal_form_become_one() -> None:
    assert clean_text(" a\r\nu\u0308 ", 100) == "a\nü"
    assert clean_line("a\n  b\tc", 100) == "a b c"


@pytest.mark.parametrize("bad", ["a\x00b", "a\x07", "\u202eabc", "\u2066x", "\u061cabc", "\ue000", "\ud800"])
def test_hidden_characters_are_refused(bad: str) -> None:
    with pytest.raises(ValidationError):
        clean_text(bad, 100)
    for field in (LineField(), MarkdownField()):
        with pytest.raises(ValidationError):
            field.clean(bad)


@pytest.mark.parametrize("blank", ["\u200b", " \u00a0\ufeff", "\u2060\u00ad\n"])
def test_a_text_with_nothing_to_see_is_empty(blank: str) -> None:
    assert clean_text(blank, 100) == clean_line(blank, 100) == ""
    with pytest.raises(ValidationError):
        LineField().clean(blank)


def test_line_separators_are_line_ends() -> None:
    assert clean_text("a\u2028b\u2029c", 100) == "a\nb\nc"
    assert clean_line("a\u2028b", 100) == "a b"


def test_over_long_text_is_told_with_its_numbers() -> None:
    with pytest.raises(ValidationError, match="12 Zeichen, höchstens 10"):
        clean_text("x" * 12, 10)


@pytest.mark.parametrize(
    ("text", "slug"),
    [("Größe & Maß", "groesse-mass"), ("Ämter öffnen", "aemter-oeffnen"), ("🐕", "eintrag"), ("", "eintrag")],
)
def test_addresses_are_readable(text: str, slug: str) -> None:
    assert slugify_de(text) == slug


def test_addresses_are_bounded() -> None:
    assert len(slugify_de("wort " * 100)) <= 80
