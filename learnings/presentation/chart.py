"""A plot as a native chart, which whoever presents can change; in the colours of the template."""

from __future__ import annotations

from typing import Any

from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml.ns import qn
from pptx.shapes.placeholder import ChartPlaceholder
from pptx.util import Pt

from learnings.presentation.measuring import Room
from learnings.story.figures import Plot

_MUTED = RGBColor(0x4A, 0x54, 0x68)
_LABEL, _VALUE, _TITLE = 14, 18, 16
# Of the width of a chart for the names of its bars.
_NAMES = 0.36
_LONGEST_UNIT = 7
_PALE = 0.6


def insert(placeholder: Any, plot: Plot, room: Room) -> Any:
    """Put `plot` into the placeholder; returns the frame."""
    data = CategoryChartData(number_format=_format(plot))
    names = Room(room.width * _NAMES, room.height, room.spread)
    # Office draws the first category at the bottom: the axis is turned round below.
    data.categories = [names.fit_line(bar.label, _LABEL, 3) for bar in plot.bars]
    data.add_series(plot.title[:200], [bar.number for bar in plot.bars])
    frame = ChartPlaceholder(placeholder._element, placeholder._parent).insert_chart(XL_CHART_TYPE.BAR_CLUSTERED, data)
    chart = frame.chart
    chart.has_legend = False
    chart.font.size = Pt(_LABEL)
    unit = "" if _is_short(plot.unit) else f" ({plot.unit})"
    _title(chart, room.fit_line(plot.title + unit, _TITLE, 2, bold=True))
    _speak_german(chart)
    _axes(chart)
    _bars(chart, plot)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", plot.description())
    return frame


def _is_short(unit: str) -> bool:
    """Whether the unit stands behind every number; else it stands in the title."""
    return len(unit) <= _LONGEST_UNIT and '"' not in unit and "\\" not in unit


def _format(plot: Plot) -> str:
    return f'{plot.number_format}"\u00a0{plot.unit}"' if plot.unit and _is_short(plot.unit) else plot.number_format


def _speak_german(chart: Any) -> None:
    """Decimal commas where the program that shows it goes by the file."""
    language = etree.Element(qn("c:lang"), {"val": "de-DE"})
    # Its place in the schema is behind c:date1904 and before c:roundedCorners.
    chart._chartSpace.date1904.addnext(language)


def _title(chart: Any, text: str) -> None:
    chart.has_title = True
    frame = chart.chart_title.text_frame
    frame.text = text
    font = frame.paragraphs[0].runs[0].font
    font.size, font.bold = Pt(_TITLE), True
    font.color.theme_color = MSO_THEME_COLOR.TEXT_1


def _axes(chart: Any) -> None:
    names, values = chart.category_axis, chart.value_axis
    names.reverse_order = True
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.format.line.color.rgb = _MUTED
    names.tick_labels.font.size = Pt(_LABEL)
    values.visible = False
    values.has_major_gridlines = False
    # Bars that do not begin at nothing exaggerate.
    numbers = [float(value) for value in chart.plots[0].series[0].values]
    values.minimum_scale = min(0.0, *numbers)


def _bars(chart: Any, plot: Plot) -> None:
    drawn = chart.plots[0]
    drawn.gap_width = 55
    drawn.vary_by_categories = False
    series = drawn.series[0]
    series.invert_if_negative = False
    for at, bar in enumerate(plot.bars):
        fill = series.points[at].format.fill
        fill.solid()
        fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_1
        # The same colour, only paler: a second one of the template may be a red that judges.
        fill.fore_color.brightness = 0 if bar.is_strong else _PALE
    drawn.has_data_labels = True
    labels = drawn.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = _format(plot), False
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size, labels.font.bold = Pt(_VALUE), True
