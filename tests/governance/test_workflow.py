"""The table of states, cell by cell and role by role, and who may decide on what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from governance import versions, workflow
from governance.errors import Conflict, Decided, Incomplete, Locked, NotAllowed, WrongState
from governance.models import AuditEvent, CatalogueEntry, Comment, Publication, Record, Review
from governance.workflow import NewComment, Verb
from tests import factories
from tests.factories import Cast, approve, make_draft, make_published, reload, save, submit

pytestmark = pytest.mark.django_db
State = Record.State


def in_state(cast: Cast, state: str, *, published: bool) -> Record:
    """A record whose working text is in `state`, with or without an open publication."""
    record = make_published(cast) if published else make_draft(cast)
    if state == State.SETTLED:
        return record
    if state == State.ARCHIVED:
        workflow.archive(record=record, standing=cast.standing("lead"), reason="Verfahren eingestellt")
        return reload(record)
    if published:
        save(cast, record, title="Neue Fassung")
    if state in (State.IN_REVIEW, State.CHANGES_REQUESTED):
        review = submit(cast, record)
        if state == State.CHANGES_REQUESTED:
            workflow.request_changes(review=review, standing=cast.standing("committee"), reason="Bitte Zahlen nennen")
    return reload(record)


def do(cast: Cast, verb: Verb, record: Record, by: str) -> None:
    standing = cast.standing(by)
    current = record.current_version
    assert current is not None
    review = Review.objects.filter(record=record).order_by("-pk").first()
    actions: dict[Verb, Callable[[], object]] = {
        Verb.SAVE: lambda: versions.write(
            record=record, standing=standing, opened_on=current.pk, values={"answer": "Anders."}
        ),
        Verb.DISCARD: lambda: workflow.discard(record=record, standing=standing),
        Verb.SUBMIT: lambda: workflow.submit(record=record, standing=standing, version_id=current.pk),
        Verb.WITHDRAW: lambda: workflow.withdraw(record=record, standing=standing),
        Verb.REQUEST_CHANGES: lambda: workflow.request_changes(
            review=_some(review), standing=standing, reason="Bitte kürzen"
        ),
        Verb.APPROVE: lambda: workflow.approve(review=_some(review), standing=standing),
        Verb.CONFIRM: lambda: workflow.confirm(record=record, standing=standing),
        Verb.ROLL_BACK: lambda: workflow.roll_back(
            record=record, standing=standing, version=current, note="War besser"
        ),
        Verb.ARCHIVE: lambda: workflow.archive(record=record, standing=standing, reason="Alt"),
        Verb.REOPEN: lambda: workflow.reopen(record=record, standing=standing),
    }
    actions[verb]()


def _some(review: Review | None) -> Review:
    if review is None:
        raise WrongState("no review yet")
    return review


# state, whether published: what each verb leads to; a verb that is not named is refused.
CELLS: dict[tuple[str, bool], dict[Verb, str]] = {
    (State.DRAFT, False): {
        Verb.SAVE: State.DRAFT,
        Verb.SUBMIT: State.IN_REVIEW,
        Verb.ROLL_BACK: State.IN_REVIEW,
        Verb.ARCHIVE: State.ARCHIVED,
    },
    (State.DRAFT, True): {
        Verb.SAVE: State.DRAFT,
        Verb.DISCARD: State.SETTLED,
        Verb.SUBMIT: State.IN_REVIEW,
        Verb.CONFIRM: State.DRAFT,
        Verb.ROLL_BACK: State.IN_REVIEW,
        Verb.ARCHIVE: State.ARCHIVED,
    },
    (State.IN_REVIEW, False): {
        Verb.WITHDRAW: State.DRAFT,
        Verb.REQUEST_CHANGES: State.CHANGES_REQUESTED,
        Verb.APPROVE: State.SETTLED,
    },
    (State.IN_REVIEW, True): {
        Verb.WITHDRAW: State.DRAFT,
        Verb.REQUEST_CHANGES: State.CHANGES_REQUESTED,
        Verb.APPROVE: State.SETTLED,
        Verb.CONFIRM: State.IN_REVIEW,
    },
    (State.CHANGES_REQUESTED, False): {
        Verb.SAVE: State.DRAFT,
        Verb.SUBMIT: State.IN_REVIEW,
        Verb.ROLL_BACK: State.IN_REVIEW,
        Verb.ARCHIVE: State.ARCHIVED,
    },
    (State.CHANGES_REQUESTED, True): {
        Verb.SAVE: State.DRAFT,
        Verb.DISCARD: State.SETTLED,
        Verb.SUBMIT: State.IN_REVIEW,
        Verb.CONFIRM: State.CHANGES_REQUESTED,
        Verb.ROLL_BACK: State.IN_REVIEW,
        Verb.ARCHIVE: State.ARCHIVED,
    },
    (State.SETTLED, True): {
        Verb.SAVE: State.DRAFT,
        Verb.CONFIRM: State.SETTLED,
        Verb.ROLL_BACK: State.IN_REVIEW,
        Verb.ARCHIVE: State.ARCHIVED,
    },
    (State.ARCHIVED, True): {Verb.REOPEN: State.DRAFT},
    (State.ARCHIVED, False): {Verb.REOPEN: State.DRAFT},
}
COMMITTEE_VERBS = {Verb.REQUEST_CHANGES, Verb.APPROVE}
LEAD_VERBS = {Verb.CONFIRM, Verb.ARCHIVE, Verb.REOPEN}


def rightful(verb: Verb) -> str:
    if verb in COMMITTEE_VERBS:
        return "committee"
    return "lead" if verb in LEAD_VERBS else "author"


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize(("state", "published"), list(CELLS))
def test_each_cell_of_the_table_of_states(cast: Cast, state: str, published: bool, verb: Verb) -> None:
    record = in_state(cast, state, published=published)
    target = CELLS[state, published].get(verb)
    standing = cast.standing(rightful(verb))
    open_review = Review.objects.filter(record=record, status="open").first()
    assert (verb in workflow.allowed(standing, record, open_review)) == (target is not None)
    before = (record.state, record.current_version_id, Publication.objects.count())
    if target is None:
        with pytest.raises(WrongState), transaction.atomic():
            do(cast, verb, record, rightful(verb))
        record = reload(record)
        after = (record.state, record.current_version_id, Publication.objects.count())
        assert after == before
    else:
        do(cast, verb, record, rightful(verb))
        assert reload(record).state == target


ROLES = ["author", "member", "lead", "outsider", "committee", "chair", "head", "staff", "admin"]
MAY: dict[Verb, set[str]] = {
    **dict.fromkeys(
        [Verb.SAVE, Verb.DISCARD, Verb.SUBMIT, Verb.WITHDRAW, Verb.ROLL_BACK],
        {"author", "member", "lead"},
    ),
    **dict.fromkeys(COMMITTEE_VERBS, {"committee", "chair"}),
    Verb.CONFIRM: {"lead"},
    Verb.ARCHIVE: {"lead", "committee", "chair"},
    Verb.REOPEN: {"lead"},
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verb", list(Verb))
def test_each_verb_is_for_its_roles_alone(cast: Cast, verb: Verb, role: str) -> None:
    state = next(state for (state, published), row in CELLS.items() if published and verb in row)
    record = in_state(cast, state, published=True)
    review = Review.objects.filter(record=record, status="open").first()
    assert (verb in workflow.allowed(cast.standing(role), record, review)) == (role in MAY[verb])
    if role in MAY[verb]:
        do(cast, verb, record, role)
    else:
        with pytest.raises(NotAllowed), transaction.atomic():
            do(cast, verb, record, role)
        assert reload(record).state == state


def test_the_committee_archives_only_what_was_submitted_once(cast: Cast) -> None:
    record = make_draft(cast)
    with pytest.raises(NotAllowed):
        workflow.archive(record=record, standing=cast.standing("committee"), reason="Doppelt")


def test_nobody_decides_on_a_text_they_helped_to_write(cast: Cast) -> None:
    factories.Membership.objects.create(user=cast.committee, team=cast.team, role="member", starts_on="2020-01-01")
    record = make_draft(cast)
    save(cast, record, by="committee", answer="Mitgeschrieben.")
    review = submit(cast, record)
    assert set(review.authors) == {cast.author.pk, cast.committee.pk}
    with pytest.raises(NotAllowed), transaction.atomic():
        approve(cast, review, by="committee")
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(
            status="approved",
            verdict="approve",
            decided_by=cast.committee,
            decided_at=review.submitted_at,
        )
    approve(cast, review, by="chair")


def test_authors_are_counted_since_the_last_publication_only(cast: Cast) -> None:
    record = make_published(cast)
    save(cast, record, by="member", answer="Nur vom Mitglied.")
    assert submit(cast, record, by="lead").authors == sorted([cast.member.pk, cast.lead.pk])


def test_a_discard_starts_the_count_of_authors_anew(cast: Cast) -> None:
    record = make_published(cast)
    save(cast, record, by="member", answer="Verworfen.")
    workflow.discard(record=reload(record), standing=cast.standing("lead"))
    save(cast, record, by="author", answer="Neu.")
    assert submit(cast, record, by="author").authors == [cast.author.pk]


def test_rolling_back_counts_the_authors_of_the_copied_version(cast: Cast) -> None:
    record = make_draft(cast)
    save(cast, record, by="member", answer="Vom Mitglied.")
    approve(cast, submit(cast, record))
    save(cast, record, by="lead", answer="Von der Leitung.")
    approve(cast, submit(cast, record, by="lead"))
    second = reload(record).versions.get(number=2)
    review = workflow.roll_back(record=record, standing=cast.standing("lead"), version=second, note="War richtiger")
    assert set(review.authors) == {cast.author.pk, cast.member.pk, cast.lead.pk}
    assert review.version.copied_from_id == second.pk
    assert versions.text_of(review.version).answer == "Vom Mitglied."
    assert reload(record).versions.count() == 4


@pytest.mark.parametrize("discarded", [False, True])
def test_rolling_back_to_the_published_version_counts_its_authors_too(cast: Cast, discarded: bool) -> None:
    record = make_draft(cast)
    save(cast, record, by="member", answer="Vom Mitglied.")
    approve(cast, submit(cast, record, by="member"))
    if discarded:
        save(cast, record, by="author", answer="Verworfen.")
        workflow.discard(record=record, standing=cast.standing("lead"))
    published = reload(record).versions.get(number=2)
    review = workflow.roll_back(record=record, standing=cast.standing("lead"), version=published, note="Gilt doch")
    assert set(review.authors) == {cast.author.pk, cast.member.pk, cast.lead.pk}
    workflow.withdraw(record=record, standing=cast.standing("lead"))
    save(cast, record, by="lead", answer="Darauf aufgebaut.")
    assert set(submit(cast, record, by="lead").authors) == {cast.author.pk, cast.member.pk, cast.lead.pk}


def test_what_is_published_is_the_submitted_version_hash_for_hash(cast: Cast) -> None:
    record = make_draft(cast)
    review = submit(cast, record)
    with pytest.raises(Locked):
        save(cast, record, answer="Dazwischen geändert")
    publication = approve(cast, review)
    entry = CatalogueEntry.objects.get(record=record)
    assert publication.version_id == review.version_id == entry.version_id
    assert entry.content_hash == review.version.content_hash
    assert versions.verify(review.version)


def test_the_same_version_may_be_submitted_again_after_a_withdrawal(cast: Cast) -> None:
    record = make_draft(cast)
    first = submit(cast, record)
    workflow.withdraw(record=record, standing=cast.standing("member"))
    second = submit(cast, record)
    assert first.version_id == second.version_id
    assert Review.objects.filter(record=record).count() == 2


def test_a_second_decision_is_refused_with_what_was_decided(cast: Cast) -> None:
    review = submit(cast, make_draft(cast))
    approve(cast, review)
    with pytest.raises(Decided) as refused:
        approve(cast, review, by="chair")
    assert refused.value.review.status == "approved"
    assert Publication.objects.count() == 1


def test_what_a_kind_requires_is_checked_at_submit_not_at_save(cast: Cast) -> None:
    record = make_draft(cast, answer="", everyday_benefit="", tag_ids=[])
    with pytest.raises(Incomplete) as refused:
        submit(cast, record)
    assert {name for name, _message in refused.value.missing} == {
        "answer",
        "everyday_benefit",
        "tag_ids",
    }
    assert reload(record).state == State.DRAFT


def test_submitting_another_than_the_newest_version_is_a_conflict(cast: Cast) -> None:
    record = make_draft(cast)
    first = record.current_version_id
    save(cast, record, by="member", answer="Neuer.")
    assert first is not None
    with pytest.raises(Conflict):
        workflow.submit(record=record, standing=cast.standing("author"), version_id=first)


def test_a_second_save_on_an_older_version_is_a_conflict_and_changes_nothing(cast: Cast) -> None:
    record = make_draft(cast)
    opened = record.current_version_id
    assert opened is not None
    save(cast, record, by="member", answer="Neuer.")
    with pytest.raises(Conflict) as refused:
        versions.write(
            record=record,
            standing=cast.standing("author"),
            opened_on=opened,
            values={"answer": "Meiner."},
        )
    assert refused.value.current.author_id == cast.member.pk
    assert reload(record).versions.count() == 2


def test_an_unchanged_save_makes_no_version(cast: Cast) -> None:
    record = make_draft(cast)
    events = AuditEvent.objects.count()
    assert save(cast, record, title="Hundesteuer online anmelden") is None
    assert reload(record).versions.count() == 1
    assert AuditEvent.objects.count() == events


def test_notes_on_approval_stay_open_for_the_next_version(cast: Cast) -> None:
    review = submit(cast, make_draft(cast))
    approve(cast, review, notes=[NewComment("answer", "Bitte beim nächsten Mal kürzer")])
    assert Comment.objects.unresolved().get().review_id == review.pk


def test_a_rejection_and_an_archive_need_a_reason(cast: Cast) -> None:
    review = submit(cast, make_draft(cast))
    with pytest.raises(WrongState):
        workflow.request_changes(review=review, standing=cast.standing("committee"), reason="  ")
    published = make_published(cast, title="Anderes")
    with pytest.raises(WrongState):
        workflow.archive(record=published, standing=cast.standing("lead"), reason=" ")


def test_archiving_closes_the_publication_and_leaves_the_catalogue(cast: Cast) -> None:
    record = make_published(cast)
    workflow.archive(record=record, standing=cast.standing("lead"), reason="Überholt")
    assert not CatalogueEntry.objects.exists()
    assert Publication.objects.get().until_at is not None
    workflow.reopen(record=reload(record), standing=cast.standing("lead"))
    assert not CatalogueEntry.objects.exists()


def test_each_verb_writes_one_audit_event(cast: Cast) -> None:
    record = make_draft(cast)
    review = submit(cast, record)
    approve(cast, review)
    save(cast, record, answer="Neu.")
    workflow.discard(record=record, standing=cast.standing("author"))
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["create", "submit", "approve", "save", "discard"]


def test_a_record_never_published_may_be_archived_too(cast: Cast) -> None:
    record = make_draft(cast)
    workflow.archive(record=record, standing=cast.standing("lead"), reason="Doppelt angelegt")
    assert reload(record).state == State.ARCHIVED
