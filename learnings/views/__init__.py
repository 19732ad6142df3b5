"""Pages of learnings for reading; those of writing are governance.writing's."""

from learnings.views.measures import measure
from learnings.views.reading import download_presentation, published, record

__all__ = ["download_presentation", "measure", "published", "record"]
