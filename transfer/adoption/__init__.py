"""A department takes a record of another one over: interest, fit check, plan, steps, who uses what."""
