"""Search over the catalogue, and over nothing else: one function, three statements for a page, facets included."""

from portal.search.near import near_tags
from portal.search.results import PAGE_SIZE, Facet, FacetValue, Hit, Results, label_of, search

__all__ = ["PAGE_SIZE", "Facet", "FacetValue", "Hit", "Results", "label_of", "near_tags", "search"]
