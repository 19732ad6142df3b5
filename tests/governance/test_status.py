"""Where a record stands, who is next, and since when: the sentence for every state, and for every reader."""

from __future__ import annotations

import datetime as dt

import pytest

from governance import clock, status, workflow
from governance.models import Record, Review
from tests.factories import Cast, approve, make_draft, make_published, reload, save, submit
from tests.pages import address, client_of, page_for

pytestmark = pytest.mark.django_db
LONG_AGO = dt.datetime(2026, 3, 4, 12, 0, tzinfo=dt.UTC)
TEAM = "Change-Management-Team Steueramt"


def said(cast: Cast, record: Record, role: str = "author") -> str:
    return status.of(cast.standing(role), reload(record)).sentence


def stands_since(record: Record, moment: dt.datetime = LONG_AGO) -> Record:
    Record.objects.filter(pk=record.pk).update(state_since=moment)
    return reload(record)


def test_a_draft(cast: Cast) -> None:
    record = stands_since(make_draft(cast))
    assert said(cast, record) == f"Entwurf seit 4. März 2026. Als Nächstes: {TEAM} schreibt weiter oder legt vor."


def test_in_review_with_the_day_on_which_a_decision_is_due(cast: Cast) -> None:
    record = make_draft(cast)
    review = submit(cast, record)
    Review.objects.filter(pk=review.pk).update(due_on="2999-03-18")
    stands_since(record)
    expected = (
        "Liegt seit 4. März 2026 zur Freigabe vor. Als Nächstes: Data Steering Committee entscheidet bis 18. März 2999."
    )
    assert said(cast, record) == expected
    assert said(cast, record, "committee") == expected


def test_in_review_and_overdue(cast: Cast) -> None:
    record = make_draft(cast)
    review = submit(cast, record)
    Review.objects.filter(pk=review.pk).update(due_on="2026-03-18")
    assert said(cast, record).endswith("Data Steering Committee entscheidet; die Frist war am 18. März 2026.")


def test_given_back(cast: Cast) -> None:
    record = make_draft(cast)
    workflow.request_changes(review=submit(cast, record), standing=cast.standing("committee"), reason="Kürzer")
    stands_since(record)
    expected = f"Seit 4. März 2026 zur Überarbeitung zurückgegeben. Als Nächstes: {TEAM} überarbeitet."
    assert said(cast, record) == expected


def test_published_counts_from_the_publication_not_from_the_last_change_of_state(cast: Cast) -> None:
    record = make_published(cast)
    save(cast, record, answer="Anders.")
    workflow.discard(record=reload(record), standing=cast.standing("author"))
    stands_since(record)
    Record.objects.filter(pk=record.pk).update(check_up_on="2999-05-06")
    day = clock.today()
    months = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober"]
    month = [*months, "November", "Dezember"][day.month - 1]
    expected = (
        f"Veröffentlicht seit {day.day}. {month} {day.year}. Als Nächstes: Wiedervorlage am 6. Mai 2999 durch {TEAM}."
    )
    assert said(cast, record) == expected


def test_published_without_a_day_for_the_check_up(cast: Cast) -> None:
    record = make_published(cast)
    Record.objects.filter(pk=record.pk).update(check_up_on=None)
    assert said(cast, record).endswith("Zurzeit ist nichts zu tun.")


def test_published_and_overdue_says_who_acts(cast: Cast) -> None:
    record = make_published(cast)
    Record.objects.filter(pk=record.pk).update(check_up_on="2026-05-06")
    expected = (
        "Die Wiedervorlage ist seit dem 6. Mai 2026 fällig. "
        f"Als Nächstes: Die Leitung von {TEAM} bestätigt, dass der Eintrag weiterhin gilt."
    )
    assert said(cast, record).endswith(expected)


def test_archived_and_opened_again(cast: Cast) -> None:
    record = make_published(cast)
    workflow.archive(record=record, standing=cast.standing("lead"), reason="Überholt")
    stands_since(record)
    assert said(cast, record).startswith("Archiviert seit 4. März 2026.")
    assert said(cast, record, "staff") == "Zurzeit nicht veröffentlicht."
    workflow.reopen(record=reload(record), standing=cast.standing("lead"))
    assert said(cast, record).startswith("Entwurf seit")
    assert said(cast, record, "staff") == "Zurzeit nicht veröffentlicht."


@pytest.mark.parametrize("state", ["draft", "in_review", "changes_requested", "settled"])
def test_readers_learn_since_when_it_is_published_and_nothing_of_the_work_on_it(cast: Cast, state: str) -> None:
    record = make_published(cast)
    if state != "settled":
        save(cast, record, answer="Anders.")
    if state in ("in_review", "changes_requested"):
        review = submit(cast, record)
        if state == "changes_requested":
            workflow.request_changes(review=review, standing=cast.standing("committee"), reason="Kürzer")
    assert reload(record).state == state
    for rest in ("", "versions/", "versions/1/"):
        page = page_for(cast, "staff", address(record, rest))
        assert 'data-state="published"' in page
        assert f'data-state="{state}"' not in page
        assert "Als Nächstes" not in page
        assert "Veröffentlicht seit" in page


def test_the_sentence_needs_one_query(cast: Cast, django_assert_num_queries: object) -> None:
    record = make_published(cast)
    standing = cast.standing("author")
    assert callable(django_assert_num_queries)
    with django_assert_num_queries(1):
        status.of(standing, record)


TEAMS_PAGES = ("", "versions/", "versions/1/", "versions/1..2/", "submit/", "roll-back/1/", "edit/", "edit/4/")
LEADS_PAGES = ("administration/", "archive/")


def test_every_page_of_a_record_says_where_it_stands(cast: Cast) -> None:
    record = make_published(cast)
    save(cast, record, answer="Zweite Antwort.")
    for role, pages in (("author", TEAMS_PAGES), ("lead", (*TEAMS_PAGES, *LEADS_PAGES))):
        for rest in pages:
            page = page_for(cast, role, address(record, rest))
            assert page.count('class="portal-standing"') == 1, rest
            assert "Entwurf seit" in page, rest
    review = submit(cast, record)
    for role in ("author", "committee", "head"):
        page = page_for(cast, role, f"/governance/reviews/{review.pk}/")
        assert page.count('class="portal-standing"') == 1
        assert "zur Freigabe vor" in page
    approve(cast, review)
    page = page_for(cast, "author", f"/governance/reviews/{review.pk}/")
    assert "Veröffentlicht seit" in page


def test_the_conflict_page_says_where_the_record_stands(cast: Cast) -> None:
    record = make_draft(cast)
    client = client_of(cast, "author")
    data = {"title": "Meiner", "answer": "A", "guiding_question": "?", "go": "stay"}
    client.post(address(record, "edit/1/"), data | {"opened_on": record.current_version_id})
    save(cast, record, by="member", answer="Ihrer.")
    page = client.get(address(record, "edit/conflict/")).content.decode()
    assert page.count('class="portal-standing"') == 1
