"""Contact, reach and check-up: changed at once, without review, and at once in the catalogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from governance import administration, clock
from governance.errors import NotAllowed, WrongState
from governance.models import AuditEvent, CatalogueEntry, Record
from tests.factories import Cast, make_draft, make_published, reload, save, submit

pytestmark = pytest.mark.django_db
SOON = dt.timedelta(days=40)


def contact(cast: Cast, record: Record, by: str) -> Any:
    return administration.change_contact(record=record, standing=cast.standing(by), contact=cast.member)


def reach(cast: Cast, record: Record, by: str) -> Any:
    return administration.change_reach(record=record, standing=cast.standing(by), reach="public")


def check_up(cast: Cast, record: Record, by: str) -> Any:
    return administration.change_check_up(record=record, standing=cast.standing(by), day=clock.today() + SOON)


Change = Callable[[Cast, Record, str], Any]
CHANGES: dict[Change, set[str]] = {contact: {"lead"}, check_up: {"lead"}, reach: {"committee", "chair"}}
ROLES = ["author", "lead", "outsider", "committee", "chair", "head", "staff", "admin"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_for_its_roles_alone(cast: Cast, change: Change, role: str) -> None:
    record = make_published(cast)
    if role in CHANGES[change]:
        change(cast, record, role)
    else:
        with pytest.raises(NotAllowed):
            change(cast, record, role)


def test_a_change_shows_at_once_and_leaves_state_version_and_review_alone(cast: Cast) -> None:
    record = make_published(cast)
    save(cast, record, answer="Neu.")
    submit(cast, record)
    record = reload(record)
    before = (record.state, record.state_since, record.current_version_id, record.versions.count())
    contact(cast, record, "lead")
    check_up(cast, record, "lead")
    reach(cast, record, "committee")
    entry, record = CatalogueEntry.objects.get(), reload(record)
    assert (entry.contact, entry.check_up_on) == (cast.member, clock.today() + SOON)
    assert (record.contact, record.reach, record.check_up_on) == (cast.member, "public", clock.today() + SOON)
    assert (record.state, record.state_since, record.current_version_id, record.versions.count()) == before
    verbs = AuditEvent.objects.order_by("-pk").values_list("verb", "data")[:3]
    assert list(verbs) == [
        ("change_reach", {"changed": ["reach"]}),
        ("change_check_up", {"changed": ["check_up_on"]}),
        ("change_contact", {"changed": ["contact"]}),
    ]


def test_a_change_to_a_draft_puts_nothing_into_the_catalogue(cast: Cast) -> None:
    record = make_draft(cast)
    contact(cast, record, "lead")
    assert reload(record).contact == cast.member
    assert not CatalogueEntry.objects.exists()


def test_the_contact_is_of_the_team_the_day_lies_ahead_and_the_reach_is_one_of_three(cast: Cast) -> None:
    record, lead, chair = make_published(cast), cast.standing("lead"), cast.standing("chair")
    for step in (
        lambda: administration.change_contact(record=record, standing=lead, contact=cast.outsider),
        lambda: administration.change_check_up(record=record, standing=lead, day=clock.today()),
        lambda: administration.change_reach(record=record, standing=chair, reach="everywhere"),
    ):
        with pytest.raises(WrongState):
            step()
    assert reload(record).reach == "internal"
