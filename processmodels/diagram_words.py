"""Words inside diagrams, for a redaction: found with those of the text, and blanked in a copy that takes its place.

A diagram itself never changes. What no text names any more is deleted, with its picture; a row trigger lets
that through for the very redaction that replaced it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from governance.blanking import Blanking
from governance.errors import WrongState
from governance.models import DraftBuffer
from processmodels import diagrams, states
from processmodels.bpmn import blanking
from processmodels.bpmn.source import BpmnError
from processmodels.models import Diagram, ProcessModel


def texts(keys: Collection[str]) -> Mapping[str, list[str]]:
    """Every text inside the diagrams, by their keys."""
    return {row.pk: blanking.texts(bytes(row.source)) for row in Diagram.objects.filter(pk__in=keys)}


def blank(keys: Collection[str], passages: Blanking) -> dict[str, str]:
    """The keys of blanked copies, by those of the diagrams in which a passage stands."""
    found = {}
    for row in Diagram.objects.filter(pk__in=keys):
        data = blanking.blanked(bytes(row.source), passages)
        if data is not None:
            found[row.pk] = _store(data)
    return found


def _store(data: bytes) -> str:
    try:
        return diagrams.store(data).pk
    except BpmnError as error:
        raise WrongState(
            _("Ein Diagramm lässt sich mit der Schwärzung nicht mehr lesen: %(reason)s") % {"reason": error.message}
        ) from error


def drop(keys: Collection[str]) -> None:
    """Delete the diagrams that no version, no working text and nobody's work in progress names any more."""
    named: set[str] = set()
    for state in states.STATES:
        for rows in (ProcessModel.history.all(), ProcessModel.objects.all()):
            named |= set(rows.filter(**{f"{state}__in": keys}).values_list(state, flat=True))
        buffers = DraftBuffer.objects.filter(**{f"data__{state}__in": list(keys)})
        named |= set(buffers.values_list(f"data__{state}", flat=True))
    Diagram.objects.filter(pk__in=set(keys) - named).delete()
