"""All tables of the portal's own, so that Django finds them."""

from portal.attachment_text.models import AttachmentText, PublishedFile
from portal.index.models import SearchBlock, SearchEntry, SearchIndex, SearchTerm, SearchWords

__all__ = [
    "AttachmentText",
    "PublishedFile",
    "SearchBlock",
    "SearchEntry",
    "SearchIndex",
    "SearchTerm",
    "SearchWords",
]
