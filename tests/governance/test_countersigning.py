"""Countersigning: where a department wants it, the lead alone submits, whatever the path; nothing is locked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from governance import clock, pairs, people, rules, workflow, worklists
from governance.countersigning import queries, services
from governance.errors import Conflict, NotAllowed, NotCountersigned, WrongState
from governance.models import AuditEvent, Countersigning, Department, Membership, OutgoingMail, Record, Review
from tests import factories, kept
from tests.factories import Cast, make_draft, make_published, member, reload, save, submit
from tests.pages import address, client_of, main_of, page_for
from tests.processmodels.factories import make_process
from tests.racing import race

pytestmark = pytest.mark.django_db
Status = Countersigning.Status


def switch(cast: Cast, on: bool = True, by: str = "lead") -> None:
    department = cast.team.department
    assert department is not None
    services.switch(department=department, standing=cast.standing(by), on=on)


@pytest.fixture
@kept.once
def signed(cast: Cast) -> Cast:
    """The cast, in whose first department the lead countersigns."""
    switch(cast)
    return cast


def put(cast: Cast, record: Record, by: str = "author", note: str = "Bitte ansehen") -> Countersigning:
    version = reload(record).current_version_id
    assert version is not None
    return services.put_forward(record=record, standing=cast.standing(by), version_id=version, note=note)


def listed(cast: Cast, who: str, key: str = "countersigning") -> list[dict[str, Any]]:
    found = [(one, rows) for one, rows in worklists.lists_for(cast.standing(who)) if one.key == key]
    return [one.row(row) for one, rows in found for row in rows]


def mails() -> list[tuple[str, str]]:
    return [(mail.to.username, mail.subject) for mail in OutgoingMail.objects.select_related("to").order_by("pk")]


# -- who may submit --------------------------------------------------------------------------------


def test_without_the_switch_everything_is_as_before(cast: Cast) -> None:
    record = make_draft(cast)
    assert rules.may_submit(cast.standing("author"), record)
    with pytest.raises(WrongState, match="selbst"):
        put(cast, record)
    assert listed(cast, "lead") == []
    assert submit(cast, record).is_open


def test_a_member_is_refused_on_every_path_to_the_committee_and_the_lead_is_not(signed: Cast) -> None:
    cast = signed
    record = make_draft(cast)
    with pytest.raises(NotCountersigned, match="Mitzeichnung"):
        submit(cast, record)
    process = make_process(cast)
    texts = {one: one.current_version_id or 0 for one in (record, process)}
    with pytest.raises(NotCountersigned):
        pairs.submit(texts=texts, standing=cast.standing("author"))
    assert not Review.objects.exists()
    review = submit(cast, record, by="lead")
    workflow.approve(review=review, standing=cast.standing("committee"))
    save(cast, record, answer="Neu.")
    with pytest.raises(NotCountersigned):
        workflow.roll_back(
            record=reload(record), standing=cast.standing("author"), version=review.version, note="Zurück"
        )
    assert reload(record).state == "draft"
    assert record.versions.count() == 2
    workflow.roll_back(record=reload(record), standing=cast.standing("lead"), version=review.version, note="Zurück")
    assert reload(record).state == "in_review"


def test_who_signs_is_the_submitter_and_never_decides_even_as_member_of_the_committee(signed: Cast) -> None:
    cast = signed
    Membership.objects.create(user=cast.lead, team=cast.committee_team, role="member", starts_on="2020-01-01")
    record = make_draft(cast)
    put(cast, record)
    review = submit(cast, record, by="lead")
    assert review.submitted_by == cast.lead
    assert cast.lead.pk in review.authors
    with pytest.raises(NotAllowed):
        workflow.approve(review=review, standing=cast.standing("lead"))


def test_another_team_is_not_concerned(signed: Cast) -> None:
    record = make_draft(signed, by="outsider")
    assert submit(signed, record, by="outsider").is_open


# -- putting forward -------------------------------------------------------------------------------


def test_putting_forward_changes_no_state_locks_nothing_and_stands_on_the_leads_list_with_the_note(
    signed: Cast,
) -> None:
    cast = signed
    record = make_draft(cast)
    row = put(cast, record)
    assert (reload(record).state, row.status) == ("draft", "open")
    (shown,) = listed(cast, "lead")
    assert (shown["title"], shown["detail"]) == ("Hundesteuer online anmelden", "Bitte ansehen")
    assert listed(cast, "member") == listed(cast, "committee") == []
    assert "countersigning" not in [one.key for one, _rows in worklists.lists_for(cast.standing("member"))]
    assert "Die Leitung von Change-Management-Team Steueramt legt vor" in page_for(
        cast, "author", address(record, "versions/")
    )
    assert mails() == [("lead", "Zur Mitzeichnung: L-1 Hundesteuer online anmelden")]
    assert save(cast, record, by="member", answer="Geändert.") is not None
    (shown,) = listed(cast, "lead")
    assert shown["detail"] == "Bitte ansehen · seither geändert"


def test_a_save_of_somebody_else_after_it_is_told_to_the_lead_with_the_way_to_the_comparison(signed: Cast) -> None:
    cast = signed
    record = make_draft(cast)
    put(cast, record)
    assert "Seither geändert" not in page_for(cast, "lead", address(record, "submit/"))
    save(cast, record, by="member", answer="Geändert.")
    page = main_of(page_for(cast, "lead", address(record, "submit/")))
    assert "Seither geändert" in page
    assert "versions/1..2/" in page
    assert "Bitte ansehen" in page
    assert "give-back/" in page


def test_twice_the_same_is_one_and_another_version_takes_its_place(signed: Cast) -> None:
    cast = signed
    record = make_draft(cast)
    assert put(cast, record).pk == put(cast, record).pk
    save(cast, record, answer="Neu.")
    again = put(cast, record)
    assert list(Countersigning.objects.order_by("pk").values_list("status", flat=True)) == ["lapsed", "open"]
    assert again.version.number == 2


def test_an_outdated_version_and_a_text_in_review_are_refused_and_outsiders_may_not(signed: Cast) -> None:
    cast = signed
    record = make_draft(cast)
    first = record.current_version_id or 0
    save(cast, record, answer="Neu.")
    with pytest.raises(Conflict):
        services.put_forward(record=record, standing=cast.standing("author"), version_id=first)
    with pytest.raises(NotAllowed):
        put(cast, record, by="outsider")
    submit(cast, record, by="lead")
    with pytest.raises(WrongState, match="liegt zur Freigabe vor"):
        put(cast, record)


def test_submitting_signs_it_and_discarding_or_archiving_lets_it_lapse(signed: Cast) -> None:
    cast = signed
    record = make_draft(cast)
    put(cast, record)
    workflow.approve(review=submit(cast, record, by="lead"), standing=cast.standing("committee"))
    assert Countersigning.objects.get().status == Status.SIGNED
    assert Countersigning.objects.get().closed_by == cast.lead
    for step in (
        lambda: workflow.discard(record=reload(record), standing=cast.standing("author")),
        lambda: workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="Alt"),
    ):
        save(cast, record, answer=f"Neu {Countersigning.objects.count()}")
        row = put(cast, record)
        step()
        row.refresh_from_db()
        assert row.status == Status.LAPSED
    assert listed(cast, "lead") == []


# -- giving back -----------------------------------------------------------------------------------


def test_the_lead_gives_it_back_with_words_that_the_team_reads_where_it_writes(signed: Cast) -> None:
    cast = signed
    record = make_draft(cast)
    put(cast, record)
    with pytest.raises(NotAllowed):
        services.give_back(record=record, standing=cast.standing("member"), answer="Nein")
    with pytest.raises(WrongState):
        services.give_back(record=record, standing=cast.standing("lead"), answer=" ")
    assert [row["detail"] for row in listed(cast, "author", "drafts")] == ["liegt zur Mitzeichnung vor"]
    services.give_back(record=record, standing=cast.standing("lead"), answer="Bitte kürzer")
    (draft,) = listed(cast, "author", "drafts")
    assert draft["detail"] == "von der Teamleitung zurückgegeben: Bitte kürzer"
    assert mails()[-1] == ("author", "Von der Teamleitung zurückgegeben: L-1 Hundesteuer online anmelden")
    for rest in ("versions/", "edit/", "put-forward/"):
        assert "Bitte kürzer" in page_for(cast, "author", address(record, rest))
    with pytest.raises(WrongState, match="nicht mehr"):
        services.give_back(record=record, standing=cast.standing("lead"), answer="Noch einmal")
    put(cast, record)
    assert "Bitte kürzer" not in page_for(cast, "author", address(record, "versions/"))


# -- away, nobody, switched off --------------------------------------------------------------------


def away(cast: Cast, substitute: Any) -> None:
    people.set_absence(
        standing=cast.standing("lead"),
        membership=Membership.objects.get(user=cast.lead, team=cast.team),
        away_from=clock.today(),
        away_until=clock.today() + dt.timedelta(days=9),
        substitute=substitute,
    )


def test_while_the_lead_is_away_list_and_mail_of_the_substitute_say_that_they_cannot_submit(signed: Cast) -> None:
    cast = signed
    away(cast, cast.member)
    record = make_draft(cast)
    put(cast, record)
    mail = OutgoingMail.objects.get()
    assert mail.to == cast.member
    assert "Vorlegen kann nur die Teamleitung" in mail.body
    assert [row["title"] for row in listed(cast, "member")] == ["Hundesteuer online anmelden"]
    assert "wer sie vertritt, sieht es nur" in page_for(cast, "member", "/tasks/")
    with pytest.raises(NotCountersigned):
        submit(cast, record, by="member")
    assert "Die Teamleitung ist bis" in page_for(cast, "author", address(record, "put-forward/"))


def test_a_team_without_a_lead_is_told_so(signed: Cast) -> None:
    cast = signed
    record = make_draft(cast)
    people.end_membership(standing=cast.standing("admin"), membership=Membership.objects.get(user=cast.lead))
    assert "hat zurzeit keine Leitung" in page_for(cast, "author", address(record, "put-forward/"))


def test_switched_off_meanwhile_the_text_waits_no_more_and_who_put_it_forward_is_told(signed: Cast) -> None:
    cast = signed
    record = make_draft(cast)
    put(cast, record)
    switch(cast, on=False, by="head")
    assert Countersigning.objects.get().status == Status.LAPSED
    assert listed(cast, "lead") == []
    assert mails()[-1][0] == "author"
    assert "bitte selbst vorlegen" in mails()[-1][1]
    assert submit(cast, record).is_open


def test_lead_head_and_administration_switch_it_and_nobody_else(cast: Cast) -> None:
    url = "/governance/departments/steueramt/countersigning/"
    for role in ("author", "outsider", "committee", "staff"):
        page_for(cast, role, url, code=403)
        with pytest.raises(NotAllowed):
            switch(cast, by=role)
    for role, posted in (("lead", {"countersigned": "on"}), ("head", {}), ("admin", {"countersigned": "on"})):
        page_for(cast, role, url)
        assert client_of(cast, role).post(url, posted).status_code == 302
        assert Department.objects.get(slug="steueramt").countersigned == bool(posted)
    assert AuditEvent.objects.filter(verb="switch_countersigning").count() == 3


def test_the_administrations_form_goes_through_the_same_switch(signed: Cast) -> None:
    record = make_draft(signed)
    put(signed, record)
    department = signed.team.department
    assert department is not None
    form = {
        "name": "Steueramt",
        "short_name": "Steueramt",
        "head": signed.head.pk,
        "email": "",
        "phone": "",
        "room": "",
    }
    answer = client_of(signed, "admin").post(f"/administration/governance/department/{department.pk}/change/", form)
    assert answer.status_code == 302
    assert Countersigning.objects.get().status == Status.LAPSED
    assert not Department.objects.get(pk=department.pk).countersigned


# -- the pages -------------------------------------------------------------------------------------


def test_a_members_own_submit_is_refused_with_a_message_that_keeps_the_note_and_shows_the_way(signed: Cast) -> None:
    cast = signed
    record = make_draft(cast)
    client = client_of(cast, "author")
    assert client.get(address(record, "submit/"))["Location"].endswith("/put-forward/")
    answer = client.post(address(record, "submit/"), {"version": record.current_version_id, "note": "Mein Hinweis"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-outcome="conflict"' in page
    assert "Mein Hinweis" in page
    assert "Der Teamleitung vorlegen" in page
    answer = client.post(
        address(record, "put-forward/"), {"version": record.current_version_id, "note": "Mein Hinweis"}
    )
    assert answer.status_code == 302
    assert Countersigning.objects.get().note == "Mein Hinweis"
    answer = client.get(address(record, "roll-back/1/"), follow=True)
    assert 'data-outcome="denied"' in answer.content.decode()


def test_the_version_page_offers_a_member_to_put_forward_and_the_lead_to_submit(signed: Cast) -> None:
    record = make_draft(signed)
    page = main_of(page_for(signed, "author", address(record, "versions/")))
    assert "put-forward/" in page
    assert "/submit/" not in page
    page = main_of(page_for(signed, "lead", address(record, "versions/")))
    assert "/submit/" in page
    assert "put-forward/" not in page


def test_a_form_on_an_older_version_is_shown_anew_with_the_note(signed: Cast) -> None:
    record = make_draft(signed)
    first = record.current_version_id
    save(signed, record, by="member", answer="Neu.")
    answer = client_of(signed, "author").post(address(record, "put-forward/"), {"version": first, "note": "Bleibt"})
    assert answer.status_code == 409
    assert "Bleibt" in answer.content.decode()
    assert not Countersigning.objects.exists()


def test_the_committee_and_the_head_learn_nothing_of_it(signed: Cast) -> None:
    record = make_published(signed, by="lead")
    save(signed, record, answer="Neu.")
    put(signed, record, note="Nur fürs Team")
    for role in ("committee", "head"):
        assert "Nur fürs Team" not in page_for(signed, role, address(record, "versions/"))
    page_for(signed, "outsider", address(record, "put-forward/"), code=404)


def test_handed_over_to_a_team_without_countersigning_the_new_team_submits_by_itself(signed: Cast) -> None:
    record = make_draft(signed)
    put(signed, record)
    people.hand_over(standing=signed.standing("admin"), team=signed.team, to=signed.other_team)
    assert listed(signed, "lead") == []
    assert submit(signed, record, by="outsider").is_open
    assert Countersigning.objects.get().status == Status.LAPSED


def test_a_redaction_reaches_the_note_and_the_answer(signed: Cast) -> None:
    from governance import redaction

    record = make_draft(signed, title="Anruf von Quandt")
    put(signed, record, note="Quandt fragen")
    services.give_back(record=record, standing=signed.standing("lead"), answer="Ohne Quandt")
    proposed = redaction.propose(standing=signed.standing("admin"), record=record, reason="Name", passages=["Quandt"])
    redaction.confirm(standing=signed.standing("chair"), redaction=proposed)
    row = Countersigning.objects.get()
    assert "Quandt" not in row.note + row.answer


@pytest.mark.django_db(transaction=True)
class TestRaces:
    @pytest.fixture
    def cast(self) -> Iterator[Cast]:
        yield factories.make_cast()

    def test_a_save_before_the_putting_forward_of_the_older_version_wins(self, cast: Cast) -> None:
        switch(cast)
        record = make_draft(cast)
        standing, version = cast.standing("author"), record.current_version_id or 0
        result = race(
            record,
            lambda: save(cast, record, by="member", answer="Neu."),
            lambda: services.put_forward(record=record, standing=standing, version_id=version),
        )
        assert isinstance(result, Conflict)
        assert not Countersigning.objects.exists()

    def test_who_lost_the_lead_while_waiting_cannot_sign(self, cast: Cast) -> None:
        switch(cast)
        record = make_draft(cast)
        standing = cast.standing("lead")
        other = member(cast.team, "lead", username="second-lead")
        membership = Membership.objects.get(user=cast.lead)

        def loses_the_lead() -> None:
            people.change_role(standing=rules.load_standing(other), membership=membership, role="member")

        version = record.current_version_id or 0
        result = race(
            record, loses_the_lead, lambda: workflow.submit(record=record, standing=standing, version_id=version)
        )
        assert isinstance(result, NotCountersigned)


def test_nobody_is_away_as_long_as_one_lead_is_there(signed: Cast) -> None:
    away(signed, None)
    assert queries.back_on(queries.leads_of(signed.team.pk)) == clock.today() + dt.timedelta(days=9)
    member(signed.team, "lead")
    assert queries.back_on(queries.leads_of(signed.team.pk)) is None
