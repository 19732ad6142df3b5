"""Forms of process models: the fact sheet, its repeated rows, both states, the steps, and the first sentence."""
