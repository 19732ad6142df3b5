"""The hash of a version: sha256 over a canonical serialisation of its fields.

Canonical: the field list named by the version's schema, keys sorted, text in NFC with LF line ends,
UTF-8. Numbers inside JSON are decimal strings by rule, so none is formatted here.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any


def canonical(value: Any) -> Any:
    """`value` with every text in its one form; refuses floats, which change when reloaded."""
    match value:
        case str():
            return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
        case Mapping():
            return {canonical(str(key)): canonical(item) for key, item in value.items()}
        case list() | tuple():
            return [canonical(item) for item in value]
        case None | bool() | int():
            return value
        case float():
            raise TypeError("numbers in a version are decimal strings")
        case _:
            return str(value)


def content_hash(values: Mapping[str, Any], fields: Sequence[str]) -> str:
    """The hash of the named fields of `values`, as 64 hexadecimal digits."""
    picked = canonical({name: values[name] for name in fields})
    text = json.dumps(picked, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def mark(digest: str) -> str:
    """The short form printed in a mark of approval: 3f2a-91c0-77de."""
    return "-".join(digest[at : at + 4] for at in (0, 4, 8))
