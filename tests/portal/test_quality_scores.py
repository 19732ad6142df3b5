"""The bench scores as the shared set's own script does, so that figures can be compared."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "search" / "evaluate.py"
KEYS = [f"d{number}" for number in range(30)]


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


scoring = load(ROOT / "bench" / "search" / "scoring.py")


def test_the_best_document_first_counts_everything_and_later_less() -> None:
    first = scoring.score({"a": 3}, ["a", "b"])
    second = scoring.score({"a": 3}, ["b", "a"])
    assert first == dict.fromkeys(scoring.MEASURES, 1.0)
    assert (second["r@1"], second["r@5"], second["mrr@10"]) == (0.0, 1.0, 0.5)
    assert 0.6 < second["ndcg@10"] < 0.7
    assert scoring.score({"a": 3}, [])["ndcg@10"] == 0.0


@pytest.mark.skipif(not SHARED.exists(), reason="the shared set is not there")
@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.dictionaries(st.sampled_from(KEYS), st.integers(1, 3), min_size=1, max_size=12),
    st.lists(st.sampled_from(KEYS), max_size=20),
)
def test_any_ranking_scores_as_with_the_shared_script(relevant: dict[str, int], ranked: list[str]) -> None:
    theirs = load(SHARED).score(relevant, ranked)
    ours = scoring.score(relevant, ranked)
    assert ours == pytest.approx({measure: theirs[measure] for measure in scoring.MEASURES})
