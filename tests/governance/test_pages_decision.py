"""The pages on which the committee works: queue, printed queue, decision."""

from __future__ import annotations

import itertools
import time
from random import Random

import pytest

from governance import differences, workflow
from governance.models import AuditEvent, Comment, Meeting, Publication, Review
from governance.views import reviews
from governance.workflow import NewComment
from tests.factories import Cast, approve, make_draft, make_published, reload, save, submit
from tests.pages import address, client_of, main_of, page_for, queries_of

pytestmark = pytest.mark.django_db


def in_review(cast: Cast, **changes: str) -> Review:
    return submit(cast, make_draft(cast, **changes))


def url_of(review: Review, rest: str = "") -> str:
    return f"/governance/reviews/{review.pk}/{rest}"


@pytest.mark.parametrize(("verdict", "status"), [("approve", "approved"), ("request_changes", "changes_requested")])
def test_a_decision_names_the_meeting_in_which_it_was_taken(cast: Cast, verdict: str, status: str) -> None:
    meeting = Meeting.objects.create(title="Maisitzung", held_on="2026-05-05")
    review = in_review(cast)
    data = {"verdict": verdict, "reason": "Weil es so ist", "meeting": meeting.pk}
    answer = client_of(cast, "committee").post(url_of(review, "decide/"), data, follow=True)
    assert 'data-outcome="ok"' in answer.content.decode()
    review.refresh_from_db()
    assert (review.status, review.meeting, review.reason) == (status, meeting, "Weil es so ist")
    assert "Maisitzung" in page_for(cast, "committee", url_of(review))


def test_a_decision_without_a_meeting_is_a_decision_too(cast: Cast) -> None:
    review = in_review(cast)
    client_of(cast, "committee").post(url_of(review, "decide/"), {"verdict": "approve", "meeting": ""})
    review.refresh_from_db()
    assert (review.status, review.meeting) == ("approved", None)


def test_the_newest_meetings_are_offered_and_no_other_is_taken(cast: Cast) -> None:
    meetings = [Meeting.objects.create(title=f"Sitzung {day}", held_on=f"2026-01-{day:02}") for day in range(1, 25)]
    review = in_review(cast)
    page = page_for(cast, "committee", url_of(review))
    assert "Sitzung 24" in page
    assert "Sitzung 4 " not in page
    client = client_of(cast, "committee")
    data = {"verdict": "approve", "meeting": meetings[0].pk}
    assert client.post(url_of(review, "decide/"), data).status_code == 422
    assert client.post(url_of(review, "decide/"), data | {"meeting": meetings[-1].pk}).status_code == 302


def test_a_refused_decision_leads_to_its_errors_and_says_when_a_reason_is_needed(cast: Cast) -> None:
    review = in_review(cast)
    page = main_of(page_for(cast, "committee", url_of(review)))
    assert f'action="{url_of(review, "decide/")}#entscheidung"' in page
    assert "nötig beim Zurückgeben" in page
    assert page.count("Entscheidung<") == 1
    answer = client_of(cast, "committee").post(url_of(review, "decide/"), {"verdict": "request_changes"})
    refused = main_of(answer.content.decode())
    target = refused.index('id="entscheidung" tabindex="-1"')
    assert target < refused.index('data-outcome="invalid"') < refused.index('name="verdict"')
    assert 'aria-describedby="id_reason_helptext id_reason_error"' in refused


def test_a_decided_review_tells_the_browser_that_its_copy_is_not_needed(cast: Cast) -> None:
    review = in_review(cast)
    answer = client_of(cast, "committee").post(url_of(review, "decide/"), {"verdict": "approve"}, follow=True)
    assert f"saved={cast.committee.pk}:review-{review.pk}" in answer.content.decode()


def test_remarks_are_offered_right_below_the_parts_that_are_filled_and_no_others(cast: Cast) -> None:
    review = in_review(cast, occasion="", results="Es ging schneller.")
    page = page_for(cast, "committee", url_of(review))
    assert 'name="remark_occasion"' not in page
    assert 'name="remark_figures"' not in page
    parts = ["Was wurde gemacht?</h2>", 'name="remark_what_was_done"', "Es ging schneller.", 'name="remark_results"']
    at = [page.index(part) for part in [*parts, 'name="verdict"']]
    assert at == sorted(at)
    assert page.index('name="remark_"') > page.index('name="remark_results"')
    assert 'name="remark_' not in page_for(cast, "author", url_of(review))


