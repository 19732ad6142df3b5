"""Pages of newsletter issues: reading and releasing, composing."""
