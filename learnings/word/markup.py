"""From the HTML that mammoth makes of a document to blocks of Markdown, as the editor of texts writes them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

# Where a picture stands until it is an attachment: `![words](word:3)`.
PICTURE = "word"
TITLE, HEADING, TEXT, NOTES = "title", "heading", "text", "notes"
_MARKS = re.compile(r"([\\`*\[\]])")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_AUTOLINK = re.compile(r"<(?=[^\s<>]*[:@][^<>]*>)")
_LINE_START = re.compile(r"^(?:[#>|]|[-+](?=\s|$)|-(?=[-|:\s]*$))")
_NUMBER = re.compile(r"^(\d+)\.(?=\s|$)")
# Control characters and marks of direction, which no text of the portal may hold.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\ue000\ue001\ufffd-\uffff]"
)
_LINKS = re.compile(r"^(https?://|mailto:)", re.IGNORECASE)
_EMPTY = re.compile(r"\s*")


@dataclass(frozen=True)
class Block:
    """A piece of the text; `level` is that of a heading."""

    kind: str
    markdown: str
    level: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def escape(text: str) -> str:
    text = _MARKS.sub(r"\\\1", _HIDDEN.sub("", text))
    text = _UNDERSCORE.sub(r"\\_", text)
    return _AUTOLINK.sub("&lt;", _ENTITY.sub("&amp;", text))


def _begin_line(line: str) -> str:
    line = _NUMBER.sub(r"\1\\.", _LINE_START.sub(lambda found: f"\\{found[0]}", line.lstrip()))
    for sign, entity in (("=", "&#61;"), (":", "&#58;"), ("~~~", "&#126;~~")):
        if line.startswith(sign) and (sign == "~~~" or not line.strip("=-|: ")):
            line = entity + line.removeprefix(sign)
    return line


def lines_of(element: Any) -> str:
    """The running text of an element, its lines broken where the document breaks them."""
    text = re.sub(r"[ \t\r\n]+", " ", "".join(_inline(element)))
    lines = [_begin_line(line.strip()) for line in text.split("\v")]
    return "  \n".join(line for line in lines if line)


def _inline(element: Any) -> Iterator[str]:
    if element.text:
        yield escape(element.text)
    before = element.text or ""
    for child in element:
        yield from _one(child, before)
        before = child.tail or ""
        if child.tail:
            yield escape(child.tail)


def _one(child: Any, before: str) -> Iterator[str]:
    tag = child.tag
    if tag == "br":
        yield "\v"
    elif tag == "img":
        words = re.sub(r"[\[\]\\\s]+", " ", child.get("alt", "")).strip()
        yield f"![{words}]({child.get('src', '')})"
    elif tag in ("ul", "ol", "table"):
        return
    else:
        yield _marked(child, "".join(_inline(child)), before)


def _marked(child: Any, inner: str, before: str) -> str:
    core = inner.strip()
    if not core or "\v" in core:
        return inner
    lead, trail = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    if child.tag in ("strong", "b"):
        core = f"**{core}**"
    elif child.tag in ("em", "i"):
        inside_word = bool(re.search(r"\w$", before) and not lead) or bool(
            re.match(r"\w", child.tail or "") and not trail
        )
        core = f"*{core}*" if inside_word else f"_{core}_"
    elif child.tag == "a" and _LINKS.match(address := (child.get("href") or "").strip()):
        safe = re.sub(r"""[\s"<>\\()]""", lambda found: f"%{ord(found[0]):02X}", address)
        core = f"[{core}]({safe})"
    return f"{lead}{core}{trail}"


# -- blocks ----------------------------------------------------------------------------------------


def blocks_of(root: Any) -> Iterator[Block]:
    """The blocks below `root` in their order."""
    for element in root:
        tag = element.tag
        if tag in ("ul", "ol"):
            if element.find("li") is not None and element.find("li").get("id", "").startswith(
                ("footnote-", "endnote-")
            ):
                yield Block(NOTES, _notes(element))
            else:
                yield Block(TEXT, "\n".join(_list(element)))
        elif tag == "table":
            yield from _table(element)
        elif re.fullmatch(r"h[1-6]", tag):
            yield from _heading(element)
        elif text := lines_of(element):
            yield Block(TEXT, text)


def _heading(element: Any) -> Iterator[Block]:
    for mark in element.xpath(".//strong|.//b"):
        mark.drop_tag()
    text = lines_of(element).replace("  \n", " ")
    if text:
        kind = TITLE if element.get("class") == "title" else HEADING
        yield Block(kind, re.sub(r"#+$", lambda found: found[0].replace("#", "\\#"), text), int(element.tag[1]))


def _notes(element: Any) -> str:
    for back in element.xpath(".//a[starts-with(@href, '#')]"):
        back.getparent().remove(back)
    return "\n".join(f"{at}. {_words(item)}" for at, item in enumerate(element.iterfind("li"), start=1))


def _list(element: Any, depth: int = 0) -> Iterator[str]:
    number = 0
    for item in element.iterfind("li"):
        text = lines_of(item)
        below = [inner for inner in item if inner.tag in ("ul", "ol")]
        if text:
            number += 1
            marker = f"{number}." if element.tag == "ol" else "-"
            hanging = text.replace("\n", f"\n{'    ' * (depth + 1)}")
            yield f"{'    ' * depth}{marker} {hanging}"
        for inner in below:
            yield from _list(inner, depth + 1 if number else depth)


def _words(element: Any) -> str:
    """All text of a cell or note in one line."""
    parts = [lines_of(part) for part in (element, *element.iter("p", "li")) if part.tag != "p" or part is not element]
    return " ".join(part.replace("  \n", " ") for part in _own(element, parts) if part)


def _own(element: Any, parts: list[str]) -> list[str]:
    """A cell holds words or paragraphs, never both twice."""
    return parts[1:] if len(parts) > 1 else parts


def _table(element: Any) -> Iterator[Block]:
    rows = [
        [cell for cell in row if cell.tag in ("td", "th")]
        for row in element.iter("tr")
        if next(row.iterancestors("table")) is element
    ]
    pictures = [f"![{image.get('alt', '')}]({image.get('src', '')})" for image in element.iter("img")]
    for image in list(element.iter("img")):
        image.drop_tree()
    cells = [_row(row) for row in rows]
    width = max((len(row) for row in cells), default=0)
    if width < 2:  # a frame around words
        yield from (Block(TEXT, _begin_line(row[0])) for row in cells if row and row[0])
    elif any(any(row) for row in cells):
        filled = [row + [""] * (width - len(row)) for row in cells if any(row)]
        lines = [f"| {' | '.join(cell or ' ' for cell in row)} |" for row in filled]
        lines.insert(1, f"| {' | '.join(['---'] * width)} |")
        yield Block(TEXT, "\n".join(lines))
    yield from (Block(TEXT, picture) for picture in pictures)


def _row(row: list[Any]) -> list[str]:
    found: list[str] = []
    for cell in row:
        found.append(_words(cell).replace("|", "\\|"))
        span = cell.get("colspan", "1")
        found += [""] * (min(int(span), 20) - 1 if span.isdecimal() else 0)
    return found
