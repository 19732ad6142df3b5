"""The addresses that a published text names: of its rendered parts, and of the rows that hold links."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from portal.upkeep.models import LONGEST_ADDRESS

PICTURE = re.compile(r"!\[([^\]\n]{0,300})\]\(\s*anlage:(\d{1,3})\s*\)")
# Parts of a page that the portal itself writes: their addresses are right, or not the team's to mend.
OWN = frozenset({"attachments", "states", "issues", "origin"})


@dataclass(frozen=True)
class Named:
    """One address as it stands in a text: what it is called there, and on which day the text says it was read."""

    address: str
    words: str = ""
    retrieved_on: dt.date | None = None

    @property
    def key(self) -> str:
        return key_of(self.address)

    @property
    def is_outside(self) -> bool:
        return not self.address.startswith(("/", "#"))


def key_of(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


def addresses(page: Mapping[str, Any]) -> dict[str, Named]:
    """What the rendered page of a record (`CatalogueEntry.page`) links to, by key; each address once."""
    found: dict[str, Named] = {}
    for name, value in page.items():
        if name not in OWN:
            for link in _inside(value):
                if (kept := _kept(link)) and kept.key not in found:
                    found[kept.key] = kept
    return found


def _kept(link: Named) -> Named | None:
    """As it is stored: an address of the portal without its host; None for what is no address to look at."""
    address, base = link.address.strip(), settings.PORTAL_BASE_URL.rstrip("/")
    if address == base or address.startswith(f"{base}/"):
        address = address[len(base) :] or "/"
    is_page = address.startswith("#") or (address.startswith("/") and not address.startswith("//"))
    if not is_page and _scheme(address) not in ("http", "https"):
        return None
    if len(address) > LONGEST_ADDRESS:
        return None
    return Named(address, " ".join(link.words.split())[:200], link.retrieved_on)


def _scheme(address: str) -> str:
    try:
        return urlsplit(address).scheme
    except ValueError:
        return ""


def _inside(value: Any) -> Iterator[Named]:
    """Links in any part of a page: HTML, rows with an address, and lists and parts of these."""
    if isinstance(value, str):
        if "<a " in value:
            yield from _of_html(value)
    elif isinstance(value, Mapping):
        if isinstance(value.get("url"), str) and value["url"]:
            yield Named(value["url"], str(value.get("title", "")), _day(value.get("retrieved_on", "")))
        for part in value.values():
            yield from _inside(part)
    elif isinstance(value, Sequence):
        for part in value:
            yield from _inside(part)


def _day(iso: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(iso))
    except ValueError:
        return None


class _Links(HTMLParser):
    """Collects the links of HTML that `governance.text.markdown` has made."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Named] = []
        self.address: str | None = None
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.address, self.words = dict(attrs).get("href"), []

    def handle_data(self, data: str) -> None:
        if self.address is not None:
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.address:
            self.found.append(Named(self.address, "".join(self.words)))
        if tag == "a":
            self.address = None


def _of_html(html: str) -> list[Named]:
    parser = _Links()
    parser.feed(html)
    parser.close()
    return parser.found


def missing_pictures(text: Any) -> list[Named]:
    """Pictures that a text shows of attachments which it does not have; on its page only their description is left."""
    found = {}
    for field in text._meta.concrete_fields:
        value = getattr(text, field.attname)
        if isinstance(value, str) and "anlage:" in value:
            for words, place in PICTURE.findall(value):
                if not 1 <= int(place) <= len(text.attachments):
                    link = Named(f"#anlage:{int(place)}", words)
                    found[link.key] = link
    return list(found.values())
