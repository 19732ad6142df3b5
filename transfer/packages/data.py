"""JSON of a package: read strictly, written in its one form. Pure."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _

from transfer.packages.container import Refused

MAX_DEPTH = 20


def dump(value: Any) -> bytes:
    """Sorted and indented: the same data are the same bytes, and people can read them."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode()


def load(data: bytes, entry: str) -> dict[str, Any]:
    """An object; raises Refused for anything else, twice the same name, deep nesting, and numbers with a point."""
    try:
        found = json.loads(
            data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse_number, parse_float=_refuse_number
        )
    except RecursionError:
        raise Refused(_("Die Daten sind zu tief verschachtelt."), entry) from None
    except ValueError as error:
        why = str(error) if isinstance(error, _Wrong) else _("Die Daten sind kein lesbares JSON.")
        raise Refused(why, entry) from None
    if not isinstance(found, dict):
        raise Refused(_("Hier muss ein JSON-Objekt stehen."), entry)
    if _depth(found) > MAX_DEPTH:
        raise Refused(_("Die Daten sind zu tief verschachtelt."), entry)
    return found


class _Wrong(ValueError):
    """Told as it is."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Wrong(_("Eine Angabe steht zweimal da."))
    return found


def _refuse_number(text: str) -> Any:
    raise _Wrong(_("Zahlen mit Komma stehen in einem Paket als Text."))


def _depth(value: Any) -> int:
    """Without recursion, so that nothing is too deep to be measured."""
    deepest, pending = 0, [(value, 1)]
    while pending:
        one, depth = pending.pop()
        deepest = max(deepest, depth)
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        pending.extend((item, depth + 1) for item in inner)
    return deepest
