"""Figures of a learning made ready to be seen: what can be compared becomes a plot. Pure.

Teams write pairs as "Bearbeitungszeit, vorher" and "Bearbeitungszeit, nachher"; figures are also compared where they
have one unit and begin with the same words. What cannot be compared stays a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from governance.text.blocks import clean
from learnings.schemas import Figure

_SIDE = re.compile(
    r"[\s,;:–(-]+(?P<side>vorher|nachher|davor|danach|früher|heute|ohne|mit|alt|neu)\)?\s*$", re.IGNORECASE
)
MOST_BARS = 6


@dataclass(frozen=True)
class Evidence:
    """One figure in words."""

    label: str
    value: str
    period: str
    source: str

    def origin(self) -> str:
        return ", ".join(part for part in (self.period, self.source) if part)


@dataclass(frozen=True)
class Bar:
    """`number` is what is drawn, `value` what is written; the newest bar of a plot is drawn in the strong colour."""

    label: str
    number: float
    value: str
    is_strong: bool = False


@dataclass(frozen=True)
class Plot:
    """Figures of one unit that belong together."""

    title: str
    unit: str
    bars: Sequence[Bar]
    origin: str

    def description(self) -> str:
        """What the plot shows, for those who do not see it."""
        bars = "; ".join(f"{bar.label}: {bar.value}" for bar in self.bars)
        return _("Balkendiagramm „%(title)s“. %(bars)s") % {"title": self.title, "bars": bars}

    @property
    def number_format(self) -> str:
        """As Office writes it: as many places as the most exact bar has."""
        places = max(len(str(bar.number).partition(".")[2].rstrip("0")) for bar in self.bars)
        return "#,##0" + (f".{'0' * min(places, 3)}" if places else "")


def evidence_of(figures: Sequence[Figure]) -> list[Evidence]:
    return [Evidence(*map(clean, (one.label, one.shown, one.period, one.source))) for one in figures]


def plots_of(figures: Sequence[Figure]) -> tuple[list[Plot], list[Figure]]:
    """The plots, in the order of their first figures, and the figures that stand in none."""
    groups: dict[tuple[str, str], list[Figure]] = {}
    for one in figures:
        # A draft may have rows without a number yet.
        if one.number:
            groups.setdefault((_subject(one), one.unit), []).append(one)
    plots = [_plot(subject, group) for (subject, _unit), group in groups.items() if len(group) > 1]
    alone = [one for group in groups.values() if len(group) == 1 for one in group]
    return plots, alone


def _subject(figure: Figure) -> str:
    """What was counted, without when: "Mittlere Wartezeit, gebuchte Termine" is about "Mittlere Wartezeit"."""
    label = clean(figure.label).strip()
    if side := _SIDE.search(label):
        return label[: side.start()]
    return label.partition(",")[0].strip()


def _plot(subject: str, group: Sequence[Figure]) -> Plot:
    shown = group[:MOST_BARS]
    bars = [Bar(_bar_label(subject, one), float(one.number), clean(one.shown), one is shown[-1]) for one in shown]
    origins: Mapping[str, None] = dict.fromkeys(clean(one.source) for one in shown if one.source)
    return Plot(subject, clean(group[0].unit), bars, "; ".join(origins))


def _bar_label(subject: str, figure: Figure) -> str:
    side = clean(figure.label).strip()[len(subject) :].strip(" ,;:–()-")
    parts = [part for part in (side, clean(figure.period)) if part]
    return ", ".join(parts) or subject
