"""All tables of the app, so that Django finds them."""

from transfer.models.formats import ExchangeFormat
from transfer.models.newsletter import NewsletterIssue, NewsletterPiece
from transfer.models.occurrences import AgendaItem, FollowUp, Occurrence, ReflectionNote

__all__ = [
    "AgendaItem",
    "ExchangeFormat",
    "FollowUp",
    "NewsletterIssue",
    "NewsletterPiece",
    "Occurrence",
    "ReflectionNote",
]
