"""Countersigning: where a department wants it, members put texts forward and the lead of the team submits them."""
