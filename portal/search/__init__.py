"""Search over the catalogue, and over nothing else: one function, three statements for a page, facets included."""

from portal.search.results import Facet, FacetValue, Hit, Results, label_of, search

__all__ = ["Facet", "FacetValue", "Hit", "Results", "label_of", "search"]
