"""All tables of the portal's own, so that Django finds them."""

from portal.attachment_text.models import AttachmentText, PublishedFile

__all__ = ["AttachmentText", "PublishedFile"]
