"""The guided form of a reflection round: what to keep, change, try, and what became of the last trials."""
