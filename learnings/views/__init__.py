"""Pages of learnings: reading them, and writing them."""

from learnings.views.reading import download_presentation, file, published, record
from learnings.views.writing import (
    conflict,
    draft_file,
    drop,
    edit,
    edit_all,
    preview,
    quick,
    remove_file,
)

__all__ = [
    "conflict",
    "download_presentation",
    "draft_file",
    "drop",
    "edit",
    "edit_all",
    "file",
    "preview",
    "published",
    "quick",
    "record",
    "remove_file",
]
