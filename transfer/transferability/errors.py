"""What can change under somebody who writes an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from transfer.errors import Stale
from transfer.models import Assessment, TransferFactor


class ChangedAssessment(Stale):
    """Somebody else of the team has assessed the record meanwhile; `current` is that."""

    def __init__(self, current: Assessment) -> None:
        super().__init__(
            _(
                "Inzwischen hat jemand aus Ihrem Team eine Einschätzung gespeichert. Ihre Antworten stehen noch da. "
                "Speichern Sie noch einmal, wenn sie gelten sollen."
            )
        )
        self.newest = {"opened_on": current.number}
        self.assessment = current


class ChangedFactor(Stale):
    """Somebody else of the committee has changed the factor meanwhile; `factor` is what it is now."""

    def __init__(self, factor: TransferFactor) -> None:
        super().__init__(
            _(
                "Diesen Faktor hat inzwischen jemand anderes geändert. Ihre Eingaben stehen noch da, darüber der "
                "jetzige Stand. Speichern Sie noch einmal, wenn Ihre Fassung gelten soll."
            )
        )
        self.newest = {"opened_on": factor.edition}
        self.factor = factor


class ChangedFactors(Stale):
    """The committee has changed what is asked; `editions` are those that the person read, by key."""

    def __init__(self, asked: Sequence[TransferFactor], editions: Mapping[str, int]) -> None:
        self.changed = [f for f in asked if f.key in editions and editions[f.key] != f.edition]
        self.added = [f for f in asked if f.key not in editions]
        super().__init__(
            _(
                "Die Fragen haben sich inzwischen geändert. Alles, was Sie geschrieben haben, steht noch da. "
                "Bitte sehen Sie es durch und speichern Sie noch einmal."
            )
        )

    def in_words(self) -> list[tuple[str, str]]:
        """What is different now."""
        parts = [
            (_("Neu"), ", ".join(factor.name for factor in self.added)),
            (_("Anders gefragt"), ", ".join(factor.name for factor in self.changed)),
        ]
        return [(name, value) for name, value in parts if value]
