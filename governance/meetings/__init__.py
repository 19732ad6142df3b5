"""Sessions of the committee: which texts are on the list, who was there, what was decided, and the minutes."""
