"""Which departments have taken a record over and use it. The app that knows registers in `apps.py`.

The answer is kept on the catalogue row, so that lists, landscape and search sort and filter by it without asking.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

Finder = Callable[[Collection[int]], Mapping[int, Sequence[int]]]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """`finder` gives, for keys of records, the keys of the departments that use them."""
    _finders.append(finder)


def of_records(keys: Collection[int]) -> dict[int, list[int]]:
    """The departments that use each of these records, in the order of their keys; records without any are left out."""
    found: dict[int, set[int]] = {}
    for finder in _finders:
        for key, departments in finder(keys).items():
            found.setdefault(key, set()).update(departments)
    return {key: sorted(departments) for key, departments in found.items()}
