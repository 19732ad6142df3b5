"""Keeping published records true: when they are due, who is told, who confirms, what needs a hand."""
