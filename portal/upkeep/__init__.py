"""What published records need: check-ups, contacts, links, tags, near duplicates, as lists."""
