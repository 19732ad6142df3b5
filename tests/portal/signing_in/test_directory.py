"""Signing in by the house's directory, at a real provider of OpenID Connect."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as live
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from governance import clock, directory, people, workflow
from governance.handover import departments
from governance.models import AuditEvent, Department, DirectoryIdentity, Record, Review, User
from portal.signing_in import discovery
from portal.signing_in.oidc_views import CONFIRMED_UNTIL
from tests.factories import PASSWORD, Cast, make_draft, submit
from tests.portal.signing_in.conftest import (
    BACK,
    BEGIN,
    at_the_provider,
    query_of,
    set_directory,
    sign_in,
    user_of,
)
from tests.portal.signing_in.provider import Provider

pytestmark = pytest.mark.django_db


def signed_in(client: Client, provider: Provider, sub: str = "s-1", **claims: Any) -> User:
    assert sign_in(client, provider, sub, **claims).status_code == 302
    user = user_of(client)
    assert user is not None
    return user


def renew(client: Client) -> None:
    """The quarter of an hour is over."""
    session = client.session
    session[CONFIRMED_UNTIL] = time.time() - 1
    session.save()


# -- nothing of it is there while it is not set ----------------------------------------------------


def test_without_the_setting_there_is_no_route_no_button_and_no_middleware(client: Client) -> None:
    for name in ("oidc_authentication_init", "oidc_authentication_callback", "oidc_logout", "oidc_signed_out"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert "directory" not in client.get("/accounts/login/").content.decode()
    assert client.get(BEGIN).status_code in (302, 404)
    assert not any("renewal" in name for name in live.MIDDLEWARE)
    assert len(live.AUTHENTICATION_BACKENDS) == 2


# -- coming in -------------------------------------------------------------------------------------


def test_the_first_sign_in_makes_a_staff_account_with_the_department(
    client: Client, provider: Provider, cast: Cast
) -> None:
    answer = sign_in(client, provider, "s-1", "/learnings/", email="kim@stadt.example", department="Steueramt")
    assert answer["Location"] == "/learnings/"
    user = user_of(client)
    assert user is not None
    assert (user.username, user.full_name, user.email) == ("kim", "Kim Beispiel", "kim@stadt.example")
    assert user.department == cast.team.department
    assert not user.has_usable_password()
    assert not user.is_staff
    assert not user.memberships.exists()
    assert AuditEvent.objects.filter(verb="join_by_directory", actor=user).count() == 1
    again = Client()
    assert signed_in(again, provider) == user


def test_what_goes_to_the_provider_is_protected_by_state_nonce_and_pkce(client: Client, provider: Provider) -> None:
    asked = query_of(client.get(BEGIN))  # type: ignore[arg-type]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert len(asked["state"][0]) == len(asked["nonce"][0]) == 32
    assert asked["redirect_uri"] == [f"http://testserver{BACK}"]
    assert "openid" in asked["scope"][0]


def test_the_sign_in_page_leads_there_and_keeps_where_one_wanted_to_go(client: Client, provider: Provider) -> None:
    page = client.get("/accounts/login/", {"next": "/L-17"}).content.decode()
    assert f'href="{BEGIN}?next=/L-17"' in page
    assert "Hausverzeichnis" in page


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "\x01/",
        BEGIN,
        "/accounts/login/",
    ],
)
def test_a_foreign_next_and_one_that_leads_in_a_circle_lead_home(
    client: Client, provider: Provider, target: str
) -> None:
    assert sign_in(client, provider, "s-1", target)["Location"] == "/"


def test_names_are_no_keys_a_local_account_of_the_same_name_stays_another(
    client: Client, provider: Provider, cast: Cast
) -> None:
    user = signed_in(client, provider, preferred_username="admin", email=cast.admin.email, email_verified=True)
    assert user != cast.admin
    assert user.username == "admin-2"
    assert not user.is_staff


@pytest.mark.parametrize(
    ("allowed", "verified", "links"),
    [(False, True, False), (True, False, False), (True, "true", False), (True, True, True)],
)
def test_an_account_is_linked_by_mail_only_if_a_setting_says_so_and_the_directory_vouches(
    client: Client, provider: Provider, settings: Settings, cast: Cast, allowed: bool, verified: Any, links: bool
) -> None:
    set_directory(settings, provider, DIRECTORY_LINK_BY_MAIL="1" if allowed else "0")
    cast.author.set_password(PASSWORD)
    cast.author.save()
    user = signed_in(client, provider, email=cast.author.email.upper(), email_verified=verified)
    assert (user == cast.author) is links
    cast.author.refresh_from_db()
    # A password of its own would outlive leaving the directory.
    assert cast.author.has_usable_password() is not links


def test_administrators_are_never_linked_by_mail_and_keep_their_password(
    client: Client, provider: Provider, settings: Settings, cast: Cast
) -> None:
    set_directory(settings, provider, DIRECTORY_LINK_BY_MAIL="1")
    assert signed_in(client, provider, email=cast.admin.email, email_verified=True) != cast.admin


# -- department ------------------------------------------------------------------------------------


def test_an_unknown_department_is_told_and_stands_in_the_administrations_list(
    client: Client, provider: Provider, cast: Cast
) -> None:
    sign_in(client, provider, "s-1", department="Amt für Wolken")
    assert "Amt für Wolken" in client.get("/").content.decode()
    user = user_of(client)
    assert user is not None
    assert user.department is None
    admin = Client()
    admin.force_login(cast.admin, live.AUTHENTICATION_BACKENDS[1])
    assert "Laut Verzeichnis: Amt für Wolken" in admin.get("/tasks/").content.decode()
    staff = Client()
    staff.force_login(cast.staff, live.AUTHENTICATION_BACKENDS[1])
    assert "Amt für Wolken" not in staff.get("/tasks/").content.decode()


def test_a_changed_department_is_taken_over_and_an_unknown_one_leaves_the_old(
    client: Client, provider: Provider, settings: Settings, cast: Cast
) -> None:
    set_directory(settings, provider, DIRECTORY_DEPARTMENTS={"63": "bauen"})
    user = signed_in(client, provider, department="steueramt")
    for said, expected in (("63", cast.other_team.department), ("64", cast.other_team.department)):
        user = signed_in(Client(), provider, department=said)
        assert user.department == expected
    assert DirectoryIdentity.objects.get().named_department == "64"
    signed_in(Client(), provider, department=["?", "Steueramt"])
    assert DirectoryIdentity.objects.get().named_department == ""


def test_the_directory_may_go_on_with_the_name_and_the_key_of_before(settings: Settings, cast: Cast) -> None:
    settings.DIRECTORY_DEPARTMENTS = {"21": "steueramt"}
    old = Department.objects.get(slug="steueramt")
    named = {"name": "Amt für Abgaben", "short_name": "Abgaben", "slug": "abgaben"}
    departments.rename(standing=cast.standing("admin"), department=old, **named)
    for called in ("21", "Steueramt", "steueramt", "Amt für Abgaben"):
        assert directory.department_called([called]) == old
    into = Department.objects.get(slug="bauen")
    departments.merge(standing=cast.standing("admin"), department=old, into=into)
    for called in ("21", "Steueramt", "abgaben"):
        assert directory.department_called([called]) == into


# -- groups ----------------------------------------------------------------------------------------

GROUPS = {
    "wp-steuer": "cmt-steueramt",
    "wp-steuer-leitung": "cmt-steueramt:lead",
    "wp-gremium": "committee",
    "wp-vorsitz": "committee:chair",
    "wp-admin": "administration",
    "wp-falsch": "committee:lead",
    "wp-fort": "cmt-gibt-es-nicht",
}


def roles(user: User) -> dict[str, tuple[str, bool]]:
    return {m.team.slug: (m.role, m.from_directory) for m in user.memberships.current().select_related("team")}


def test_groups_give_and_take_and_what_was_given_by_hand_stays(
    client: Client, provider: Provider, settings: Settings, cast: Cast
) -> None:
    set_directory(settings, provider, DIRECTORY_GROUPS=GROUPS)
    user = signed_in(client, provider, groups=["wp-steuer", "irgendwas"])
    assert roles(user) == {"cmt-steueramt": ("member", True)}
    people.add_member(standing=cast.standing("admin"), team=cast.other_team, user=user)
    signed_in(client, provider, groups=["wp-steuer", "wp-steuer-leitung", "wp-gremium"])
    signed_in(client, provider)
    by_hand = {"cmt-bauen": ("member", False)}
    assert roles(user) == by_hand | {"cmt-steueramt": ("lead", True), "committee": ("member", True)}
    signed_in(client, provider, groups=[])
    assert roles(user) == by_hand
    assert AuditEvent.objects.filter(verb="end_membership", actor=None).count() == 2


def test_whom_a_group_takes_out_of_a_team_is_no_contact_there_any_more(
    client: Client, provider: Provider, settings: Settings, cast: Cast
) -> None:
    set_directory(settings, provider, DIRECTORY_GROUPS=GROUPS)
    user = signed_in(client, provider, groups=["wp-steuer"])
    record = make_draft(cast)
    Record.objects.filter(pk=record.pk).update(contact=user)
    signed_in(client, provider, groups=[])
    assert Record.objects.get(pk=record.pk).contact == cast.lead


def test_nobody_waits_for_a_review_of_somebody_who_has_left_the_directory(cast: Cast) -> None:
    review = submit(cast, make_draft(cast))
    workflow.claim(review=review, standing=cast.standing("committee"))
    now = clock.now()
    known = {"user": cast.committee, "issuer": "ldap:x", "subject": "1", "linked_at": now, "confirmed_at": now}
    directory.leave(DirectoryIdentity.objects.create(**known))
    assert Review.objects.get(pk=review.pk).claimed_by is None
    # What was given by hand is there again when the person is.
    assert cast.committee.memberships.filter(ended_at=None).exists()


def test_a_hand_made_membership_is_neither_changed_nor_ended_by_a_group(
    client: Client, provider: Provider, settings: Settings, cast: Cast
) -> None:
    set_directory(settings, provider, DIRECTORY_GROUPS=GROUPS)
    user = signed_in(client, provider)
    people.add_member(standing=cast.standing("admin"), team=cast.team, user=user)
    for groups in (["wp-steuer-leitung"], []):
        signed_in(client, provider, groups=groups)
        assert roles(user) == {"cmt-steueramt": ("member", False)}


def test_only_a_mapping_by_name_makes_a_chair_or_an_administrator(
    client: Client, provider: Provider, settings: Settings, cast: Cast
) -> None:
    set_directory(settings, provider, DIRECTORY_GROUPS=GROUPS)
    user = signed_in(
        client, provider, groups=["wp-gremium", "administration", "committee:chair", "wp-falsch", "wp-fort"]
    )
    assert roles(user) == {"committee": ("member", True)}
    assert not user.is_staff
    user = signed_in(client, provider, groups=["wp-vorsitz", "wp-admin"])
    assert roles(user) == {"committee": ("chair", True)}
    assert user.is_staff
    assert not user.is_superuser
    assert not signed_in(client, provider, groups=[]).is_staff


def test_administration_given_by_hand_is_not_taken_by_the_directory(
    client: Client, provider: Provider, settings: Settings
) -> None:
    set_directory(settings, provider, DIRECTORY_GROUPS=GROUPS)
    user = signed_in(client, provider)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    assert signed_in(client, provider, groups=[]).is_staff


def test_who_is_not_in_the_group_of_the_portal_is_not_let_in_and_gets_no_account(
    client: Client, provider: Provider, settings: Settings
) -> None:
    set_directory(settings, provider, DIRECTORY_REQUIRED_GROUP="wp-alle")
    answer = sign_in(client, provider, "s-1", groups=["andere"])
    assert answer.status_code == 403
    assert "nicht für Sie freigeschaltet" in answer.content.decode()
    assert not DirectoryIdentity.objects.exists()
    signed_in(client, provider, groups=["wp-alle"])


# -- odd claims ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "claims",
    [
        {"name": None, "preferred_username": None},
        {"name": ["a"], "preferred_username": {"a": 1}, "email": 5, "department": {"x": []}, "groups": {"a": "b"}},
        {"name": "x" * 5000, "preferred_username": "y" * 5000, "email": "z" * 5000, "department": "d" * 5000},
        {"name": "a\x00b", "preferred_username": "\x00", "email": "\x00@x", "department": "\u202e", "groups": ["\x00"]},
        {
            "name": "<script>",
            "preferred_username": "../../<b>",
            "email": "kein@@mail",
            "department": [1, None],
            "groups": 7,
        },
        {"groups": ["g"] * 5000, "department": ["d"] * 5000},
    ],
    ids=["missing", "types", "long", "hidden", "markup", "many"],
)
def test_odd_claims_still_make_an_account(client: Client, provider: Provider, claims: dict[str, Any]) -> None:
    user = signed_in(client, provider, **claims)
    user.full_clean(exclude=["password", "full_name", "email"])
    assert client.get("/").status_code == 200


def test_groups_that_are_no_list_take_nothing_away(
    client: Client, provider: Provider, settings: Settings, cast: Cast
) -> None:
    set_directory(settings, provider, DIRECTORY_GROUPS=GROUPS)
    user = signed_in(client, provider, groups=["wp-steuer"])
    for odd in ({"groups": 5}, {"groups": None, "_claim_names": {"groups": "src1"}}):
        signed_in(client, provider, **odd)
        assert roles(user) == {"cmt-steueramt": ("member", True)}


@pytest.mark.parametrize("sub", ["", "\x00", "a" * 300, " a ", "a\nb"])
def test_a_key_that_does_not_come_through_unchanged_lets_nobody_in(
    client: Client, provider: Provider, settings: Settings, sub: str
) -> None:
    set_directory(settings, provider, OIDC_SUBJECT_CLAIM="oid")
    assert sign_in(client, provider, "s-1", oid=sub).status_code == 502
    assert not DirectoryIdentity.objects.exists()


# -- the directory away, slow, or saying what it should not ----------------------------------------


def assert_refused(client: Client, provider: Provider, status: int, words: str) -> None:
    answer = sign_in(client, provider, "s-1")
    page = answer.content.decode()
    assert answer.status_code == status, page
    assert words in page
    assert 'data-outcome="denied"' in page
    assert user_of(client) is None
    assert not User.objects.filter(identities__isnull=False).exists()
    assert not AccessAttempt.objects.exists()  # nobody has guessed anything


@pytest.mark.parametrize("fault", ["500 /token", "500 /jwks", "500 /userinfo", "slow /token", "slow /userinfo"])
def test_a_directory_that_fails_or_is_slow_is_told_and_counted_as_no_attempt(
    client: Client, provider: Provider, fault: str
) -> None:
    provider.fault = fault
    assert_refused(client, provider, 503, "erreicht das Verzeichnis Ihrer Verwaltung gerade nicht")


def test_while_it_is_away_local_accounts_sign_in_and_nobody_waits_for_it_twice(
    client: Client, provider: Provider, settings: Settings, cast: Cast
) -> None:
    provider.fault = "500 /.well-known/openid-configuration"
    for _twice in range(2):
        assert client.get(BEGIN).status_code == 503
    assert provider.asked.count("/.well-known/openid-configuration") == 1
    cast.staff.set_password(PASSWORD)
    cast.staff.save()
    assert client.post("/accounts/login/", {"username": "staff", "password": PASSWORD}).status_code == 302
    assert user_of(client) == cast.staff
    discovery.forget()
    settings.OIDC_ISSUER = "http://127.0.0.1:9"  # nobody listens
    assert Client().get(BEGIN).status_code == 503


@pytest.mark.parametrize("seconds", [-3600, 3600])
def test_a_wrong_clock_is_told_as_such(client: Client, provider: Provider, seconds: int) -> None:
    provider.clock = seconds
    assert_refused(client, provider, 503, "weichen voneinander ab")


def test_a_clock_that_is_half_a_minute_off_is_no_hindrance(client: Client, provider: Provider) -> None:
    provider.clock = 30
    signed_in(client, provider)


@pytest.mark.parametrize(
    "fault", ["foreign key", "unknown key", "unsigned", "torn", "number", "other person", "html /token"]
)
def test_an_answer_that_cannot_be_trusted_lets_nobody_in(client: Client, provider: Provider, fault: str) -> None:
    provider.fault = fault
    assert_refused(client, provider, 502, "ließ sich nicht prüfen")


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "eine-andere-anwendung"},
        {"aud": ["wissensportal", "zweite"]},
        {"iss": "https://anderswo.example"},
        {"nonce": "eine-andere"},
        {"nonce": None},
        {"exp": None},
        {"sub": "s-2"},
    ],
    ids=lambda claims: str(*claims.items()),
)
def test_a_token_for_somebody_else_lets_nobody_in(client: Client, provider: Provider, claims: dict[str, Any]) -> None:
    provider.in_token = claims
    assert_refused(client, provider, 502, "ließ sich nicht prüfen")


def test_discovery_must_speak_for_the_issuer_of_the_settings(client: Client, provider: Provider) -> None:
    provider.fault = "other issuer"
    assert client.get(BEGIN).status_code == 502


# -- the way back ----------------------------------------------------------------------------------


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(client: Client, provider: Provider) -> None:
    provider.people["s-1"], provider.here = {"name": "Kim"}, "s-1"
    back = at_the_provider(client.get(BEGIN))  # type: ignore[arg-type]
    stranger = Client()
    assert stranger.get(back).status_code == 400
    assert user_of(stranger) is None
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 400
    assert user_of(client) is not None


@pytest.mark.parametrize(
    "query", ["", "?state=x&code=y", "?error=access_denied", "?error=x&state=y", "?code=%00&state=%ff"]
)
def test_a_hostile_way_back_is_an_expired_one_and_signs_nobody_out(
    client: Client, provider: Provider, query: str
) -> None:
    signed_in(client, provider)
    assert client.get(BACK + query).status_code == 400
    assert user_of(client) is not None


def test_whoever_the_provider_declines_is_told(client: Client, provider: Provider) -> None:
    answer = client.get(at_the_provider(client.get(BEGIN)))  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert "abgebrochen oder abgelehnt" in answer.content.decode()


def test_a_password_typed_for_an_account_of_the_directory_is_answered_as_for_nobodys(
    client: Client, provider: Provider
) -> None:
    signed_in(client, provider)
    pages = []
    for name in ("kim", "niemand"):
        answer = Client().post("/accounts/login/", {"username": name, "password": PASSWORD})
        assert answer.status_code == 200
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(name, ""))
    assert pages[0] == pages[1]


def test_name_and_password_never_reach_the_provider(client: Client, provider: Provider) -> None:
    client.post("/accounts/login/?state=x&code=y", {"username": "kim", "password": "x"})
    assert provider.asked == []


def test_the_session_gets_a_new_key_at_sign_in(client: Client, provider: Provider) -> None:
    client.get(BEGIN)
    before = client.session.session_key
    signed_in(client, provider)
    assert client.session.session_key != before


def test_an_account_locked_by_hand_stays_locked(client: Client, provider: Provider) -> None:
    user = signed_in(client, provider)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert user_of(client) is None
    answer = sign_in(Client(), provider, "s-1")
    assert answer.status_code == 403
    assert "stillgelegt" in answer.content.decode()


def test_an_erased_person_has_no_key_left(client: Client, provider: Provider, cast: Cast) -> None:
    user = signed_in(client, provider)
    people.erase_person(standing=cast.standing("admin"), user=user)
    assert not DirectoryIdentity.objects.exists()
    assert user_of(client) is None


# -- leaving ---------------------------------------------------------------------------------------


def test_the_session_is_renewed_without_anybody_noticing_and_open_forms_go_on(
    client: Client, provider: Provider
) -> None:
    user = signed_in(client, provider)
    client.get("/")
    token, key = client.cookies["csrftoken"].value, client.session.session_key
    renew(client)
    answer = client.get("/learnings/")
    assert query_of(answer)["prompt"] == ["none"]  # type: ignore[arg-type]
    provider.people["s-1"]["name"] = "Kim Neuer-Name"
    assert client.get(at_the_provider(answer))["Location"] == "/learnings/"  # type: ignore[arg-type]
    assert client.get("/learnings/").status_code == 200
    assert client.cookies["csrftoken"].value == token
    assert client.session.session_key == key
    user.refresh_from_db()
    assert user.full_name == "Kim Neuer-Name"


def test_whoever_leaves_the_directory_is_out_at_the_next_renewal(client: Client, provider: Provider) -> None:
    signed_in(client, provider)
    del provider.people["s-1"]
    renew(client)
    answer = client.get(at_the_provider(client.get("/learnings/")))  # type: ignore[arg-type]
    assert answer["Location"] == "/accounts/login/?next=%2Flearnings%2F"
    assert "nicht verlängert" in client.get(answer["Location"]).content.decode()
    assert user_of(client) is None
    assert sign_in(client, provider, "x").status_code == 302


def test_what_is_posted_or_fetched_by_a_script_goes_on_for_an_hour_and_no_longer(
    client: Client, provider: Provider
) -> None:
    signed_in(client, provider)
    renew(client)
    assert client.post("/accounts/security/end-sessions/").status_code == 302
    assert client.get("/", headers={"sec-fetch-mode": "cors"}).status_code == 200
    assert client.get("/", headers={"hx-request": "true"}).status_code == 200
    session = client.session
    session[CONFIRMED_UNTIL] = time.time() - 3601
    session.save()
    answer = client.post("/accounts/security/end-sessions/")
    assert answer["Location"].startswith("/accounts/login/")


def test_while_the_directory_is_away_a_session_goes_on_for_an_hour(client: Client, provider: Provider) -> None:
    signed_in(client, provider)
    discovery.forget()
    provider.fault = "500 /.well-known/openid-configuration"
    renew(client)
    assert client.get("/").status_code == 200
    session = client.session
    session[CONFIRMED_UNTIL] = time.time() - 3601
    session.save()
    assert client.get("/")["Location"].startswith("/accounts/login/")


def test_local_sessions_are_not_renewed_and_the_renewal_asks_the_database_nothing(
    client: Client, provider: Provider, cast: Cast
) -> None:
    client.force_login(cast.staff, live.AUTHENTICATION_BACKENDS[1])
    assert client.get("/help/").status_code == 200
    with CaptureQueriesContext(connection) as local:
        client.get("/help/")
    other = Client()
    signed_in(other, provider)
    other.get("/help/")
    with CaptureQueriesContext(connection) as by_directory:
        other.get("/help/")
    assert len(local) == len(by_directory) <= 4


# -- the provider's word that somebody is signed out -----------------------------------------------


def test_the_provider_ends_all_sessions_of_a_person(client: Client, provider: Provider) -> None:
    phone, other = Client(), Client()
    signed_in(client, provider)
    signed_in(phone, provider)
    signed_in(other, provider, "s-2", preferred_username="lou")
    told = Client(enforce_csrf_checks=True).post(
        "/accounts/directory/signed-out/", {"logout_token": provider.logout_token("s-1")}
    )
    assert told.status_code == 200
    assert user_of(client) is user_of(phone) is None
    assert user_of(other) is not None


@pytest.mark.parametrize(
    "changes", [{"aud": "x"}, {"iss": "x"}, {"events": {}}, {"nonce": "n"}, {"sub": None}, {"iat": 9999999999}]
)
def test_a_logout_token_that_is_none_ends_nothing(client: Client, provider: Provider, changes: dict[str, Any]) -> None:
    signed_in(client, provider)
    token = provider.logout_token("s-1", **changes)
    for text in (token, token[:-4], "x", ""):
        assert client.post("/accounts/directory/signed-out/", {"logout_token": text}).status_code in (400, 503)
    assert user_of(client) is not None


def test_signing_out_offers_to_sign_out_there_too(client: Client, provider: Provider) -> None:
    signed_in(client, provider)
    page = client.post("/accounts/logout/", follow=True)
    assert "Auch dort abmelden" in page.content.decode()
    there = client.get("/accounts/directory/sign-out/")
    assert there["Location"].startswith(f"{provider.address}/bye?")
    assert query_of(there)["post_logout_redirect_uri"] == ["http://testserver/accounts/login/"]  # type: ignore[arg-type]
