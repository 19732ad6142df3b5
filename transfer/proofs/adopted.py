"""How many departments have taken a measure over: what makes an introduced measure a scaled one on the board."""

from __future__ import annotations

from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from transfer.models import Adoption

# "skaliert" is: introduced, and adopted by so many other departments.
SCALED_FROM = 2


def by_other_departments() -> Combinable:
    """An expression over records: the number of other departments that use each of them."""
    rows = Adoption.objects.filter(record=OuterRef("pk"), state=Adoption.State.DONE)
    # After a hand-over the owner may stand among those who took it over; it does not count for itself.
    rows = rows.exclude(department=F("record__owner__department"))
    counted = rows.order_by().values("record").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())
