"""The poster (Aushang): a process model on one A3 or A4 sheet, or on several that hang side by side, as PDF/UA."""

from processmodels.poster.data import Contact, Paper, PosterData, PosterFigure
from processmodels.poster.printing import make

__all__ = ["Contact", "Paper", "PosterData", "PosterFigure", "make"]
