"""How many departments have taken a measure over: what makes an introduced measure a scaled one on the board.

Adoptions come with their own part of this app; until then nobody has adopted anything.
"""

from __future__ import annotations

from django.db.models import IntegerField, Value
from django.db.models.expressions import Combinable

# "skaliert" is: introduced, and adopted by so many other departments.
SCALED_FROM = 2


def by_other_departments(record: str = "pk") -> Combinable:
    """An expression over records: the number of other departments that use the record named by the field `record`."""
    return Value(0, output_field=IntegerField())
