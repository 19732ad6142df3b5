"""What happens to adoptions when their source or their department changes."""

from __future__ import annotations

import pytest

from governance import catalogue, clock, people, redaction, uses, workflow
from governance.errors import NotAllowed, WrongState
from governance.models import CatalogueEntry, Department, OutgoingMail, Record, Team
from tests import kept
from tests.factories import Cast, DepartmentFactory, TeamFactory, approve, make_published, member, reload, save, submit
from tests.pages import client_of, main_of, page_for
from tests.transfer.adoption.factories import carry_on, in_use, interest, told
from transfer.adoption import services
from transfer.models import Adoption

pytestmark = pytest.mark.django_db
State = Adoption.State


@pytest.fixture
@kept.once
def record(cast: Cast) -> Record:
    return make_published(cast, answer="Erste Antwort.")


def publish_again(cast: Cast, record: Record, **changes: str) -> None:
    save(cast, record, **changes)
    approve(cast, submit(cast, record))


def test_adopters_are_told_of_a_new_publication_with_the_comparison_once(cast: Cast, record: Record) -> None:
    adoption = interest(cast, record)
    told()
    publish_again(cast, record, answer="Zweite Antwort.", title="Hundesteuer noch schneller")
    mail = OutgoingMail.objects.get(to=cast.outsider)
    assert mail.subject == f"Neue Ausgabe 2 von {record.short_number} Hundesteuer online anmelden, das Sie nachnutzen"
    assert f"/learnings/{record.number}-hundesteuer-noch-schneller/versions/1..2/" in mail.body
    adoption.refresh_from_db()
    assert (adoption.issue, adoption.title) == (2, "Hundesteuer noch schneller")
    told()
    catalogue.rebuild()
    catalogue.refresh(reload(record))
    assert told() == []


def test_adopters_are_told_when_the_source_is_rolled_back(cast: Cast, record: Record) -> None:
    interest(cast, record)
    publish_again(cast, record, answer="Zweite Antwort.")
    first = record.versions.get(number=1)
    review = workflow.roll_back(
        record=reload(record),
        standing=cast.standing("author"),
        version=first,
        note="Das war ein Irrtum.",
    )
    told()
    approve(cast, review)
    subjects = [subject for to, subject in told() if to == "outsider"]
    assert len(subjects) == 1
    assert "auf Ausgabe 1 zurückgesetzt (Ausgabe 3)" in subjects[0]


def test_who_has_left_is_told_nothing_more(cast: Cast, record: Record) -> None:
    adoption = interest(cast, record)
    carry_on(cast, adoption, state=State.DROPPED, reason="Passt nicht.")
    told()
    publish_again(cast, record, answer="Zweite Antwort.")
    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="Überholt.")
    assert [to for to, _subject in told() if to == "outsider"] == []


def test_of_an_archived_source_the_title_stays_and_is_marked(cast: Cast, record: Record) -> None:
    adoption = in_use(cast, record)
    told()
    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="Überholt.")
    assert ("outsider", f"Archiviert, was Sie nachnutzen: {record.short_number} {adoption.title}") in told()
    for url in (adoption.get_absolute_url(), "/transfer/adoptions/"):
        page = main_of(page_for(cast, "staff", url))
        assert adoption.title in page
        assert "archiviert" in page
    page = page_for(cast, "outsider", adoption.get_absolute_url())
    assert "Stand und Plan eintragen" in page
    assert "Passt das zu uns?" not in page
    assert client_of(cast, "outsider").get(f"{adoption.get_absolute_url()}fit/").status_code == 302
    assert carry_on(cast, adoption, adapted="Wir bleiben dabei.").adapted == "Wir bleiben dabei."
    workflow.reopen(record=reload(record), standing=cast.standing("lead"))
    approve(cast, submit(cast, record))
    assert not Adoption.objects.get().is_archived
    assert CatalogueEntry.objects.get(pk=record.pk).used_by == [cast.other_team.department_id]


def test_the_last_team_of_a_department_hands_its_adoptions_over(cast: Cast, record: Record) -> None:
    adoption = in_use(cast, record)
    third: Department = DepartmentFactory(name="Umweltamt")
    there: Team = TeamFactory(department=third)
    keeper = member(there, username="keeper")
    told()
    people.hand_over(standing=cast.standing("admin"), team=cast.other_team, to=there)
    adoption.refresh_from_db()
    assert adoption.department == third
    assert CatalogueEntry.objects.get(pk=record.pk).used_by == [third.pk]
    subject = f"Ihr Bereich führt jetzt die Nachnutzung von {record.short_number} {adoption.title} weiter"
    assert (keeper.username, subject) in told()


def test_what_the_other_department_has_already_stays_with_the_committee(cast: Cast, record: Record) -> None:
    adoption = in_use(cast, record)
    third: Department = DepartmentFactory(name="Umweltamt")
    there: Team = TeamFactory(department=third)
    member(there, username="keeper")
    own = Adoption.objects.create(record=record, department=third, title="x", issue=1)
    people.hand_over(standing=cast.standing("admin"), team=cast.other_team, to=there)
    people.dissolve(standing=cast.standing("admin"), team=cast.other_team)
    adoption.refresh_from_db()
    assert adoption.department == cast.other_team.department
    assert own.pk != adoption.pk
    assert carry_on(cast, adoption, by="committee", adapted="Läuft weiter.").adapted == "Läuft weiter."
    # To its own writers it never goes either.
    assert cast.team.department is not None
    with pytest.raises(WrongState, match="bestehenden"):
        services.hand_over(standing=cast.standing("committee"), adoption=adoption, department=third)


def test_the_committee_hands_an_adoption_of_a_dissolved_department_over(cast: Cast, record: Record) -> None:
    adoption = in_use(cast, record)
    third: Department = DepartmentFactory(name="Umweltamt")
    member(TeamFactory(department=third), username="keeper")
    url = adoption.get_absolute_url()
    assert "aufgelöst" not in main_of(page_for(cast, "committee", url))
    people.dissolve(standing=cast.standing("admin"), team=cast.other_team)
    Department.objects.filter(pk=adoption.department_id).update(dissolved_on=clock.today())
    assert "Welcher Bereich führt die Nachnutzung weiter?" in page_for(cast, "committee", url)
    data = {"do": "hand_over", "to": cast.team.department_id}
    refused = client_of(cast, "committee").post(url, data)
    assert refused.status_code == 422
    assert "hat den Eintrag selbst geschrieben" in refused.content.decode()
    with pytest.raises(NotAllowed):
        services.hand_over(standing=cast.standing("staff"), adoption=adoption, department=third)
    assert client_of(cast, "committee").post(url, data | {"to": third.pk}).status_code == 302
    assert CatalogueEntry.objects.get(pk=record.pk).used_by == [third.pk]
    assert uses.of_records([record.pk]) == {record.pk: [third.pk]}


def test_blanked_passages_go_from_adoptions_too(cast: Cast, record: Record) -> None:
    adoption = interest(cast, record)
    carry_on(cast, adoption, state=State.PLANNED, adapted="Wie bei Erika Muster.", plan="Erika Muster fragen.")
    save(cast, record, answer="Erika Muster hat das erfunden.")
    proposal = redaction.propose(
        standing=cast.standing("admin"), record=reload(record), reason="Name", passages=["Erika Muster"]
    )
    redaction.confirm(standing=cast.standing("chair"), redaction=proposal)
    adoption.refresh_from_db()
    assert "Erika" not in adoption.adapted + adoption.plan
