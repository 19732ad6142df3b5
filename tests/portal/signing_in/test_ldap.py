"""Signing in with the name and password of an LDAP directory, at Debian's slapd."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from governance import directory, periodic
from governance.models import AuditEvent, DirectoryIdentity, User
from portal.signing_in import ldap_config
from tests.factories import PASSWORD as OWN_PASSWORD
from tests.factories import Cast
from tests.portal.signing_in.conftest import set_from, user_of
from tests.portal.signing_in.slapd import ADMIN_PASSWORD, BASE, PASSWORD, Slapd

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    slapd = Slapd(Path(tmp_path_factory.mktemp("slapd")))
    slapd.start()
    yield slapd
    slapd.stop()


@pytest.fixture(autouse=True)
def portal(server: Slapd, settings: Settings, cast: Cast) -> None:
    """A portal that asks this directory."""
    given = {
        "LDAP_URI": server.address,
        "LDAP_START_TLS": "0",
        "LDAP_TIMEOUT_SECONDS": "1",
        "LDAP_BIND_DN": f"cn=portal,{BASE}",
        "LDAP_BIND_PASSWORD": ADMIN_PASSWORD,
        "LDAP_USER_BASE": f"ou=people,{BASE}",
        "LDAP_USER_FILTER": "(&(uid=%(user)s)(!(employeeType=gesperrt)))",
        "LDAP_GROUP_BASE": f"ou=groups,{BASE}",
        "DIRECTORY_GROUPS": {"wp-steuer": "cmt-steueramt", "wp-gremium": "committee"},
    }
    for name, value in ldap_config.django_settings(set_from(settings, given)).items():
        setattr(settings, name, value)


def enter(client: Client, name: str, password: str = PASSWORD) -> HttpResponse:
    return client.post(LOGIN, {"username": name, "password": password})  # type: ignore[return-value]


def test_the_first_sign_in_makes_an_account_with_department_and_teams(client: Client, cast: Cast) -> None:
    assert enter(client, "kim").status_code == 302
    user = user_of(client)
    assert user is not None
    assert (user.username, user.full_name, user.email) == ("kim", "Kim Beispiel", "kim@stadt.example")
    assert user.department == cast.team.department
    assert {m.team for m in user.memberships.current()} == {cast.team, cast.committee_team}
    assert not user.has_usable_password()
    assert len(DirectoryIdentity.objects.get().subject) == 36
    again = Client()
    enter(again, "KIM")
    assert user_of(again) == user
    assert User.objects.filter(identities__isnull=False).count() == 1


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer_and_are_counted(client: Client) -> None:
    def page(name: str, password: str) -> str:
        text = enter(client, name, password).content.decode()
        return text.replace(name, "").split("csrfmiddlewaretoken")[0]

    assert page("kim", "falsch") == page("niemand", "falsch") == page("staff", "falsch")
    assert AccessAttempt.objects.count() == 3


@pytest.mark.parametrize("name", ["*", "kim)(uid=*", "k*m", "\\2a", "cn=admin", "kim,ou=people", "ki\u200bm"])
def test_a_name_is_no_filter(client: Client, name: str) -> None:
    assert enter(client, name).status_code == 200
    assert not DirectoryIdentity.objects.exists()


@pytest.mark.parametrize("password", ["", " ", "\x00"])
def test_an_empty_password_is_no_anonymous_bind(client: Client, password: str) -> None:
    assert enter(client, "kim", password).status_code == 200
    assert user_of(client) is None


def test_a_local_account_of_the_same_name_is_another_person(client: Client, cast: Cast) -> None:
    cast.staff.set_password(OWN_PASSWORD)
    cast.staff.save()
    enter(client, "staff", OWN_PASSWORD)
    assert user_of(client) == cast.staff
    other = Client()
    enter(other, "staff")
    user = user_of(other)
    assert user is not None
    assert user != cast.staff
    assert user.username == "staff-2"


def test_whoever_is_not_found_any_more_has_no_access_and_comes_back_with_it(
    client: Client, server: Slapd, cast: Cast
) -> None:
    enter(client, "kim")
    other = Client()
    enter(other, "lou")
    user = user_of(client)
    assert user is not None
    server.lock("kim")
    try:
        assert periodic.run_due()["look_up_leavers"] is True
        user.refresh_from_db()
        assert not user.is_active
        assert user_of(client) is None
        assert not user.memberships.filter(ended_at=None).exists()
        assert user_of(other) is not None
        assert AuditEvent.objects.filter(verb="left_directory").count() == 1
        assert enter(client, "kim").status_code == 200
    finally:
        server.lock("kim", locked=False)
    assert user_of(client) is None
    enter(client, "kim")
    assert user_of(client) == user
    assert user.memberships.current().count() == 2


def test_when_half_the_house_is_missing_nobody_is_put_out(client: Client, server: Slapd, settings: Settings) -> None:
    from portal.signing_in import ldap_leavers

    for at in range(8):
        directory.sign_in(directory.Person(issuer=f"ldap:ou=people,{BASE}", subject=f"alt-{at}", user_name=f"alt{at}"))
    with pytest.raises(ldap_leavers.TooMany):
        ldap_leavers.look_up()
    assert not DirectoryIdentity.objects.exclude(left_at=None).exists()


def test_a_directory_that_is_away_is_told_counted_as_no_attempt_and_puts_nobody_out(
    client: Client, server: Slapd, cast: Cast
) -> None:
    enter(client, "kim")
    cast.staff.set_password(OWN_PASSWORD)
    cast.staff.save()
    server.stop()
    try:
        other = Client()
        page = enter(other, "lou").content.decode()
        assert "Das Verzeichnis antwortet nicht" in page
        assert 'data-outcome="invalid"' in page
        assert not AccessAttempt.objects.exists()
        assert enter(other, "staff", OWN_PASSWORD).status_code == 302
        assert periodic.run_due()["look_up_leavers"] is False
        assert user_of(client) is not None
    finally:
        server.start()
