"""Blanking passages and files: everywhere, by two persons, with a mark and a trace."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from governance import catalogue, kinds, redaction, reviewing, versions, workflow
from governance.blanking import BLANKED_ADDRESS, MARK, SHORT_MARK, Blanking
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


def test_the_history_of_each_kind_has_columns_of_its_own() -> None:
    # One column shared by two tables would be blanked in one of them.
    for kind in kinds.every():
        history = kind.model.history.model
        assert [field.name for field in history._meta.local_fields if field.model is not history] == []


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
    proposal = propose(cast, make_draft(cast, answer=f"{NAME} war da."))
    for step in (redaction.confirm, redaction.refuse):
        with pytest.raises(NotAllowed):
            step(standing=cast.standing(who), redaction=proposal)


def test_two_persons_even_when_the_chair_administers(cast: Cast) -> None:
    cast.chair.is_staff = True
    cast.chair.save()
    record = make_draft(cast, answer=f"{NAME} war da.")
    proposal = redaction.propose(standing=cast.standing("chair"), record=record, reason="x", passages=[NAME])
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


def stored(data: bytes) -> Attachment:
    attachment = Attachment(sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type="application/pdf")
    attachment.file.save("plan.pdf", ContentFile(data), save=False)
    attachment.save()
    return attachment


def row_of(attachment: Attachment) -> dict[str, str]:
    media_type = attachment.media_type
    return {"sha256": attachment.sha256, "name": "plan.pdf", "media_type": media_type, "description": "Plan"}


def test_a_file_is_overwritten_and_keeps_its_address(cast: Cast) -> None:
    data = b"%PDF geheim"
    attachment = stored(data)
    record = make_draft(cast, attachments=[row_of(attachment)])
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


# -- hits ------------------------------------------------------------------------------------------


def test_a_passage_that_stands_nowhere_is_told_by_its_name(cast: Cast) -> None:
    record = make_draft(cast, answer=f"{NAME} war da.")
    with pytest.raises(WrongState, match="steht nirgends: „Max Muster“") as refused:
        propose(cast, record, NAME, "Max Muster")
    assert NAME not in str(refused.value)
    assert not Redaction.objects.exists()


def test_what_has_gone_meanwhile_is_not_reported_as_blanked(cast: Cast) -> None:
    record = make_draft(cast)
    DraftBuffer.objects.create(
        record=record, user=cast.author, opened_on=record.versions.get(), data={"answer": f"{NAME} war da."}
    )
    proposal = propose(cast, record)
    DraftBuffer.objects.all().delete()
    with pytest.raises(WrongState, match="nicht mehr im Eintrag"):
        redaction.confirm(standing=cast.standing("chair"), redaction=proposal)
    proposal.refresh_from_db()
    assert proposal.status == Redaction.Status.PROPOSED


def test_the_event_counts_places_and_versions(cast: Cast) -> None:
    record = make_draft(cast, answer=f"{NAME} war da. {NAME} kam wieder.")
    save(cast, record, everyday_benefit="Neu.")
    event = redaction.confirm(standing=cast.standing("chair"), redaction=propose(cast, record))
    assert (event.data["places"], event.data["versions"]) == (4, 2)


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("Frau *Mustermann* rief an", "*[geschwärzt]* rief an"),
        ("**Frau** Mustermann rief an", "****[geschwärzt] rief an"),
        ("Frau\n__Mustermann__ rief an", "__[geschwärzt]__ rief an"),
        ("Frau `Mustermann`", "`[geschwärzt]`"),
        ("[hier](https://example.org/Frau%20Mustermann)", "[hier](https://example.org/[geschwärzt])"),
    ],
)
def test_marks_between_the_words_hide_no_passage(written: str, left: str) -> None:
    assert Blanking(["Frau Mustermann"]).text(written) == left
    assert Blanking(["Frau *Mustermann*"]).text("Frau Mustermann") == MARK


def test_marks_alone_are_no_passage(cast: Cast) -> None:
    with pytest.raises(WrongState, match="drei Zeichen"):
        propose(cast, make_draft(cast), "*****")


def test_a_text_that_is_full_gets_the_short_mark_and_loses_nothing_else(cast: Cast) -> None:
    title = "Ida " + "x" * 196
    message = {"audience": "team", "text": "Ida " + "y" * 896, "based_on": ""}
    record = make_draft(cast, title=title, messages=[message])
    redaction.confirm(standing=cast.standing("chair"), redaction=propose(cast, record, "Ida"))
    text = versions.content_of(record)
    assert text.title == f"{SHORT_MARK} " + "x" * 196
    assert text.messages[0]["text"] == f"{SHORT_MARK} " + "y" * 896
    assert record.versions.get().title == text.title


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/Erika%20Mustermann",
        "https://example.org/leute/erika-mustermann/",
        "https://example.org/?name=Erika+Mustermann",
        f"https://example.org/{'lang/' * 30}erika_mustermann.pdf",
    ],
)
def test_after_a_redaction_the_text_is_saved_and_rolled_back_as_before(cast: Cast, address: str) -> None:
    link = {"title": "Seite", "url": address, "repository": "", "retrieved_on": ""}
    other = {**link, "url": "https://example.org/amt"}
    message = {"audience": "team", "text": "Das team dankt", "based_on": ""}
    record = make_draft(cast, links=[link, other], audiences=["team"], messages=[message])
    approve(cast, submit(cast, record))
    save(cast, record, answer="Zweite.")
    proposal = propose(cast, record, NAME, "team")
    redaction.confirm(standing=cast.standing("chair"), redaction=proposal)
    text = versions.text_of(record.versions.get(number=1))
    assert [row["url"] for row in text.links] == [BLANKED_ADDRESS, "https://example.org/amt"]
    assert (text.audiences, text.messages[0]["audience"]) == (["team"], "team")
    assert text.messages[0]["text"] == f"Das {MARK} dankt"
    assert save(cast, record, answer="Dritte.") is not None
    older = record.versions.get(number=1)
    workflow.roll_back(record=reload(record), standing=cast.standing("author"), version=older, note="Zurück")
    assert reload(record).state == "in_review"


def test_work_in_progress_keeps_its_audiences(cast: Cast) -> None:
    record = make_draft(cast, answer="Das team war da.")
    data = {"audiences": ["team"], "answer": "Das team war da.", "tags": ["Post"], "note": "team"}
    buffer = DraftBuffer.objects.create(record=record, user=cast.author, opened_on=record.versions.get(), data=data)
    redaction.confirm(standing=cast.standing("chair"), redaction=propose(cast, record, "team"))
    buffer.refresh_from_db()
    assert buffer.data == data | {"answer": f"Das {MARK} war da.", "note": MARK}


def test_a_file_of_another_record_is_not_blanked_here(cast: Cast) -> None:
    attachment = stored(b"%PDF fremd")
    make_draft(cast, attachments=[row_of(attachment)])
    with pytest.raises(WrongState, match="gehört nicht"):
        redaction.propose(
            standing=cast.standing("admin"), record=make_draft(cast), reason="Plan", attachment=attachment
        )
    attachment.file.delete(save=False)
