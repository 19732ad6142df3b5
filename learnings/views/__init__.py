"""Pages of learnings for reading; those of writing are governance.writing's."""

from learnings.views.briefs import choose_briefs, download_briefs
from learnings.views.measures import measure
from learnings.views.reading import published, record
from learnings.views.taking import audience_view, download_brief, download_handout, download_presentation
from learnings.views.templates import template_empty, template_list, template_use
from learnings.views.word import from_word, word_taken

__all__ = [
    "audience_view",
    "choose_briefs",
    "download_brief",
    "download_briefs",
    "download_handout",
    "download_presentation",
    "from_word",
    "measure",
    "published",
    "record",
    "template_empty",
    "template_list",
    "template_use",
    "word_taken",
]
