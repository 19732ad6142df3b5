"""The history of a record, comparison and print, and who reads whose name there."""

from __future__ import annotations

import re

import pytest

from governance import workflow
from governance.models import Comment, Publication, Record, Review
from governance.workflow import NewComment
from tests import kept
from tests.factories import Cast, approve, make_draft, make_published, reload, save, submit
from tests.pages import address, client_of, main_of, page_for, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept.once
def record(cast: Cast) -> Record:
    """Two publications, a draft between them, comments; contact is the member, who wrote nothing."""
    record = make_draft(cast)
    Record.objects.filter(pk=record.pk).update(contact=cast.member)
    approve(cast, submit(cast, record))
    save(cast, record, answer="Zwischendurch.")
    save(cast, record, answer="Zweite Antwort.")
    review = submit(cast, record)
    workflow.claim(review=review, standing=cast.standing("committee2"))
    remark = NewComment("answer", "Woher stammt das?")
    workflow.approve(review=review, standing=cast.standing("committee"), notes=[remark])
    return reload(record)


def names(cast: Cast) -> list[str]:
    return [str(cast.author), str(cast.committee), str(cast.committee2)]


@pytest.mark.parametrize("role", ["staff", "outsider", "head", "admin"])
def test_all_but_team_and_committee_read_no_name_but_the_contacts(cast: Cast, record: Record, role: str) -> None:
    urls = [address(record, rest) for rest in ("", "versions/", "versions/1/", "versions/1..3/")]
    if role == "head":
        urls += [f"/governance/reviews/{pk}/" for pk in record.reviews.values_list("pk", flat=True)]
    for url in urls:
        page = page_for(cast, role, url)
        content = main_of(page)
        assert [name for name in names(cast) if name in content] == [], url
    assert str(cast.member) in page_for(cast, role, address(record))


@pytest.mark.parametrize("role", ["member", "committee", "chair"])
def test_team_and_committee_read_names(cast: Cast, record: Record, role: str) -> None:
    page = page_for(cast, role, address(record, "versions/"))
    assert str(cast.author) in page
    assert str(cast.committee) in page
    assert str(cast.author) in page_for(cast, role, address(record, "versions/1/"))
    assert str(cast.committee) in page_for(cast, role, f"/governance/reviews/{record.reviews.last().pk}/")


def test_the_head_does_not_read_who_has_claimed_an_open_review(cast: Cast, record: Record) -> None:
    save(cast, record, answer="Dritte.")
    review = submit(cast, record)
    workflow.claim(review=review, standing=cast.standing("committee2"))
    url = f"/governance/reviews/{review.pk}/"
    assert str(cast.committee2) in page_for(cast, "committee", url)
    assert str(cast.committee2) in page_for(cast, "author", url)
    assert str(cast.committee2) not in page_for(cast, "head", url)


@pytest.mark.parametrize("role", ["staff", "author", "committee", "head"])
def test_everybody_reads_the_publications_with_date_team_and_reason(cast: Cast, record: Record, role: str) -> None:
    page = page_for(cast, role, address(record, "versions/"))
    table = page[page.index('<h2 id="ausgaben">') : page.index('<h2 id="versionen">')]
    assert table.count("<tr>") == 3
    assert "Change-Management-Team Steueramt" in table
    assert "Erste Fassung" in table
    assert "heute" in table


@pytest.mark.parametrize(
    ("role", "numbers"),
    [("author", [1, 2, 3]), ("committee", [1, 3]), ("head", [1, 3]), ("staff", [1, 3]), ("admin", [1, 3])],
)
def test_each_reads_compares_and_prints_the_versions_that_are_for_them(
    cast: Cast, record: Record, role: str, numbers: list[int]
) -> None:
    client = client_of(cast, role)
    page = client.get(address(record, "versions/")).content.decode()
    for number in (1, 2, 3):
        is_for_them = number in numbers
        assert (f'name="older" value="{number}"' in page) is is_for_them
        answer = client.get(address(record, f"versions/{number}/"))
        assert answer.status_code == (200 if is_for_them else 404)
        if is_for_them:
            assert "data-print" in answer.content.decode()
    for older, newer in ((1, 2), (2, 3), (1, 3)):
        code = 200 if {older, newer} <= set(numbers) else 404
        assert client.get(address(record, f"versions/{older}..{newer}/")).status_code == code


