"""Digests: once per day or week by the town's clock, each entry once, only what may be read when it is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from governance import clock, mail, people, periodic, workflow
from governance.models import OutgoingMail, PeriodicJob, Record, User
from portal.following import digest, services
from portal.following.models import Digest, Subscription
from tests import kept
from tests.factories import Cast, approve, make_draft, make_published, reload, save, submit, tag
from tests.racing import overtake
from tests.smtp import Server, prepared

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
# A Monday; all days are told from here.
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=BERLIN)


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    with prepared(settings) as server:
        yield server


def on(day: int, hour: int = 9, minute: int = 0) -> dt.datetime:
    return MONDAY + dt.timedelta(days=day, hours=hour - 9, minutes=minute)


def subscribe(cast: Cast, rhythm: str, what: str = "tag", key: int | None = None, who: str = "staff") -> Subscription:
    standing = cast.standing(who)
    found = services.follow(standing=standing, what=what, key=key or tag().pk)
    services.set_rhythm(standing=standing, pk=found.pk, rhythm=rhythm)
    return found


def published(cast: Cast, title: str, at: dt.datetime, **more: object) -> Record:
    with clock.at(at):
        return make_published(cast, title=title, **more)


def titles(moment: dt.datetime, user: User) -> list[list[str]]:
    """Of each mail that is written to the person at that moment, the titles in it."""
    known = set(Digest.objects.values_list("pk", flat=True))
    with clock.at(moment):
        digest.send_due()
        new = Digest.objects.exclude(pk__in=known).filter(user=user).select_related("mail")
        return [
            [line.partition(" ")[2] for line in digest.body_of(one.mail).splitlines() if line.startswith("L-")]
            for one in new
        ]


@pytest.fixture
@kept.once
def town(cast: Cast) -> Cast:
    """Something to follow, published long ago."""
    published(cast, "Von früher", on(-30))
    return cast


# -- when ------------------------------------------------------------------------------------------


def test_a_daily_digest_comes_once_a_day_with_what_is_new(town: Cast) -> None:
    with clock.at(on(0)):
        subscribe(town, "daily")
    published(town, "Am Montag", on(0, 15))
    assert titles(on(0, 23), town.staff) == []
    assert titles(on(1, 0, 10), town.staff) == [["Am Montag"]]
    assert titles(on(1, 12), town.staff) == []
    published(town, "Am Dienstag", on(1, 13))
    assert titles(on(1, 14), town.staff) == []
    assert titles(on(2), town.staff) == [["Am Dienstag"]]
    assert titles(on(3), town.staff) == []


def test_the_day_is_that_of_berlin(town: Cast) -> None:
    with clock.at(on(0, 23, 30)):  # 22:30 of the same day in UTC
        subscribe(town, "daily")
    published(town, "Kurz vor Mitternacht", on(0, 23, 40))
    assert titles(on(1, 0, 5), town.staff) == [["Kurz vor Mitternacht"]]


def test_a_weekly_digest_comes_with_the_new_week(town: Cast) -> None:
    with clock.at(on(0)):
        subscribe(town, "weekly")
    published(town, "Mittwoch", on(2))
    assert [titles(on(day), town.staff) for day in range(1, 7)] == [[]] * 6
    assert titles(on(7), town.staff) == [["Mittwoch"]]
    assert titles(on(8), town.staff) == []


def test_what_is_followed_in_the_list_only_comes_by_no_mail(town: Cast) -> None:
    with clock.at(on(0)):
        subscribe(town, "none")
    published(town, "Neu", on(0, 12))
    assert titles(on(8), town.staff) == []


def test_a_timer_that_stood_still_tells_of_all_the_days(town: Cast) -> None:
    with clock.at(on(0)):
        subscribe(town, "daily")
    for day in range(5):
        published(town, f"Tag {day}", on(day, 12))
    assert titles(on(9), town.staff) == [[f"Tag {day}" for day in reversed(range(5))]]


def test_mails_that_begin_later_tell_nothing_from_before(town: Cast) -> None:
    with clock.at(on(0)):
        services.follow(standing=town.standing("staff"), what="tag", key=tag().pk)
    published(town, "Vorher", on(1))
    with clock.at(on(3)):
        subscribe(town, "daily")
    published(town, "Nachher", on(3, 12))
    assert titles(on(4), town.staff) == [["Nachher"]]


# -- each entry once -------------------------------------------------------------------------------


def test_an_entry_that_several_subscriptions_mean_is_told_once(town: Cast) -> None:
    department = town.team.department_id
    with clock.at(on(0)):
        subscribe(town, "daily")
        subscribe(town, "daily", "department", department)
        services.save_search(standing=town.standing("staff"), name="Alles", query="", rhythm="weekly")
    published(town, "Einmal", on(0, 12))
    assert titles(on(1), town.staff) == [["Einmal"]]
    published(town, "Am Sonntag", on(6, 12))
    # One mail on Monday, without what was told on Tuesday.
    assert titles(on(7), town.staff) == [["Am Sonntag"]]


def test_a_publication_whose_transaction_ended_late_is_told_next_time(town: Cast) -> None:
    with clock.at(on(0)):
        subscribe(town, "daily")
    published(town, "Rechtzeitig", on(0, 23, 55))
    assert titles(on(1, 0, 10), town.staff) == [["Rechtzeitig"]]
    # It began before the digest looked, and was there only afterwards.
    published(town, "Spät fertig", on(1, 0, 9))
    assert titles(on(2), town.staff) == [["Spät fertig"]]


@pytest.mark.django_db(transaction=True)
def test_two_timers_at_once_write_one_mail(town: Cast) -> None:
    with clock.at(on(0)):
        subscribe(town, "daily")
    published(town, "Einmal", on(0, 12))
    OutgoingMail.objects.all().delete()

    def timer() -> None:
        with clock.at(on(1)):
            digest.send_due()

    assert overtake(timer, timer) is None
    assert OutgoingMail.objects.filter(to=town.staff).count() == 1


def test_a_reader_whose_digest_fails_stops_nobody_else_and_is_tried_again(
    town: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.at(on(0)):
        subscribe(town, "daily", who="author")
        subscribe(town, "daily")
    published(town, "Neu", on(0, 12))
    monkeypatch.setattr(periodic, "_jobs", {"digests": periodic._jobs["digests"]})
    write = digest.write
    with monkeypatch.context() as broken, clock.at(on(1)):
        broken.setattr(digest, "write", lambda pk: write(pk if pk != town.author.pk else -1))
        assert periodic.run_due() == {"digests": False}
    assert set(Digest.objects.values_list("user", flat=True)) == {town.staff.pk}
    assert "1 digests failed" in PeriodicJob.objects.get(pk="digests").last_error
    with clock.at(on(1, 10)):
        assert periodic.run_due() == {"digests": True}
    assert sorted(Digest.objects.values_list("user", flat=True)) == sorted([town.staff.pk, town.author.pk])


# -- what may be read at the moment of sending -----------------------------------------------------


def test_the_mail_holds_titles_and_links_and_no_text(
    town: Cast, server: Server, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    server.start()
    with clock.at(on(0)):
        subscribe(town, "daily")
    record = published(town, "Neu\u00ad am Montag", on(0, 12), answer="Der Text des Eintrags.")
    with clock.at(on(1)), django_capture_on_commit_callbacks(execute=True):
        digest.send_due()
    (message,) = server.inbox.mails
    text = message.get_payload(decode=True).decode()
    assert message["To"] == town.staff.email
    assert message["Subject"].startswith("Neues zu Ihren Abonnements")
    assert f"{record.short_number} Neu" in text
    assert "https://portal.stadt.example/learnings/" in text
    assert "https://portal.stadt.example/following/" in text
    assert "Text des Eintrags" not in text


def test_a_mail_server_that_is_away_loses_nothing_and_the_mail_tells_what_is_published_then(
    town: Cast, server: Server
) -> None:
    with clock.at(on(0)):
        subscribe(town, "daily")
    kept, gone, changed = (published(town, title, on(0, 12)) for title in ("Bleibt", "Überholt", "Erste Ausgabe"))
    with clock.at(on(1)):
        digest.send_due()
        mail.deliver_waiting()
    with clock.at(on(1, 10)):
        workflow.archive(record=gone, standing=town.standing("lead"), reason="überholt")
        save(town, kept, title="Noch geheim")
        save(town, changed, title="Zweite Ausgabe")
        approve(town, submit(town, changed))
    server.start()
    with clock.at(on(1, 20)):
        mail.deliver_waiting()
        mail.deliver_waiting()
    (message,) = [one for one in server.inbox.mails if one["To"] == town.staff.email]
    text = message.get_payload(decode=True).decode()
    assert "Bleibt" in text
    assert not any(word in text for word in ("Überholt", "geheim", "Ausgabe"))
    assert titles(on(2), town.staff) == [["Zweite Ausgabe"]]


def test_a_mail_with_nothing_left_to_tell_is_not_sent(town: Cast, server: Server) -> None:
    with clock.at(on(0)):
        subscribe(town, "daily")
    gone = published(town, "Überholt", on(0, 12))
    with clock.at(on(1)):
        digest.send_due()
    workflow.archive(record=gone, standing=town.standing("lead"), reason="überholt")
    server.start()
    with clock.at(on(1)):
        mail.deliver_waiting()
    assert [one for one in server.inbox.mails if one["To"] == town.staff.email] == []
    assert OutgoingMail.objects.get(to=town.staff).last_error == "nothing left to tell"


def test_an_ended_account_gets_none(town: Cast, server: Server) -> None:
    with clock.at(on(0)):
        subscribe(town, "daily")
        subscribe(town, "daily", who="member")
    published(town, "Neu", on(0, 12))
    User.objects.filter(pk=town.staff.pk).update(is_active=False)
    assert titles(on(1), town.staff) == []
    # Ended after it was written, and before the mail server was back.
    User.objects.filter(pk=town.member.pk).update(is_active=False)
    server.start()
    with clock.at(on(1)):
        mail.deliver_waiting()
    assert not any("Abonnements" in one["Subject"] for one in server.inbox.mails)


def test_erasing_a_person_takes_a_waiting_digest_along(town: Cast) -> None:
    with clock.at(on(0)):
        subscribe(town, "daily")
    published(town, "Neu", on(0, 12))
    with clock.at(on(1)):
        digest.send_due()
    people.erase_person(standing=town.standing("admin"), user=town.staff)
    assert not OutgoingMail.objects.filter(to=town.staff).exists()
    assert not Digest.objects.exists()


def test_drafts_and_returned_texts_are_told_to_nobody(town: Cast) -> None:
    with clock.at(on(0)):
        subscribe(town, "daily", who="author")
    with clock.at(on(0, 12)):
        make_draft(town, title="Entwurf")
        review = submit(town, make_draft(town, title="Zurückgegeben"))
        workflow.request_changes(review=review, standing=town.standing("committee"), reason="Kürzer")
        submit(town, reload(make_draft(town, title="Liegt vor")))
    assert titles(on(1), town.author) == []


def test_a_long_digest_names_the_first_and_says_how_many_follow(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "SHOWN", 2)
    with clock.at(on(0)):
        subscribe(town, "daily")
    for number in range(3):
        published(town, f"Nummer {number}", on(0, 12, number))
    assert titles(on(1), town.staff) == [["Nummer 2", "Nummer 1"]]
    body = digest.body_of(Digest.objects.get().mail)
    assert "sind 3 Einträge neu" in body
    assert "Dazu kommt 1 weiterer Eintrag." in body
