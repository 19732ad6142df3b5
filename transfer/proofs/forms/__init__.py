"""Forms of a proof of concept: its text, its measure of success, and the steps of the trial."""
