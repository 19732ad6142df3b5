"""Asking back, giving hints, and saying that a record has helped."""
