"""What can stop a step of a trial besides what stops any step."""

from __future__ import annotations

from django.utils.translation import gettext as _

from governance.models import Version
from transfer.errors import Stale


class TextChanged(Stale):
    """Somebody saved another text of the record since the form was opened; `version` is theirs."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.newest = {"opened_on": version.pk}
        super().__init__(
            _(
                "Inzwischen hat jemand anderes gespeichert. Ihre Eingaben stehen noch da, darüber der jetzige Stand. "
                "Speichern Sie noch einmal, wenn Ihre Fassung gelten soll."
            )
        )
