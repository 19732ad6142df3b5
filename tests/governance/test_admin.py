"""The administration: our tables only, our rules, clean texts, nothing deleted, everything recorded."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as live
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse

from governance import clock, people, rules
from governance.models import (
    AuditEvent,
    CatalogueEntry,
    Department,
    Meeting,
    Membership,
    OutgoingMail,
    Team,
    User,
)
from tests.factories import Cast, DepartmentFactory, make_draft, make_published

pytestmark = pytest.mark.django_db
MODELS = ["user", "department", "team", "membership", "meeting"]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, live.AUTHENTICATION_BACKENDS[1])
    return client


@pytest.fixture
def administrator(cast: Cast) -> Client:
    return client_of(cast.admin)


def url(model: str, page: str, *args: Any) -> str:
    return reverse(f"admin:governance_{model}_{page}", args=args)


def errors_of(answer: Any) -> dict[str, Any]:
    return dict(answer.context["adminform"].form.errors)


def person(**changes: Any) -> dict[str, Any]:
    department = Department.objects.get(slug="bauen")
    return {
        "full_name": "Neue Person",
        "username": "neu",
        "email": "neu@stadt.example",
        "department": department.pk,
        **changes,
    }


def membership_of(user: User) -> Membership:
    return Membership.objects.get(user=user)


# -- what is there ---------------------------------------------------------------------------------


def test_only_people_teams_and_meetings_are_there() -> None:
    """No record, version, review, tag; no table of a package (attempts to sign in, tasks, groups)."""
    assert {model._meta.label_lower for model in admin.site._registry} == {f"governance.{name}" for name in MODELS}


@pytest.mark.parametrize("model", ["record", "version", "review", "publication", "learning", "tag", "auditevent"])
def test_the_workflow_and_the_vocabulary_have_no_address_there(administrator: Client, model: str) -> None:
    with pytest.raises(NoReverseMatch):
        url(model, "changelist")
    for app in ("governance", "learnings", "axes", "django_tasks_database", "auth", "taggit"):
        assert administrator.get(f"/administration/{app}/{model}/").status_code == 404


@pytest.mark.parametrize("model", MODELS)
def test_pages_open_and_nothing_can_be_deleted(cast: Cast, administrator: Client, model: str) -> None:
    Meeting.objects.create(title="Sitzung", held_on=clock.today())
    for page in ("changelist", "add"):
        body = administrator.get(url(model, page)).content.decode()
        assert "delete_selected" not in body
    row = User.objects.first() if model == "user" else admin.site._registry[_model(model)].model.objects.first()
    assert row is not None
    assert administrator.get(url(model, "change", row.pk)).status_code == 200
    assert administrator.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def _model(name: str) -> Any:
    return next(model for model in admin.site._registry if model._meta.model_name == name)


@pytest.mark.parametrize("model", MODELS)
def test_pages_carry_no_inline_script_or_style_and_are_german(cast: Cast, administrator: Client, model: str) -> None:
    for page in ("changelist", "add"):
        body = administrator.get(url(model, page)).content.decode()
        assert "<style" not in body
        assert " style=" not in body
        assert " onclick=" not in body
        assert "Verwaltung des Wissensportals" in body
        assert "Mitarbeiter-Status" not in body
        for english in ("Select", "Save", "Add ", "Home", "Change ", "Search"):
            assert f">{english}" not in body


def test_it_is_for_administrators(cast: Cast) -> None:
    for name in ("chair", "head", "lead", "staff"):
        client = client_of(getattr(cast, name))
        assert client.get(url("user", "changelist"), follow=True).status_code == 403


def test_it_has_no_sign_in_of_its_own(cast: Cast, client: Client) -> None:
    answer = client.get("/administration/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadministration%2F"
    assert client.post("/administration/login/", {"username": "a" * 300, "password": "x"}).status_code == 302
    assert client_of(cast.admin).get("/administration/login/")["Location"] == "/administration/"
    assert client_of(cast.staff).get("/administration/login/").status_code == 403
    assert client_of(cast.admin).get("/administration/password_change/")["Location"] == "/accounts/password/"


# -- what is typed ---------------------------------------------------------------------------------

HOSTILE = ["a\u202eb", "a\x07b", "a\x00b", "a\ue000b", "x" * 500]


@pytest.mark.parametrize("value", HOSTILE)
def test_hidden_characters_and_long_texts_are_refused_at_the_field(
    cast: Cast, administrator: Client, value: str
) -> None:
    answer = administrator.post(url("user", "add"), person(full_name=value, username=value, email=f"{value}@a.example"))
    assert set(errors_of(answer)) == {"full_name", "username", "email"}
    names = ("name", "short_name", "slug", "email", "phone", "room")
    answer = administrator.post(url("department", "add"), dict.fromkeys(names, value))
    assert set(errors_of(answer)) == set(names)
    answer = administrator.post(url("team", "add"), {"name": value, "slug": value, "kind": value, "about": value})
    assert set(errors_of(answer)) == {"name", "slug", "kind", "about"}
    answer = administrator.post(url("meeting", "add"), {"title": value, "held_on": value})
    assert set(errors_of(answer)) == {"title", "held_on"}


@pytest.mark.parametrize("value", ["\x00", "a\u202e", "x" * 3000])
@pytest.mark.parametrize("model", MODELS)
def test_hostile_searches_and_filters_are_answered(cast: Cast, administrator: Client, model: str, value: str) -> None:
    for query in ({"q": value}, {"p": value}, {"o": value}, {"e": value}, {"nicht_da__exact": value}):
        answer = administrator.get(url(model, "changelist"), query, follow=True)
        assert answer.status_code == (400 if "\x00" in value else 200)


# -- people ----------------------------------------------------------------------------------------


def test_a_new_person_gets_a_link_and_nobody_types_a_password(cast: Cast, administrator: Client) -> None:
    body = administrator.get(url("user", "add")).content.decode()
    assert 'type="password"' not in body
    assert administrator.post(url("user", "add"), person()).status_code == 302
    new = User.objects.get(username="neu")
    assert not new.has_usable_password()
    assert not (new.is_staff or new.is_superuser)
    assert OutgoingMail.objects.get(password_link=True).to == new
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.actor, event.data["key"]) == ("admin_add", cast.admin, new.pk)
    assert "Neue" not in str(event.data)


@pytest.mark.parametrize("missing", ["full_name", "username", "email", "department"])
def test_a_new_person_needs_name_mail_and_department(cast: Cast, administrator: Client, missing: str) -> None:
    answer = administrator.post(url("user", "add"), person(**{missing: ""}))
    assert set(errors_of(answer)) == {missing}


def test_the_link_is_sent_again_on_request(cast: Cast, administrator: Client) -> None:
    User.objects.filter(pk=cast.member.pk).update(is_active=False)
    data = {"action": "send_link", "_selected_action": [cast.staff.pk, cast.member.pk]}
    administrator.post(url("user", "changelist"), data)
    assert [mail.to for mail in OutgoingMail.objects.filter(password_link=True)] == [cast.staff]


def test_no_password_can_be_set_for_others(cast: Cast, administrator: Client) -> None:
    before = cast.staff.password
    assert administrator.get(f"/administration/governance/user/{cast.staff.pk}/password/").status_code in (302, 404)
    data = person(username="staff", is_active="on", password="x", password1="neu-neu-neu-1", is_superuser="on")
    administrator.post(url("user", "change", cast.staff.pk), data)
    user = User.objects.get(pk=cast.staff.pk)
    assert (user.full_name, user.password, user.is_superuser) == ("Neue Person", before, False)


def test_whoever_administers_does_not_lock_themselves_out(cast: Cast, administrator: Client) -> None:
    answer = administrator.post(url("user", "change", cast.admin.pk), person(username="admin"))
    assert set(errors_of(answer)) == {"is_active", "is_staff"}


def test_deactivating_ends_the_session_at_once(cast: Cast, administrator: Client) -> None:
    client = client_of(cast.staff)
    assert client.get("/").status_code == 200
    administrator.post(url("user", "change", cast.staff.pk), person(username="staff"))
    assert client.get("/").status_code == 302


def test_a_lock_after_failed_attempts_can_be_lifted(cast: Cast, administrator: Client) -> None:
    for name in ("staff", "author"):
        AccessAttempt.objects.create(username=name, failures_since_start=9)
    administrator.post(url("user", "changelist"), {"action": "unlock", "_selected_action": [cast.staff.pk]})
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["author"]
    assert AuditEvent.objects.latest("pk").data["fields"] == ["sign_in_lock"]


def test_only_who_was_deactivated_is_erased(cast: Cast, administrator: Client) -> None:
    data = {"action": "erase", "_selected_action": [cast.staff.pk]}
    administrator.post(url("user", "changelist"), data)
    assert User.objects.get(pk=cast.staff.pk).erased_at is None
    User.objects.filter(pk=cast.staff.pk).update(is_active=False)
    administrator.post(url("user", "changelist"), data)
    assert User.objects.get(pk=cast.staff.pk).erased_at is not None
    assert administrator.post(url("user", "change", cast.staff.pk), person()).status_code == 403


# -- departments and teams -------------------------------------------------------------------------


def test_the_list_of_departments_is_the_tree(cast: Cast, administrator: Client) -> None:
    top = DepartmentFactory(name="Abgaben")
    middle = DepartmentFactory(name="Mitte", parent=top)
    DepartmentFactory(name="Ganz unten", parent=middle)
    DepartmentFactory(name="Aber alt", dissolved_on=dt.date(2020, 1, 1))
    changes = administrator.get(url("department", "changelist")).context["cl"]
    shown = [changes.model_admin.in_the_tree(row) for row in changes.result_list]
    assert shown == ["Abgaben", "└ Mitte", "\u2003└ Ganz unten", "Bauordnungsamt", "Steueramt", "Aber alt"]


def test_a_renamed_department_is_renamed_in_the_catalogue_and_recorded(cast: Cast, administrator: Client) -> None:
    record = make_published(cast)
    department = cast.team.department
    assert department is not None
    data = {"name": "Amt für Abgaben", "short_name": "Abgaben", "head": cast.head.pk, "slug": "anders"}
    assert administrator.post(url("department", "change", department.pk), data).status_code == 302
    event = AuditEvent.objects.filter(verb="admin_change").latest("pk")
    assert (event.actor, event.data["model"], event.data["key"]) == (cast.admin, "department", department.pk)
    assert "Abgaben" not in str(event.data)
    assert CatalogueEntry.objects.get(pk=record.pk).department_name == "Amt für Abgaben"
    assert Department.objects.get(pk=department.pk).slug == "steueramt"


def test_a_team_that_has_handed_over_is_dissolved(cast: Cast, administrator: Client) -> None:
    make_draft(cast)
    people.hand_over(standing=cast.standing("admin"), team=cast.team, to=cast.other_team)
    administrator.post(url("team", "changelist"), {"action": "dissolve", "_selected_action": [cast.team.pk]})
    assert Team.objects.get(pk=cast.team.pk).dissolved_on == clock.today()


def test_a_change_team_keeps_a_department_and_there_is_one_committee(cast: Cast, administrator: Client) -> None:
    data = {"name": cast.team.name, "department": ""}
    assert errors_of(administrator.post(url("team", "change", cast.team.pk), data))
    data = {"name": "Zweites", "slug": "zweites", "kind": "steering_committee"}
    assert errors_of(administrator.post(url("team", "add"), data))


# -- memberships -----------------------------------------------------------------------------------


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def test_joining_goes_through_the_service_and_is_recorded_once(cast: Cast, administrator: Client) -> None:
    data = {"user": cast.staff.pk, "team": cast.team.pk, "role": "lead", "starts_on": clock.today().isoformat()}
    assert administrator.post(url("membership", "add"), data).status_code == 302
    assert rules.load_standing(cast.staff).led_team_ids == [cast.team.pk]
    assert verbs() == ["add_member"]


@pytest.mark.parametrize("wrong", ["left", "dissolved", "twice", "chair"])
def test_a_membership_that_makes_no_sense_is_refused_at_the_form(cast: Cast, administrator: Client, wrong: str) -> None:
    data = {"user": cast.staff.pk, "team": cast.team.pk, "role": "member", "starts_on": clock.today().isoformat()}
    if wrong == "left":
        User.objects.filter(pk=cast.staff.pk).update(is_active=False)
    elif wrong == "dissolved":
        Team.objects.filter(pk=cast.team.pk).update(dissolved_on=clock.today())
    else:
        data |= {"user": cast.author.pk} if wrong == "twice" else {"role": "chair"}
    answer = administrator.post(url("membership", "add"), data)
    assert answer.status_code == 200
    assert errors_of(answer)
    assert verbs() == []


def test_role_absence_and_planned_end_change_each_by_its_step(cast: Cast, administrator: Client) -> None:
    membership = membership_of(cast.author)
    today = clock.today()
    data = {
        "role": "lead",
        "ends_on": (today + dt.timedelta(days=90)).isoformat(),
        "away_from": today.isoformat(),
        "away_until": today.isoformat(),
        "substitute": cast.member.pk,
        "user": cast.staff.pk,
        "team": cast.other_team.pk,
    }
    assert administrator.post(url("membership", "change", membership.pk), data).status_code == 302
    assert sorted(verbs()) == ["admin_change", "change_role", "set_absence"]
    membership.refresh_from_db()
    assert (membership.user, membership.team, membership.substitute) == (cast.author, cast.team, cast.member)
    assert membership.ends_on == today + dt.timedelta(days=90)
    data["ends_on"] = (today - dt.timedelta(days=1)).isoformat()
    assert "ends_on" in errors_of(administrator.post(url("membership", "change", membership.pk), data))


def test_a_planned_end_lies_after_the_beginning(cast: Cast, administrator: Client) -> None:
    membership = membership_of(cast.author)
    Membership.objects.filter(pk=membership.pk).update(starts_on=clock.today() + dt.timedelta(days=9))
    data = {"role": "member", "ends_on": clock.today().isoformat()}
    assert errors_of(administrator.post(url("membership", "change", membership.pk), data))


def test_a_substitute_is_of_the_same_team(cast: Cast, administrator: Client) -> None:
    data = {"role": "member", "substitute": cast.outsider.pk}
    answer = administrator.post(url("membership", "change", membership_of(cast.author).pk), data)
    assert set(errors_of(answer)) == {"substitute"}


def test_a_membership_is_ended_not_deleted(cast: Cast, administrator: Client) -> None:
    membership = membership_of(cast.outsider)
    data = {"action": "end", "_selected_action": [membership.pk]}
    administrator.post(url("membership", "changelist"), data)
    assert rules.load_standing(cast.outsider).teams == {}
    assert verbs() == ["end_membership"]
    assert administrator.post(url("membership", "change", membership.pk), {"role": "lead"}).status_code == 403
    answer = administrator.post(url("membership", "changelist"), data, follow=True)
    assert "bereits beendet" in answer.content.decode()
