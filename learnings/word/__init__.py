"""A Word document becomes the draft of a learning: read in a process of its own, sorted by its headings."""
