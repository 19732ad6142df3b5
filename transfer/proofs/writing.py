"""How proofs of concept are written: forms, steps, and what only they have."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from governance.writing.rows import LinkForm, formset_of
from governance.writing.writing import SHORT_TEXTS, Writing
from transfer.proofs import measure
from transfer.proofs.forms.measure import MeasurePart
from transfer.proofs.forms.text import STEPS, ProofForm, QuickForm
from transfer.proofs.kind import PROOF_OF_CONCEPT
from transfer.proofs.page import lines_of


def _measure_side(text: Any, address: Any) -> Any:
    """The measure of success in a conflict: one side of it."""
    known = measure.current(text.measures)
    return lines_of(known) if known else []


PROOF_WRITING = Writing(
    kind=PROOF_OF_CONCEPT,
    quick_form=QuickForm,
    quick_lead=gettext_lazy(
        "Ein kleiner, befristeter Versuch. Titel und Frage genügen für den Anfang; zum Start kommen Erfolgsmaß und "
        "Ende dazu. Eine Freigabe braucht er nicht: Vorgelegt wird erst das Ergebnis."
    ),
    quick_heading=gettext_lazy("Neuer Proof of Concept"),
    # A trial begins with its start, not with its text.
    begins_at="trial",
    quick_template="transfer/proofs/_quick.html",
    text_form=ProofForm,
    steps=STEPS,
    rows={"links": formset_of(LinkForm)},
    edit_template="transfer/proofs/edit.html",
    own_parts={"measures": MeasurePart},
    own_sides={"measures": _measure_side},
    own_side_template="transfer/proofs/_measure_side.html",
    part_templates={**SHORT_TEXTS, "measures": "transfer/proofs/_measure_part.html"},
    # Result and decision are steps of the trial; their comments stand where the way there is shown.
    shown_at=dict.fromkeys(("result_number", "decision", "decision_reason"), "measures"),
)
