"""All tables of the portal's own, so that Django finds them."""

from portal.following.models import Digest, FeedAddress, SavedSearch, Subscription

__all__ = ["Digest", "FeedAddress", "SavedSearch", "Subscription"]
