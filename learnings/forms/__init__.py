"""Forms of learnings: the text, its repeated rows, its steps, and the quick note."""