def test_a_text_that_was_never_published_is_compared_with_what_the_committee_saw_last(cast: Cast) -> None:
    record = make_draft(cast)
    first = submit(cast, record)
    assert "alles ist neu" in page_for(cast, "committee", url_of(first))
    assert "neu, " in page_for(cast, "committee", "/governance/reviews/")
    workflow.request_changes(review=first, standing=cast.standing("committee"), reason="Kürzer")
    save(cast, record, results="Zwischendurch.")
    save(cast, record, answer="Ganz anders.", results="")
    second = submit(cast, reload(record))
    page = page_for(cast, "committee", url_of(second))
    assert "Noch nicht veröffentlicht; verglichen mit der zuletzt vorgelegten Version 1. 1 Feld ist anders." in page
    assert "alles ist neu" not in page
    assert "1 Feld, +" in page_for(cast, "committee", "/governance/reviews/")
    workflow.withdraw(record=record, standing=cast.standing("author"))
    third = submit(cast, reload(record))
    assert "Der Text ist derselbe wie damals." in page_for(cast, "committee", url_of(third))
    approve(cast, third)
    save(cast, record, answer="Noch anders.")
    fourth = page_for(cast, "committee", url_of(submit(cast, reload(record))))
    assert "1 Feld ist anders als in der veröffentlichten Version 3." in fourth


