"""The own learning out of an adoption: what is noted there, and the way back to the source."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from governance import clock
from governance.addresses import absolute
from learnings.models import KIND, Learning
from processmodels.figures import KeyFigure
from transfer.afterwards.drafts import TITLE_LENGTH, shortened
from transfer.models import Adoption

__all__ = ["KIND", "values_of"]


def values_of(adoption: Adoption) -> dict[str, Any]:
    """Fields of a learning."""
    named = f"{adoption.record.short_number} {adoption.title}"
    values: dict[str, Any] = {
        "title": shortened(_("Nachgenutzt: %s") % adoption.title, TITLE_LENGTH),
        "occasion": _("%(department)s hat %(record)s nachgenutzt.")
        % {"department": adoption.department.name, "record": named},
        "what_was_done": adoption.adapted or adoption.plan,
        "figures": [row for figure in map(KeyFigure.read, adoption.figures) for row in _figures(figure)],
        "links": [_way_back(adoption, named)],
    }
    if adoption.reason:
        values["difficulties"] = adoption.reason
    if not adoption.is_archived:
        values["related"] = [adoption.record_id]
    return values


def _figures(figure: KeyFigure) -> list[dict[str, str]]:
    """One row for each side; of so few people that single ones could be told, none."""
    if figure.of_few_people:
        return []
    sides = ((_("vorher"), figure.before), (_("nachher"), figure.after))
    return [
        {"label": f"{figure.name}, {word}", "number": side.number, "unit": side.unit, "period": "", "source": ""}
        for word, side in sides
        if side.is_given
    ]


def _way_back(adoption: Adoption, named: str) -> dict[str, str]:
    title = _("Nachnutzung von %s") % named
    return {
        "title": title[: Learning.title.field.max_length],
        "url": absolute(adoption.get_absolute_url()),
        "repository": "",
        "retrieved_on": f"{clock.today():%Y-%m-%d}",
    }
