"""Pages of process models: the landscape, reading one, and writing it."""

from processmodels.views.landscape import how_to_draw, landscape, landscape_csv
from processmodels.views.reading import record

__all__ = ["how_to_draw", "landscape", "landscape_csv", "record"]
