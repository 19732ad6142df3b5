"""Pages of process models: the landscape, reading one, its poster, drawing one, and the import of a list."""

from processmodels.views.drawing import draw, draw_source
from processmodels.views.importing import import_list
from processmodels.views.landscape import how_to_draw, landscape, landscape_csv
from processmodels.views.poster import poster
from processmodels.views.reading import changes, record

__all__ = [
    "changes",
    "draw",
    "draw_source",
    "how_to_draw",
    "import_list",
    "landscape",
    "landscape_csv",
    "poster",
    "record",
]
