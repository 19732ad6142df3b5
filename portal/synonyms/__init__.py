"""Groups of words that mean the same, kept by the committee; `portal.search.synonyms` is what a search does with them."""
