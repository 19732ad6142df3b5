"""Two of one team at once, each on a database connection of their own; who comes first is fixed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError

from governance.models import Record
from tests import factories
from tests.factories import Cast, make_published, reload
from tests.racing import overtake
from tests.transfer.factories import add_topic, make_occurrence, note
from transfer.afterwards import services as afterwards
from transfer.agenda import services as agenda
from transfer.errors import Changed, Moved
from transfer.models import AgendaItem
from transfer.occurrences import services as occurrences

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Iterator[Cast]:
    yield factories.make_cast()


def test_what_two_do_with_one_agenda_at_once_counts_once_and_loses_nothing(cast: Cast) -> None:
    author, member = cast.standing("author"), cast.standing("member")
    occurrence, record = make_occurrence(cast), reload(make_published(cast))

    def take(standing: object) -> AgendaItem:
        return agenda.take_along(standing=standing, occurrence=occurrence, seen=1, record=record)  # type: ignore[arg-type]

    refused = overtake(lambda: take(author), lambda: take(member))
    assert isinstance(refused, ValidationError)
    assert "steht schon auf dieser Tagesordnung" in refused.messages[0]

    item = occurrence.items.get()
    words = {"item": item, "opened_on": 1, "notes": "Meine Worte.", "decisions": ""}
    refused = overtake(
        lambda: afterwards.note(standing=author, **words | {"notes": "Ihre Worte."}),
        lambda: afterwards.note(standing=member, **words),
    )
    assert isinstance(refused, Changed)
    assert isinstance(refused.current, AgendaItem)
    assert refused.current.notes == "Ihre Worte."

    second, third = add_topic(cast, occurrence, "B"), add_topic(cast, occurrence, "C")
    overtake(
        lambda: agenda.move(standing=author, item=second, way=agenda.UP),
        lambda: agenda.move(standing=member, item=third, way=agenda.UP),
    )
    assert occurrence.items.order_by("position").values_list("title", flat=True).first() == "B"
    assert set(occurrence.items.values_list("position", flat=True)) == {1, 2, 3}

    moved = overtake(
        lambda: occurrences.change(
            standing=author, occurrence=occurrence, opened_on=1, starts_at=occurrence.starts_at, place="Aula"
        ),
        lambda: agenda.add_topic(standing=member, occurrence=occurrence, seen=1, title="D"),
    )
    assert isinstance(moved, Moved)


def test_two_who_make_a_draft_of_one_note_make_one(cast: Cast) -> None:
    item = note(cast, add_topic(cast, make_occurrence(cast)))
    author, member = cast.standing("author"), cast.standing("member")
    overtake(
        lambda: afterwards.write_from_note(standing=author, source=item),
        lambda: afterwards.write_from_note(standing=member, source=item),
    )
    item.refresh_from_db()
    assert Record.objects.get() == item.learning
