"""What of a process model stands on its poster."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from governance.rows import german_number
from governance.text.markdown import to_sentences
from processmodels import states
from processmodels.bpmn.model import Model
from processmodels.figures import Basis, Change, KeyFigure, Side, Value, change_of, doubts, shown_value
from processmodels.models import LifeCycle
from processmodels.poster.data import Contact, PosterData, PosterFigure

# More of a text has no room; the poster cuts at a word.
_LONGEST = 3_000
_MOST_FIGURES = 2


def state_of(text: Any) -> str:
    """The state that a poster of `text` shows: after, else before the measure; empty where neither has a diagram."""
    return next((state for state in reversed(states.STATES) if getattr(text, state)), "")


def data_of(text: Any, *, number: str, address: str, contact: Contact, printed_at: datetime) -> PosterData | None:
    """The poster of `text`, not yet said whether published or a draft; None where it has no diagram."""
    state = state_of(text)
    if not state:
        return None
    key = getattr(text, state)
    model = states.models_by_key([dict.fromkeys(states.STATES, key)])[key]
    return PosterData(
        title=text.title,
        purpose=text.purpose,
        number=number,
        address=address,
        contact=contact,
        printed_at=printed_at,
        model=model if isinstance(model, Model) else None,
        caption=_caption(state, text.life_cycle),
        changes=to_sentences(text.what_was_done)[:_LONGEST],
        figures=_figures([KeyFigure.read(row) for row in text.key_figures]),
    )


def _caption(state: str, life_cycle: str) -> str:
    """Which state the diagram shows and how far the measure is: an idea must not read like a rule."""
    label = str(states.LABELS[state])
    return f"{label} · {LifeCycle(life_cycle).label}" if life_cycle else label


def _figures(figures: Sequence[KeyFigure]) -> list[PosterFigure]:
    """Two that have a change, those first whose comparison holds."""
    compared = [figure for figure in figures if change_of(figure) is not None]
    return [_figure(figure) for figure in sorted(compared, key=lambda one: bool(doubts(one)))[:_MOST_FIGURES]]


def _figure(figure: KeyFigure) -> PosterFigure:
    change = change_of(figure)
    assert change is not None
    words = [f"{_difference(figure.after.unit, change)}, {change.in_words}" if change.difference else change.in_words]
    words += [told for told in (_basis(_("vorher"), figure.before), _basis(_("nachher"), figure.after)) if told]
    words += [_("nur bedingt vergleichbar")] if doubts(figure) else []
    return PosterFigure(
        figure.name, shown_value(figure, Side.BEFORE), shown_value(figure, Side.AFTER), "; ".join(words)
    )


def _difference(unit: str, change: Change) -> str:
    """Such as "30 Tage weniger (−71 %)"; of percentages the difference is in points."""
    amount = german_number(f"{abs(change.difference).normalize():f}")
    words = _("%s weniger") if change.difference < 0 else _("%s mehr")
    if unit.strip() == "%":
        return words % (_("%s Prozentpunkte") % amount)
    # Units are given in the plural.
    words %= amount if amount == "1" else f"{amount} {unit.strip()}"
    share = f" ({change.percent_shown})" if change.percent_shown else ""
    return words + share


def _basis(side: str, value: Value) -> str:
    """What is planned or estimated says so; measured goes without saying."""
    return f"{side} {Basis(value.basis).label}" if value.basis and value.basis != Basis.MEASURED else ""
