"""Teaser and article of a record, to be copied into the newsletter or the intranet page that exists."""
