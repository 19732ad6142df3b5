"""All tables of the app, so that Django finds them."""

from transfer.models.adoption import Adoption
from transfer.models.asking import Helped, HelpedMark, Hint, Question
from transfer.models.formats import ExchangeFormat
from transfer.models.newsletter import NewsletterIssue, NewsletterPiece
from transfer.models.occurrences import AgendaItem, FollowUp, Occurrence, ReflectionNote
from transfer.models.packages import Imported, PackageExport, PackageImport
from transfer.models.proofs import Announcement, ProofOfConcept, PublishedProof, Trial, TrialNote
from transfer.models.sources import ExternalSource
from transfer.models.transferability import Answer, Assessment, FactorAnswer, TransferFactor, Weight
from transfer.models.week import LearningOfTheWeek

__all__ = [
    "Adoption",
    "AgendaItem",
    "Announcement",
    "Answer",
    "Assessment",
    "ExchangeFormat",
    "ExternalSource",
    "FactorAnswer",
    "FollowUp",
    "Helped",
    "HelpedMark",
    "Hint",
    "Imported",
    "LearningOfTheWeek",
    "NewsletterIssue",
    "NewsletterPiece",
    "Occurrence",
    "PackageExport",
    "PackageImport",
    "ProofOfConcept",
    "PublishedProof",
    "Question",
    "ReflectionNote",
    "TransferFactor",
    "Trial",
    "TrialNote",
    "Weight",
]
