"""What the button "Folgen" has to know."""

from __future__ import annotations

from collections.abc import Collection

from django import template

register = template.Library()


@register.simple_tag
def is_followed(followed: Collection[str], what: str, key: int) -> bool:
    """Whether the person follows it; `followed` is what portal.context puts on every page."""
    return f"{what}:{key}" in followed
