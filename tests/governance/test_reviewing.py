"""Comments, claims, and who is told of which step."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from governance import clock, reviewing, workflow
from governance.errors import Claimed, Decided, NotAllowed, WrongState
from governance.models import AuditEvent, Comment, Membership, OutgoingMail, Review, User
from governance.workflow import NewComment
from tests.factories import Cast, approve, make_draft, reload, save, submit

pytestmark = pytest.mark.django_db


def commented(cast: Cast) -> Comment:
    """A comment on a text that came back."""
    workflow.request_changes(
        review=submit(cast, make_draft(cast)),
        standing=cast.standing("committee"),
        reason="Bitte belegen",
        comments=[NewComment("answer", "Woher stammt das?")],
    )
    return Comment.objects.get()


def events(verb: str) -> int:
    return AuditEvent.objects.filter(verb=verb).count()


# -- comments --------------------------------------------------------------------------------------


def test_the_team_answers_and_a_later_answer_replaces_the_first(cast: Cast) -> None:
    comment = commented(cast)
    reviewing.answer(comment=comment, standing=cast.standing("author"), text="Aus der Statistik.")
    reviewing.answer(comment=comment, standing=cast.standing("member"), text="Aus der Statistik 2025.")
    comment = Comment.objects.get()
    assert (comment.answer, comment.answered_by) == ("Aus der Statistik 2025.", cast.member)
    assert events("answer") == 2
    with pytest.raises(WrongState):
        reviewing.answer(comment=comment, standing=cast.standing("author"), text="  ")


def test_a_comment_is_met_in_the_version_of_that_moment_and_only_once(cast: Cast) -> None:
    comment = commented(cast)
    record = comment.review.record
    met_in = save(cast, record, answer="Mit Beleg.")
    reviewing.resolve(comment=comment, standing=cast.standing("author"))
    save(cast, record, answer="Mit zwei Belegen.")
    for _time in range(2):
        with pytest.raises(WrongState):
            reviewing.resolve(comment=comment, standing=cast.standing("member"))
    comment = Comment.objects.get()
    assert (comment.resolved_in, comment.resolved_by) == (met_in, cast.author)
    assert events("resolve") == 1
    assert not reviewing.open_comments(record)
    with pytest.raises(WrongState):
        reviewing.answer(comment=comment, standing=cast.standing("author"), text="Noch etwas.")


def test_the_committee_opens_again_what_was_met_and_nothing_else(cast: Cast) -> None:
    comment, chair = commented(cast), cast.standing("chair")
    with pytest.raises(WrongState):
        reviewing.open_again(comment=comment, standing=chair)
    reviewing.resolve(comment=comment, standing=cast.standing("author"), text="Steht jetzt da.")
    reviewing.open_again(comment=comment, standing=chair)
    assert list(reviewing.open_comments(comment.review.record)) == [comment]
    assert events("open_again") == 1


def test_a_comment_is_not_met_before_something_was_answered_or_saved(cast: Cast) -> None:
    comment, author = commented(cast), cast.standing("author")
    with pytest.raises(WrongState, match="nichts gespeichert"):
        reviewing.resolve(comment=comment, standing=author, text="  ")
    comment.refresh_from_db()
    assert (comment.resolved_in, comment.answer, events("answer")) == (None, "", 0)
    reviewing.resolve(comment=comment, standing=author, text="Aus der Statistik.")
    comment.refresh_from_db()
    assert (comment.answer, comment.answered_by, events("answer")) == ("Aus der Statistik.", cast.author, 1)
    assert comment.resolved_in == comment.review.record.current_version


@pytest.mark.parametrize("who", ["outsider", "committee", "chair", "head", "staff", "admin"])
def test_only_the_owning_team_answers_and_marks_as_met(cast: Cast, who: str) -> None:
    comment, standing = commented(cast), cast.standing(who)
    with pytest.raises(NotAllowed):
        reviewing.answer(comment=comment, standing=standing, text="Von außen")
    with pytest.raises(NotAllowed):
        reviewing.resolve(comment=comment, standing=standing)


@pytest.mark.parametrize("who", ["author", "lead", "outsider", "head", "staff", "admin"])
def test_only_the_committee_opens_again(cast: Cast, who: str) -> None:
    comment = commented(cast)
    reviewing.resolve(comment=comment, standing=cast.standing("author"), text="Steht jetzt da.")
    with pytest.raises(NotAllowed):
        reviewing.open_again(comment=comment, standing=cast.standing(who))


# -- claims ----------------------------------------------------------------------------------------


def claim(cast: Cast, review: Review, by: str, **how: bool) -> Review:
    return workflow.claim(review=review, standing=cast.standing(by), **how)


def claimer(review: Review) -> User | None:
    return Review.objects.get(pk=review.pk).claimed_by


def test_nobody_loses_a_claim_unasked_and_it_can_be_taken_over_explicitly(cast: Cast) -> None:
    review = submit(cast, make_draft(cast))
    claim(cast, review, "committee")
    with pytest.raises(Claimed, match="Gremiumsmitglied Eins kümmert sich bereits") as refused:
        claim(cast, review, "committee2")
    assert refused.value.member == claimer(review) == cast.committee
    claim(cast, review, "committee2", take_over=True)
    assert claimer(review) == cast.committee2
    assert events("claim") == 2


def test_claiming_twice_changes_nothing(cast: Cast) -> None:
    review = submit(cast, make_draft(cast))
    for _time in range(2):
        claim(cast, review, "committee")
    assert events("claim") == 1


def test_a_claim_is_given_back_by_who_has_it_or_by_the_chair(cast: Cast) -> None:
    review = submit(cast, make_draft(cast))
    for by in ("committee", "chair"):
        claim(cast, review, "committee")
        with pytest.raises(NotAllowed):
            claim(cast, review, "committee2", give_back=True)
        claim(cast, review, by, give_back=True)
        assert claimer(review) is None
    claim(cast, review, "committee", give_back=True)
    assert events("release") == 2


@pytest.mark.parametrize("who", ["author", "outsider", "head", "staff", "admin"])
def test_only_the_committee_claims(cast: Cast, who: str) -> None:
    review = submit(cast, make_draft(cast))
    for give_back in (False, True):
        with pytest.raises(NotAllowed):
            claim(cast, review, who, give_back=give_back)


def test_who_helped_to_write_cannot_claim_and_a_closed_review_is_not_claimed(cast: Cast) -> None:
    Membership.objects.create(user=cast.committee, team=cast.team, role="member", starts_on="2020-01-01")
    record = make_draft(cast)
    save(cast, record, by="committee", answer="Mitgeschrieben.")
    review = submit(cast, record)
    with pytest.raises(NotAllowed):
        claim(cast, review, "committee")
    approve(cast, review, by="chair")
    with pytest.raises(Decided):
        claim(cast, review, "committee2")


def test_the_page_says_who_cares_instead_of_taking_the_claim_away(cast: Cast, client: Client) -> None:
    review = submit(cast, make_draft(cast))
    claim(cast, review, "committee")
    client.force_login(cast.committee2, "django.contrib.auth.backends.ModelBackend")
    address = reverse("governance:claim", args=[review.pk])
    page = client.post(address, follow=True).content.decode()
    assert "Gremiumsmitglied Eins kümmert sich bereits" in page
    assert 'data-outcome="conflict"' in page
    assert claimer(review) == cast.committee
    client.post(address, {"take_over": "1"})
    assert claimer(review) == cast.committee2


# -- who is told -----------------------------------------------------------------------------------


def told(step: Any) -> tuple[set[User], set[str]]:
    """Who got a mail in `step`, one each, and the links in them."""
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    step()
    mails = list(OutgoingMail.objects.exclude(pk__in=before).select_related("to"))
    people = [mail.to for mail in mails]
    assert len(people) == len(set(people))
    links = {word for mail in mails for word in mail.body.split() if word.startswith("http")}
    return set(people), links


def away(user: User, substitute: User) -> None:
    today = clock.today()
    Membership.objects.filter(user=user).update(away_from=today, away_until=today, substitute=substitute)


def review_link(review: Review, settings: Any) -> str:
    return str(settings.PORTAL_BASE_URL).rstrip("/") + reverse("governance:review", args=[review.pk])


def test_a_submission_tells_the_committee_without_authors_and_the_head_with_a_link(cast: Cast, settings: Any) -> None:
    Membership.objects.create(user=cast.committee, team=cast.team, role="member", starts_on="2020-01-01")
    record = make_draft(cast)
    save(cast, record, by="committee", answer="Mitgeschrieben.")
    people, links = told(lambda: submit(cast, record))
    assert people == {cast.committee2, cast.chair, cast.head}
    assert links == {review_link(Review.objects.get(), settings)}


def test_an_absent_member_is_replaced_by_the_substitute_at_each_step(cast: Cast) -> None:
    away(cast.committee2, cast.committee)
    away(cast.member, cast.lead)
    record = make_draft(cast)
    assert told(lambda: submit(cast, record))[0] == {cast.committee, cast.chair, cast.head}
    review = Review.objects.get()
    assert told(lambda: approve(cast, review))[0] == {cast.author, cast.lead}


def test_a_text_that_comes_back_tells_the_team_with_the_link_to_the_review(cast: Cast, settings: Any) -> None:
    review = submit(cast, make_draft(cast))
    people, links = told(
        lambda: workflow.request_changes(review=review, standing=cast.standing("chair"), reason="Bitte kürzen")
    )
    assert people == {cast.author, cast.member, cast.lead}
    assert links == {review_link(review, settings)}


def test_a_publication_tells_the_team_with_the_link_to_the_page(cast: Cast, settings: Any) -> None:
    review = submit(cast, make_draft(cast))
    people, links = told(lambda: approve(cast, review))
    assert people == {cast.author, cast.member, cast.lead}
    path = reload(review.record).entry.url
    assert links == {settings.PORTAL_BASE_URL.rstrip("/") + path}


def test_a_withdrawal_tells_who_had_claimed_and_nobody_else(cast: Cast, settings: Any) -> None:
    record = make_draft(cast)
    lead = cast.standing("lead")
    submit(cast, record)
    assert told(lambda: workflow.withdraw(record=record, standing=lead))[0] == set()
    review = submit(cast, record)
    claim(cast, review, "committee")
    people, links = told(lambda: workflow.withdraw(record=record, standing=lead))
    assert people == {cast.committee}
    assert links == {review_link(review, settings)}
    assert "Zurückgezogen" in OutgoingMail.objects.latest("pk").subject
