"""Two at once, each on a database connection of their own; who comes first is fixed."""

from __future__ import annotations

import pytest

from tests import factories
from tests.factories import make_published, reload
from tests.racing import overtake
from tests.transfer.asking.factories import ask
from transfer.asking import helping, services
from transfer.errors import Changed
from transfer.models import Helped, Question

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_answers_lose_nothing_and_two_clicks_count_once() -> None:
    cast = factories.make_cast()
    record = reload(make_published(cast))
    question = ask(cast, record)

    def answer(who: str) -> Question:
        return services.answer(standing=cast.standing(who), asked=question, opened_on=1, text=f"Von {who}.")

    refused = overtake(lambda: answer("author"), lambda: answer("member"))
    assert isinstance(refused, Changed)
    assert Question.objects.get().answer == "Von author."
    staff = cast.standing("staff")
    second = overtake(
        lambda: helping.say_helped(standing=staff, record=record),
        lambda: helping.say_helped(standing=staff, record=record),
    )
    assert second is False
    assert Helped.objects.get().count == 1
    same = overtake(
        lambda: services.ask(standing=staff, record=record, text="Doppelt?"),
        lambda: services.ask(standing=staff, record=record, text="Doppelt?"),
    )
    assert same == Question.objects.get(text="Doppelt?")
