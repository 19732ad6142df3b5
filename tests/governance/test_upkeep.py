"""When a record is confirmed, who is told four weeks before, and what readers see of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils.formats import date_format

from governance import administration, clock, people, periodic, workflow
from governance.errors import NotAllowed, Renewed, WrongState
from governance.models import AuditEvent, CatalogueEntry, Membership, OutgoingMail, Record, User
from governance.upkeep import dates, queries, reminding
from governance.upkeep.scope import scope_for
from tests import factories
from tests.factories import Cast, approve, make_draft, make_published, reload, save, submit
from tests.pages import address, client_of, main_of, page_for
from tests.racing import race

pytestmark = pytest.mark.django_db


def due_in(record: Record, days: int) -> Record:
    """The record with its check-up so many days from today, on it and in the catalogue."""
    day = clock.today() + dt.timedelta(days=days)
    Record.objects.filter(pk=record.pk).update(check_up_on=day)
    CatalogueEntry.objects.filter(pk=record.pk).update(check_up_on=day)
    return reload(record)


def told() -> list[tuple[str, str]]:
    """To whom a mail of a check-up went, with its subject."""
    mails = OutgoingMail.objects.filter(subject__startswith="Gilt das noch?").order_by("to__username")
    return list(mails.values_list("to__username", "subject"))


def written(day: dt.date | None) -> str:
    return date_format(day, "j. F Y") if day else ""


# -- how often ---------------------------------------------------------------------------------------


def test_two_years_lie_between_check_ups_unless_the_lead_sets_another_interval(cast: Cast) -> None:
    record = make_published(cast)
    assert record.check_up_on == clock.add_months(clock.today(), 24)
    administration.change_interval(record=record, standing=cast.standing("lead"), months=12)
    record, entry = reload(record), CatalogueEntry.objects.get()
    assert record.check_up_on == entry.check_up_on == clock.add_months(clock.today(), 12)
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.actor) == ("change_interval", cast.lead)
    assert record.state == Record.State.SETTLED and record.versions.count() == 1
    # It holds for the next confirmation, and for the next approval.
    workflow.confirm(record=due_in(record, 3), standing=cast.standing("lead"))
    assert reload(record).check_up_on == clock.add_months(clock.today(), 12)
    save(cast, record, answer="Anders.")
    approve(cast, submit(cast, due_in(record, 3)))
    assert reload(record).check_up_on == clock.add_months(clock.today(), 12)
    administration.change_interval(record=record, standing=cast.standing("lead"), months=None)
    assert reload(record).check_up_on == clock.add_months(clock.today(), 24)


def test_a_shorter_interval_never_makes_a_record_overdue_at_once(cast: Cast) -> None:
    record = make_published(cast)
    long_ago = clock.now() - dt.timedelta(days=700)
    Record.objects.filter(pk=record.pk).update(confirmed_at=long_ago)
    administration.change_interval(record=record, standing=cast.standing("lead"), months=3)
    assert reload(record).check_up_on == clock.today() + dates.AHEAD


def test_an_interval_for_a_draft_waits_for_its_publication(cast: Cast) -> None:
    record = make_draft(cast)
    administration.change_interval(record=record, standing=cast.standing("lead"), months=6)
    assert reload(record).check_up_on is None
    approve(cast, submit(cast, record))
    assert reload(record).check_up_on == clock.add_months(clock.today(), 6)


def test_only_the_lead_of_the_team_sets_it_and_only_to_what_is_offered(cast: Cast) -> None:
    record = make_published(cast)
    for role in ("author", "outsider", "committee", "chair", "head", "staff", "admin"):
        with pytest.raises(NotAllowed):
            administration.change_interval(record=record, standing=cast.standing(role), months=12)
    for months in (0, 1, 61, 999, -12):
        with pytest.raises(WrongState):
            administration.change_interval(record=record, standing=cast.standing("lead"), months=months)
    too_late = dates.latest_day() + dt.timedelta(days=1)
    with pytest.raises(WrongState, match="höchstens fünf Jahre"):
        administration.change_check_up(record=record, standing=cast.standing("lead"), day=too_late)
    administration.change_check_up(record=record, standing=cast.standing("lead"), day=dates.latest_day())


def test_the_form_offers_the_interval_and_refuses_what_is_none(cast: Cast) -> None:
    record, lead = make_published(cast), client_of(cast, "lead")
    page = lead.get(address(record, "administration/"), follow=True).content.decode()
    assert "wie im ganzen Haus: alle 2 Jahre" in page and "jedes Jahr" in page
    url = address(record, "administration/")
    assert lead.post(url, {"change": "interval", "interval-months": "7"}).status_code == 422
    assert lead.post(url, {"change": "interval", "interval-months": "18"}).status_code == 302
    assert reload(record).check_up_months == 18
    assert lead.post(url, {"change": "interval", "interval-months": ""}).status_code == 302
    assert reload(record).check_up_months is None


# -- confirming --------------------------------------------------------------------------------------


def test_the_page_behind_the_mail_has_the_button_and_opening_it_changes_nothing(cast: Cast) -> None:
    record = due_in(make_published(cast), 20)
    before = (AuditEvent.objects.count(), record.check_up_on, record.confirmed_at)
    page = main_of(page_for(cast, "lead", address(record, "check-up/")))
    record = reload(record)
    assert (AuditEvent.objects.count(), record.check_up_on, record.confirmed_at) == before
    assert "Gilt weiterhin" in page and "Überarbeiten" in page and "Archivieren" in page
    assert written(clock.add_months(clock.today(), 24)) in page
    client = client_of(cast, "lead")
    answer = client.post(address(record, "confirm/"), {"due_on": f"{record.check_up_on}"}, follow=True)
    assert 'data-outcome="ok"' in answer.content.decode()
    assert reload(record).check_up_on == clock.add_months(clock.today(), 24)
    assert AuditEvent.objects.filter(verb="confirm", record=record, actor=cast.lead).count() == 1


def test_a_member_sees_who_confirms_and_may_revise(cast: Cast) -> None:
    record = due_in(make_published(cast), 20)
    page = main_of(page_for(cast, "author", address(record, "check-up/")))
    assert "Das bestätigt die Leitung von Change-Management-Team Steueramt" in page
    assert "confirm/" not in page and "Überarbeiten" in page and "archive/" not in page
    assert client_of(cast, "author").post(address(record, "confirm/")).status_code == 403


def test_while_a_new_text_is_in_review_it_can_be_confirmed_but_not_revised(cast: Cast) -> None:
    record = due_in(make_published(cast), 20)
    save(cast, record, answer="Anders.")
    submit(cast, record)
    page = main_of(page_for(cast, "lead", address(record, "check-up/")))
    assert "Gilt weiterhin" in page and "liegt schon zur Freigabe vor" in page
    assert "archive/" not in page and "/edit/" not in page


def test_the_page_of_what_is_archived_leads_to_its_history(cast: Cast) -> None:
    record = make_published(cast)
    workflow.archive(record=record, standing=cast.standing("lead"), reason="Überholt")
    answer = client_of(cast, "lead").get(address(record, "check-up/"))
    assert answer.status_code == 302 and answer["Location"].endswith("/versions/")


def test_who_confirms_what_has_been_confirmed_meanwhile_is_told_so(cast: Cast) -> None:
    record = due_in(make_published(cast), 20)
    seen = record.check_up_on
    workflow.confirm(record=record, standing=cast.standing("lead"), due_on=seen)
    answer = client_of(cast, "lead").post(address(record, "confirm/"), {"due_on": f"{seen}"}, follow=True)
    page = answer.content.decode()
    assert 'data-outcome="conflict"' in page and "Von Ihnen ist nichts mehr zu tun" in page
    assert AuditEvent.objects.filter(verb="confirm").count() == 1
    # What is no day, is none: from the history page nothing is sent.
    assert client_of(cast, "lead").post(address(record, "confirm/"), {"due_on": "x"}).status_code == 302
    assert AuditEvent.objects.filter(verb="confirm").count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_confirm_at_once_one_counts(cast: Cast) -> None:
    second = factories.member(cast.team, "lead", username="lead2")
    record = due_in(make_published(cast), 20)

    def confirm(user: User) -> Any:
        from governance.rules import load_standing

        return workflow.confirm(record=record, standing=load_standing(user), due_on=record.check_up_on)

    result = race(record, first=lambda: confirm(cast.lead), second=lambda: confirm(second))
    assert isinstance(result, Renewed)
    assert AuditEvent.objects.filter(verb="confirm").count() == 1


# -- the mail four weeks before ------------------------------------------------------------------------


def test_lead_and_contact_are_told_once_four_weeks_before(cast: Cast) -> None:
    record = make_published(cast)
    administration.change_contact(record=record, standing=cast.standing("lead"), contact=cast.member)
    due_in(record, 29)
    reminding.remind()
    assert told() == []
    due_in(record, 28)
    reminding.remind()
    subject = f"Gilt das noch? L-1 Hundesteuer online anmelden, Wiedervorlage am {written(reload(record).check_up_on)}"
    assert told() == [("lead", subject), ("member", subject)]
    mail = OutgoingMail.objects.filter(to=cast.lead).latest("pk")
    assert "/learnings/1-hundesteuer-online-anmelden/check-up/" in mail.body
    reminding.remind()
    assert len(told()) == 2


def test_after_a_confirmation_there_is_no_mail_until_the_next_day_comes(cast: Cast) -> None:
    record = due_in(make_published(cast), 10)
    workflow.confirm(record=record, standing=cast.standing("lead"))
    reminding.remind()
    assert told() == []
    administration.change_check_up(
        record=record, standing=cast.standing("lead"), day=clock.today() + dt.timedelta(days=20)
    )
    reminding.remind()
    first = len(told())
    assert first == 2
    # Another day is another question.
    workflow.confirm(record=record, standing=cast.standing("lead"))
    reminding.remind()
    assert len(told()) == first
    due_in(record, 12)
    reminding.remind()
    assert len(told()) == 2 * first


def test_what_is_archived_or_was_never_published_is_not_asked_about(cast: Cast) -> None:
    archived = due_in(make_published(cast), 10)
    workflow.archive(record=archived, standing=cast.standing("lead"), reason="Überholt")
    due_in(make_draft(cast, title="Entwurf"), 10)
    reminding.remind()
    assert told() == []


def test_for_a_lead_who_is_away_the_substitute_is_told(cast: Cast) -> None:
    due_in(make_published(cast), 10)
    people.set_absence(
        standing=cast.standing("lead"),
        membership=Membership.objects.get(user=cast.lead),
        away_from=clock.today(),
        away_until=clock.today(),
        substitute=cast.member,
    )
    reminding.remind()
    assert [name for name, _subject in told()] == ["author", "member"]


def test_a_contact_who_has_left_is_not_told_and_without_a_lead_the_team_is(cast: Cast) -> None:
    record = due_in(make_published(cast), 10)
    Membership.objects.filter(user=record.contact).update(ended_at=clock.now())
    reminding.remind()
    assert [name for name, _subject in told()] == ["lead"]
    Membership.objects.filter(user=cast.lead).update(ended_at=clock.now())
    due_in(record, 11)
    reminding.remind()
    assert [name for name, _subject in told()] == ["lead", "member"]


def test_several_on_one_day_come_in_one_mail_that_names_their_numbers(cast: Cast) -> None:
    for number in range(3):
        due_in(make_published(cast, title=f"Eintrag {number}"), number)
    reminding.remind()
    assert told() == [(name, "Gilt das noch? 3 Einträge kommen zur Wiedervorlage") for name in ("author", "lead")]
    body = OutgoingMail.objects.filter(to=cast.lead).latest("pk").body
    assert "L-1 am" in body and "/upkeep/" in body and "Eintrag 0" not in body


def test_the_job_runs_by_the_clock(cast: Cast) -> None:
    due_in(make_published(cast), 10)
    assert periodic.run_due()["remind_of_check_ups"]
    assert len(told()) == 2
    assert page_for(cast, "lead", "/tasks/").count("/check-up/") == 1


# -- what readers see ------------------------------------------------------------------------------------


def test_readers_see_when_it_was_confirmed_on_its_page_and_in_lists(cast: Cast) -> None:
    record = make_published(cast)
    words = f"uletzt bestätigt am {written(clock.today())}"
    record_url = address(record)
    assert words not in page_for(cast, "staff", record_url)
    workflow.confirm(record=record, standing=cast.standing("lead"))
    for url in (record_url, "/learnings/", "/search/?q=Hundesteuer", "/", "/governance/departments/steueramt/"):
        assert words in page_for(cast, "staff", url), url


def test_an_overdue_record_has_a_calm_hint_with_whom_to_ask(cast: Cast) -> None:
    record = make_published(cast)
    assert "steht an, ob alles noch gilt" not in page_for(cast, "staff", address(record))
    record = due_in(record, -3)
    page = page_for(cast, "staff", address(record))
    assert f"seit dem {written(record.check_up_on)} steht an, ob alles noch gilt" in page
    assert f"hilft {record.contact} weiter" in page
    assert "Nächste Wiedervorlage" not in page
    for reproach in ("überfällig", "versäumt", "veraltet"):
        assert reproach not in main_of(page)
    # On the very day it is due and not late.
    due_in(record, 0)
    assert "steht an, ob alles noch gilt" not in page_for(cast, "staff", address(record))


# -- lists -----------------------------------------------------------------------------------------------


def test_due_and_overdue_are_told_apart_by_the_day(cast: Cast) -> None:
    today, late, soon, later = (due_in(make_published(cast, title=f"In {days}"), days) for days in (0, -1, 28, 29))
    scope = scope_for(cast.standing("committee"))
    assert [entry.pk for entry in queries.due(scope, 4)] == [today.pk, soon.pk]
    assert [entry.pk for entry in queries.due(scope, 8)] == [today.pk, soon.pk, later.pk]
    assert [entry.pk for entry in queries.overdue(scope)] == [late.pk]


def test_without_contact_is_whoever_left_the_team_or_the_house(cast: Cast) -> None:
    record, other = make_published(cast), make_published(cast, title="Anderer")
    administration.change_contact(record=other, standing=cast.standing("lead"), contact=cast.member)
    scope = scope_for(cast.standing("lead"))
    assert not queries.without_contact(scope).exists()
    Membership.objects.filter(user=cast.member).update(ended_at=clock.now())
    assert [entry.pk for entry in queries.without_contact(scope)] == [other.pk]
    User.objects.filter(pk=cast.author.pk).update(is_active=False)
    assert {entry.pk for entry in queries.without_contact(scope)} == {record.pk, other.pk}


def test_a_team_looks_after_its_own_and_the_committee_after_all_or_a_department(cast: Cast) -> None:
    mine, theirs = make_published(cast), make_published(cast, "outsider", title="Bauberatung")
    below = factories.DepartmentFactory(name="Prüfstelle", slug="pruefstelle", parent=theirs.owner.department)
    for record in (mine, theirs):
        due_in(record, -1)

    def seen(role: str, department: str = "") -> set[int]:
        return {entry.pk for entry in queries.overdue(scope_for(cast.standing(role), department))}

    assert seen("author") == {mine.pk} and seen("outsider") == {theirs.pk}
    assert seen("author", "bauen") == {mine.pk}
    assert seen("committee") == {mine.pk, theirs.pk}
    assert seen("committee", "bauen") == {theirs.pk}
    assert seen("committee", "pruefstelle") == set()
    assert seen("committee", "gibt-es-nicht") == {mine.pk, theirs.pk}
    assert scope_for(cast.standing("committee"), "bauen").departments == sorted(
        [below.pk, theirs.owner.department_id or 0]
    )
    for role in ("staff", "head", "admin"):
        with pytest.raises(NotAllowed):
            scope_for(cast.standing(role))


def test_new_words_are_those_that_the_committee_has_not_looked_at(cast: Cast) -> None:
    from governance import tags

    new = tags.resolve_names(["Formularserver"], cast.standing("author"))
    make_published(cast, tag_ids=[factories.tag().pk, *new])
    unused = tags.resolve_names(["Unbenutzt"], cast.standing("author"))
    everything = [tag.pk for tag in queries.new_tags(scope_for(cast.standing("committee")))]
    assert everything == [*unused, *new]
    assert [tag.pk for tag in queries.new_tags(scope_for(cast.standing("author")))] == new
    assert not queries.new_tags(scope_for(cast.standing("outsider"))).exists()
    tags.confirm(tag=queries.new_tags(scope_for(cast.standing("author"))).get(), standing=cast.standing("committee"))
    assert not queries.new_tags(scope_for(cast.standing("author"))).exists()
