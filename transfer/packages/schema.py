"""Holds a value against a JSON Schema: the few keywords that `manifest.schema.json` uses, and no other. Pure.

So the schema that others read is the very one that the portal goes by, without another library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MANIFEST = Path(__file__).with_name("manifest.schema.json")
_TYPES: Mapping[str, type] = {"object": dict, "array": list, "string": str, "integer": int}
_WORDS = frozenset({"$schema", "title", "type", "required", "properties", "items"})


class WrongShape(ValueError):
    """`where` says which part of the value, `why` what is wrong with it, in German."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where, self.why = where, why


def manifest_schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(MANIFEST.read_text())
    return found


def check(value: Any, schema: Mapping[str, Any], where: str = "") -> None:
    """Raises WrongShape for the first part of `value` that is not as `schema` says."""
    kind = schema.get("type")
    # To Python, true is a number.
    if kind and (not isinstance(value, _TYPES[kind]) or isinstance(value, bool)):
        raise WrongShape(where, _("hier muss „%(kind)s“ stehen") % {"kind": kind})
    for keyword, limit in schema.items():
        if keyword not in _WORDS:
            _CHECKS[keyword](value, limit, where, schema)
    if kind == "object":
        _check_object(value, schema, where)
    if kind == "array" and "items" in schema:
        for at, item in enumerate(value):
            check(item, schema["items"], f"{where}/{at}")


def _check_object(value: Mapping[str, Any], schema: Mapping[str, Any], where: str) -> None:
    for name in schema.get("required", ()):
        if name not in value:
            raise WrongShape(f"{where}/{name}", _("fehlt"))
    for name, inner in schema.get("properties", {}).items():
        if name in value:
            check(value[name], inner, f"{where}/{name}")


def _refuse(
    wrong: Callable[[Any, Any], bool], why: str | Promise
) -> Callable[[Any, Any, str, Mapping[str, Any]], None]:
    def step(value: Any, limit: Any, where: str, schema: Mapping[str, Any]) -> None:
        if wrong(value, limit):
            raise WrongShape(where, str(why))

    return step


def _no_others(value: Any, limit: Any, where: str, schema: Mapping[str, Any]) -> None:
    others = [] if limit else sorted(set(value) - set(schema["properties"]))
    if others:
        raise WrongShape(f"{where}/{others[0][:60]}", _("diese Angabe gibt es nicht"))


_CHECKS: Mapping[str, Callable[[Any, Any, str, Mapping[str, Any]], None]] = {
    "const": _refuse(
        lambda value, limit: value != limit or isinstance(value, bool), gettext_lazy("hat nicht den erwarteten Wert")
    ),
    "enum": _refuse(lambda value, limit: value not in limit, gettext_lazy("hat keinen der erlaubten Werte")),
    "pattern": _refuse(
        lambda value, limit: not re.search(limit, value) or "\n" in value, gettext_lazy("hat nicht die nötige Form")
    ),
    "minLength": _refuse(lambda value, limit: len(value) < limit, gettext_lazy("ist leer")),
    "maxLength": _refuse(lambda value, limit: len(value) > limit, gettext_lazy("ist zu lang")),
    "minItems": _refuse(lambda value, limit: len(value) < limit, gettext_lazy("ist leer")),
    "maxItems": _refuse(lambda value, limit: len(value) > limit, gettext_lazy("hat zu viele Zeilen")),
    "minimum": _refuse(lambda value, limit: value < limit, gettext_lazy("ist zu klein")),
    "maximum": _refuse(lambda value, limit: value > limit, gettext_lazy("ist zu groß")),
    "additionalProperties": _no_others,
}
