"""The second factor: nobody gets a session without it who needs it, also not by the administration's pages."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as live
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from governance import people
from governance.models import AuditEvent, User
from portal.signing_in import second_factor
from portal.signing_in.models import RecoveryCode
from tests.factories import PASSWORD, Cast

pytestmark = pytest.mark.django_db
LOGIN, ASK, SET_UP = "/accounts/login/", "/accounts/second-factor/", "/accounts/second-factor/set-up/"
LOCAL = live.AUTHENTICATION_BACKENDS[1]


@pytest.fixture(autouse=True)
def required(settings: Settings, cast: Cast) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    for name in ("staff", "author", "committee", "admin"):
        user = getattr(cast, name)
        user.set_password(PASSWORD)
        user.save()


def enter(client: Client, name: str, target: str = "", **extra: Any) -> HttpResponse:
    return client.post(LOGIN, {"username": name, "password": PASSWORD, "next": target}, **extra)  # type: ignore[return-value]


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def code_of(key: str, steps: int = 0) -> str:
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time() + steps * 30
    return f"{totp.token():06d}"


def with_device(user: User) -> tuple[str, list[str]]:
    """A device of before, so that the code of now was not used yet; its key and spare codes."""
    key = second_factor.new_key()
    codes = second_factor.set_up(user=user, key=key, code=code_of(key))
    TOTPDevice.objects.update(last_t=-1)
    return key, codes


# -- who needs it ----------------------------------------------------------------------------------


def test_a_password_is_enough_for_staff_and_change_teams(cast: Cast) -> None:
    for name in ("staff", "author"):
        client = Client()
        assert enter(client, name)["Location"] == "/"
        assert is_in(client)


@pytest.mark.parametrize("name", ["committee", "admin"])
def test_committee_and_administration_set_it_up_before_they_are_in(client: Client, cast: Cast, name: str) -> None:
    assert enter(client, name, "/learnings/")["Location"] == ASK
    assert not is_in(client)
    page = client.get(ASK, follow=True)
    assert page.redirect_chain == [(f"{SET_UP}?", 302)]
    text = page.content.decode()
    assert 'src="data:image/svg+xml' in text
    key = client.session["second_factor_key"]
    assert second_factor.typed_key(key) in text
    wrong = client.post(SET_UP, {"code": "000000" if code_of(key) != "000000" else "111111"})
    assert "Stimmt die Uhrzeit Ihres Geräts?" in wrong.content.decode()
    assert not TOTPDevice.objects.exists()
    done = client.post(SET_UP, {"code": code_of(key)})
    codes = re.findall(r"<code>([A-Z2-9-]{19})</code>", done.content.decode())
    assert len(set(codes)) == 10
    assert 'href="/learnings/"' in done.content.decode()
    assert is_in(client)
    hashes = set(RecoveryCode.objects.values_list("code_hash", flat=True))
    assert len(hashes) == 10
    assert not any(code in stored or code.replace("-", "") in stored for code in codes for stored in hashes)


def test_the_setting_switches_it_off_and_the_demo_has_it_off(client: Client, settings: Settings, cast: Cast) -> None:
    import environ

    from portal.signing_in.config import django_settings

    settings.SECOND_FACTOR_REQUIRED = False
    assert enter(client, "committee")["Location"] == "/"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SECOND_FACTOR_REQUIRED")
        for demo in (True, False):
            found = django_settings(environ.Env(), demo=demo, development=False)
            assert found["SECOND_FACTOR_REQUIRED"] is not demo


def test_the_administrations_pages_are_no_way_around_it(client: Client, cast: Cast) -> None:
    target = reverse("admin:index")
    answer = client.get(target, follow=True)
    assert answer.redirect_chain[-1][0].startswith(LOGIN)
    assert enter(client, "admin", target)["Location"] == ASK
    for address in (target, reverse("admin:governance_user_changelist"), reverse("admin:password_change")):
        assert client.get(address).status_code == 302
        assert client.post(address, {"action": "erase"}).status_code == 302
    # A session that came about in another way, too.
    client.force_login(cast.admin, LOCAL)
    assert client.get(target)["Location"].startswith(ASK)
    assert client.get(reverse("admin:login"), follow=True).redirect_chain[-1][0].startswith(SET_UP)


def test_who_becomes_a_member_while_signed_in_is_asked_at_the_next_click(client: Client, cast: Cast) -> None:
    enter(client, "staff")
    assert is_in(client)
    people.add_member(standing=cast.standing("admin"), team=cast.committee_team, user=cast.staff)
    answer = client.get("/learnings/?page=2")
    assert answer["Location"] == f"{ASK}?next=%2Flearnings%2F%3Fpage%3D2"
    assert client.post("/accounts/security/end-sessions/")["Location"].startswith(ASK)
    page = client.get(answer["Location"], follow=True)
    assert page.redirect_chain[-1][0].startswith(SET_UP)
    key = client.session["second_factor_key"]
    client.post(page.redirect_chain[-1][0], {"password": PASSWORD, "code": code_of(key)})
    assert is_in(client)
    client.post("/accounts/logout/")
    assert not is_in(client)


def test_it_asks_the_database_nothing_on_a_page(client: Client, settings: Settings, cast: Cast) -> None:
    numbers = []
    for on in (False, True):
        settings.SECOND_FACTOR_REQUIRED = on
        for user in (cast.staff, cast.committee):
            client.force_login(user, LOCAL)
            session = client.session
            session[second_factor.SHOWN] = user == cast.committee
            session.save()
            client.get("/help/")
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/help/").status_code == 200
            numbers.append(len(queries))
    assert numbers[:2] == numbers[2:]
    assert max(numbers) <= 4


# -- showing it ------------------------------------------------------------------------------------


def test_with_a_device_the_password_alone_gives_no_session(client: Client, cast: Cast) -> None:
    key, _codes = with_device(cast.staff)
    assert enter(client, "staff", "/L-17")["Location"] == ASK
    assert not is_in(client)
    before = client.session.session_key
    assert client.post(ASK, {"code": code_of(key)})["Location"] == "/L-17"
    assert client.session.session_key != before
    assert is_in(client)


@pytest.mark.parametrize(
    "code", ["", "12345", "abcdef", "000000000", "\x00", "1" * 300, "１２３４５６", "AAAA-BBBB-CCCC-DDDD"]
)
def test_whatever_is_typed_gets_an_answer_at_the_field(client: Client, cast: Cast, code: str) -> None:
    with_device(cast.staff)
    enter(client, "staff")
    answer = client.post(ASK, {"code": code})
    assert answer.status_code == 200
    assert answer.context["form"].errors["code"]
    assert not is_in(client)


def test_a_code_counts_once(cast: Cast) -> None:
    key, _codes = with_device(cast.staff)
    first, second = Client(), Client()
    code = code_of(key)
    for client, expected in ((first, 302), (second, 200)):
        enter(client, "staff")
        assert client.post(ASK, {"code": code}).status_code == expected


def test_the_clock_of_a_phone_may_be_half_a_minute_off_and_not_two(cast: Cast) -> None:
    for steps, expected in ((-1, 302), (1, 302), (-4, 200), (4, 200)):
        TOTPDevice.objects.all().delete()
        key, _codes = with_device(cast.staff)
        client = Client()
        enter(client, "staff")
        TOTPDevice.objects.update(throttling_failure_count=0, last_t=-1, drift=0)
        assert client.post(ASK, {"code": code_of(key, steps)}).status_code == expected


def test_a_spare_code_counts_once_and_is_in_the_trail(cast: Cast) -> None:
    _key, codes = with_device(cast.staff)
    for expected in (302, 200):
        client = Client()
        enter(client, "staff")
        assert client.post(ASK, {"code": codes[0].lower().replace("-", " ")}).status_code == expected
    assert AuditEvent.objects.filter(verb="use_recovery_code", actor=cast.staff).count() == 1
    assert second_factor.spare_codes_left(cast.staff) == 9


def test_wrong_codes_make_the_device_wait_whatever_the_address(cast: Cast) -> None:
    key, codes = with_device(cast.staff)
    for at in range(4):
        TOTPDevice.objects.update(throttling_failure_timestamp=None)
        client = Client(REMOTE_ADDR=f"10.0.0.{at}")
        enter(client, "staff")
        client.post(ASK, {"code": "0000000"})
    client = Client(REMOTE_ADDR="10.0.0.9")
    enter(client, "staff")
    assert client.post(ASK, {"code": code_of(key)}).status_code == 200  # eight seconds are not over
    assert client.post(ASK, {"code": codes[0]}).status_code == 200
    TOTPDevice.objects.update(throttling_failure_timestamp=None)
    assert client.post(ASK, {"code": code_of(key)}).status_code == 302


def test_wrong_codes_are_counted_as_attempts_to_sign_in(client: Client, cast: Cast) -> None:
    key, _codes = with_device(cast.staff)
    enter(client, "staff")
    answers = [client.post(ASK, {"code": "000 000 0"}).status_code for _attempt in range(live.AXES_FAILURE_LIMIT)]
    assert answers == [200] * (live.AXES_FAILURE_LIMIT - 1) + [429]
    assert AccessAttempt.objects.get().username == "staff"
    TOTPDevice.objects.update(throttling_failure_timestamp=None)
    assert client.post(ASK, {"code": code_of(key)}).status_code == 429
    assert enter(Client(), "staff").status_code == 429


def test_the_right_password_alone_does_not_begin_the_count_anew(cast: Cast) -> None:
    with_device(cast.staff)
    for _attempt in range(live.AXES_FAILURE_LIMIT - 1):
        client = Client()
        enter(client, "staff")
        client.post(ASK, {"code": "0000000"})
    client = Client()
    enter(client, "staff")
    assert client.post(ASK, {"code": "0000000"}).status_code == 429


@pytest.mark.parametrize("what", ["later", "other password", "locked", "nobody"])
def test_between_password_and_code_not_too_much_may_happen(client: Client, cast: Cast, what: str) -> None:
    key, _codes = with_device(cast.staff)
    if what != "nobody":
        enter(client, "staff")
    session = client.session
    if what == "later":
        session["second_factor_pending"] |= {"at": time.time() - 601}
        session.save()
    if what == "other password":
        cast.staff.set_password("ein-anderes-Kennwort-9")
        cast.staff.save()
    if what == "locked":
        User.objects.filter(pk=cast.staff.pk).update(is_active=False)
    for address in (ASK, SET_UP):
        assert client.post(address, {"code": code_of(key)})["Location"] == LOGIN
    assert not is_in(client)


def test_who_has_a_device_cannot_set_up_another_with_the_password_alone(client: Client, cast: Cast) -> None:
    with_device(cast.committee)
    enter(client, "committee")
    assert client.get(SET_UP)["Location"] == ASK
    key = second_factor.new_key()
    session = client.session
    session["second_factor_key"] = key
    session.save()
    assert client.post(SET_UP, {"code": code_of(key)})["Location"] == ASK
    assert not is_in(client)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", ASK, SET_UP, LOGIN])
def test_a_foreign_next_leads_home(client: Client, cast: Cast, target: str) -> None:
    key, _codes = with_device(cast.staff)
    enter(client, "staff", target)
    assert client.post(ASK, {"code": code_of(key)})["Location"] == "/"
    assert client.get(ASK, {"next": target})["Location"] == "/"


# -- what one does oneself -------------------------------------------------------------------------


def test_staff_may_set_it_up_with_their_password_and_get_new_codes(client: Client, cast: Cast) -> None:
    enter(client, "staff")
    assert "Zweiten Faktor einrichten" in client.get("/accounts/security/").content.decode()
    client.get(SET_UP)
    key = client.session["second_factor_key"]
    assert client.post(SET_UP, {"password": "falsch", "code": code_of(key)}).context["form"].errors["password"]
    assert AccessAttempt.objects.exists()
    assert "Ihre Ersatzcodes" in client.post(SET_UP, {"password": PASSWORD, "code": code_of(key)}).content.decode()
    before = set(RecoveryCode.objects.values_list("code_hash", flat=True))
    new = client.post("/accounts/second-factor/codes/", {"password": PASSWORD})
    assert len(re.findall(r"<code>", new.content.decode())) == 10
    assert "no-store" in new.headers["Cache-Control"]
    assert not before & set(RecoveryCode.objects.values_list("code_hash", flat=True))


def test_ending_all_other_sessions_keeps_the_own(client: Client, cast: Cast) -> None:
    phone, other = Client(), Client()
    for each in (client, phone):
        enter(each, "staff")
    enter(other, "author")
    answer = client.post("/accounts/security/end-sessions/", follow=True)
    assert "An allen anderen Geräten sind Sie abgemeldet" in answer.content.decode()
    assert [is_in(each) for each in (client, phone, other)] == [True, False, True]


# -- what the administration does ------------------------------------------------------------------


def test_the_administration_resets_it_for_others_and_not_for_themselves(client: Client, cast: Cast) -> None:
    key, _codes = with_device(cast.committee)
    theirs = Client()
    enter(theirs, "committee")
    theirs.post(ASK, {"code": code_of(key)})
    assert is_in(theirs)
    client.force_login(cast.admin, LOCAL)
    session = client.session
    session[second_factor.SHOWN] = True
    session.save()
    with_device(cast.admin)
    data = {"action": "reset_second_factor", "_selected_action": [cast.committee.pk, cast.admin.pk]}
    page = client.post(reverse("admin:governance_user_changelist"), data, follow=True).content.decode()
    assert "Zurückgesetzt: 1" in page
    assert set(TOTPDevice.objects.values_list("user_id", flat=True)) == {cast.admin.pk}
    assert not is_in(theirs)
    assert AuditEvent.objects.filter(verb="reset_second_factor", actor=cast.admin).count() == 1


def test_a_command_resets_it_when_nobody_can(cast: Cast) -> None:
    with_device(cast.admin)
    call_command("reset_second_factor", "admin", verbosity=0)
    assert not TOTPDevice.objects.exists()
    assert not RecoveryCode.objects.exists()
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "niemand")


def test_sessions_do_not_come_back_when_an_account_is_opened_again(client: Client, cast: Cast) -> None:
    enter(client, "staff")
    admin = Client()
    admin.force_login(cast.admin, LOCAL)
    session = admin.session
    session[second_factor.SHOWN] = True
    session.save()
    change = reverse("admin:governance_user_change", args=[cast.staff.pk])
    data = {"full_name": "Wer", "username": "staff", "email": "x@stadt.example", "department": cast.staff.department_id}
    assert admin.post(change, data).status_code == 302
    assert not is_in(client)
    assert admin.post(change, data | {"is_active": "on"}).status_code == 302
    assert User.objects.get(pk=cast.staff.pk).is_active
    assert not is_in(client)


def test_erasing_a_person_removes_device_and_codes(cast: Cast) -> None:
    with_device(cast.staff)
    people.erase_person(standing=cast.standing("admin"), user=cast.staff)
    assert not TOTPDevice.objects.exists()
    assert not RecoveryCode.objects.exists()


@pytest.mark.parametrize("page", ["security/", "second-factor/", "second-factor/set-up/", "second-factor/codes/"])
def test_pages_of_signing_in_answer_no_other_method(cast: Cast, page: str) -> None:
    client = Client()
    client.force_login(cast.staff, LOCAL)
    assert client.put(f"/accounts/{page}").status_code == 405
