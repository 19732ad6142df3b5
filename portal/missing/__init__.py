"""What the search does not find: counted without persons, asked by persons, answered by the committee."""
