"""The handout: a learning for one audience on one or two pages of paper, as PDF/UA."""

from learnings.handout.printing import make

__all__ = ["make"]
