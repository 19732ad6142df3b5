"""What an empty drawing begins with: one lane, a start, a first step and an end, in German."""

from __future__ import annotations

from django.utils.translation import gettext as _

from processmodels.bpmn.writing import write
from processmodels.steps import Step, to_model


def starter(title: str) -> bytes:
    """A BPMN file to draw on."""
    return write(to_model([Step(_("Rolle"), _("Erster Schritt"))], title))
