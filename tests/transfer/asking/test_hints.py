"""Hints to the own department's team: drafts with the words carried over, passing on, and what has helped."""

from __future__ import annotations

from typing import Any

import pytest

from governance.errors import NotAllowed, WrongState
from governance.models import AuditEvent, Department, OutgoingMail, Record, User
from learnings.models import Learning
from tests import kept
from tests.factories import (
    Cast,
    DepartmentFactory,
    UserFactory,
    approve,
    learning_values,
    make_published,
    reload,
    save,
    submit,
)
from tests.pages import address, client_of, main_of, page_for
from tests.transfer.adoption.factories import told
from tests.transfer.asking.factories import answer, hint
from transfer.asking import helping, panel, services
from transfer.models import Helped, HelpedMark, Hint

pytestmark = pytest.mark.django_db
TITLE, WORDS = "Post nach Straßen sortiert", "Wir sortieren die Post nach Straßen. Niemand sucht mehr."


@pytest.fixture
@kept.once
def record(cast: Cast) -> Record:
    return make_published(cast)


def post(cast: Cast, role: str, url: str, **data: Any) -> Any:
    return client_of(cast, role).post(url, data)


def test_a_hint_goes_to_the_own_departments_team_and_becomes_a_draft_with_its_words(cast: Cast) -> None:
    assert "Change-Management-Team Bauordnungsamt" in page_for(cast, "staff", "/transfer/hints/new/")
    assert post(cast, "staff", "/transfer/hints/new/", title=TITLE, text=WORDS).status_code == 302
    given = Hint.objects.get()
    assert told() == [("outsider", "Ein neuer Hinweis für Ihr Team")]
    assert TITLE in page_for(cast, "outsider", "/tasks/")
    assert client_of(cast, "author").get(given.get_absolute_url()).status_code == 404
    assert post(cast, "staff", given.get_absolute_url(), do="draft").status_code == 403
    written = post(cast, "outsider", given.get_absolute_url(), do="draft")
    text = Learning.objects.get()
    assert written["Location"].startswith(f"/learnings/{text.record.number}-")
    assert written["Location"].endswith("/edit/")
    assert (text.title, text.answer, text.record.owner) == (TITLE, WORDS, cast.other_team)
    assert text.record.contact == cast.outsider
    assert told() == [("staff", "Aus Ihrem Hinweis schreibt das Team ein Learning")]
    # Asked twice, there is one; who gave it does not learn of the draft before it is published.
    assert services.write_learning(standing=cast.standing("outsider"), hint=given) == text.pk
    short = reload(text.record).short_number
    page = main_of(page_for(cast, "staff", given.get_absolute_url()))
    assert "Sobald es freigegeben ist" in page
    assert short not in page
    assert short in page_for(cast, "outsider", given.get_absolute_url())
    assert given.get_absolute_url() not in page_for(cast, "outsider", "/tasks/")


def test_who_gave_it_finds_the_learning_once_it_is_published(cast: Cast) -> None:
    given = hint(cast)
    key = services.write_learning(standing=cast.standing("outsider"), hint=given)
    record = reload(Record.objects.get(pk=key))
    save(cast, record, by="outsider", **learning_values())
    approve(cast, submit(cast, record, by="outsider"))
    assert f'href="/{record.short_number}"' in page_for(cast, "staff", given.get_absolute_url())


