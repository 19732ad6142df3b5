"""The one place that renders Markdown and the one that cleans HTML. Nothing else calls bleach.

Raw HTML in a text is shown as text. What the renderer makes then passes the allow-list below; svg, math,
style, noscript, forms, comments and remote images are not on it. bleach is no longer developed further:
whoever exchanges it changes `_clean` alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

import bleach
import markdown
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

TAGS = frozenset(
    [
        "p",
        "br",
        "hr",
        "strong",
        "em",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "h3",
        "h4",
        "h5",
        "h6",
        "a",
        "img",
        "span",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "del",
    ]
)
ATTRIBUTES: Mapping[str, list[str]] = {
    "a": ["href", "title", "rel"],
    "img": ["src", "alt"],
    "ol": ["start"],
    "th": ["scope"],
}
PROTOCOLS = frozenset({"http", "https", "mailto"})
EXTENSIONS = ("tables", "sane_lists", "fenced_code")
MAX_LENGTH = 60_000
MAX_NESTING = 40
# A heading in a text stands below the page's h1 and the section's h2.
HEADING_SHIFT = 2

ImageUrl = Callable[[str], str | None]
_ATTACHMENT = re.compile(r"^anlage:(\d{1,3})$")
_NESTING = re.compile(r"(?m)^[ \t>]*")
_EXTERNAL = re.compile(r"^https?://", re.IGNORECASE)
_NO_SENTENCES = re.compile(r"<(table|h\d)\b.*?</\1>|<img\b[^>]*>", re.DOTALL)
_BLANKS = re.compile(r"\s*(</?(?:p|br|hr|blockquote|ul|ol|li|h\d|table|thead|tbody|tr|th|td)\b[^>]*>)\s*")
_ALLOWED_LINK = re.compile(r"^(https?://|mailto:|/(?!/)|#)", re.IGNORECASE)


def render(text: str, *, image_url: ImageUrl | None = None) -> SafeString:
    """`text` as clean HTML. `image_url` turns an attachment's number into its address; images that it
    does not know, or that have no description, become their description."""
    if not text:
        return mark_safe("")
    if len(text) > MAX_LENGTH or _too_deep(text):
        return _plain(text)
    try:
        html = _renderer(image_url).convert(text)
    except (RecursionError, AssertionError, ValueError):
        return _plain(text)
    return mark_safe(_clean(html))


def reads_the_same(text: str, other: str) -> bool:
    """Whether readers see the same of both: the same HTML but for blanks that no browser shows."""
    return _shown(text) == _shown(other)


def _shown(text: str) -> list[str]:
    html = render(text, image_url=lambda place: f"/{place}")
    # Every second piece is preformatted, where a blank is a blank.
    pieces = re.split(r"(<pre>.*?</pre>)", html, flags=re.DOTALL)
    return [piece if at % 2 else " ".join(_BLANKS.sub(r"\1", piece).split()) for at, piece in enumerate(pieces)]


def to_plain(text: str) -> str:
    """`text` without any markup, for summaries, search, notes and mails."""
    return _without_tags(render(text))


def to_sentences(text: str) -> str:
    """The running text alone, for slides: without tables, headings, and pictures with their descriptions."""
    return _without_tags(_NO_SENTENCES.sub("\n", render(text, image_url=lambda place: f"/{place}")))


def _without_tags(html: str) -> str:
    html = re.sub(r"</(p|li|h\d|tr|blockquote|pre)>|<br ?/?>", "\n", html)
    html = re.sub(r"</t[dh]>", " ", html)
    lines = (" ".join(line.split()) for line in unescape(strip_tags(html)).splitlines())
    return "\n".join(line for line in lines if line)


def _too_deep(text: str) -> bool:
    """Whether quotes or brackets nest so deeply that the parser would need too long."""
    quotes = max((match.group().count(">") for match in _NESTING.finditer(text)), default=0)
    indent = max((len(match.group().expandtabs(4)) for match in _NESTING.finditer(text)), default=0)
    brackets = max(text.count("["), text.count("*") // 8, text.count("_") // 8, text.count("`") // 8)
    return quotes > MAX_NESTING or indent > 4 * MAX_NESTING or brackets > 400


def _plain(text: str) -> SafeString:
    paragraphs = (part.strip() for part in re.split(r"\n\s*\n", text))
    return mark_safe("".join(f"<p>{escape(part)}</p>" for part in paragraphs if part))


def _clean(html: str) -> str:
    return bleach.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        protocols=PROTOCOLS,
        strip=False,
        strip_comments=True,
    )


def _renderer(image_url: ImageUrl | None) -> markdown.Markdown:
    renderer = markdown.Markdown(extensions=[*EXTENSIONS, _Portal(image_url)], output_format="html")
    # Without these two, raw HTML is ordinary text and gets escaped.
    renderer.preprocessors.deregister("html_block")
    renderer.inlinePatterns.deregister("html")
    return renderer


class _Portal(Extension):
    def __init__(self, image_url: ImageUrl | None) -> None:
        super().__init__()
        self.image_url = image_url

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802
        md.treeprocessors.register(_Tidy(md, self.image_url), "portal", 0)


class _Tidy(Treeprocessor):
    """Shifts headings, keeps safe links and images of attachments, gives header cells their scope."""

    def __init__(self, md: markdown.Markdown, image_url: ImageUrl | None) -> None:
        super().__init__(md)
        self.image_url = image_url

    def run(self, root: Element) -> None:
        for element in list(root.iter()):
            match element.tag:
                case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                    element.tag = f"h{min(int(element.tag[1]) + HEADING_SHIFT, 6)}"
                case "a":
                    self._link(element)
                case "img":
                    self._image(element)
                case "th" if "".join(element.itertext()).strip():
                    element.attrib = {"scope": "col"}
                case "th":  # a head without words is no head to a screen reader
                    element.tag, element.attrib = "td", {}
                case "td":
                    element.attrib = {}

    def _link(self, element: Element) -> None:
        address = _address(element.get("href", ""))
        if not _ALLOWED_LINK.match(address):
            element.tag, element.attrib = "span", {}
        elif _EXTERNAL.match(address):
            element.set("rel", "noopener noreferrer nofollow")

    def _image(self, element: Element) -> None:
        found = _ATTACHMENT.match(element.get("src", ""))
        alt = element.get("alt", "").strip()
        address = self.image_url(found[1]) if found and alt and self.image_url else None
        tail = element.tail
        if address:
            element.attrib = {"src": address, "alt": alt}
        else:
            element.clear()
            element.tag, element.text, element.tail = "em", alt, tail


def _address(value: Any) -> str:
    """A link's address as a browser would read it: entities resolved, blanks and controls dropped."""
    return re.sub(r"[\x00-\x20\x7f-\x9f]", "", unescape(str(value)))


def stored(html: str) -> SafeString:
    """HTML that `render` made earlier and the catalogue kept; nothing else may be passed here."""
    return mark_safe(html)
