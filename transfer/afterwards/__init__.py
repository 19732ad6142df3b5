"""What came of an item: notes, decisions, follow-ups, and the draft that is made of a note."""
