"""What a proof of concept tells the workflow: its fields, what submission requires, its catalogue row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import clock
from governance.kinds import Address, Kind, Projection
from governance.models import CatalogueEntry
from governance.rows import undescribed
from governance.text.markdown import to_plain
from transfer.models.proofs import KIND, Announcement, ProofOfConcept, PublishedProof
from transfer.proofs import measure
from transfer.proofs.fields import FIELDS, PLAN, SCHEMAS
from transfer.proofs.page import in_words, page_of, whole_of


def missing(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What submission still requires: the result is what is submitted, with the decision. Starting needs no review."""
    needed = {
        "title": _("Bitte geben Sie dem Proof of Concept einen Titel."),
        "question": _("Bitte nennen Sie die Frage, die er beantworten soll."),
        "measures": _("Bitte starten Sie die Erprobung mit einem Erfolgsmaß."),
        "result_number": _("Bitte schließen Sie die Erprobung mit dem gemessenen Wert ab."),
        "learnt": _("Bitte sagen Sie, was Sie gelernt haben."),
        "decision": _("Bitte halten Sie fest, was daraus wird."),
        "decision_reason": _("Bitte begründen Sie die Entscheidung."),
        "tag_ids": _("Bitte wählen Sie mindestens ein Schlagwort."),
    }
    found = [(name, message) for name, message in needed.items() if not values[name]]
    return found + undescribed(values["attachments"])


def project(text: ProofOfConcept, address: Address) -> Projection:
    """The catalogue row of a published proof of concept."""
    plain = {name: to_plain(getattr(text, name)) for name in ("result", "learnt", "decision_reason", *PLAN)}
    return Projection(
        summary=text.question,
        page=page_of(text, address),
        weighted={
            "B": text.question,
            "C": plain["learnt"],
            "D": "\n".join(
                [
                    *(said for name, said in plain.items() if name != "learnt"),
                    *(f"{one.figure} {one.method}" for one in measure.read(text.measures)),
                    *(f"{link['title']} {link['repository']}" for link in text.links),
                ]
            ),
        },
        related=text.related,
        rows={"decision": text.decision, "is_met": bool(measure.is_met(text.measures, text.result_number))},
    )


def write(rows: Sequence[tuple[CatalogueEntry, Mapping[str, Any]]]) -> None:
    """Write what the board shows anew, in the publishing transaction. What is published needs no announcement."""
    keys = [entry.pk for entry, _row in rows]
    Announcement.objects.filter(record__in=keys, until_at=None).update(until_at=clock.now())
    PublishedProof.objects.filter(pk__in=keys).delete()
    PublishedProof.objects.bulk_create(PublishedProof(entry=entry, **row) for entry, row in rows)


PROOF_OF_CONCEPT = Kind(
    key=KIND,
    letter="E",
    label=gettext_lazy("Proof of Concept"),
    label_plural=gettext_lazy("Proofs of Concept"),
    url_namespace="proofs",
    content=lambda: ProofOfConcept,
    fields=FIELDS,
    schemas=SCHEMAS,
    missing=missing,
    doubts=lambda values: [],
    in_words=in_words,
    text_template="transfer/proofs/_whole.html",
    page_of=whole_of,
    leads_with=("learnt", "question", "result", "decision_reason"),
    project=project,
    row_lengths={name: schema.LENGTHS for name, schema in ProofOfConcept.ROWS.items()},
    write_rows=write,
)
