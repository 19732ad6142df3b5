"""Pages of what is kept: vocabulary, redactions, audit trail, teams, departments."""

from __future__ import annotations

import datetime as dt

import pytest

from governance import clock, tags, workflow
from governance.models import AuditEvent, Membership, Redaction, Tag
from tests import factories
from tests.factories import Cast, UserFactory, make_draft, make_published, member, save
from tests.pages import ROLES, client_of, main_of, page_for, queries_of

pytestmark = pytest.mark.django_db


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


def test_queries_of_the_vocabulary_do_not_grow(cast: Cast) -> None:
    make_published(cast)
    client = client_of(cast, "committee")
    few = queries_of(client, "/governance/tags/")
    for number in range(8):
        make_published(cast, tag_ids=[factories.tag(f"Wort {number}").pk])
    assert queries_of(client, "/governance/tags/") == few


# -- redactions ------------------------------------------------------------------------------------


def test_a_redaction_is_proposed_by_one_and_decided_by_another(cast: Cast) -> None:
    record = make_published(cast, what_was_done="Frau Mustermann rief an.")
    by_role(cast, "/governance/redactions/", "chair", "admin")
    admin, chair = client_of(cast, "admin"), client_of(cast, "chair")
    data = {"record": record.short_number, "passages": "Mustermann", "reason": "Name einer Bürgerin"}
    assert chair.post("/governance/redactions/", data).status_code == 403
    wrong = admin.post("/governance/redactions/", data | {"record": "L-999"})
    assert wrong.status_code == 422
    assert 'id="id_record_error"' in wrong.content.decode()
    assert "Name einer Bürgerin" in wrong.content.decode()
    short = admin.post("/governance/redactions/", data | {"passages": "ab"})
    assert short.status_code == 422
    assert "mindestens drei Zeichen" in short.content.decode()
    assert admin.post("/governance/redactions/", data).status_code == 302
    proposal = Redaction.objects.get()
    assert 'value="confirm"' not in page_for(cast, "admin", "/governance/redactions/")
    assert "„Mustermann“" in page_for(cast, "chair", "/governance/redactions/")
    chair.post(f"/governance/redactions/{proposal.pk}/", {"do": "confirm"})
    for role in ("staff", "author", "chair"):
        assert "Mustermann" not in page_for(cast, role, f"/{record.short_number}")
    assert "Mustermann" not in page_for(cast, "chair", "/governance/redactions/")


def test_a_redaction_that_was_decided_is_not_decided_again(cast: Cast) -> None:
    record = make_published(cast)
    data = {"record": record.short_number, "passages": "Formular", "reason": "Ein Name"}
    client_of(cast, "admin").post("/governance/redactions/", data)
    url = f"/governance/redactions/{Redaction.objects.get().pk}/"
    chair = client_of(cast, "chair")
    chair.post(url, {"do": "refuse"})
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
    unknown = client.post(f"{TEAM}edit/", {"do": "add", "username": "gibtsnicht"})
    assert unknown.status_code == 422
    assert 'id="id_username_error"' in unknown.content.decode()
    assert 'value="gibtsnicht"' in unknown.content.decode()
    twice = client.post(f"{TEAM}edit/", {"do": "add", "username": "member"})
    assert twice.status_code == 422
    assert 'id="id_username_error"' in twice.content.decode()
    assert client.post(f"{TEAM}edit/", {"do": "add", "username": "neu"}).status_code == 302
    membership = Membership.objects.get(user=joins)
    client.post(f"{TEAM}members/{membership.pk}/", {"do": "role", "role": "lead"})
    membership.refresh_from_db()
    assert membership.role == "lead"
    client.post(f"{TEAM}members/{membership.pk}/", {"do": "end"})
    assert "Neue Kollegin" not in page_for(cast, "lead", f"{TEAM}edit/").partition("<main")[2]
    assert {"add_member", "change_role", "end_membership"} <= set(AuditEvent.objects.values_list("verb", flat=True))


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