def test_without_a_team_the_committee_answers_or_passes_it_on(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    registry: Department = DepartmentFactory(name="Standesamt")
    lonely: User = UserFactory(username="lonely", department=registry)
    client = client_of(cast, "staff")
    client.force_login(lonely, backend="django.contrib.auth.backends.ModelBackend")
    assert "Data Steering Committee" in client.get("/transfer/hints/new/").content.decode()
    client.post("/transfer/hints/new/", {"title": TITLE, "text": WORDS})
    given = Hint.objects.get()
    assert [to for to, _subject in told()] == ["committee", "committee2", "chair"]
    assert TITLE in page_for(cast, "committee", "/tasks/")
    for role in ("author", "head", "staff", "admin"):
        assert client_of(cast, role).get(given.get_absolute_url()).status_code == 404
    answer(cast, given, by="committee", text="Danke.")
    assert [to for to, _subject in told()] == ["lonely"]
    with pytest.raises(NotAllowed):
        services.write_learning(standing=cast.standing("committee"), hint=given)
    # By somebody without a department the same.
    nowhere = hint(cast, by="admin")
    told()
    url = f"{nowhere.get_absolute_url()}pass-on/"
    assert "Steueramt" in page_for(cast, "committee", url)
    assert "Standesamt" not in main_of(page_for(cast, "committee", url))
    with pytest.raises(WrongState, match="kein Team"):
        services.pass_on(standing=cast.standing("committee"), hint=nowhere, department=registry)
    assert post(cast, "committee", url, to=cast.team.department_id).status_code == 302
    assert "over-posted" not in caplog.text
    assert [to for to, _subject in told()] == ["author", "member", "lead"]
    assert client_of(cast, "committee").get(nowhere.get_absolute_url()).status_code == 404
    with pytest.raises(NotAllowed):
        services.pass_on(standing=cast.standing("committee"), hint=nowhere, department=registry)
    assert services.write_learning(standing=cast.standing("author"), hint=nowhere) == Learning.objects.get().pk


def test_hints_have_their_limits_and_are_deleted_by_the_lead(cast: Cast) -> None:
    first = hint(cast, by="author")
    assert hint(cast, by="author") == first
    for number in range(services.A_DAY - 1):
        hint(cast, by="author", title=f"Hinweis {number}")
    refused = post(cast, "author", "/transfer/hints/new/", title="Noch einer", text=WORDS)
    assert (refused.status_code, "Morgen geht es weiter" in refused.content.decode()) == (422, True)
    too_long = post(cast, "staff", "/transfer/hints/new/", title="x" * 101, text="y" * 601)
    assert too_long.status_code == 422
    page = too_long.content.decode()
    assert "höchstens 100 " in page and "höchstens 600 " in page
    url = f"{first.get_absolute_url()}delete/"
    assert client_of(cast, "author").get(url).status_code == 403
    assert post(cast, "lead", url, reason="Doppelt.", opened_on=1).status_code == 302
    first.refresh_from_db()
    assert (first.title, first.text, first.reason) == ("", "", "Doppelt.")
    assert "Doppelt." in page_for(cast, "author", first.get_absolute_url())
    with pytest.raises(WrongState):
        services.write_learning(standing=cast.standing("author"), hint=first)


# -- "Hat mir geholfen" ----------------------------------------------------------------------------


def test_one_click_counts_for_the_department_once_and_keeps_no_name(cast: Cast, record: Record) -> None:
    url = f"/transfer/records/{record.short_number}/helped/"
    before, mails = AuditEvent.objects.count(), OutgoingMail.objects.count()
    answers = [client_of(cast, role).post(url, follow=True).content.decode() for role in ("staff", "staff", "admin")]
    assert "Danke, das zählt." in answers[0]
    assert "Danke, das zählt schon." in answers[1]
    assert sorted(Helped.objects.values_list("department", "count"), key=str) == [
        (cast.other_team.department_id, 1),
        (None, 1),
    ]
    # Nothing leads from a mark to a person, not even the order or the audit trail.
    assert [field.name for field in HelpedMark._meta.concrete_fields] == ["mark"]
    assert [field.name for field in Helped._meta.concrete_fields] == ["id", "record", "department", "count"]
    assert (AuditEvent.objects.count(), OutgoingMail.objects.count()) == (before, mails)
    assert HelpedMark.objects.filter(mark=helping.mark(cast.staff.pk, record.pk)).exists()
    assert client_of(cast, "staff").get(url)["Location"].endswith("#fragen")
    assert Helped.objects.count() == 2


def test_the_own_team_is_not_counted(cast: Cast, record: Record) -> None:
    assert "Hat mir geholfen" not in page_for(cast, "author", address(record))
    with pytest.raises(WrongState, match="eigenen Teams"):
        helping.say_helped(standing=cast.standing("author"), record=record)
    assert helping.say_helped(standing=cast.standing("head"), record=record)


def test_a_department_is_named_only_when_nobody_can_be_guessed(cast: Cast, record: Record) -> None:
    helping.say_helped(standing=cast.standing("staff"), record=record)
    helping.say_helped(standing=cast.standing("head"), record=record)
    page = main_of(page_for(cast, "committee", address(record)))
    assert "Hat 2-mal geholfen in 2 Bereichen." in page
    assert "Bauordnungsamt (" not in page
    Helped.objects.filter(department=cast.other_team.department_id).update(count=panel.FEWEST)
    page = main_of(page_for(cast, "committee", address(record)))
    assert "Hat 4-mal geholfen in 2 Bereichen: Bauordnungsamt (3)." in page
