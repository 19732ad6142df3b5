"""Differences: words marked, everything escaped, bounded whatever the length."""

from __future__ import annotations

import random

from governance import comparison
from governance.comparison import FieldSpec, amount, compare_fields
from governance.hashing import content_hash

TEXT = [FieldSpec("text", "Text")]


def html(old: str, new: str) -> str:
    return compare_fields(TEXT, {"text": old}, {"text": new})[0].html


def test_changed_words_are_marked_and_spoken() -> None:
    marked = html("Drei Felder genügen.", "Zwei Felder genügen.")
    assert '<del><span class="visually-hidden">gestrichen: </span>Drei</del>' in marked
    assert '<ins><span class="visually-hidden">eingefügt: </span>Zwei</ins>' in marked
    assert marked.endswith("Felder genügen.</p>")


def test_hostile_text_stays_text() -> None:
    marked = html("<script>a</script>", "<img src=x onerror=b>")
    assert "<script" not in marked
    assert "<img" not in marked


def test_the_amount_counts_fields_and_words() -> None:
    fields = [*TEXT, FieldSpec("tags", "Tags", "list"), FieldSpec("share", "Teilen", "bool")]
    old = {"text": "eins zwei", "tags": ["a"], "share": False}
    new = {"text": "eins drei vier", "tags": ["a"], "share": True}
    found = amount(fields, old, new)
    assert (found.fields_changed, found.words_added, found.words_removed) == (2, 3, 2)


def test_equal_and_empty_texts_have_no_difference() -> None:
    assert not compare_fields(TEXT, {"text": "a"}, {"text": "a"})[0].changed
    assert compare_fields(TEXT, {}, {})[0].is_empty


def test_rows_are_compared_line_by_line() -> None:
    (diff,) = compare_fields(
        [FieldSpec("figures", "Zahlen", "rows")],
        {"figures": [{"label": "Anteil", "number": "5"}]},
        {"figures": [{"label": "Anteil", "number": "7"}]},
    )
    assert diff.changed
    assert "Anteil · " in diff.html


def test_very_long_paragraphs_are_replaced_as_a_whole() -> None:
    old, new = "a b " * 20_000, "b c " * 20_000
    assert html(old, new).count("<del>") == 1


def test_texts_made_to_be_slow_use_up_one_budget_for_all_fields() -> None:
    budget = comparison._Budget()
    old, new = ["a", "b"] * 1_000 + ["x"], ["b", "c"] * 1_000 + ["y"]
    for _field in range(20):
        assert budget.opcodes(old, new)[0][0] in ("replace", "delete")
    assert budget.left < 0
    assert budget.opcodes(old, new) == [("replace", 0, len(old), 0, len(new))]


def test_a_real_text_rewritten_is_compared_word_by_word() -> None:
    rng = random.Random(20261125)
    words = [f"wort{n}" for n in range(800)] + ["der", "die", "und"] * 80
    old = "\n\n".join(" ".join(rng.choices(words, k=60)) for _ in range(100))
    new = " ".join(word if rng.random() > 0.1 else "neu" for word in old.split(" "))
    assert html(old, new).count("<ins>") > 200


def test_the_hash_does_not_depend_on_line_ends_or_normal_form() -> None:
    assert content_hash({"t": "a\r\nü"}, ["t"]) == content_hash({"t": "a\nu\u0308"}, ["t"])
