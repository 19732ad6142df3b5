"""Pages of learnings for reading; those of writing are governance.writing's."""

from learnings.views.measures import measure
from learnings.views.reading import published, record
from learnings.views.taking import download_presentation
from learnings.views.templates import template_empty, template_list, template_use

__all__ = [
    "download_presentation",
    "measure",
    "published",
    "record",
    "template_empty",
    "template_list",
    "template_use",
]
