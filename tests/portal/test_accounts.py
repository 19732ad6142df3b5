"""Signing in and out, passwords, sessions: whatever is typed gets an answer, nobody learns who has an account."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as live
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from governance import accounts, clock, letters, mail, periodic
from governance.models import OutgoingMail, User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
RESET = "/accounts/reset/"
SESSION = "sessionid"
HOSTILE = {
    "300 characters": "a" * 300,
    "100 000 characters": "a" * 100_000,
    "NUL": "a\x00b",
    "control": "a\x07b",
    "bidi": "a\u202eb",
    "lone surrogate sentinel": "a\ufffeb",
    "grows when normalised": "\ufdfa" * 150,
    "private sentinel": "a\ue000b",
}


@pytest.fixture
def person(db: None) -> User:
    user: User = UserFactory(username="kim", email="kim@stadt.example")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, name: str = "kim", password: str = PASSWORD, **extra: Any) -> HttpResponse:
    return client.post(LOGIN, {"username": name, "password": password}, **extra)  # type: ignore[return-value]


def is_signed_in(client: Client) -> bool:
    return client.get("/").status_code == 200


# -- hostile input ---------------------------------------------------------------------------------


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_gets_a_message_at_the_field(client: Client, value: str) -> None:
    answer = sign_in(client, value, "x")
    assert answer.status_code == 200
    assert answer.context["form"].errors["username"]
    assert 'data-outcome="invalid"' in answer.content.decode()
    assert not AccessAttempt.objects.exists()


@pytest.mark.parametrize("kind", ["300 characters", "100 000 characters", "NUL", "control"])
def test_a_hostile_password_gets_a_message_at_the_field(client: Client, person: User, kind: str) -> None:
    value = HOSTILE[kind]
    assert sign_in(client, "kim", value).context["form"].errors["password"]
    client.force_login(person, live.AUTHENTICATION_BACKENDS[1])
    data = {"old_password": value, "new_password1": value, "new_password2": value}
    answer = client.post("/accounts/password/", data)
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) >= set(data) - {"new_password2"}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_address_gets_a_message_at_the_field(client: Client, value: str) -> None:
    for typed in (value, f"{value}@stadt.example", f'"{value}"@stadt.example'):
        answer = client.post(RESET, {"email": typed})
        assert answer.status_code == 200, typed[:20]
        assert answer.context["form"].errors["email"]


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_link_is_an_expired_link(client: Client, value: str) -> None:
    answer = client.get(reverse("password_reset_confirm", args=[value[:400], "set-password"]))
    assert answer.status_code in ((400,) if "\x00" in value else (200, 404))


def test_hostile_surroundings_of_a_failed_attempt_are_no_error(client: Client, person: User) -> None:
    answer = client.post(
        LOGIN + "?next=%01%ff&" + "a=" + "b" * 3000,
        {"username": "kim", "password": "falsch", "extra": "\x00\u202e" * 50},
        headers={"user-agent": "x\u00ff" * 400, "accept": "y" * 3000},
    )
    assert answer.status_code == 200
    assert AccessAttempt.objects.get().username == "kim"


# -- nobody learns who has an account --------------------------------------------------------------


def _without_token(answer: HttpResponse) -> str:
    lines = answer.content.decode().replace(answer.wsgi_request.POST["username"], "NAME").splitlines()  # type: ignore[attr-defined]
    return "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line)


def test_signing_in_tells_nobody_which_names_exist(person: User) -> None:
    User.objects.create(username="gone", is_active=False, password=person.password)
    answers = {
        name: _without_token(sign_in(Client(), name, password))
        for name, password in (("kim", "falsch"), ("niemand", "falsch"), ("gone", PASSWORD), ("gone", "falsch"))
    }
    assert len(set(answers.values())) == 1


def test_the_reset_page_tells_nobody_which_addresses_exist(client: Client, person: User) -> None:
    answers = [client.post(RESET, {"email": email}) for email in ("kim@stadt.example", "niemand@stadt.example")]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/accounts/reset/sent/")] * 2
    assert OutgoingMail.objects.count() == 1


def test_the_link_is_made_when_it_is_sent_and_stands_in_no_table(
    client: Client, person: User, mailoutbox: list[Any]
) -> None:
    client.post(RESET, {"email": "kim@stadt.example"})
    assert mailoutbox == []
    waiting = OutgoingMail.objects.get()
    assert waiting.body == ""
    mail.attempt(waiting.pk)
    assert mailoutbox[0].to == ["kim@stadt.example"]
    assert "/accounts/reset/" in mailoutbox[0].body
    waiting.refresh_from_db()
    assert waiting.sent_at is not None
    assert waiting.body == ""


def test_the_worker_is_asked_to_send_the_link(
    client: Client, person: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        client.post(RESET, {"email": "kim@stadt.example"})
    assert DBTaskResult.objects.get().args_kwargs["args"] == [OutgoingMail.objects.get().pk]


def test_a_second_link_waits_five_minutes_and_after_five_in_an_hour_there_is_none(client: Client, person: User) -> None:
    start = clock.now()
    written = []
    for minute in range(0, 75, 2):
        with clock.at(start + dt.timedelta(minutes=minute)):
            answer = client.post(RESET, {"email": "kim@stadt.example"})
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/reset/sent/")
        written.append(OutgoingMail.objects.count())
    assert written[:4] == [1, 1, 1, 2]
    assert written[29] == 5
    assert written[31] == 6


def test_one_address_cannot_have_links_sent_to_everybody(person: User, settings: Settings) -> None:
    settings.PASSWORD_LINKS_PER_ADDRESS = 3
    people = UserFactory.create_batch(5)
    for user in people:
        answer = Client().post(RESET, {"email": user.email}, REMOTE_ADDR="10.0.0.8")
        assert answer["Location"] == "/accounts/reset/sent/"
    assert OutgoingMail.objects.count() == 3
    Client().post(RESET, {"email": "kim@stadt.example"}, REMOTE_ADDR="10.0.0.9")
    assert OutgoingMail.objects.count() == 4
    assert not OutgoingMail.objects.filter(asked_from__contains="10.0.0").exists()
    with clock.at(clock.now() + dt.timedelta(days=2)):
        periodic.purge_mails()
    assert OutgoingMail.objects.filter(asked_from="").count() == 4


def test_a_forged_host_does_not_get_into_the_link(
    client: Client, person: User, settings: Settings, mailoutbox: list[Any]
) -> None:
    settings.PORTAL_BASE_URL = "https://wissen.stadt.example"
    refused = client.post(RESET, {"email": "kim@stadt.example"}, headers={"host": "evil.example"})
    assert refused.status_code == 400
    settings.ALLOWED_HOSTS = ["testserver", "alias.example"]
    client.post(RESET, {"email": "kim@stadt.example"}, headers={"host": "alias.example", "x-forwarded-host": "evil"})
    mail.deliver_waiting()
    (message,) = mailoutbox
    assert "https://wissen.stadt.example/accounts/reset/" in message.body
    assert "evil" not in message.body
    assert "alias" not in message.body


# -- the link --------------------------------------------------------------------------------------


def _follow(client: Client, user: User) -> HttpResponse:
    user.refresh_from_db()  # a link made before signing in last is no longer good
    path = accounts.link_for(user).removeprefix(live.PORTAL_BASE_URL)
    return client.get(path, follow=True)  # type: ignore[return-value]


def _set(client: Client, answer: HttpResponse, password: str) -> HttpResponse:
    data = {"new_password1": password, "new_password2": password}
    return client.post(answer.redirect_chain[-1][0], data)  # type: ignore[attr-defined, return-value]


def test_the_link_sets_a_password_once(client: Client, person: User) -> None:
    old = Client()
    sign_in(old)
    person.refresh_from_db()
    link = accounts.link_for(person)
    assert _set(client, _follow(client, person), "ein-anderes-Kennwort-9").status_code == 302
    assert sign_in(Client(), password="ein-anderes-Kennwort-9").status_code == 302
    assert not is_signed_in(old)
    again = client.get(link.removeprefix(live.PORTAL_BASE_URL), follow=True)
    assert 'data-outcome="denied"' in again.content.decode()


def test_a_weak_or_hostile_new_password_is_refused_at_the_field(client: Client, person: User) -> None:
    for password in ("kurz", "123456789012", "kim@stadt.example", HOSTILE["NUL"] * 6, "x" * 300):
        answer = _set(client, _follow(client, person), password)
        assert answer.status_code == 200, password
        assert answer.context["form"].errors


def test_a_new_person_is_greeted_and_a_deactivated_one_gets_nothing(person: User, mailoutbox: list[Any]) -> None:
    person.set_unusable_password()
    person.save()
    letters.password_link(person)
    mail.deliver_waiting()
    assert "angelegt" in mailoutbox[0].body
    assert "Anmeldename: kim" in mailoutbox[0].body
    with clock.at(clock.now() + dt.timedelta(minutes=6)):
        letters.password_link(person)
        User.objects.filter(pk=person.pk).update(is_active=False)
        mail.deliver_waiting()
    assert len(mailoutbox) == 1


def test_a_link_waits_for_a_mail_server_that_is_away_as_long_as_it_takes(person: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    letters.password_link(person)
    for day in range(20):
        with clock.at(clock.now() + dt.timedelta(days=day)):
            mail.deliver_waiting()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with clock.at(clock.now() + dt.timedelta(days=21)):
        mail.deliver_waiting()
    waited = OutgoingMail.objects.get()
    assert (waited.attempts, waited.sent_at is None) == (21, False)


# -- where it goes on ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "\x01/",
        LOGIN,
        f"{LOGIN}?next={LOGIN}",
        "http://testserver/accounts/logout/",
    ],
)
def test_a_foreign_next_and_one_that_leads_in_a_circle_lead_home(person: User, target: str) -> None:
    data = {"username": "kim", "password": PASSWORD, "next": target}
    client = Client()
    assert client.post(LOGIN, data)["Location"] == "/"
    assert client.get(LOGIN, {"next": target})["Location"] == "/"


def test_an_own_next_is_followed(person: User) -> None:
    data = {"username": "kim", "password": PASSWORD, "next": "/L-17"}
    assert Client().post(LOGIN, data)["Location"] == "/L-17"


@pytest.mark.parametrize(
    ("target", "kept"), [("/learnings/3-x/edit/2/", True), ("/learnings/new/", True), ("/learnings/", False)]
)
def test_the_sign_in_page_speaks_of_kept_text_only_before_pages_that_keep_it(
    client: Client, target: str, kept: bool
) -> None:
    page = client.get(LOGIN, {"next": target}).content.decode()
    assert "Bitte melden Sie sich an" in page
    assert ("hat den Text aufgehoben" in page) is kept


def test_signing_out_is_confirmed_on_the_page_it_leads_to(client: Client, person: User) -> None:
    sign_in(client)
    page = client.post("/accounts/logout/", follow=True)
    assert page.redirect_chain == [(LOGIN, 302)]
    assert re.search(r'data-outcome="ok"[^§]+Sie sind abgemeldet', page.content.decode())


def test_the_privacy_page_is_read_before_signing_in_and_the_sign_in_page_leads_to_it(client: Client) -> None:
    page = client.get(LOGIN).content.decode()
    assert f'href="{reverse("privacy")}"' in page
    assert f'href="{reverse("help")}"' not in page
    privacy = client.get(reverse("privacy"))
    assert privacy.status_code == 200
    assert f'href="{reverse("help")}"' not in privacy.content.decode()


# -- the session -----------------------------------------------------------------------------------


def test_the_session_ends_with_its_lifetime(client: Client, person: User) -> None:
    sign_in(client)
    assert client.cookies[SESSION]["max-age"] == live.SESSION_COOKIE_AGE == 8 * 3600
    assert is_signed_in(client)
    Session.objects.update(expire_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert not is_signed_in(client)


def test_the_session_gets_a_new_key_at_sign_in_and_dies_at_sign_out(client: Client, person: User) -> None:
    client.cookies[SESSION] = "untergeschoben0123456789abcdefghij"
    sign_in(client)
    key = client.cookies[SESSION].value
    assert not key.startswith("untergeschoben")
    client.post("/accounts/logout/")
    client.cookies[SESSION] = key
    assert not is_signed_in(client)


def test_other_sessions_end_when_the_password_is_changed_and_the_own_goes_on(client: Client, person: User) -> None:
    other = Client()
    sign_in(other)
    sign_in(client)
    new = "ein-anderes-Kennwort-9"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/accounts/password/", data).status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_the_session_ends_when_the_account_is_deactivated(client: Client, person: User) -> None:
    sign_in(client)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert not is_signed_in(client)
    assert client.post("/accounts/password/", {}).status_code == 302


# -- the lock --------------------------------------------------------------------------------------


def test_too_many_attempts_lock_the_name_at_this_address(person: User) -> None:
    limit = live.AXES_FAILURE_LIMIT
    codes = [sign_in(Client(), password="falsch").status_code for _attempt in range(limit)]
    assert codes == [200] * (limit - 1) + [429]
    locked = sign_in(Client())
    assert locked.status_code == 429
    assert 'data-outcome="denied"' in locked.content.decode()
    assert sign_in(Client(), REMOTE_ADDR="10.0.0.9").status_code == 302


def test_forged_forwarding_headers_give_no_further_attempts(person: User) -> None:
    for at in range(live.AXES_FAILURE_LIMIT):
        forged = {"x-forwarded-for": f"10.1.1.{at}", "x-real-ip": f"10.1.2.{at}", "forwarded": f"for=10.1.3.{at}"}
        sign_in(Client(), password="falsch", headers=forged)
    assert sign_in(Client(), headers={"x-forwarded-for": "10.9.9.9"}).status_code == 429


def test_the_lock_is_the_same_for_names_that_do_not_exist() -> None:
    codes = [sign_in(Client(), "niemand").status_code for _attempt in range(live.AXES_FAILURE_LIMIT)]
    assert codes[-1] == 429


def test_one_password_tried_with_many_names_locks_the_address(person: User, settings: Settings) -> None:
    settings.SIGN_IN_ATTEMPTS_PER_ADDRESS = 30
    codes = [sign_in(Client(), f"konto-{at}", "Sommer2026!").status_code for at in range(30)]
    assert codes == [200] * 29 + [429]
    assert sign_in(Client()).status_code == 429
    assert sign_in(Client(), REMOTE_ADDR="10.0.0.9").status_code == 302


def test_signing_in_between_does_not_begin_the_count_of_the_address_anew(person: User, settings: Settings) -> None:
    settings.SIGN_IN_ATTEMPTS_PER_ADDRESS = 4
    codes = []
    for at in range(4):
        codes.append(sign_in(Client(), f"konto-{at}", "Sommer2026!").status_code)
        sign_in(Client())
    assert codes[-1] == 429


def test_behind_a_proxy_the_address_is_what_it_adds_and_nothing_forged(person: User, settings: Settings) -> None:
    settings.BEHIND_TLS_PROXY, settings.CLIENT_ADDRESS_HEADER = True, "X-Forwarded-For"
    settings.SIGN_IN_ATTEMPTS_PER_ADDRESS = 4
    for at in range(4):
        forged = {"x-forwarded-for": f"10.1.1.{at}, 10.0.0.8"}
        last = sign_in(Client(), f"konto-{at}", "Sommer2026!", headers=forged)
    assert last.status_code == 429
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {"10.0.0.8"}
    assert sign_in(Client(), headers={"x-forwarded-for": "10.0.0.9"}).status_code == 302
    assert sign_in(Client(), "x", "y", headers={"x-forwarded-for": "kein'e Adresse"}).status_code == 200


def test_behind_a_proxy_that_names_nobody_the_town_is_not_locked_out(person: User, settings: Settings) -> None:
    settings.BEHIND_TLS_PROXY, settings.CLIENT_ADDRESS_HEADER = True, ""
    settings.SIGN_IN_ATTEMPTS_PER_ADDRESS = 4
    assert {sign_in(Client(), f"konto-{at}", "Sommer2026!").status_code for at in range(6)} == {200}
    assert sign_in(Client()).status_code == 302


ATTEMPT = """
import django; django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {name!r}
settings.ALLOWED_HOSTS = ["testserver"]
from django.test import Client
data = {{"username": "kim", "password": "falsch"}}
print(*[Client().post("/accounts/login/", data).status_code for _ in range({times})])
"""


@pytest.mark.django_db(transaction=True)
def test_attempts_are_counted_across_processes(person: User) -> None:
    """The web server runs several: none of them may start counting at zero."""
    root = Path(__file__).resolve().parents[2]
    name = connection.settings_dict["NAME"]
    half = live.AXES_FAILURE_LIMIT // 2

    def attempts(times: int) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", ATTEMPT.format(name=name, times=times)],
            cwd=root,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout.split()

    assert attempts(half) == ["200"] * half
    assert sign_in(Client(), password="falsch").status_code == 200
    assert attempts(live.AXES_FAILURE_LIMIT - half - 1)[-1] == "429"
    assert sign_in(Client()).status_code == 429
