"""All tables of the portal's own, so that Django finds them."""

from portal.index.models import SearchBlock, SearchEntry, SearchIndex, SearchTerm, SearchWords

__all__ = ["SearchBlock", "SearchEntry", "SearchIndex", "SearchTerm", "SearchWords"]
