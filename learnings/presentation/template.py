"""A slide template: which of its layouts are used for what, and how much room and how large a type they give."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.util import Emu

_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_FOOT = (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE)
# Typefaces that run no wider than the one we measure with. Of all others we assume that they do.
_NARROW = (
    "arial",
    "calibri",
    "carlito",
    "helvetica",
    "liberation sans",
    "segoe ui",
    "aptos",
    "fira sans",
    "source sans",
)
_WIDER = 1.18
_SIDE, _TOP = 91_440, 45_720
_LARGEST_OPENING, _LARGEST_TITLE, _LARGEST_BODY = 40.0, 32.0, 22.0
# A slot may be no smaller than this share of the slide, or little can be said in it.
_LEAST_TITLE, _LEAST_BODY, _LEAST_COLUMN = (0.5, 0.06), (0.6, 0.4), (0.3, 0.4)
_LEAST_FOOTER = 2_700_000  # 7,5 cm
_TRADES = ((16, 9), (4, 3))


@dataclass(frozen=True)
class Slot:
    """A placeholder of a layout: where it is (EMU), and the size of its type in points."""

    idx: int
    left: int
    top: int
    width: int
    height: int
    size: float
    insets: tuple[int, int, int, int] = (_SIDE, _TOP, _SIDE, _TOP)

    @property
    def room(self) -> tuple[float, float]:
        """Width and height for text, in points."""
        left, top, right, bottom = self.insets
        return Emu(self.width - left - right).pt, Emu(self.height - top - bottom).pt


@dataclass(frozen=True)
class Layout:
    """A layout by its place among all, its title, its slots from left to right, and the keys of its footers."""

    at: int
    title: Slot
    slots: Sequence[Slot]
    footer: Slot


@dataclass(frozen=True)
class Template:
    """A template that has what a presentation needs."""

    data: bytes
    width: int
    height: int
    opening: Layout
    content: Layout
    two: Layout
    spread: float = 1.0

    def open(self) -> Any:
        """A presentation without slides."""
        return Presentation(io.BytesIO(self.data))


def read(data: bytes) -> Template:
    """The template in `data`, which must have been checked."""
    template, problems = find(data)
    if template is None:
        raise ValueError(" ".join(problems))
    return template


def find(data: bytes) -> tuple[Template | None, list[str]]:
    """The template, or what it lacks, each in a sentence."""
    deck: Any = Presentation(io.BytesIO(data))
    width, height = int(deck.slide_width), int(deck.slide_height)
    problems = [] if _is_usual(width, height) else [_("Die Folien müssen das Format 16:9 oder 4:3 haben.")]
    layouts = [(at, layout) for at, layout in enumerate(deck.slide_layouts)]
    found: dict[str, Layout] = {}
    for role in _roles():
        fitting = [one for at, layout in layouts if (one := _as(role, at, layout, width, height))]
        # The layout of the very kind goes before others that would do as well.
        fitting.sort(key=lambda one: deck.slide_layouts[one.at]._element.get("type") != role.kind)
        if fitting:
            found[role.name] = fitting[0]
        else:
            problems.append(role.lack)
    if problems:
        return None, problems
    return Template(data, width, height, **found, spread=_spread(deck)), []


def _is_usual(width: int, height: int) -> bool:
    return any(abs(width * high - height * wide) < 0.02 * width * high for wide, high in _TRADES)


@dataclass(frozen=True)
class _Role:
    """What a layout must have: beside title and footer so many slots of one kind, each at least so large."""

    name: str
    kind: str
    slots: int
    kinds: Sequence[Any]
    least: tuple[float, float]
    lack: str


def _roles() -> Sequence[_Role]:
    objects = (PP_PLACEHOLDER.OBJECT,)
    return (
        _Role(
            "opening",
            "title",
            1,
            (PP_PLACEHOLDER.SUBTITLE,),
            (0.4, 0.08),
            _("Es fehlt ein Layout „Titelfolie“: mit Titel, Untertitel und Fußzeile und ohne weitere Platzhalter."),
        ),
        _Role(
            "content",
            "obj",
            1,
            objects,
            _LEAST_BODY,
            _(
                "Es fehlt ein Layout „Titel und Inhalt“: mit Titel, einem Inhaltsplatzhalter (Breite mindestens "
                "60 %, Höhe mindestens 40 % der Folie) und Fußzeile und ohne weitere Platzhalter."
            ),
        ),
        _Role(
            "two",
            "twoObj",
            2,
            objects,
            _LEAST_COLUMN,
            _(
                "Es fehlt ein Layout „Zwei Inhalte“: mit Titel, zwei Inhaltsplatzhaltern nebeneinander (Breite je "
                "mindestens 30 %, Höhe mindestens 40 % der Folie) und Fußzeile und ohne weitere Platzhalter."
            ),
        ),
    )


def _as(role: _Role, at: int, layout: Any, width: int, height: int) -> Layout | None:
    """`layout` in this role, if it has all that the role asks for."""
    shapes = list(layout.placeholders)
    titles = [one for one in shapes if one.placeholder_format.type in _TITLES]
    slots = [one for one in shapes if one.placeholder_format.type in role.kinds]
    footers = [one for one in shapes if one.placeholder_format.type == PP_PLACEHOLDER.FOOTER]
    others = len(shapes) - len(titles) - len(slots)
    is_complete = len(titles) == len(footers) == 1 and len(slots) == role.slots
    if not is_complete or others != sum(one.placeholder_format.type in _FOOT for one in shapes):
        return None
    largest = _LARGEST_OPENING if role.name == "opening" else _LARGEST_TITLE
    title, footer = _slot(titles[0], largest), _slot(footers[0], 12)
    found = sorted((_slot(one, _LARGEST_BODY) for one in slots), key=lambda one: one.left)
    is_large = all(_is_on(one, width, height, role.least) for one in found)
    has_head = _is_on(title, width, height, _LEAST_TITLE) and footer.width >= _LEAST_FOOTER
    is_beside = all(one.left + one.width <= other.left + _SIDE for one, other in pairwise(found))
    return Layout(at, title, found, footer) if is_large and has_head and is_beside else None


def _is_on(slot: Slot, width: int, height: int, least: tuple[float, float]) -> bool:
    """Whether the slot lies on the slide and is large enough."""
    inside = slot.left >= 0 and slot.top >= 0 and slot.left + slot.width <= width and slot.top + slot.height <= height
    return inside and slot.width >= least[0] * width and slot.height >= least[1] * height


def _slot(shape: Any, largest: float) -> Slot:
    left, top, width, height = (int(value or 0) for value in (shape.left, shape.top, shape.width, shape.height))
    return Slot(
        idx=shape.placeholder_format.idx,
        left=left,
        top=top,
        width=width,
        height=height,
        size=min(_size(shape), largest),
        insets=_insets(shape),
    )


def _bases(shape: Any) -> Iterator[Any]:
    """The placeholder and the one of the master that it follows."""
    yield shape._element
    if shape._base_placeholder is not None:
        yield shape._base_placeholder._element


def _insets(shape: Any) -> tuple[int, int, int, int]:
    names = {"lIns": _SIDE, "tIns": _TOP, "rIns": _SIDE, "bIns": _TOP}
    found = dict(names)
    for element in reversed(list(_bases(shape))):
        body = element.find(f"{qn('p:txBody')}/{qn('a:bodyPr')}")
        found |= {name: int(body.get(name)) for name in names if body is not None and body.get(name)}
    return found["lIns"], found["tIns"], found["rIns"], found["bIns"]


def _size(shape: Any) -> float:
    """The size of the first level as it is inherited: from the layout, the master's placeholder, its styles."""
    path = f"{qn('a:lvl1pPr')}/{qn('a:defRPr')}"
    for element in _bases(shape):
        style = element.find(f"{qn('p:txBody')}/{qn('a:lstStyle')}/{path}")
        if style is not None and style.get("sz"):
            return int(style.get("sz")) / 100
    kind = "p:titleStyle" if shape.placeholder_format.type in _TITLES else "p:bodyStyle"
    master = shape.part.slide_layout.slide_master._element
    style = master.find(f"{qn('p:txStyles')}/{qn(kind)}/{path}")
    return int(style.get("sz")) / 100 if style is not None and style.get("sz") else 18.0


def _spread(deck: Any) -> float:
    """How much wider than ours the type of the template may run."""
    theme = deck.slide_master.part.part_related_by(RT.THEME).blob.decode("utf-8", "ignore").lower()
    start = theme.find("<a:fontscheme")
    faces = theme[start : theme.find("</a:fontscheme>", start)].split('<a:latin typeface="')[1:3]
    narrow = all(face.startswith(_NARROW) for face in faces)
    return 1.0 if faces and narrow else _WIDER
