"""A team hands everything over: what goes, what stays and why, who is told, and what whoever does it may see."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import clock, rules, versions, workflow
from governance.errors import NotAllowed, WrongState
from governance.handover import parts, services
from governance.handover.moving import hand_over
from governance.models import (
    AuditEvent,
    CatalogueEntry,
    Department,
    DraftBuffer,
    Membership,
    OutgoingMail,
    Publication,
    Record,
    Review,
    Team,
)
from tests.factories import Cast, DepartmentFactory, TeamFactory, approve, make_draft, make_published, reload, submit
from tests.factories import member as join
from tests.pages import client_of, main_of, page_for
from tests.transfer.adoption.factories import in_use
from tests.transfer.factories import make_format
from tests.transfer.packages.factories import uploaded
from tests.transfer.proofs import factories as proofs
from transfer.models import Adoption, Announcement, ExchangeFormat, PackageImport

pytestmark = pytest.mark.django_db


def everything_goes(cast: Cast, by: str = "admin", **more: bool) -> int:
    seen = parts.preview(cast.team, cast.other_team).seen
    return services.hand_over(standing=cast.standing(by), team=cast.team, to=cast.other_team, seen=seen, **more)


def keep(record: Record, cast: Cast, by: str = "author") -> DraftBuffer:
    user, opened = getattr(cast, by), record.current_version
    buffer: DraftBuffer = DraftBuffer.objects.create(
        record=record, user=user, opened_on=opened, data={"title": "Privat"}
    )
    return buffer


def test_everything_of_a_team_goes_in_one_step_and_stands_in_the_trail_as_one_event_and_each(cast: Cast) -> None:
    published, draft = make_published(cast), make_draft(cast, title="Geheim")
    review = submit(cast, make_draft(cast, title="Wartet"))
    trial = proofs.start(cast)
    shown, package = make_format(cast), uploaded(cast)
    before = Review.objects.values().get(pk=review.pk)
    assert everything_goes(cast, "chair") == 4
    assert not Record.objects.filter(owner=cast.team).exists()
    assert Review.objects.values().get(pk=review.pk) == before
    assert ExchangeFormat.objects.get(pk=shown.pk).team == cast.other_team
    assert PackageImport.objects.get(pk=package.pk).team == cast.other_team
    entry = CatalogueEntry.objects.get(pk=published.pk)
    assert (entry.owner_name, entry.department_name) == (cast.other_team.name, "Bauordnungsamt")
    event = AuditEvent.objects.get(verb="hand_over")
    assert event.actor == cast.chair
    assert event.data["records"] == 4
    assert (event.data["published"], event.data["unpublished"], event.data["formats"]) == (1, 3, 1)
    each = AuditEvent.objects.filter(verb="change_owner").values_list("record", flat=True)
    assert set(each) == {published.pk, draft.pk, review.record_id, trial.pk}
    assert AuditEvent.objects.filter(verb__in=["hand_over_format", "hand_over_package"]).count() == 2
    workflow.withdraw(record=reload(review.record), standing=cast.standing("outsider"))
    services.people.dissolve(standing=cast.standing("admin"), team=cast.team)
    assert Publication.objects.get(record=published).team == cast.team  # who published it then


@pytest.mark.parametrize("who", ["lead", "author", "outsider", "committee", "head", "staff"])
def test_only_administrator_and_chair_hand_over(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        everything_goes(cast, who)
    assert client_of(cast, who).get(f"/governance/handover/teams/{cast.team.slug}/").status_code == 403


def test_the_chair_neither_moves_members_nor_ends_a_team(cast: Cast) -> None:
    for more in ({"with_members": True}, {"then_dissolve": True}):
        with pytest.raises(NotAllowed):
            everything_goes(cast, "chair", **more)
    page = page_for(cast, "chair", f"/governance/handover/teams/{cast.team.slug}/?to={cast.other_team.slug}")
    assert "with_members" not in page


def test_whoever_hands_over_sees_no_title_that_was_never_published(cast: Cast) -> None:
    make_published(cast, title="Das kennen alle")
    draft = make_draft(cast, title="Streng vertraulich")
    submit(cast, make_draft(cast, title="Liegt vor"))
    keep(draft, cast)
    for role in ("admin", "chair"):
        page = main_of(page_for(cast, role, f"/governance/handover/teams/{cast.team.slug}/?to={cast.other_team.slug}"))
        assert "Das kennen alle" in page
        assert "2 Learnings. Die Titel sieht nur das Team." in page
        for hidden in ("Streng vertraulich", "Liegt vor", "Privat", draft.short_number, cast.author.full_name):
            assert hidden not in page
    with pytest.raises(NotAllowed):
        versions.write(
            record=draft,
            standing=cast.standing("admin"),
            opened_on=draft.current_version_id or 0,
            values={"title": "Von mir"},
        )


def test_the_committee_is_no_change_team_and_nothing_goes_to_what_has_ended(cast: Cast) -> None:
    gone = TeamFactory(department=cast.team.department, dissolved_on=clock.today())
    admin = cast.standing("admin")
    for team, to in ((cast.team, cast.committee_team), (cast.committee_team, cast.team)):
        with pytest.raises(WrongState, match="kein Change-Management-Team"):
            hand_over(standing=admin, team=team, to=to)
    for to in (gone, cast.team):
        with pytest.raises(WrongState, match="anderes, bestehendes"):
            hand_over(standing=admin, team=cast.team, to=to)
    assert client_of(cast, "admin").get("/governance/handover/teams/committee/").status_code == 404


def test_what_changed_since_the_preview_stops_the_step_and_shows_it_anew(cast: Cast) -> None:
    make_published(cast)
    url = f"/governance/handover/teams/{cast.team.slug}/?to={cast.other_team.slug}"
    seen = parts.preview(cast.team, cast.other_team).seen
    make_draft(cast)
    client = client_of(cast, "admin")
    answer = client.post(url, {"do": "hand_over", "seen": seen, "then_dissolve": "on"})
    page = answer.content.decode()
    assert (answer.status_code, 'data-outcome="conflict"' in page) == (409, True)
    assert "checked" in page
    assert Record.objects.filter(owner=cast.team).count() == 2
    now = parts.preview(cast.team, cast.other_team).seen
    assert now in page
    answer = client.post(url, {"do": "hand_over", "seen": now, "then_dissolve": "on"}, follow=True)
    assert "2 Einträge gehören jetzt" in answer.content.decode()
    assert Team.objects.get(pk=cast.team.pk).dissolved_on == clock.today()


def test_nothing_at_all_goes_when_the_end_of_the_team_fails(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    record = make_draft(cast)

    def refuse(**_given: object) -> None:
        raise WrongState("nein")

    monkeypatch.setattr("governance.people.dissolve", refuse)
    with pytest.raises(WrongState):
        everything_goes(cast, with_members=True, then_dissolve=True)
    assert reload(record).owner == cast.team
    assert Membership.objects.filter(team=cast.other_team).count() == 1


# -- contacts and work in progress -----------------------------------------------------------------


def test_a_contact_outside_of_the_new_team_gives_way_to_its_lead(cast: Cast) -> None:
    record, trial = make_published(cast), proofs.start(cast)
    announced = proofs.announce(cast, trial)
    lead = join(cast.other_team, "lead", username="newlead")
    everything_goes(cast)
    assert {reload(record).contact, CatalogueEntry.objects.get(pk=record.pk).contact} == {lead}
    assert Announcement.objects.get(pk=announced.pk).contact == lead
    assert AuditEvent.objects.filter(verb="change_contact").count() == 2


def test_into_a_team_without_members_the_contacts_stay_and_the_preview_says_so(cast: Cast) -> None:
    record, empty = make_published(cast), TeamFactory()
    assert "Das neue Team hat noch kein Mitglied" in str(parts.preview(cast.team, empty).staying)
    hand_over(standing=cast.standing("admin"), team=cast.team, to=empty)
    assert reload(record).contact == cast.author


def test_work_in_progress_stays_its_writers_and_is_found_again_in_the_new_team(cast: Cast) -> None:
    record = make_draft(cast)
    buffer = keep(record, cast)
    (stays,) = parts.preview(cast.team, cast.other_team).staying
    assert stays.label == "1 Zwischenstand von 1 Person"
    everything_goes(cast)
    assert DraftBuffer.objects.get(pk=buffer.pk).data == {"title": "Privat"}
    assert client_of(cast, "author").get(f"/learnings/{record.number}-x/edit/").status_code == 404
    assert "Zwischenstände bleiben erhalten" in OutgoingMail.objects.get(to=cast.author).body
    assert "Zwischenstände" not in OutgoingMail.objects.get(to=cast.member).body


def test_with_their_members_contacts_and_work_in_progress_go_on_as_before(cast: Cast) -> None:
    record = make_draft(cast)
    keep(record, cast)
    everything_goes(cast, with_members=True, then_dissolve=True)
    assert reload(record).contact == cast.author
    assert rules.load_standing(cast.author).teams == {cast.other_team.pk: "member"}
    assert rules.load_standing(cast.lead).led_team_ids == []
    assert client_of(cast, "author").get(f"/learnings/{record.number}-x/edit/").status_code == 200


# -- adoptions -------------------------------------------------------------------------------------


def test_what_the_new_department_adopts_of_the_old_one_rests_and_is_no_use_by_others_any_more(cast: Cast) -> None:
    record = make_published(cast)
    adoption = in_use(cast, record)
    assert CatalogueEntry.objects.get(pk=record.pk).used_by == [adoption.department_id]
    assert "Diese Nachnutzung ruht" in str(parts.preview(cast.team, cast.other_team).staying)
    everything_goes(cast)
    assert CatalogueEntry.objects.get(pk=record.pk).used_by == []
    assert Adoption.objects.get(pk=adoption.pk).state == "done"
    assert "Diese Nachnutzung ruht" in page_for(cast, "staff", adoption.get_absolute_url())
    assert "Bauordnungsamt nutzt" not in page_for(cast, "author", f"/{record.short_number}")
    # Given back, it counts again.
    hand_over(standing=cast.standing("admin"), team=cast.other_team, to=cast.team)
    assert CatalogueEntry.objects.get(pk=record.pk).used_by == [adoption.department_id]


def test_adoptions_stay_with_a_department_that_has_another_team_and_the_preview_says_so(cast: Cast) -> None:
    adoption = in_use(cast, make_published(cast))
    third: Department = DepartmentFactory(name="Umweltamt")
    there: Team = TeamFactory(department=third)
    assert [part.going for part in parts.preview(cast.other_team, there).parts if part.key == "adoptions"] == [1]
    TeamFactory(department=cast.other_team.department, slug="zweites")
    (stays,) = parts.preview(cast.other_team, there).staying
    assert (stays.label, "noch ein anderes Team" in stays.reason) == ("1 Nachnutzung", True)
    hand_over(standing=cast.standing("admin"), team=cast.other_team, to=there)
    assert Adoption.objects.get(pk=adoption.pk).department == cast.other_team.department


def test_the_preview_names_each_adoption_that_cannot_go_with_its_reason(cast: Cast) -> None:
    third: Department = DepartmentFactory(name="Umweltamt")
    there: Team = TeamFactory(department=third)
    join(there, username="keeper")
    has, wrote = make_published(cast, title="Haben wir"), make_published(cast, title="Von uns")
    for record in (has, wrote):
        in_use(cast, record)
    Adoption.objects.create(record=has, department=third, title="x", issue=1)
    Record.objects.filter(pk=wrote.pk).update(owner=there)
    page = main_of(page_for(cast, "admin", f"/governance/handover/teams/{cast.other_team.slug}/?to={there.slug}"))
    assert "Umweltamt nutzt das bereits selbst nach" in page
    assert "Umweltamt nutzt nicht nach, was dem eigenen Bereich gehört" in page


# -- many ------------------------------------------------------------------------------------------


def test_many_records_take_as_many_statements_as_few(cast: Cast) -> None:
    for number in range(2):
        make_published(cast, title=f"Eins {number}")
    few = _statements(cast, cast.team, cast.other_team)
    for number in range(8):
        record = make_draft(cast, title=f"Zwei {number}")
        approve(cast, submit(cast, record))
    make_draft(cast)
    assert _statements(cast, cast.team, cast.other_team) <= few + 1


def _statements(cast: Cast, team: Team, to: Team) -> int:
    seen, standing = parts.preview(team, to).seen, cast.standing("admin")
    with CaptureQueriesContext(connection) as queries:
        hand_over(standing=standing, team=team, to=to, seen=seen)
    return len(queries)
