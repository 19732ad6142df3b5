"""All tables of the app, so that Django finds them."""

from transfer.models.formats import ExchangeFormat
from transfer.models.newsletter import NewsletterIssue, NewsletterPiece
from transfer.models.occurrences import AgendaItem, FollowUp, Occurrence, ReflectionNote
from transfer.models.week import LearningOfTheWeek

__all__ = [
    "AgendaItem",
    "ExchangeFormat",
    "FollowUp",
    "LearningOfTheWeek",
    "NewsletterIssue",
    "NewsletterPiece",
    "Occurrence",
    "ReflectionNote",
]