def test_giving_back_without_a_reason_is_an_error_at_the_field_and_keeps_the_remarks(cast: Cast) -> None:
    review = in_review(cast)
    data = {"verdict": "request_changes", "reason": "", "remark_answer": "Woher stammt das?"}
    answer = client_of(cast, "committee").post(url_of(review, "decide/"), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_reason_error"' in page
    assert "Woher stammt das?" in page
    assert Review.objects.get(pk=review.pk).is_open


def test_the_second_decider_learns_who_decided_what_and_keeps_every_word(cast: Cast) -> None:
    review = in_review(cast)
    approve(cast, review)
    data = {"verdict": "request_changes", "reason": "Meine Begründung", "remark_answer": "Meine Bemerkung"}
    answer = client_of(cast, "committee2").post(url_of(review, "decide/"), data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-outcome="conflict"' in page
    assert "Gremiumsmitglied Eins war schneller: freigegeben" in page
    assert "Meine Begründung" in page
    assert "Meine Bemerkung" in page
    assert Publication.objects.count() == 1
    assert not Comment.objects.exists()


def test_words_typed_for_a_withdrawn_text_are_kept_even_when_they_were_not_complete(cast: Cast) -> None:
    review = in_review(cast)
    workflow.withdraw(record=review.record, standing=cast.standing("author"))
    answer = client_of(cast, "committee").post(url_of(review, "decide/"), {"remark_": "Nur eine Bemerkung"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "inzwischen zurückgezogen" in page
    assert "Nur eine Bemerkung" in page


def test_the_decision_page_tells_in_the_order_in_which_it_is_read(cast: Cast) -> None:
    record = make_published(cast)
    save(cast, record, answer="Zweite Antwort.")
    first = submit(cast, record)
    remark = NewComment("answer", "Bitte belegen")
    workflow.request_changes(review=first, standing=cast.standing("committee"), reason="Kürzer", comments=[remark])
    page = page_for(cast, "committee", url_of(submit(cast, reload(record))))
    parts = ["Was ist neu", "<ins>", "Das Team schreibt dazu", "Erste Fassung", "Frühere Kommentare"]
    parts += ["<strong>offen</strong>", "Bitte belegen", "Der ganze Text", "Zweite Antwort.", "Entscheidung festhalten"]
    at = 0
    for part in parts:
        assert part in page[at:], part
        at = page.index(part, at)


def test_an_author_in_the_committee_reads_but_is_offered_no_decision(cast: Cast) -> None:
    review = in_review(cast)
    assert "Entscheidung festhalten" not in page_for(cast, "author", url_of(review))
    assert "Entscheidung festhalten" not in page_for(cast, "head", url_of(review))
    assert "Entscheidung festhalten" in page_for(cast, "committee", url_of(review))


def test_a_claim_is_made_taken_over_and_given_back_on_the_page(cast: Cast) -> None:
    review = in_review(cast)
    first, second = client_of(cast, "committee"), client_of(cast, "committee2")
    assert "Ich kümmere mich" in first.get(url_of(review)).content.decode()
    first.post(url_of(review, "claim/"))
    page = second.get(url_of(review)).content.decode()
    assert "Gremiumsmitglied Eins kümmert sich." in page
    assert 'name="take_over" value="1"' in page
    refused = second.post(url_of(review, "claim/"), follow=True)
    assert 'data-outcome="conflict"' in refused.content.decode()
    second.post(url_of(review, "claim/"), {"take_over": "1"})
    assert "Prüfung abgeben" in second.get(url_of(review)).content.decode()
    second.post(url_of(review, "claim/"), {"give_back": "1"})
    assert "kümmert sich" not in first.get(url_of(review)).content.decode()


# -- the queue -------------------------------------------------------------------------------------


def test_the_queue_has_pages_and_the_printed_list_has_all(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviews, "QUEUE_SIZE", 3)
    for number in range(5):
        in_review(cast, title=f"Vorlage Nummer {number}")
    first = page_for(cast, "committee", "/governance/reviews/")
    second = page_for(cast, "committee", "/governance/reviews/?page=2")
    assert sum(f"Vorlage Nummer {number}" in first for number in range(5)) == 3
    assert sum(f"Vorlage Nummer {number}" in second for number in range(5)) == 2
    assert "?page=2" in first
    printed = page_for(cast, "committee", "/governance/reviews/print/")
    assert all(f"Vorlage Nummer {number}" in printed for number in range(5))


def test_the_printed_list_names_the_meeting_and_how_much_changed(cast: Cast) -> None:
    meeting = Meeting.objects.create(title="Junisitzung", held_on="2026-06-09")
    record = make_published(cast)
    save(cast, record, answer="Ganz neu.")
    submit(cast, record)
    page = page_for(cast, "committee", f"/governance/reviews/print/?meeting={meeting.pk}")
    assert "Vorgelegte Texte für Junisitzung am 9. Juni 2026" in page
    assert "1 Feld, +" in page
    assert "Erste Fassung" in page
    assert "für Junisitzung" not in page_for(cast, "committee", "/governance/reviews/print/?meeting=abc")


def test_a_meeting_is_noted_and_audited_and_errors_stand_at_its_fields(cast: Cast) -> None:
    client = client_of(cast, "committee")
    wrong = client.post("/governance/reviews/meetings/", {"title": "Julisitzung", "held_on": "gestern"})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'id="id_held_on_error"' in page
    assert 'value="Julisitzung"' in page
    client.post("/governance/reviews/meetings/", {"title": "Julisitzung", "held_on": "2026-07-07"})
    assert Meeting.objects.get().title == "Julisitzung"
    assert AuditEvent.objects.filter(verb="create_meeting").count() == 1


@pytest.mark.parametrize("url", ["/governance/reviews/", "/governance/reviews/print/"])
def test_the_queue_is_for_the_committee(cast: Cast, url: str) -> None:
    for role in ("author", "lead", "outsider", "head", "staff", "admin"):
        page_for(cast, role, url, code=403)


@pytest.mark.parametrize("url", ["/governance/reviews/", "/governance/reviews/print/", "/tasks/"])
def test_queries_of_the_queue_do_not_grow(cast: Cast, url: str) -> None:
    in_review(cast)
    client = client_of(cast, "committee")
    few = queries_of(client, url)
    for number in range(6):
        in_review(cast, title=f"Weitere {number}")
    assert queries_of(client, url) == few


def test_queries_of_the_decision_page_do_not_grow_with_comments_and_versions(cast: Cast) -> None:
    record = make_published(cast)
    counts = []
    for round_ in range(3):
        save(cast, record, answer=f"Antwort {round_}")
        review = submit(cast, reload(record))
        counts.append(queries_of(client_of(cast, "committee"), url_of(review)))
        remarks = [NewComment("answer", f"Bitte belegen {at}") for at in range(3)]
        standing = cast.standing("committee")
        workflow.request_changes(review=review, standing=standing, reason="Kürzer", comments=remarks)
    assert counts[1] == counts[2]
    assert "Bitte belegen 2" in page_for(cast, "author", address(record, "versions/"))


@pytest.mark.parametrize("between", [" ", "\n"])
def test_the_amounts_of_fifty_reviews_are_quick_with_texts_made_to_be_slow(cast: Cast, between: str) -> None:
    words = ["".join(pair) for pair in itertools.product("abc", repeat=2)]
    random = Random(1)

    def slow() -> dict[str, str]:
        return {name: between.join(random.choices(words, k=6_000)) for name in ("what_was_done", "results")}

    record = make_published(cast, **slow())
    save(cast, record, **slow())
    review = submit(cast, record)
    began = time.process_time()
    [found] = differences.amounts([review] * 50).values()
    assert time.process_time() - began < 2
    assert found.changed.fields_changed == 2
