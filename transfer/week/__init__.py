"""The learning of the week, chosen by rule."""
