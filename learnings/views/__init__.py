"""Pages of learnings: reading them, and writing them."""

from learnings.views.reading import download_presentation, published, record
from learnings.views.saving import conflict
from learnings.views.writing import draft_file, drop, edit, edit_all, preview, quick

__all__ = [
    "conflict",
    "download_presentation",
    "draft_file",
    "drop",
    "edit",
    "edit_all",
    "preview",
    "published",
    "quick",
    "record",
]