def test_any_two_versions_are_compared_whichever_is_named_first(cast: Cast, record: Record) -> None:
    client = client_of(cast, "author")
    answer = client.get(address(record, "compare/"), {"older": "3", "newer": "1"}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0].endswith("/versions/1..3/")
    assert "Version 1 und Version 3 im Vergleich" in page
    assert "1 Feld ist anders." in page
    assert "<ins>" in page
    same = client.get(address(record, "versions/3..3/")).content.decode()
    assert "Beide Texte sind gleich." in same


@pytest.mark.parametrize("rest", ["versions/", "versions/1/", "versions/1..3/", "submit/"])
@pytest.mark.parametrize("role", ["author", "committee", "staff"])
def test_queries_do_not_grow_with_versions_and_comments(cast: Cast, record: Record, rest: str, role: str) -> None:
    if rest == "submit/" and role != "author":
        return
    client = client_of(cast, role)
    few = queries_of(client, address(record, rest))
    for number in range(4):
        save(cast, record, answer=f"Weitere {number}")
        remarks = [NewComment("answer", f"Warum {number}?"), NewComment("", f"Und {number}?")]
        standing = cast.standing("committee")
        workflow.approve(review=submit(cast, record), standing=standing, notes=remarks)
    assert queries_of(client, address(record, rest)) == few


# -- the steps of lead and team --------------------------------------------------------------------


def test_rolling_back_submits_a_copy_with_the_reason(cast: Cast, record: Record) -> None:
    client = client_of(cast, "author")
    assert "Zu Version 1 zurückkehren" in client.get(address(record, "roll-back/1/")).content.decode()
    empty = client.post(address(record, "roll-back/1/"), {"reason": " "})
    assert empty.status_code == 422
    assert 'id="id_reason_error"' in empty.content.decode()
    client.post(address(record, "roll-back/1/"), {"reason": "Die erste war besser"})
    review = Review.objects.get(record=record, status="open")
    assert (review.note, review.version.number) == ("Die erste war besser", 4)
    assert review.version.copied_from is not None and review.version.copied_from.number == 1
    assert client.get(address(record, "roll-back/99/")).status_code == 404


@pytest.mark.parametrize("role", ["lead", "committee"])
def test_archiving_wants_a_reason_and_takes_a_successor(cast: Cast, record: Record, role: str) -> None:
    successor = make_published(cast, title="Was heute gilt")
    client, url = client_of(cast, role), address(record, "archive/")
    wrong = client.post(url, {"reason": "Überholt", "successor": "L-999"})
    assert wrong.status_code == 422
    assert 'id="id_successor_error"' in wrong.content.decode()
    assert "Überholt" in wrong.content.decode()
    own = client.post(url, {"reason": "Überholt", "successor": record.short_number})
    assert "nicht sein eigener Nachfolger" in own.content.decode()
    client.post(url, {"reason": "Überholt", "successor": successor.short_number.lower()})
    record = reload(record)
    assert (record.state, record.archive_reason, record.successor) == ("archived", "Überholt", successor)
    assert not Publication.objects.filter(record=record, until_at=None).exists()


def test_administration_offers_each_what_is_theirs(cast: Cast, record: Record) -> None:
    lead = page_for(cast, "lead", address(record, "administration/"))
    committee = page_for(cast, "committee", address(record, "administration/"))
    for name, of_lead in (("contact-contact", True), ("check_up-day", True), ("reach-reach", False)):
        assert (f'name="{name}"' in lead) is of_lead
        assert (f'name="{name}"' in committee) is not of_lead
    for role, code in (("author", 403), ("head", 403), ("staff", 404), ("outsider", 404), ("admin", 404)):
        page_for(cast, role, address(record, "administration/"), code=code)
    reach = {"change": "reach", "reach-reach": "public"}
    assert client_of(cast, "lead").post(address(record, "administration/"), reach).status_code == 403
    assert client_of(cast, "committee").post(address(record, "administration/"), reach).status_code == 302
    assert reload(record).reach == "public"


def test_a_check_up_in_the_past_is_told_at_the_form_and_changes_nothing(cast: Cast, record: Record) -> None:
    before = record.check_up_on
    data = {"change": "check_up", "check_up-day": "2020-01-01"}
    answer = client_of(cast, "lead").post(address(record, "administration/"), data)
    assert answer.status_code == 422
    assert "muss in der Zukunft liegen" in answer.content.decode()
    assert 'value="2020-01-01"' in answer.content.decode()
    assert reload(record).check_up_on == before


# -- comments and what the committee said ----------------------------------------------------------


