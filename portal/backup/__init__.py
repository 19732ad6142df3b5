"""Backing up and restoring: one file with the database and the files it names. See docs/decisions/0027-running.md."""
