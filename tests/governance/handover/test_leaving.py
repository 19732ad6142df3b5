"""A person leaves: no access from that moment on, and whoever asks back finds the lead, who has a list."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from governance import accounts, clock, mail, people, rules
from governance.errors import NotAllowed, WrongState
from governance.models import (
    AuditEvent,
    CatalogueEntry,
    Department,
    DraftBuffer,
    Membership,
    OutgoingMail,
    Team,
    User,
)
from portal.following import services as following
from portal.following.models import FeedAddress
from tests.factories import Cast, make_draft, make_published, reload
from tests.pages import client_of, page_for
from tests.transfer.adoption.factories import interest, told

pytestmark = pytest.mark.django_db


def test_whoever_leaves_has_no_access_from_the_next_click_on_whatever_the_way(cast: Cast) -> None:
    session, other_device = client_of(cast, "author"), client_of(cast, "author")
    token = following.new_address(standing=cast.standing("author"), replaces=None)
    mail.tell([cast.author], subject="Noch nicht verschickt", path="/")
    link = accounts.letter(cast.author)
    assert Client().get(f"/feeds/{token}/").status_code == 200
    people.leave(standing=cast.standing("admin"), user=cast.author)
    assert session.get("/").status_code == other_device.get("/").status_code == 302
    assert Client().get(f"/feeds/{token}/").status_code == 404
    assert not OutgoingMail.objects.filter(to=cast.author).exists()
    assert rules.load_standing(cast.author).teams == {}
    # And it stays so when the account is opened again: all begins anew, with a new link.
    User.objects.filter(pk=cast.author.pk).update(is_active=True)
    assert session.get("/").status_code == other_device.get("/").status_code == 302
    assert Client().get(f"/feeds/{token}/").status_code == 404
    assert not FeedAddress.objects.exists()
    path = next(word for word in link.split() if "/accounts/" in word).partition("//")[2].partition("/")[2]
    assert "Dieser Link gilt nicht mehr" in Client().get(f"/{path}", follow=True).content.decode()


def test_what_a_person_was_contact_for_goes_to_the_lead_who_gets_a_list(cast: Cast) -> None:
    record, draft = make_published(cast, title="Hunde"), make_draft(cast, title="Katzen")
    buffer = DraftBuffer.objects.create(record=draft, user=cast.author, opened_on=draft.current_version)
    assert people.leave(standing=cast.standing("admin"), user=cast.author) == 2
    assert {reload(record).contact, reload(draft).contact} == {cast.lead}
    assert CatalogueEntry.objects.get(pk=record.pk).contact == cast.lead
    letter = OutgoingMail.objects.get(to=cast.lead, subject__startswith="Sie sind")
    assert letter.subject == f"Sie sind jetzt Ansprechperson für 2 Einträge von {cast.team.name}"
    assert f"{record.short_number}, {draft.short_number}" in letter.body
    # Of several records no title: a redaction of one could not reach it.
    assert "Katzen" not in letter.body
    event = AuditEvent.objects.get(verb="leave")
    assert (event.actor, event.data) == (cast.admin, {"person": cast.author.pk, "records": 2})
    # Words that exist nowhere else are kept until the person is erased.
    assert DraftBuffer.objects.filter(pk=buffer.pk).exists()


def test_whoever_leaves_a_team_only_is_no_contact_there_any_more(cast: Cast) -> None:
    record = make_published(cast)
    membership = Membership.objects.get(user=cast.author)
    people.end_membership(standing=cast.standing("lead"), membership=membership)
    assert reload(record).contact == cast.lead
    assert client_of(cast, "author").get("/").status_code == 200


def test_when_nobody_is_left_the_committee_gets_the_list_and_the_name_stays(cast: Cast) -> None:
    draft = make_draft(cast, "outsider", title="Niemand mehr da")
    people.leave(standing=cast.standing("admin"), user=cast.outsider)
    assert reload(draft).contact == cast.outsider
    letter = OutgoingMail.objects.get(to=cast.chair, subject__contains="Rückfragen")
    assert "niemanden mehr" in letter.subject
    assert draft.short_number in letter.body
    assert "Niemand mehr da" not in letter.body


def test_a_head_and_an_administrator_who_leave_are_neither_any_more(cast: Cast) -> None:
    other = User.objects.create(username="admin2", is_staff=True)
    for user in (cast.head, other):
        people.leave(standing=cast.standing("admin"), user=user)
        assert not User.objects.get(pk=user.pk).is_staff
    assert not Department.objects.filter(head=cast.head).exists()


def test_nobody_ends_the_own_access_nor_twice_nor_without_right(cast: Cast) -> None:
    with pytest.raises(WrongState, match="andere Person"):
        people.leave(standing=cast.standing("admin"), user=cast.admin)
    with pytest.raises(NotAllowed):
        people.leave(standing=cast.standing("chair"), user=cast.author)
    people.leave(standing=cast.standing("admin"), user=cast.author)
    with pytest.raises(WrongState, match="bereits beendet"):
        people.leave(standing=cast.standing("admin"), user=cast.author)


@pytest.mark.parametrize("way", ["form", "action"])
def test_the_administrator_ends_access_by_the_tick_or_by_the_action(cast: Cast, way: str) -> None:
    record, client = make_draft(cast), client_of(cast, "admin")
    if way == "form":
        department = cast.author.department_id
        data = {"full_name": "A", "username": "author", "email": "a@stadt.example", "department": department}
        answer = client.post(f"/administration/governance/user/{cast.author.pk}/change/", data, follow=True)
    else:
        data = {"action": "leave", "_selected_action": [cast.author.pk]}
        answer = client.post("/administration/governance/user/", data, follow=True)
    assert "kommt ab sofort auf keinem Gerät mehr herein" in answer.content.decode()
    assert not User.objects.get(pk=cast.author.pk).is_active
    assert reload(record).contact == cast.lead


# -- substitutes -----------------------------------------------------------------------------------


def test_members_enter_their_own_absence_and_the_substitute_gets_what_they_would_get(cast: Cast) -> None:
    record = make_published(cast)
    membership = Membership.objects.get(user=cast.author)
    url = f"/governance/teams/{cast.team.slug}/absence/"
    assert "Meine Abwesenheit" in page_for(cast, "author", cast.team.get_absolute_url())
    day, prefix = clock.today().isoformat(), f"absence{membership.pk}"
    wrong = client_of(cast, "author").post(url, {f"{prefix}-away_from": day})
    assert wrong.status_code == 422
    data = {f"{prefix}-away_from": day, f"{prefix}-away_until": day, f"{prefix}-substitute": cast.member.pk}
    assert client_of(cast, "author").post(url, data).status_code == 302
    interest(cast, record)
    names = [name for name, subject in told() if "interessiert sich" in subject]
    assert ("member" in names, "author" in names) == (True, False)
    with clock.at(clock.now() + dt.timedelta(days=1)):
        assert cast.author in mail.recipients(Team.objects.get(pk=cast.team.pk))
    assert client_of(cast, "outsider").get(url).status_code == 404
