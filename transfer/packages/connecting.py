"""What packages listen to, and what they do by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from governance import periodic, signals
from governance.models import Record
from governance.periodic import Job, Period
from transfer.models import Imported, PackageImport
from transfer.packages import data, exports, imports

# The page of a published record says where it came from, without another query of the page.
_ORIGIN = """
UPDATE governance_catalogueentry AS entry SET page = jsonb_set(entry.page, '{origin}', %s::jsonb)
WHERE entry.record_id = %s
"""


def on_entries_written(keys: Sequence[int], **_more: Any) -> None:
    """Published records that came in a package name their origin and its terms."""
    for imported in Imported.objects.filter(record__in=keys):
        with connection.cursor() as cursor:
            cursor.execute(_ORIGIN, [_origin(imported), imported.pk])


def _origin(imported: Imported) -> str:
    told = {
        "municipality": imported.municipality,
        "short_number": imported.short_number,
        "title": imported.title,
        "url": imported.identifier,
        "licence": imported.licence_label,
    }
    return data.dump(told).decode()


def on_words_redacted(record: Record, blank: Any, **_more: Any) -> None:
    """Passages that are blanked in a record go from what is kept of its origin, too, and from packages that wait."""
    exports.withdraw_with(record)
    for imported in Imported.objects.select_for_update(of=("self",)).filter(record=record):
        if changes := blank.changes(imported, ["title", "assessment"]):
            Imported.objects.filter(pk=imported.pk).update(**changes)
        manifest = imported.package.manifest
        PackageImport.objects.filter(pk=imported.package_id).update(
            manifest={**manifest, "records": blank.value(manifest["records"])}
        )


def connect() -> None:
    """Called once from `apps.py`."""
    signals.entries_written.connect(on_entries_written)
    signals.words_redacted.connect(on_words_redacted)
    signals.attachment_redacted.connect(exports.on_attachment_redacted)
    periodic.register(Job("resume_packages", Period.HOUR, _resume))
    periodic.register(Job("purge_packages", Period.DAY, _purge))


def _resume() -> None:
    exports.resume()
    imports.resume()


def _purge() -> None:
    exports.purge()
    imports.purge()
