"""Blanking passages and files: everywhere, by two persons, with a mark and a trace."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from governance import catalogue, redaction, reviewing, versions, workflow
from governance.errors import NotAllowed, WrongState
from governance.models import (
    Attachment,
    AuditEvent,
    CatalogueEntry,
    Comment,
    DraftBuffer,
    OutgoingMail,
    Record,
    Redaction,
    Review,
)
from governance.redaction import MARK, Blanking
from governance.workflow import NewComment
from tests.factories import Cast, approve, make_draft, make_published, reload, save, submit

pytestmark = pytest.mark.django_db
NAME = "Erika Mustermann"


def propose(cast: Cast, record: Record, *passages: str) -> Redaction:
    return redaction.propose(
        standing=cast.standing("admin"),
        record=record,
        reason="Name einer Bürgerin",
        passages=passages or [NAME],
    )


def story(cast: Cast) -> Record:
    """The name stands in two versions, a title, notes, a buffer, a mail, the catalogue and all that was said."""
    record = make_draft(cast, what_was_done=f"Frau {NAME} rief an.")
    workflow.request_changes(
        review=_submit(cast, record),
        standing=cast.standing("committee"),
        reason=f"Den Namen {NAME} weglassen",
        comments=[NewComment("what_was_done", f"Wer ist {NAME}?")],
    )
    reviewing.answer(comment=Comment.objects.get(), standing=cast.standing("author"), text=f"{NAME} rief an.")
    approve(cast, _submit(cast, record), reason=f"Auch mit {NAME}", notes=[NewComment("", f"{NAME} fragen")])
    versions.write(
        record=reload(record),
        standing=cast.standing("author"),
        opened_on=reload(record).current_version_id or 0,
        values={"title": f"Anruf von {NAME}", "answer": "Erika\nMustermann hatte recht."},
        note=f"Hinweis von {NAME}",
    )
    approve(cast, submit(cast, record))
    save(cast, record, answer="Ohne Namen.")
    DraftBuffer.objects.create(
        record=record,
        user=cast.member,
        opened_on=record.versions.latest("number"),
        data={"title": NAME, "messages": [{"audience": "team", "text": f"Dank an {NAME}"}]},
    )
    return reload(record)


def _submit(cast: Cast, record: Record) -> Review:
    standing, version = cast.standing("author"), reload(record).current_version_id
    assert version is not None
    return workflow.submit(record=record, standing=standing, version_id=version, note=f"Nach Anruf von {NAME}")


def everything_stored() -> str:
    """All rows of all tables as text, so that nothing is forgotten."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            parts.append(cursor.fetchone()[0])
    return "\n".join(parts)


def test_the_passage_is_gone_from_every_table(cast: Cast) -> None:
    record = story(cast)
    hashes = dict(record.versions.values_list("number", "content_hash"))
    event = redaction.confirm(standing=cast.standing("chair"), redaction=propose(cast, record))
    stored = everything_stored()
    assert "Mustermann" not in stored
    assert "mustermann" not in stored
    for version in record.versions.all():
        version.record = record
        assert versions.verify(version)
        assert event.data["hashes"][str(version.number)] == [
            hashes[version.number],
            version.content_hash,
        ]
    assert record.versions.get(number=2).title == f"Anruf von {MARK}"
    assert record.versions.get(number=2).note == f"Hinweis von {MARK}"
    entry = CatalogueEntry.objects.get(pk=record.pk)
    assert MARK in entry.title
    assert entry.content_hash == record.versions.get(number=2).content_hash
    assert (event.verb, event.actor, event.data["reason"]) == (
        "redact",
        cast.chair,
        "Name einer Bürgerin",
    )
    assert entry.page["issues"][0]["reason"] == f"Nach Anruf von {MARK}"
    assert {review.note for review in record.reviews.order_by("pk")[:2]} == {f"Nach Anruf von {MARK}"}
    assert [review.reason for review in record.reviews.order_by("pk")[:2]] == [
        f"Den Namen {MARK} weglassen",
        f"Auch mit {MARK}",
    ]
    comment = Comment.objects.earliest("pk")
    assert (comment.text, comment.answer) == (f"Wer ist {MARK}?", f"{MARK} rief an.")
    assert DraftBuffer.objects.get().data["messages"][0]["text"] == f"Dank an {MARK}"
    assert OutgoingMail.objects.filter(subject__contains=MARK).exists()


def test_an_archived_record_is_blanked_with_its_reason_and_stays_archived(cast: Cast) -> None:
    record = story(cast)
    workflow.archive(record=record, standing=cast.standing("lead"), reason=f"{NAME} möchte das nicht")
    redaction.confirm(standing=cast.standing("chair"), redaction=propose(cast, record))
    assert "mustermann" not in everything_stored().lower()
    record = reload(record)
    assert (record.state, record.archive_reason) == ("archived", f"{MARK} möchte das nicht")
    assert not CatalogueEntry.objects.exists()


@pytest.mark.parametrize("archived", [False, True])
def test_a_record_that_was_never_published_is_blanked_too(cast: Cast, archived: bool) -> None:
    record = make_draft(cast, answer=f"{NAME} war da.")
    if archived:
        workflow.archive(record=record, standing=cast.standing("lead"), reason="Doppelt")
    redaction.confirm(standing=cast.standing("chair"), redaction=propose(cast, record))
    assert "Mustermann" not in everything_stored()
    assert versions.content_of(record).answer == f"{MARK} war da."


