"""Pages of what is kept: vocabulary, redactions, audit trail, teams, departments."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance import attachments, clock, redaction, tags, workflow
from governance.models import AuditEvent, Membership, Redaction, Tag
from tests import factories
from tests.factories import Cast, UserFactory, approve, make_draft, make_published, member, save, submit
from tests.pages import ROLES, client_of, main_of, page_for, queries_of

pytestmark = pytest.mark.django_db
REDACTIONS = "/governance/redactions/"


def by_role(cast: Cast, url: str, *allowed: str) -> None:
    for role in ROLES:
        page_for(cast, role, url, code=200 if role in allowed else 403)


# -- vocabulary ------------------------------------------------------------------------------------


def test_the_vocabulary_is_for_the_committee_new_words_first(cast: Cast) -> None:
    make_published(cast, tag_ids=[factories.tag("Posteingang").pk])
    tags.resolve_names(["Nagelneu"], cast.standing("author"))
    by_role(cast, "/governance/tags/", "committee", "chair")
    page = page_for(cast, "committee", "/governance/tags/")
    assert page.index("Nagelneu") < page.index("Posteingang")
    assert 'Neue Schlagwörter <span class="count">(1)</span>' in page


def test_a_word_is_confirmed_renamed_and_merged_and_errors_stand_at_the_field(cast: Cast) -> None:
    word, other = factories.tag("Posteingang"), factories.tag("Briefe")
    record = make_published(cast, tag_ids=[word.pk])
    client, url = client_of(cast, "committee"), f"/governance/tags/{word.pk}/"
    by_role(cast, url, "committee", "chair")
    assert record.short_number in client.get(url).content.decode()
    taken = client.post(url, {"do": "rename", "name": "briefe"})
    assert taken.status_code == 422
    assert 'id="id_name_error"' in taken.content.decode()
    assert 'value="briefe"' in taken.content.decode()
    nothing = client.post(url, {"do": "merge", "into": ""})
    assert nothing.status_code == 422
    assert 'id="id_into_error"' in nothing.content.decode()
    assert client.post(url, {"do": "rename", "name": "Postausgang"}).status_code == 302
    assert "Postausgang" in page_for(cast, "staff", f"/{record.short_number}")
    assert client.post(url, {"do": "merge", "into": other.pk}).status_code == 302
    assert "Briefe" in page_for(cast, "staff", f"/{record.short_number}")
    assert client.get(url).status_code == 404
    [new] = tags.resolve_names(["Nagelneu"], cast.standing("author"))
    client.post(f"/governance/tags/{new}/", {"do": "confirm"})
    assert Tag.objects.get(pk=new).confirmed_at is not None


def test_the_vocabulary_lists_near_equal_and_unused_words_with_a_way_to_merge_them(cast: Cast) -> None:
    used, unused = factories.tag("Online-Dienst"), factories.tag("Online-Dienste")
    make_published(cast, tag_ids=[used.pk])
    page = page_for(cast, "committee", "/governance/tags/")
    assert f'href="/governance/tags/{unused.pk}/?into={used.pk}"' in page
    assert "Unbenutzte Schlagwörter" in page
    form = page_for(cast, "committee", f"/governance/tags/{unused.pk}/?into={used.pk}")
    assert f'<option value="{used.pk}" selected>' in form
    assert page_for(cast, "committee", f"/governance/tags/{unused.pk}/?into=quatsch")


def test_the_committee_splits_a_word_and_sees_its_records(cast: Cast) -> None:
    record = make_published(cast, tag_ids=[factories.tag("Bank").pk])
    client, url = client_of(cast, "committee"), f"/governance/tags/{factories.tag('Bank').pk}/"
    refused = client.post(url, {"do": "divide", "words": "Sitzbank"})
    assert refused.status_code == 422
    assert 'id="id_words_error"' in refused.content.decode()
    page = client.post(url, {"do": "divide", "words": "Sitzbank, Geldinstitut"}, follow=True).content.decode()
    assert 'data-outcome="ok"' in page
    assert record.short_number in page


def test_queries_of_the_vocabulary_do_not_grow(cast: Cast) -> None:
    make_published(cast)
    client = client_of(cast, "committee")
    few = queries_of(client, "/governance/tags/")
    for number in range(8):
        make_published(cast, tag_ids=[factories.tag(f"Wort {number}").pk])
    assert queries_of(client, "/governance/tags/") == few


# -- redactions ------------------------------------------------------------------------------------


def test_a_redaction_is_proposed_by_one_and_decided_by_another(cast: Cast) -> None:
    record = make_published(cast, what_was_done="Frau *Mustermann* rief an.")
    by_role(cast, REDACTIONS, "chair", "admin")
    admin, chair = client_of(cast, "admin"), client_of(cast, "chair")
    wrong = admin.get(REDACTIONS, {"record": "L-999"}).content.decode()
    assert 'id="id_record_error"' in wrong
    form = admin.get(REDACTIONS, {"record": record.short_number.lower()})["Location"]
    by_role(cast, form, "admin")
    data = {"passages": "Frau Mustermann", "reason": "Name einer Bürgerin"}
    for passages, told in (
        ("ab", "mindestens drei Zeichen"),
        ("Frau Muster\nMayer", "nirgends: „Mayer“"),
        ("", "oder"),
    ):
        refused = admin.post(form, data | {"passages": passages})
        assert refused.status_code == 422
        assert told in refused.content.decode()
        assert "Name einer Bürgerin" in refused.content.decode()
    assert admin.post(form, data).status_code == 302
    url = f"{REDACTIONS}{Redaction.objects.get().pk}/"
    by_role(cast, url, "chair")
    assert url not in page_for(cast, "admin", REDACTIONS)
    assert url in page_for(cast, "chair", REDACTIONS)
    assert url in page_for(cast, "chair", "/tasks/")
    page = page_for(cast, "chair", url)
    assert "1 Stelle in 1 Version" in page
    assert "<mark>Frau *Mustermann</mark>* rief an." in page
    assert "Version 1" in page
    done = chair.post(url, {"do": "confirm"}, follow=True).content.decode()
    assert f"In {record.short_number} geschwärzt: 1 Stelle in 1 Version." in done
    for role in ("staff", "author", "chair"):
        assert "Mustermann" not in page_for(cast, role, f"/{record.short_number}")
    assert "Mustermann" not in page_for(cast, "chair", REDACTIONS)


def test_the_chair_reads_no_text_that_was_never_submitted(cast: Cast) -> None:
    record = make_published(cast)
    save(cast, record, answer="Ganz geheim: Mustermann kam.")
    redaction.propose(standing=cast.standing("admin"), record=record, reason="Name", passages=["Mustermann"])
    page = page_for(cast, "chair", f"{REDACTIONS}{Redaction.objects.get().pk}/")
    assert "1 Stelle in 1 Version" in page
    assert "eine Stelle in einem Text, der nicht vorgelegt wurde" in page
    assert "geheim" not in page


def test_a_file_is_chosen_by_version_and_named_to_those_who_may_read_one(cast: Cast) -> None:
    record = make_published(cast)
    upload = SimpleUploadedFile("x.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n")
    kept, info = attachments.store(upload, "heimlich.pdf", record)
    row = {"sha256": kept.sha256, "name": "heimlich.pdf", "media_type": info.media_type, "description": "Plan"}
    save(cast, record, attachments=[row])
    admin = client_of(cast, "admin")
    form = f"{REDACTIONS}new/{record.pk}/"
    page = admin.get(form).content.decode()
    assert "in Version 2" in page
    assert "heimlich" not in page
    approve(cast, submit(cast, record))
    assert "heimlich.pdf" in admin.get(form).content.decode()
    assert admin.post(form, {"attachment": kept.pk, "reason": "Plan"}).status_code == 302
    url = f"{REDACTIONS}{Redaction.objects.get().pk}/"
    assert "heimlich.pdf" in page_for(cast, "chair", url)
    done = client_of(cast, "chair").post(url, {"do": "confirm"}, follow=True).content.decode()
    assert "geschwärzt: 1 Datei." in done
    kept.refresh_from_db()
    assert kept.redacted_at is not None
    assert "heimlich" not in admin.get(form).content.decode()


def test_a_redaction_that_was_decided_is_not_decided_again(cast: Cast) -> None:
    record = make_published(cast)
    redaction.propose(standing=cast.standing("admin"), record=record, reason="Ein Name", passages=["Formular"])
    url = f"{REDACTIONS}{Redaction.objects.get().pk}/"
    chair = client_of(cast, "chair")
    chair.post(url, {"do": "refuse"})
    assert chair.get(url)["Location"] == REDACTIONS
    again = chair.post(url, {"do": "confirm"}, follow=True)
    assert 'data-outcome="conflict"' in again.content.decode()
    assert "Formular" in page_for(cast, "staff", f"/{record.short_number}")


# -- audit trail -----------------------------------------------------------------------------------


def test_the_audit_trail_is_for_committee_and_administrator(cast: Cast) -> None:
    by_role(cast, "/governance/audit/", "committee", "chair", "admin")


def test_the_audit_trail_is_narrowed_by_record_and_verb_and_has_pages(cast: Cast) -> None:
    first, second = make_published(cast), make_draft(cast, title="Zweiter")
    for number in range(60):
        save(cast, second, answer=f"Antwort {number}")
    client = client_of(cast, "admin")

    def rows(query: str) -> str:
        page = client.get(f"/governance/audit/{query}").content.decode()
        return page.partition("<tbody>")[2].partition("</tbody>")[0]

    assert rows("").count("<tr>") == 50
    assert rows("?page=2").count("<tr>") == AuditEvent.objects.count() - 50
    assert second.short_number not in rows(f"?record={first.short_number.lower()}")
    assert "hat den Text freigegeben" in rows(f"?record={first.short_number}")
    assert rows("?verb=approve").count("<tr>") == 1
    assert rows("?record=L-999") == ""
    assert (
        "record=L-2&amp;verb=save&amp;page=2" in client.get("/governance/audit/?record=L-2&verb=save").content.decode()
    )


def test_the_audit_trail_is_in_the_order_of_time_and_leads_to_what_one_may_open(cast: Cast) -> None:
    published, draft = make_published(cast), make_draft(cast)
    early = clock.now() - dt.timedelta(days=900)
    AuditEvent.objects.create(verb="create_meeting", actor=cast.chair, at=early)
    rows = page_for(cast, "admin", "/governance/audit/").partition("<tbody>")[2].partition("</tbody>")[0]
    assert rows.rindex("hat eine Sitzung angelegt") > rows.rindex("hat den Eintrag angelegt")
    assert " Uhr</td>" in rows
    cells = re.sub(r"<td[^>]*>", "<td>", rows)
    assert f'<a href="/{published.short_number}">{published.short_number}</a>' in rows
    assert f"<td>{draft.short_number}</td>" in cells


def test_the_audit_trail_tells_no_word_of_a_text(cast: Cast) -> None:
    record = make_draft(cast, title="Heimlicher Titel")
    workflow.archive(record=record, standing=cast.standing("lead"), reason="Heimlicher Grund")
    assert "eimlich" not in page_for(cast, "admin", "/governance/audit/")


def test_queries_of_the_audit_trail_do_not_grow(cast: Cast) -> None:
    record = make_draft(cast)
    client = client_of(cast, "admin")
    few = queries_of(client, "/governance/audit/")
    for number in range(8):
        save(cast, record, by="member" if number % 2 else "author", answer=f"Antwort {number}")
    assert queries_of(client, "/governance/audit/") == few


# -- teams -----------------------------------------------------------------------------------------

TEAM = "/governance/teams/cmt-steueramt/"


@pytest.mark.parametrize("role", ROLES)
def test_a_team_shows_names_and_drafts_to_those_who_are_concerned(cast: Cast, role: str) -> None:
    make_draft(cast, title="Nur ein Entwurf")
    make_published(cast, title="Für alle")
    page = page_for(cast, role, TEAM)
    content = main_of(page)
    assert ("Nur ein Entwurf" in content) is (role in ("author", "lead"))
    assert (str(cast.member) in content) is (role in ("author", "lead", "committee", "chair", "admin"))
    assert "Für alle" in content
    assert ("Team pflegen" in content) is (role == "lead")


def test_the_committee_is_named_to_everybody(cast: Cast) -> None:
    assert str(cast.committee) in page_for(cast, "staff", "/governance/teams/committee/")


def test_a_lead_takes_in_promotes_and_ends_and_errors_stand_at_the_field(cast: Cast) -> None:
    by_role(cast, f"{TEAM}edit/", "lead")
    client, joins = client_of(cast, "lead"), UserFactory(username="neu", full_name="Neue Kollegin")
    unknown = client.post(f"{TEAM}edit/", {"do": "add", "person": "gibtsnicht"})
    assert unknown.status_code == 422
    assert 'id="id_person_error"' in unknown.content.decode()
    assert 'value="gibtsnicht"' in unknown.content.decode()
    twice = client.post(f"{TEAM}edit/", {"do": "add", "person": "member"})
    assert twice.status_code == 422
    assert 'id="id_person_error"' in twice.content.decode()
    assert client.post(f"{TEAM}edit/", {"do": "add", "person": "neu"}).status_code == 302
    membership = Membership.objects.get(user=joins)
    url = f"{TEAM}members/{membership.pk}/"
    assert f"{url}?do=end" in client.get(f"{TEAM}edit/").content.decode()
    assert "Neue Kollegin zur Leitung machen?" in client.get(url, {"do": "role"}).content.decode()
    made = client.post(url, {"do": "role", "role": "lead"}, follow=True).content.decode()
    assert "Neue Kollegin ist in Change-Management-Team Steueramt jetzt: Leitung." in made
    membership.refresh_from_db()
    assert membership.role == "lead"
    asked = client.get(url, {"do": "end"}).content.decode()
    assert "Mitgliedschaft von Neue Kollegin beenden?" in asked
    membership.refresh_from_db()
    assert membership.ended_at is None
    ended = client.post(url, {"do": "end"}, follow=True).content.decode()
    assert "Neue Kollegin ist nicht mehr Mitglied von Change-Management-Team Steueramt." in ended
    assert "Neue Kollegin" not in page_for(cast, "lead", f"{TEAM}edit/").partition("<main")[2]
    assert {"add_member", "change_role", "end_membership"} <= set(AuditEvent.objects.values_list("verb", flat=True))


@pytest.mark.parametrize("typed", ["Neue  Kollegin", "neue kollegin", "Neu@Stadt.example", "neu"])
def test_a_member_is_named_as_people_know_each_other(cast: Cast, typed: str) -> None:
    joins = UserFactory(username="neu", full_name="Neue Kollegin", email="neu@stadt.example")
    done = client_of(cast, "lead").post(f"{TEAM}edit/", {"do": "add", "person": typed}, follow=True)
    assert "Neue Kollegin ist aufgenommen." in done.content.decode()
    assert Membership.objects.filter(user=joins, team=cast.team).exists()


def test_a_name_that_several_have_is_asked_back_with_their_accounts(cast: Cast) -> None:
    for account in ("weber1", "weber2"):
        UserFactory(username=account, full_name="Kim Weber")
    UserFactory(username="weber3", full_name="Kim Weber", is_active=False)
    answer = client_of(cast, "lead").post(f"{TEAM}edit/", {"do": "add", "person": "Kim Weber"})
    assert answer.status_code == 422
    assert "mehrere Konten zu: weber1, weber2." in answer.content.decode()


def test_whoever_gives_up_the_lead_comes_to_the_page_of_the_team(cast: Cast) -> None:
    own = Membership.objects.get(user=cast.lead)
    member(cast.team, "lead")
    url = f"{TEAM}members/{own.pk}/"
    client = client_of(cast, "lead")
    assert "gibt die Leitung ab?" in client.get(url, {"do": "role"}).content.decode()
    answer = client.post(url, {"do": "role", "role": "member"}, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == TEAM


def test_an_absence_is_noted_and_an_impossible_one_is_told_at_the_form(cast: Cast) -> None:
    pk = Membership.objects.get(user=cast.member).pk
    today = clock.today()

    def data(days: int) -> dict[str, str]:
        until = today + dt.timedelta(days=days)
        values = {"away_from": today.isoformat(), "away_until": until.isoformat(), "substitute": str(cast.author.pk)}
        return {"do": "absence", **{f"absence{pk}-{name}": value for name, value in values.items()}}

    client = client_of(cast, "lead")
    wrong = client.post(f"{TEAM}members/{pk}/", data(-3))
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'data-outcome="invalid"' in page
    assert f'value="{(today - dt.timedelta(days=3)).isoformat()}"' in page
    assert Membership.objects.get(pk=pk).away_until is None
    assert client.post(f"{TEAM}members/{pk}/", data(3)).status_code == 302
    assert Membership.objects.get(pk=pk).substitute == cast.author
    stranger = data(3) | {f"absence{pk}-substitute": str(cast.staff.pk)}
    refused = client.post(f"{TEAM}members/{pk}/", stranger)
    assert refused.status_code == 422
    assert f'id="id_absence{pk}-substitute_error"' in refused.content.decode()


@pytest.mark.parametrize("url", [TEAM, f"{TEAM}edit/"])
def test_queries_of_a_team_grow_by_one_form_for_each_member_at_most(cast: Cast, url: str) -> None:
    client = client_of(cast, "lead")
    few, people = queries_of(client, url), 5
    for _number in range(people):
        member(cast.team)
        make_draft(cast)
    # A form for an absence asks for the substitutes of its member.
    assert queries_of(client, url) <= few + (people if url.endswith("edit/") else 0)


# -- departments -----------------------------------------------------------------------------------


def test_departments_show_team_contact_and_what_they_have_published(cast: Cast) -> None:
    make_published(cast, title="Veröffentlicht vom Steueramt")
    make_draft(cast, title="Nur ein Entwurf")
    for role in ROLES:
        page = page_for(cast, role, "/governance/departments/")
        assert "Change-Management-Team Steueramt" in page
        assert '<a href="/search/?department=steueramt">1</a>' in page
        page = page_for(cast, role, "/governance/departments/steueramt/")
        assert "Veröffentlicht vom Steueramt" in page
        assert "Nur ein Entwurf" not in page
        assert cast.head.full_name in page


@pytest.mark.parametrize("url", ["/governance/departments/", "/governance/departments/steueramt/"])
def test_queries_of_departments_do_not_grow(cast: Cast, url: str) -> None:
    make_published(cast)
    client = client_of(cast, "staff")
    few = queries_of(client, url)
    for _number in range(6):
        factories.TeamFactory()
        make_published(cast)
    assert queries_of(client, url) == few
