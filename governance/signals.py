"""What the catalogue tells other apps. Sent inside the publishing transaction: receivers keep derived data."""

from __future__ import annotations

from django.dispatch import Signal

# `entries`: catalogue rows as they were just written.
entries_written = Signal()
# `records`: keys of records whose catalogue rows are about to be removed.
entries_removed = Signal()