def test_a_text_in_review_is_blanked_and_stays_in_review(cast: Cast) -> None:
    record = make_draft(cast, answer=f"{NAME} war da.")
    review = _submit(cast, record)
    redaction.confirm(standing=cast.standing("chair"), redaction=propose(cast, record))
    assert "Mustermann" not in everything_stored()
    approve(cast, review)
    assert CatalogueEntry.objects.get().summary == f"{MARK} war da."


def test_the_reason_does_not_repeat_the_passage(cast: Cast) -> None:
    with pytest.raises(WrongState):
        redaction.propose(
            standing=cast.standing("admin"), record=make_draft(cast), reason=f"Wegen {NAME}", passages=[NAME]
        )


def test_what_is_not_named_stays_word_for_word(cast: Cast) -> None:
    record, other = story(cast), make_published(cast, by="outsider", title=f"Auch {NAME}")
    authors = list(record.versions.values_list("number", "author_id", "created_at"))
    redaction.confirm(standing=cast.standing("chair"), redaction=propose(cast, record))
    assert list(record.versions.values_list("number", "author_id", "created_at")) == authors
    assert NAME in CatalogueEntry.objects.get(pk=other.pk).title
    text = versions.text_of(record.versions.get(number=1))
    assert text.what_was_done == f"Frau {MARK} rief an."
    assert text.everyday_benefit == "Niemand tippt mehr Papierformulare ab."


def test_the_triggers_are_shut_again_afterwards(cast: Cast) -> None:
    record = story(cast)
    redaction.confirm(standing=cast.standing("chair"), redaction=propose(cast, record))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('portal.redaction', true)")
        assert cursor.fetchone()[0] == ""


@pytest.mark.parametrize("who", ["author", "lead", "committee", "chair", "head", "staff"])
def test_only_the_administrator_proposes(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        redaction.propose(standing=cast.standing(who), record=make_draft(cast), reason="x", passages=[NAME])


@pytest.mark.parametrize("who", ["author", "lead", "committee", "admin", "head", "staff"])
def test_only_the_chair_decides(cast: Cast, who: str) -> None:
    proposal = propose(cast, make_draft(cast))
    for step in (redaction.confirm, redaction.refuse):
        with pytest.raises(NotAllowed):
            step(standing=cast.standing(who), redaction=proposal)


def test_two_persons_even_when_the_chair_administers(cast: Cast) -> None:
    cast.chair.is_staff = True
    cast.chair.save()
    proposal = redaction.propose(standing=cast.standing("chair"), record=make_draft(cast), reason="x", passages=[NAME])
    with pytest.raises(WrongState):
        redaction.confirm(standing=cast.standing("chair"), redaction=proposal)


def test_refusing_changes_nothing_and_forgets_the_passages(cast: Cast) -> None:
    record = story(cast)
    proposal = redaction.refuse(standing=cast.standing("chair"), redaction=propose(cast, record))
    assert (proposal.status, proposal.passages) == ("refused", [])
    assert NAME in record.versions.get(number=2).title
    with pytest.raises(WrongState):
        redaction.confirm(standing=cast.standing("chair"), redaction=proposal)
    assert AuditEvent.objects.filter(verb="refuse_redaction", record=record).exists()


@pytest.mark.parametrize(("reason", "passages"), [("", [NAME]), ("x", []), ("x", ["  "]), ("x", ["ab"])])
def test_a_proposal_names_reason_and_passages(cast: Cast, reason: str, passages: list[str]) -> None:
    with pytest.raises(WrongState):
        redaction.propose(
            standing=cast.standing("admin"),
            record=make_draft(cast),
            reason=reason,
            passages=passages,
        )


def test_structure_of_tables_stays() -> None:
    blank = Blanking(["team", "120"])
    rows = [{"audience": "team", "text": "Das team", "number": "120", "label": "120 Fälle"}]
    assert blank.value(rows) == [{"audience": "team", "text": f"Das {MARK}", "number": "120", "label": f"{MARK} Fälle"}]


def test_a_file_is_overwritten_and_keeps_its_address(cast: Cast) -> None:
    record, data = make_draft(cast), b"%PDF geheim"
    attachment = Attachment(sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type="application/pdf")
    attachment.file.save("plan.pdf", ContentFile(data), save=False)
    attachment.save()
    name = attachment.file.name
    proposal = redaction.propose(standing=cast.standing("admin"), record=record, reason="Plan", attachment=attachment)
    event = redaction.confirm(standing=cast.standing("chair"), redaction=proposal)
    attachment = Attachment.objects.get(pk=attachment.pk)
    with attachment.file.open() as file:
        content = file.read()
    assert b"geheim" not in content
    assert len(content) == attachment.size
    assert attachment.redacted_at is not None
    assert (attachment.file.name, attachment.sha256) == (name, hashlib.sha256(data).hexdigest())
    assert event.data["file"] == attachment.sha256
    attachment.file.delete(save=False)


def test_rebuilding_the_catalogue_brings_nothing_back(cast: Cast) -> None:
    record = story(cast)
    redaction.confirm(standing=cast.standing("chair"), redaction=propose(cast, record))
    catalogue.rebuild()
    assert "Mustermann" not in everything_stored()
