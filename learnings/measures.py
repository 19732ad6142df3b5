"""A measure is documented once: its learning and, if wanted, its process model get the same first words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from governance import tags, versions
from governance.models import Team, Version
from governance.rules import Standing
from learnings.models import KIND
from processmodels.models import KIND as PROCESS_MODEL


@transaction.atomic
def document(
    *, owner: Team, standing: Standing, values: Mapping[str, Any], tag_names: list[str], with_process: bool
) -> Version:
    """Make the drafts in one step and return the learning's version, whose text names the process model.

    `values` are fields that both kinds have. From then on each text is its own. Raises as `versions.create` does.
    """
    shared = {**values, "tag_ids": tags.resolve_names(tag_names, standing)}
    related: list[int] = []
    if with_process:
        process = versions.create(kind=PROCESS_MODEL, owner=owner, standing=standing, values=shared)
        related.append(process.record_id)
    return versions.create(kind=KIND, owner=owner, standing=standing, values={**shared, "related": related})