def given_back(cast: Cast) -> Record:
    record = make_draft(cast)
    workflow.request_changes(
        review=submit(cast, record),
        standing=cast.standing("committee"),
        reason="Bitte *kürzer* & mit Beleg",
        comments=[NewComment("answer", "Woher stammt das?"), NewComment("feld_von_gestern", "Und das?")],
    )
    return reload(record)


@pytest.mark.parametrize("rest", ["versions/", "edit/1/", "edit/all/"])
def test_the_team_reads_first_why_the_text_came_back_until_it_is_submitted_again(cast: Cast, rest: str) -> None:
    record = given_back(cast)
    for _round in range(2):
        page = main_of(page_for(cast, "author", address(record, rest)))
        assert page.index("Bitte *kürzer* &amp; mit Beleg") < page.index("<form")
        assert "Version 1 wurde am" in page
        save(cast, record, answer="Kürzer.")
    submit(cast, record)
    assert "wurde am" not in page_for(cast, "author", address(record, "versions/"))


def test_an_answer_typed_beside_the_button_is_kept_when_the_comment_is_marked_as_met(cast: Cast) -> None:
    record = given_back(cast)
    comment = Comment.objects.earliest("pk")
    client, url = client_of(cast, "author"), address(record, f"comments/{comment.pk}/")
    refused = client.post(url, {"do": "resolve", "text": " "})
    assert refused.status_code == 422
    assert f'id="kommentar-{comment.pk}-text_error"' in refused.content.decode()
    page = client.post(url, {"do": "resolve", "text": "Aus der Statistik."}, follow=True).content.decode()
    assert f"saved={cast.author.pk}:comment-{comment.pk}" in page
    assert "Aus der Statistik." in page
    comment.refresh_from_db()
    assert comment.resolved_by == cast.author


def test_a_comment_on_a_field_that_is_gone_still_says_what_it_is_about(cast: Cast) -> None:
    page = page_for(cast, "author", address(given_back(cast), "versions/"))
    assert "<strong>Zu einem früheren Feld</strong>" in page
    assert "<strong>Antwort auf die Leitfrage</strong>" in page


def test_notes_on_approval_stand_under_a_heading_of_their_own(cast: Cast, record: Record) -> None:
    for url in (address(record, "versions/"), f"/governance/reviews/{record.reviews.last().pk}/"):
        page = main_of(page_for(cast, "author", url))
        assert page.index("Hinweise für die nächste Version") < page.index("Woher stammt das?")
        assert "Kommentare" not in page


def test_an_older_version_says_which_issue_is_current_and_leads_to_it(cast: Cast, record: Record) -> None:
    older = main_of(page_for(cast, "staff", address(record, "versions/1/")))
    assert "Das ist eine frühere Fassung" in older
    assert "Aktuell ist Ausgabe 2 vom" in older
    assert "Das ist eine frühere Fassung" not in page_for(cast, "staff", address(record, "versions/3/"))


def test_fields_without_a_change_are_folded_together(cast: Cast, record: Record) -> None:
    page = main_of(page_for(cast, "author", address(record, "versions/1..3/")))
    assert page.count("<details") == 1
    assert page.count(">geändert<") == 1
    assert "Felder unverändert" in page


def test_the_page_of_a_record_tells_its_issues_and_leads_the_team_on(cast: Cast, record: Record) -> None:
    page = main_of(page_for(cast, "staff", address(record)))
    assert re.search(r"Ausgabe 1, \d+\. \w+ \d{4} bis \d+\. \w+ \d{4}, Change-Management-Team Steueramt", page)
    assert re.search(r"Ausgabe 2, seit \d+\. \w+ \d{4}, Change-Management-Team Steueramt", page)
    assert "Verlauf und Verwalten" not in page
    assert "Verlauf und Verwalten" in page_for(cast, "author", address(record))


def test_a_message_that_exists_is_shown_below_the_answer_whoever_reads(cast: Cast) -> None:
    message = {"audience": "decision_makers", "text": "Bitte beschließen.", "based_on": ""}
    record = make_published(cast, audiences=["decision_makers"], messages=[message])
    page = main_of(page_for(cast, "staff", address(record)))
    order = ["Ein kurzes Formular", 'id="kernaussage"', "Bitte beschließen.", "Nutzen im Arbeitsalltag</h2>"]
    at = [page.index(part) for part in order]
    assert at == sorted(at)
    assert 'value="decision_makers" selected' in page
