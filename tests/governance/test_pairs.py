"""Two reviews decided on one page: still two reviews, both decisions taken or none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from governance import mail, pairs, workflow
from governance.errors import Conflict, Decided, NotAllowed, WrongState
from governance.models import AuditEvent, Comment, Meeting, Membership, OutgoingMail, Publication, Record, Review
from governance.workflow import NewComment
from tests import factories, kept
from tests.factories import Cast, make_draft, reload, save, submit
from tests.pages import client_of, main_of, page_for, queries_of
from tests.processmodels.factories import make_process
from tests.racing import race

REVIEWS = "/governance/reviews"


@pytest.fixture
@kept.once
def pair(cast: Cast) -> tuple[Review, Review]:
    return submitted_pair(cast)


def submitted_pair(cast: Cast) -> tuple[Review, Review]:
    """The open reviews of a learning and of the process model that it names."""
    process = make_process(cast, title="Ablauf zum Hund")
    learning = make_draft(cast, title="Learning zum Hund", related=[process.pk])
    texts = {record: record.current_version_id or 0 for record in (learning, process)}
    pairs.submit(texts=texts, standing=cast.standing("author"), note="Gehört zusammen")
    return Review.objects.get(record=learning), Review.objects.get(record=process)


def post(cast: Cast, pair: tuple[Review, Review], role: str = "committee", **data: Any) -> Any:
    fields = {name.replace("partner_", "partner-", 1): value for name, value in data.items()}
    return client_of(cast, role).post(f"{REVIEWS}/{pair[0].pk}/decide/", fields | {"partner": pair[1].pk})


def states(*reviews: Review) -> list[str]:
    return [Review.objects.get(pk=review.pk).status for review in reviews]


@pytest.mark.django_db
class TestPage:
    @pytest.mark.parametrize("first", [0, 1])
    def test_the_page_of_either_shows_both_texts_with_a_decision_for_each(
        self, cast: Cast, pair: tuple[Review, Review], first: int
    ) -> None:
        page = main_of(page_for(cast, "committee", f"{REVIEWS}/{pair[first].pk}/"))
        for words in ("Learning zum Hund", "Ablauf zum Hund", "Niemand tippt mehr", "Online-Antrag prüfen"):
            assert words in page
        for name in ("verdict", "partner-verdict", "reason", "partner-reason", "partner-remark_title"):
            assert f'name="{name}"' in page
        assert page.count('name="meeting"') == 1
        assert "Entscheidungen festhalten" in page

    def test_nobody_else_is_offered_both(self, cast: Cast, pair: tuple[Review, Review]) -> None:
        for role in ("author", "lead", "head"):
            page = main_of(page_for(cast, role, f"{REVIEWS}/{pair[0].pk}/"))
            assert 'name="partner' not in page
            assert f'href="{REVIEWS}/{pair[1].pk}/"' in page, role
        page_for(cast, "staff", f"{REVIEWS}/{pair[0].pk}/", code=404)

    def test_who_wrote_one_of_the_two_decides_on_the_other_alone(self, cast: Cast) -> None:
        Membership.objects.create(user=cast.member, team=cast.committee_team, role="member", starts_on="2020-01-01")
        process = make_process(cast, by="member", title="Ablauf zum Hund")
        learning = make_draft(cast, related=[process.pk])
        reviews = submit(cast, learning), submit(cast, process)
        page = main_of(page_for(cast, "member", f"{REVIEWS}/{reviews[0].pk}/"))
        assert 'name="verdict"' in page
        assert 'name="partner-verdict"' not in page
        assert post(cast, reviews, "member", verdict="approve", partner_verdict="approve").status_code == 403
        assert states(*reviews) == ["open", "open"]

    def test_a_pair_costs_a_constant_number_of_queries(self, cast: Cast, pair: tuple[Review, Review]) -> None:
        url = f"{REVIEWS}/{pair[0].pk}/"
        few = queries_of(client_of(cast, "committee"), url)
        for number in range(3):
            other = make_process(cast, title=f"Weiterer {number}")
            submit(cast, make_draft(cast, related=[other.pk]))
            submit(cast, other)
        assert queries_of(client_of(cast, "committee"), url) == few

    def test_one_click_takes_care_of_both_and_gives_both_back(self, cast: Cast, pair: tuple[Review, Review]) -> None:
        url, data = f"{REVIEWS}/{pair[0].pk}/claim/", {"partner": pair[1].pk}
        client_of(cast, "committee").post(url, data)
        assert set(Review.objects.values_list("claimed_by", flat=True)) == {cast.committee.pk}
        refused = client_of(cast, "committee2").post(url, data, follow=True).content.decode()
        assert 'data-outcome="conflict"' in refused
        assert 'name="take_over"' in refused
        client_of(cast, "committee2").post(url, data | {"take_over": "1"})
        assert set(Review.objects.values_list("claimed_by", flat=True)) == {cast.committee2.pk}
        client_of(cast, "committee2").post(url, data | {"give_back": "1"})
        assert set(Review.objects.values_list("claimed_by", flat=True)) == {None}


@pytest.mark.django_db
class TestDeciding:
    def test_both_are_approved_as_two_reviews_of_one_version_each(
        self, cast: Cast, pair: tuple[Review, Review]
    ) -> None:
        meeting = Meeting.objects.create(title="Maisitzung", held_on="2026-05-05")
        before = OutgoingMail.objects.count()
        answer = post(cast, pair, verdict="approve", partner_verdict="approve", meeting=meeting.pk)
        assert answer.status_code == 302
        assert states(*pair) == ["approved", "approved"]
        assert {issue.version_id for issue in Publication.objects.all()} == {one.version_id for one in pair}
        assert AuditEvent.objects.filter(verb="approve").count() == 2
        assert set(Review.objects.values_list("meeting", flat=True)) == {meeting.pk}
        assert OutgoingMail.objects.count() - before == 2 * len(mail.recipients(cast.team))

    def test_one_is_approved_and_the_other_returned_with_its_remarks(
        self, cast: Cast, pair: tuple[Review, Review]
    ) -> None:
        post(
            cast, pair, verdict="approve", partner_verdict="request_changes", partner_reason="Wer prüft?",
            partner_remark_to_be="Rolle fehlt",
        )  # fmt: skip
        assert states(*pair) == ["approved", "changes_requested"]
        comment = Comment.objects.get()
        assert (comment.review_id, comment.field, comment.text) == (pair[1].pk, "to_be", "Rolle fehlt")

    def test_one_may_wait(self, cast: Cast, pair: tuple[Review, Review]) -> None:
        post(cast, pair, verdict="later", partner_verdict="approve")
        assert states(*pair) == ["open", "approved"]

    def test_deciding_on_none_is_an_error_and_words_for_one_that_waits_are_not_dropped(
        self, cast: Cast, pair: tuple[Review, Review]
    ) -> None:
        answer = post(cast, pair, verdict="later", partner_verdict="later")
        assert answer.status_code == 422
        assert 'id="id_verdict_error"' in answer.content.decode()
        answer = post(cast, pair, verdict="approve", partner_verdict="later", partner_reason="Noch offen")
        assert answer.status_code == 422
        assert 'id="id_partner-verdict_error"' in answer.content.decode()
        assert "Noch offen" in answer.content.decode()
        assert states(*pair) == ["open", "open"]

    def test_an_error_in_one_form_takes_neither_decision_and_keeps_both(
        self, cast: Cast, pair: tuple[Review, Review]
    ) -> None:
        answer = post(cast, pair, verdict="approve", reason="Sehr gut", partner_verdict="request_changes")
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'id="id_partner-reason_error"' in page
        assert "Sehr gut" in page
        assert states(*pair) == ["open", "open"]

    @pytest.mark.parametrize("gone", [0, 1])
    def test_when_one_was_decided_meanwhile_neither_counts_and_no_word_is_lost(
        self, cast: Cast, pair: tuple[Review, Review], gone: int
    ) -> None:
        workflow.approve(review=pair[gone], standing=cast.standing("committee2"))
        answer = post(
            cast, pair, verdict="request_changes", reason="Zum Learning", partner_verdict="request_changes",
            partner_reason="Zum Ablauf", partner_remark_title="Titel kürzen",
        )  # fmt: skip
        page = main_of(answer.content.decode())
        assert answer.status_code == 409
        assert 'data-outcome="conflict"' in page
        assert "Gremiumsmitglied Zwei war schneller: freigegeben" in page
        for words in ("Zum Learning", "Zum Ablauf", "Titel kürzen"):
            assert words in page
        waiting = pair[1 - gone]
        assert states(waiting) == ["open"]
        assert f'action="{REVIEWS}/{waiting.pk}/decide/#entscheidung"' in page
        assert page.count("<form") == 2  # that of the decision, and that of the claim
        assert Publication.objects.count() == 1

    def test_when_one_was_withdrawn_the_other_can_be_sent_again(self, cast: Cast, pair: tuple[Review, Review]) -> None:
        workflow.withdraw(record=pair[1].record, standing=cast.standing("author"))
        page = post(cast, pair, verdict="approve", partner_verdict="approve").content.decode()
        assert "inzwischen zurückgezogen" in page
        assert states(*pair) == ["open", "withdrawn"]
        client_of(cast, "committee").post(f"{REVIEWS}/{pair[0].pk}/decide/", {"verdict": "approve"})
        assert states(*pair) == ["approved", "withdrawn"]

    @pytest.mark.parametrize("partner", ["x", "0", "9" * 30, "-1"])
    def test_a_made_up_partner_does_not_exist(self, cast: Cast, pair: tuple[Review, Review], partner: str) -> None:
        data = {"verdict": "approve", "partner-verdict": "approve", "partner": partner}
        assert client_of(cast, "committee").post(f"{REVIEWS}/{pair[0].pk}/decide/", data).status_code == 404
        data["partner"] = str(pair[0].pk)
        assert client_of(cast, "committee").post(f"{REVIEWS}/{pair[0].pk}/decide/", data).status_code == 404
        assert states(*pair) == ["open", "open"]

    def test_after_a_return_both_come_back_together(self, cast: Cast, pair: tuple[Review, Review]) -> None:
        for review in pair:
            workflow.request_changes(
                review=review, standing=cast.standing("committee"), reason="Kürzer",
                comments=[NewComment("title", "Bitte kürzer")],
            )  # fmt: skip
            save(cast, review.record, title=f"Neu {review.record_id}")
        texts = {r: r.current_version_id or 0 for r in (reload(one.record) for one in pair)}
        pairs.submit(texts=texts, standing=cast.standing("author"))
        again = Review.objects.filter(status="open").order_by("pk")
        page = main_of(page_for(cast, "committee", f"{REVIEWS}/{again[0].pk}/"))
        assert page.count("Bitte kürzer") == 2
        assert page.count("Frühere Kommentare") == 2


@pytest.mark.django_db(transaction=True)
class TestRaces:
    @pytest.fixture
    def cast(self) -> Iterator[Cast]:
        yield factories.make_cast()

    def deciding(self, cast: Cast, *reviews: Review) -> Any:
        decisions = [pairs.Decision(review, "approve", "", []) for review in reviews]
        standing = cast.standing("committee")
        return lambda: pairs.decide(decisions=decisions, standing=standing)

    @pytest.mark.parametrize("which", [0, 1])
    def test_a_withdrawal_of_one_before_both_are_decided_wins_for_both(self, cast: Cast, which: int) -> None:
        pair = submitted_pair(cast)
        record, standing = pair[which].record, cast.standing("author")
        result = race(record, lambda: workflow.withdraw(record=record, standing=standing), self.deciding(cast, *pair))
        assert isinstance(result, Decided)
        assert sorted(states(*pair)) == ["open", "withdrawn"]
        assert not Publication.objects.exists()
        assert not AuditEvent.objects.filter(verb="approve").exists()

    @pytest.mark.parametrize("which", [0, 1])
    def test_a_decision_on_both_before_a_withdrawal_of_one_wins(self, cast: Cast, which: int) -> None:
        pair = submitted_pair(cast)
        record, standing = pair[which].record, cast.standing("author")
        result = race(record, self.deciding(cast, *pair), lambda: workflow.withdraw(record=record, standing=standing))
        assert isinstance(result, WrongState)
        assert states(*pair) == ["approved", "approved"]

    def test_two_who_decide_on_both_in_another_order_do_not_wait_for_each_other(self, cast: Cast) -> None:
        pair = submitted_pair(cast)
        first = min(pair, key=lambda one: one.record_id).record
        result = race(first, self.deciding(cast, *pair), self.deciding(cast, *reversed(pair)))
        assert isinstance(result, Decided)
        assert Publication.objects.count() == 2

    def test_a_save_of_one_before_both_are_submitted_keeps_both_back(self, cast: Cast) -> None:
        process = make_process(cast)
        learning = make_draft(cast, related=[process.pk])
        texts = {record: record.current_version_id or 0 for record in (learning, process)}
        standing = cast.standing("author")
        result = race(
            process,
            lambda: save(cast, process, by="member", purpose="Anders."),
            lambda: pairs.submit(texts=texts, standing=standing),
        )
        assert isinstance(result, Conflict)
        assert not Review.objects.exists()
        assert reload(learning).state == Record.State.DRAFT

    def test_a_decision_on_both_does_not_count_for_an_author_of_one(self, cast: Cast) -> None:
        pair = submitted_pair(cast)
        standing = cast.standing("author")
        with pytest.raises(NotAllowed):
            pairs.decide(decisions=[pairs.Decision(one, "approve", "", []) for one in pair], standing=standing)
        assert states(*pair) == ["open", "open"]
