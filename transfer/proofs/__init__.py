"""Proofs of concept: small, time-limited trials, from the question to the decision, and the board of all measures."""
