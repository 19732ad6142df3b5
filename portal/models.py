"""All tables of the portal's own, so that Django finds them."""

from portal.attachment_text.models import AttachmentText, PublishedFile
from portal.following.models import Digest, FeedAddress, SavedSearch, Subscription
from portal.index.models import SearchBlock, SearchEntry, SearchIndex, SearchTerm, SearchWords
from portal.missing.models import MissingNote, SearchCount
from portal.signing_in.models import RecoveryCode
from portal.synonyms.models import SynonymGroup
from portal.upkeep.models import AddressCheck, Compared, LikePair, PageLink

__all__ = [
    "AddressCheck",
    "AttachmentText",
    "Compared",
    "Digest",
    "FeedAddress",
    "LikePair",
    "MissingNote",
    "PageLink",
    "PublishedFile",
    "RecoveryCode",
    "SavedSearch",
    "SearchBlock",
    "SearchCount",
    "SearchEntry",
    "SearchIndex",
    "SearchTerm",
    "SearchWords",
    "Subscription",
    "SynonymGroup",
]
