"""Groups of words that mean the same, kept by the committee; searches use them by `portal.search.synonyms`."""
