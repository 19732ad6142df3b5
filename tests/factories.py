"""The cast and the texts that tests play with. Records are made through the services, never by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import factory
from factory.django import DjangoModelFactory

from governance import clock, rules, versions, workflow
from governance.models import (
    Department,
    Membership,
    Publication,
    Record,
    Review,
    Tag,
    Team,
    User,
    Version,
)

PASSWORD = "demo-Kennwort-1"


class DepartmentFactory(DjangoModelFactory[Department]):
    class Meta:
        model = Department

    name = factory.Sequence(lambda n: f"Bereich {n}")
    short_name = factory.SelfAttribute("name")
    slug = factory.Sequence(lambda n: f"bereich-{n}")


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    full_name = factory.Sequence(lambda n: f"Person Nummer {n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@stadt.example")


class TeamFactory(DjangoModelFactory[Team]):
    class Meta:
        model = Team

    name = factory.LazyAttribute(lambda team: f"Change-Management-Team {team.department}")
    slug = factory.Sequence(lambda n: f"team-{n}")
    kind = Team.Kind.CHANGE_TEAM
    department = factory.SubFactory(DepartmentFactory)


def member(team: Team, role: str = "member", **fields: Any) -> User:
    """A new person with this role in `team`."""
    user: User = UserFactory(department=team.department, **fields)
    Membership.objects.create(user=user, team=team, role=role, starts_on="2020-01-01")
    return user


@dataclass(frozen=True)
class Cast:
    """The fixed persons of the tests: who is who is the same everywhere."""

    team: Team
    other_team: Team
    committee_team: Team
    author: User
    member: User
    lead: User
    outsider: User
    committee: User
    committee2: User
    chair: User
    head: User
    staff: User
    admin: User

    def standing(self, name: str) -> rules.Standing:
        return rules.load_standing(getattr(self, name))


def make_cast() -> Cast:
    department: Department = DepartmentFactory(name="Steueramt", slug="steueramt")
    other: Department = DepartmentFactory(name="Bauordnungsamt", slug="bauen")
    team: Team = TeamFactory(department=department, slug="cmt-steueramt")
    other_team: Team = TeamFactory(department=other, slug="cmt-bauen")
    committee: Team = TeamFactory(
        name="Data Steering Committee",
        slug="committee",
        kind=Team.Kind.STEERING_COMMITTEE,
        department=None,
    )
    head: User = UserFactory(username="head", department=department)
    department.head = head
    department.save()
    return Cast(
        team=team,
        other_team=other_team,
        committee_team=committee,
        author=member(team, username="author"),
        member=member(team, username="member"),
        lead=member(team, "lead", username="lead"),
        outsider=member(other_team, username="outsider"),
        committee=member(committee, username="committee", full_name="Gremiumsmitglied Eins"),
        committee2=member(committee, username="committee2", full_name="Gremiumsmitglied Zwei"),
        chair=member(committee, "chair", username="chair", full_name="Vorsitz des Gremiums"),
        head=head,
        staff=UserFactory(username="staff", department=other),
        admin=UserFactory(username="admin", is_staff=True, is_superuser=True),
    )


def tag(name: str = "Online-Dienst") -> Tag:
    found, _created = Tag.objects.get_or_create(name=name, defaults={"confirmed_at": clock.now()})
    return found


def learning_values(**changes: Any) -> dict[str, Any]:
    """A text that may be submitted."""
    values: dict[str, Any] = {
        "title": "Hundesteuer online anmelden",
        "answer": "Ein kurzes Formular mit drei Pflichtfeldern wird auch wirklich ausgefüllt.",
        "everyday_benefit": "Niemand tippt mehr Papierformulare ab.",
        "what_was_done": "Wir haben das Formular gekürzt.\n\n- drei Felder\n- eine Bestätigung",
        "tag_ids": [tag().pk],
    }
    return values | changes


def make_draft(cast: Cast, by: str = "author", **changes: Any) -> Record:
    version = versions.create(
        kind="learning",
        owner=cast.team if by != "outsider" else cast.other_team,
        standing=cast.standing(by),
        values=learning_values(**changes),
    )
    return reload(version.record)


def save(cast: Cast, record: Record, by: str = "author", **changes: Any) -> Version | None:
    record = reload(record)
    assert record.current_version_id is not None
    return versions.write(
        record=record,
        standing=cast.standing(by),
        opened_on=record.current_version_id,
        values=changes,
    )


def submit(cast: Cast, record: Record, by: str = "author") -> Review:
    record = reload(record)
    assert record.current_version_id is not None
    return workflow.submit(
        record=record,
        standing=cast.standing(by),
        version_id=record.current_version_id,
        note="Erste Fassung",
    )


def approve(cast: Cast, review: Review, by: str = "committee", **more: Any) -> Publication:
    return workflow.approve(review=review, standing=cast.standing(by), **more)


def make_published(cast: Cast, by: str = "author", **changes: Any) -> Record:
    record = make_draft(cast, by, **changes)
    approve(cast, submit(cast, record, by))
    return reload(record)


def reload(record: Record) -> Record:
    return Record.objects.select_related("owner__department", "current_version").get(pk=record.pk)
