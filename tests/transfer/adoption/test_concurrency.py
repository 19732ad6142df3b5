"""Two at once, each on a database connection of their own; who comes first is fixed."""

from __future__ import annotations

import pytest

from governance import clock
from tests import factories
from tests.factories import make_published, reload
from tests.racing import overtake
from tests.transfer.adoption.factories import interest
from transfer.adoption import services
from transfer.errors import Changed
from transfer.models import Adoption

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_clicks_make_one_adoption_and_two_saves_lose_nothing() -> None:
    cast = factories.make_cast()
    record = reload(make_published(cast))
    staff, team = cast.standing("staff"), cast.standing("outsider")
    second = overtake(
        lambda: services.show_interest(standing=staff, record=record),
        lambda: services.show_interest(standing=team, record=record),
    )
    assert second == (Adoption.objects.get(), False)
    adoption = interest(cast, record)
    values = {"state": "planned", "since": clock.today(), "adapted": "", "plan": "", "reason": "", "figures": []}

    def carry_on(plan: str) -> Adoption:
        return services.carry_on(
            standing=team, adoption=adoption, opened_on=adoption.version, **values | {"plan": plan}
        )

    refused = overtake(lambda: carry_on("Zuerst."), lambda: carry_on("Danach."))
    assert isinstance(refused, Changed)
    assert Adoption.objects.get().plan == "Zuerst."
