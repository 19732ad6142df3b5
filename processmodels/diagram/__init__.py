"""Process models as pictures: static SVG, drawn on the server from the diagram information."""

from processmodels.diagram.marks import Mark
from processmodels.diagram.render import render

__all__ = ["Mark", "render"]
