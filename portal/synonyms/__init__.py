"""Groups of words that mean the same, kept by the committee; what a search does with them: `portal.search.synonyms`."""
