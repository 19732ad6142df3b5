"""What a browser does with a form: read its fields from the page, change some, send them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

from governance.models import Record
from tests.factories import Cast

SKIPPED = {"submit", "button", "file", "reset"}


class _Fields(HTMLParser):
    """Collects what the form with a backup key would send."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.inside = self.in_template = False
        self.area: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        name, value = at.get("name") or "", at.get("value") or ""
        if tag == "form":
            self.inside = "data-backup-key" in at
        elif tag == "template":
            self.in_template = True
        elif not self.inside or self.in_template:
            return
        elif tag == "input" and name and at.get("type") not in SKIPPED:
            if at.get("type") not in ("checkbox", "radio") or "checked" in at:
                self.found.setdefault(name, []).append(value)
        elif tag == "textarea":
            self.area = name
            self.found[name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and (self.select not in self.found or "selected" in at):
            self.found[self.select] = [value]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "template":
            self.in_template = False
        elif tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.area and self.inside and not self.in_template:
            # The first line break after <textarea> is the template's.
            self.found[self.area] = [(self.found[self.area][0] + data).removeprefix("\n")]


def fields_of(answer: HttpResponse) -> dict[str, list[str]]:
    """The fields of the page's form with what they hold."""
    parser = _Fields()
    parser.feed(answer.content.decode())
    parser.close()
    return {name: values for name, values in parser.found.items() if name != "csrfmiddlewaretoken"}


def client_of(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(record: Record, rest: str = "") -> str:
    return f"/learnings/{record.number}-hundesteuer-online-anmelden/{rest}"


def send(client: Client, path: str, page: HttpResponse | None = None, **changes: Any) -> Any:
    """Post the form of `page` (or of the page at `path`) with `changes`; dashes in names are written __."""
    data: dict[str, Any] = dict(fields_of(page or client.get(path)))
    data |= {name.replace("__", "-"): value for name, value in changes.items()}
    return client.post(path, {name: value for name, value in data.items() if value is not None})
