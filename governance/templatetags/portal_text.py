"""Filters for templates: stored rendered text, moments from JSON, query strings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.safestring import SafeString

from governance.text import markdown

register = template.Library()


@register.filter
def rendered(html: str) -> SafeString:
    """HTML that `markdown.render` made and the catalogue kept."""
    return markdown.stored(html)


@register.filter(name="markdown")
def as_markdown(text: str) -> SafeString:
    """A text that people typed, rendered and cleaned."""
    return markdown.render(text or "")


@register.filter
def item(mapping: Mapping[str, Any] | None, key: str) -> Any:
    """What stands under a key that the template does not know beforehand; None if nothing does."""
    return (mapping or {}).get(key)


@register.filter
def moment(value: Any) -> dt.datetime | dt.date | None:
    """A moment or day that went through JSON."""
    if isinstance(value, (dt.datetime, dt.date)) or not value:
        return value or None
    return parse_datetime(value) or parse_date(value)
