"""Mails over a real SMTP server that is there, away, and back again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from governance import clock, mail
from governance.models import Membership, OutgoingMail, User
from tests.factories import Cast, make_draft, submit
from tests.smtp import Server, prepared

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    with prepared(settings) as server:
        yield server


def one_mail(user: User, subject: str = "Freigegeben: L-1 Hundesteuer") -> OutgoingMail:
    return mail.tell([user], subject=subject, path="/learnings/1-hundesteuer/")[0]


def later(**delta: int) -> Any:
    return clock.at(clock.now() + dt.timedelta(**delta))


def test_a_mail_is_sent_after_commit_with_title_and_link(
    cast: Cast,
    server: Server,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    server.start()
    with django_capture_on_commit_callbacks(execute=True):
        one_mail(cast.author)
        assert server.inbox.mails == []
    (message,) = server.inbox.mails
    assert message["To"] == cast.author.email
    assert message["From"] == "portal@stadt.example"
    assert "https://portal.stadt.example/learnings/1-hundesteuer/" in message.get_payload(decode=True).decode()
    assert OutgoingMail.objects.get().sent_at is not None


def test_a_mail_carries_no_text_of_the_record(cast: Cast) -> None:
    record = make_draft(cast, everyday_benefit="Streng vertraulicher Nutzen")
    submit(cast, record)
    mails = OutgoingMail.objects.filter(record=record)
    assert {m.to for m in mails} == {cast.committee, cast.committee2, cast.chair, cast.head}
    assert all("Hundesteuer online anmelden" in m.subject for m in mails)
    assert not any("vertraulich" in m.body or "Pflichtfeldern" in m.body for m in mails)


def test_nothing_is_written_when_the_step_fails(cast: Cast) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        one_mail(cast.author)
        raise RuntimeError
    assert not OutgoingMail.objects.exists()


def test_a_server_that_is_away_loses_none(cast: Cast, server: Server) -> None:
    mails = [one_mail(cast.author), one_mail(cast.member)]
    for _attempt in range(3):
        assert mail.attempt(mails[0].pk) is not None
    mails[0].refresh_from_db()
    assert (mails[0].attempts, mails[0].sent_at) == (3, None)
    assert mails[0].next_attempt_at > clock.now() + dt.timedelta(minutes=3)
    server.start()
    with later(hours=7):
        mail.deliver_waiting()
        mail.deliver_waiting()
    assert sorted(m["To"] for m in server.inbox.mails) == sorted([cast.author.email, cast.member.email])


def test_the_pause_grows_up_to_six_hours(cast: Cast, server: Server) -> None:
    waiting = one_mail(cast.author)
    pauses = []
    for _attempt in range(12):
        now = clock.now()
        with clock.at(now):
            result = mail.attempt(waiting.pk)
        assert result is not None
        pauses.append(result.until - now)
    assert pauses == sorted(pauses)
    assert pauses[0] == dt.timedelta(minutes=1)
    assert pauses[-1] == mail.LONGEST_PAUSE


def test_the_timer_stops_at_the_first_failure(cast: Cast, server: Server) -> None:
    first, second = one_mail(cast.author), one_mail(cast.member)
    mail.deliver_waiting()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.attempts, second.attempts) == (1, 0)


def test_a_failed_starttls_sends_nothing(cast: Cast, server: Server, settings: Settings) -> None:
    settings.EMAIL_USE_TLS = True
    server.start()
    waiting = one_mail(cast.author)
    assert mail.attempt(waiting.pk) is not None
    waiting.refresh_from_db()
    assert server.inbox.mails == []
    assert waiting.sent_at is None
    assert waiting.last_error == "SMTPNotSupportedError"


def test_an_address_refused_for_good_stops_nobody_else(cast: Cast, server: Server) -> None:
    server.start()
    server.inbox.unknown = {cast.author.email}
    refused, sent = one_mail(cast.author), one_mail(cast.member)
    mail.deliver_waiting()
    refused.refresh_from_db()
    sent.refresh_from_db()
    assert refused.dropped_at is not None
    assert sent.sent_at is not None


def test_a_mail_refused_for_good_is_dropped_with_the_code_and_the_next_goes(cast: Cast, server: Server) -> None:
    server.start()
    server.inbox.refused = {"Verboten": 550}
    refused, sent = one_mail(cast.author, "Verboten"), one_mail(cast.member)
    mail.deliver_waiting()
    refused.refresh_from_db()
    sent.refresh_from_db()
    assert refused.dropped_at is not None
    assert refused.last_error == "refused by the server: [550]"
    assert sent.sent_at is not None


@pytest.mark.parametrize("why", ["content", "address"])
def test_a_mail_that_has_to_wait_alone_holds_up_no_other(cast: Cast, server: Server, why: str) -> None:
    server.start()
    waiting, sent = one_mail(cast.author, "Später"), one_mail(cast.member)
    if why == "content":
        server.inbox.refused = {"Sp": 451}
    else:
        User.objects.filter(pk=cast.author.pk).update(email="a@stadt.example\r\nBcc: alle@example.org")
    mail.deliver_waiting()
    waiting.refresh_from_db()
    sent.refresh_from_db()
    assert (waiting.attempts, waiting.sent_at, waiting.dropped_at) == (1, None, None)
    assert sent.sent_at is not None


def test_a_second_delivery_carries_the_same_id(cast: Cast, server: Server) -> None:
    server.start()
    first, other = one_mail(cast.author), one_mail(cast.member)
    mail.attempt(first.pk)
    # Sent, but the machine stopped before that was written down.
    OutgoingMail.objects.filter(pk=first.pk).update(sent_at=None)
    mail.deliver_waiting()
    again, once, last = (message["Message-ID"] for message in server.inbox.mails)
    assert again == once != last
    assert once.endswith("@portal.stadt.example>")
    assert other.pk


def test_a_mail_is_sent_once(cast: Cast, server: Server) -> None:
    server.start()
    waiting = one_mail(cast.author)
    mail.attempt(waiting.pk)
    mail.attempt(waiting.pk)
    mail.deliver_waiting()
    assert len(server.inbox.mails) == 1


def test_who_left_or_has_no_address_gets_none(cast: Cast, server: Server) -> None:
    server.start()
    left, mute = one_mail(cast.author), one_mail(cast.member)
    User.objects.filter(pk=cast.author.pk).update(is_active=False)
    User.objects.filter(pk=cast.member.pk).update(email="")
    mail.deliver_waiting()
    assert OutgoingMail.objects.filter(pk__in=[left.pk, mute.pk], dropped_at=None).count() == 0
    assert server.inbox.mails == []


def test_no_mail_leaves_the_allowed_domains(
    cast: Cast, server: Server, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MAIL_ALLOWED_DOMAINS = ["Stadt.example"]
    server.start()
    inside, *outside = one_mail(cast.author), one_mail(cast.member), one_mail(cast.lead)
    User.objects.filter(pk=cast.member.pk).update(email="privat@freemail.example")
    User.objects.filter(pk=cast.lead.pk).update(email="lead@stadt.example.evil.example")
    mail.deliver_waiting()
    assert [message["To"] for message in server.inbox.mails] == [cast.author.email]
    assert OutgoingMail.objects.filter(dropped_at=None).get() == inside
    for dropped in outside:
        assert f"mail {dropped.pk} dropped: outside of MAIL_ALLOWED_DOMAINS" in caplog.text
    assert "freemail" not in caplog.text


def test_an_address_cannot_add_headers(cast: Cast, server: Server) -> None:
    server.start()
    waiting = one_mail(cast.author)
    User.objects.filter(pk=cast.author.pk).update(email="a@stadt.example\r\nBcc: alle@example.org")
    assert mail.attempt(waiting.pk) is not None
    assert server.inbox.mails == []


def test_a_subject_cannot_add_headers(cast: Cast, server: Server) -> None:
    server.start()
    bad = one_mail(cast.author, "Titel\r\nBcc: alle@example.org\x00\u2028Ende " + "ü" * 400)
    assert bad.subject.startswith("Titel Bcc: alle@example.org Ende")
    assert len(bad.subject) <= 250
    mail.attempt(bad.pk)
    (message,) = server.inbox.mails
    assert message["Bcc"] is None


# -- substitutes -----------------------------------------------------------------------------------


def away(user: User, substitute: User | None) -> None:
    today = clock.today()
    Membership.objects.filter(user=user).update(away_from=today, away_until=today, substitute=substitute)


def test_the_substitute_gets_the_mail_instead(cast: Cast) -> None:
    assert set(mail.recipients(cast.team)) == {cast.author, cast.member, cast.lead}
    away(cast.author, cast.member)
    assert set(mail.recipients(cast.team)) == {cast.member, cast.lead}
    with later(days=2):
        assert cast.author in mail.recipients(cast.team)


def test_without_a_substitute_at_work_the_member_gets_it(cast: Cast) -> None:
    away(cast.author, None)
    assert cast.author in mail.recipients(cast.team)
    away(cast.author, cast.member)
    away(cast.member, cast.lead)
    assert set(mail.recipients(cast.team)) == {cast.author, cast.lead}


def test_an_excluded_person_gets_none_as_substitute_either(cast: Cast) -> None:
    away(cast.author, cast.member)
    found = mail.recipients(cast.team, exclude=[cast.member.pk])
    assert set(found) == {cast.author, cast.lead}
    assert mail.recipients(cast.team, exclude=[u.pk for u in (cast.author, cast.member, cast.lead)]) == []


def test_the_queue_brings_a_waiting_mail_back(cast: Cast, server: Server, settings: Settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    waiting = one_mail(cast.author)
    mail.deliver.call(waiting.pk)
    waiting.refresh_from_db()
    again = DBTaskResult.objects.get()
    assert again.args_kwargs["args"] == [waiting.pk]
    assert again.run_after == waiting.next_attempt_at
    server.start()
    mail.deliver.call(waiting.pk)
    assert len(server.inbox.mails) == 1
    assert DBTaskResult.objects.count() == 1
