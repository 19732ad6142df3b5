"""The committee's desk: what waits, what was decided, the vocabulary, and where help may be welcome."""
