"""What keeps a text from submission, and what those who write it should look at once more. Pure.

`values` are the versioned fields, with `tag_ids` or, while somebody works on them, `tags`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from governance.rows import undescribed
from learnings import pictures
from learnings.fields import LABELS
from learnings.models import Audience
from learnings.schemas import Message


def missing(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What submission still requires: title, answer, everyday benefit, one tag, a description of each picture."""
    needed = {
        "title": _("Bitte geben Sie dem Learning einen Titel."),
        "answer": _("Bitte beantworten Sie die Leitfrage in ein bis zwei Sätzen."),
        "everyday_benefit": _("Bitte sagen Sie, was sich im Arbeitsalltag dadurch ändert."),
        "tag_ids": _("Bitte wählen Sie mindestens ein Schlagwort."),
    }
    found = [(name, message) for name, message in needed.items() if not values[name]]
    return found + undescribed(values["attachments"])


def outdated(values: Mapping[str, Any]) -> list[str]:
    """The chosen audiences whose message is older than the answer; shown to the team alone."""
    return [
        message.audience
        for message in map(Message.read, values["messages"])
        if message.audience in values["audiences"] and message.is_older_than(values["answer"])
    ]


def doubts(values: Mapping[str, Any]) -> list[str]:
    """What may be wrong with a text although it can be submitted."""
    labels = dict(Audience.choices)
    older = [
        _("Die Antwort ist neuer als die Kernaussage für: %(audience)s. Passt sie noch?")
        % {"audience": labels[audience]}
        for audience in outdated(values)
    ]
    nowhere = [
        _(
            "In „%(field)s“ steht ein Bild, das es nicht gibt: „anlage:%(place)d“. "
            "Bitte löschen Sie die Stelle oder fügen Sie das Bild unter „Anlagen“ hinzu."
        )
        % {"field": LABELS[name], "place": place}
        for name, place in pictures.leading_nowhere(values)
    ]
    return older + nowhere
