"""Stay informed: what a person follows, the searches saved, digests by mail, feeds."""
