"""A small writer of static SVG: elements with presentation attributes, numbers kept short, text escaped."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable

# What XML 1.0 cannot hold at all, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Far beyond any drawing; a viewer's arithmetic breaks before this.
LIMIT = 1e7

Value = str | float | None


def escape(text: str) -> str:
    """`text` as it may stand in an element or in an attribute."""
    return html.escape(_FORBIDDEN.sub("\ufffd", text))


def number(value: float) -> str:
    """`value` with at most two decimals, without exponent; what is not finite becomes 0."""
    if not math.isfinite(value):
        return "0"
    text = f"{max(-LIMIT, min(LIMIT, value)):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def element(name: str, *children: str, **attributes: Value) -> str:
    """One element. `stroke_width=2` becomes `stroke-width="2"`; None and "" leave an attribute out."""
    parts = [name]
    for key, value in attributes.items():
        if value is None or value == "":
            continue
        written = escape(value) if isinstance(value, str) else number(value)
        parts.append(f'{key.replace("_", "-")}="{written}"')
    inside = "".join(children)
    return f"<{' '.join(parts)}>{inside}</{name}>" if inside else f"<{' '.join(parts)}/>"


def path(d: str, **attributes: Value) -> str:
    return element("path", d=d, **attributes)


def circle(x: float, y: float, radius: float, **attributes: Value) -> str:
    return element("circle", cx=x, cy=y, r=radius, **attributes)


def points(pairs: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in pairs)


def polygon(pairs: Iterable[tuple[float, float]], **attributes: Value) -> str:
    return element("polygon", points=points(pairs), **attributes)


def group(*children: str, **attributes: Value) -> str:
    return element("g", *children, **attributes)


def moved(x: float, y: float, *children: str, scale: float = 1, **attributes: Value) -> str:
    """`children`, drawn about (0, 0), at (x, y)."""
    transform = f"translate({number(x)} {number(y)})" + (f" scale({number(scale)})" if scale != 1 else "")
    return group(*children, transform=transform, **attributes)
