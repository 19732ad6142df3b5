"""Whatever is posted to a form of governance gets a clear message at its field and loses no other word."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django import forms

from governance import clock, kinds, workflow
from governance import forms as all_forms
from governance.models import Comment, Membership, Record, Review, Tag, Team
from governance.text.clean import LineField, MarkdownField
from governance.workflow import NewComment
from tests import factories, kept
from tests.factories import Cast, make_draft, make_published, reload, save, submit
from tests.pages import address, client_of, page_for

pytestmark = pytest.mark.django_db
HOSTILE = {
    "nul": "ab\x00cd",
    "control": "ab\x07cd",
    "bidi": "ab\u202ecd",
    "private": "ab\ue000cd",
    "long": "x" * 200_000,
    "number": "9" * 5_000,
}
# Long enough for every text field; the other values are hidden characters.
REFUSED_IN_TEXT = ("nul", "control", "bidi", "private", "long")


@dataclass(frozen=True)
class Post:
    """A form as it is posted: who, where, with what, and the prefix of its fields."""

    form: type[forms.BaseForm]
    role: str
    url: str
    data: dict[str, Any]
    prefix: str = ""


@dataclass(frozen=True)
class Town:
    cast: Cast
    draft: Record
    published: Record
    review: Review
    comment: Comment
    tag: Tag


@pytest.fixture
@kept.once
def town(cast: Cast) -> Town:
    commented = make_published(cast, title="Kommentiert")
    save(cast, commented, answer="Neu.")
    workflow.request_changes(
        review=submit(cast, commented),
        standing=cast.standing("committee"),
        reason="Bitte belegen",
        comments=[NewComment("answer", "Woher?")],
    )
    review = submit(cast, make_draft(cast, title="Vorgelegt"))
    return Town(
        cast=cast,
        draft=make_draft(cast, title="Entwurf"),
        published=make_published(cast),
        review=review,
        comment=Comment.objects.get(),
        tag=factories.tag("Posteingang"),
    )


def _decision(town: Town) -> dict[str, Any]:
    remarks = {f"remark_{field.name}": f"Bemerkung {field.name}" for field in kinds.get("learning").fields}
    return {"verdict": "request_changes", "reason": "Meine Gründe", "meeting": "", "remark_": "Allgemein", **remarks}


def _absence(town: Town) -> Post:
    pk = Membership.objects.get(user=town.cast.member).pk
    dates = {"away_from": "2026-01-01", "away_until": "2026-01-09", "substitute": ""}
    data = {"do": "absence", **{f"absence{pk}-{name}": value for name, value in dates.items()}}
    url = f"/governance/teams/cmt-steueramt/members/{pk}/"
    return Post(all_forms.AbsenceForm, "lead", url, data, f"absence{pk}-")


def _keeping(record: Record, name: str, value: str) -> dict[str, str]:
    field = {"check_up": "day", "interval": "months"}.get(name, name)
    return {"change": name, f"{name}-{field}": value}


POSTS: dict[str, Callable[[Town], Post]] = {
    "note": lambda t: Post(
        all_forms.NoteForm,
        "author",
        address(t.draft, "submit/"),
        {"version": t.draft.current_version_id, "note": "Erste Fassung"},
    ),
    "reason": lambda t: Post(
        all_forms.ReasonForm, "author", address(t.published, "roll-back/1/"), {"reason": "Zurück zum Alten"}
    ),
    "archive": lambda t: Post(
        all_forms.ArchiveForm,
        "lead",
        address(t.published, "archive/"),
        {"reason": "Überholt", "successor": "L-1"},
    ),
    "answer": lambda t: Post(
        all_forms.AnswerForm,
        "author",
        address(t.comment.review.record, f"comments/{t.comment.pk}/"),
        {"do": "answer", "text": "Aus dem Register"},
    ),
    "decision": lambda t: Post(
        all_forms.DecisionForm, "committee", f"/governance/reviews/{t.review.pk}/decide/", _decision(t)
    ),
    "meeting": lambda t: Post(
        all_forms.MeetingForm,
        "committee",
        "/governance/reviews/meetings/",
        {"title": "Maisitzung", "held_on": "2026-05-05"},
    ),
    "contact": lambda t: Post(
        all_forms.ContactForm,
        "lead",
        address(t.published, "administration/"),
        _keeping(t.published, "contact", str(t.cast.member.pk)),
        "contact-",
    ),
    "check_up": lambda t: Post(
        all_forms.CheckUpForm,
        "lead",
        address(t.published, "administration/"),
        _keeping(t.published, "check_up", f"{clock.add_months(clock.today(), 30)}"),
        "check_up-",
    ),
    "interval": lambda t: Post(
        all_forms.IntervalForm,
        "lead",
        address(t.published, "administration/"),
        _keeping(t.published, "interval", "12"),
        "interval-",
    ),
    "reach": lambda t: Post(
        all_forms.ReachForm,
        "committee",
        address(t.published, "administration/"),
        _keeping(t.published, "reach", "public"),
        "reach-",
    ),
    "about": lambda t: Post(
        all_forms.AboutForm, "lead", "/governance/teams/cmt-steueramt/edit/", {"do": "about", "about": "Wir helfen"}
    ),
    "new_member": lambda t: Post(
        all_forms.NewMemberForm,
        "lead",
        "/governance/teams/cmt-steueramt/edit/",
        {"do": "add", "person": "outsider"},
    ),
    "absence": _absence,
    "tag": lambda t: Post(
        all_forms.TagForm, "committee", f"/governance/tags/{t.tag.pk}/", {"do": "rename", "name": "Postausgang"}
    ),
    "merge": lambda t: Post(
        all_forms.MergeForm,
        "committee",
        f"/governance/tags/{t.tag.pk}/",
        {"do": "merge", "into": str(factories.tag("Briefe").pk)},
    ),
    "divide": lambda t: Post(
        all_forms.DivideForm,
        "committee",
        f"/governance/tags/{t.tag.pk}/",
        {"do": "divide", "words": "Postausgang, Posteingang"},
    ),
    "redaction": lambda t: Post(
        all_forms.RedactionForm,
        "admin",
        f"/governance/redactions/new/{t.published.pk}/",
        {"passages": "Formular", "attachment": "", "reason": "Ein Name"},
    ),
}
# Asked for in the address of a list; what is not known is left out of account.
IN_ADDRESSES = {all_forms.MeetingChoiceForm, all_forms.RecordChoiceForm}
# Adds a tick to NoteForm; what is typed into it is typed into that one.
LIKE_ANOTHER = {all_forms.PairNoteForm}


def _classes() -> Iterator[type[forms.BaseForm]]:
    for thing in vars(all_forms).values():
        if isinstance(thing, type) and issubclass(thing, forms.BaseForm) and thing.__module__ == all_forms.__name__:
            yield thing


def test_every_form_of_governance_is_in_the_table(town: Town) -> None:
    assert {make(town).form for make in POSTS.values()} | IN_ADDRESSES == set(_classes()) - LIKE_ANOTHER


@pytest.mark.parametrize("name", sorted(POSTS))
def test_the_form_is_taken_as_it_stands_in_the_table(town: Town, name: str) -> None:
    post = POSTS[name](town)
    answer = client_of(town.cast, post.role).post(post.url, post.data)
    assert answer.status_code == 302, answer.content.decode()


def _is_text(post: Post, field: str) -> bool:
    name = field.removeprefix(post.prefix)
    known = post.form.base_fields.get(name)
    return name.startswith("remark_") or isinstance(known, LineField | MarkdownField)


@pytest.mark.parametrize("kind", sorted(HOSTILE))
@pytest.mark.parametrize("name", sorted(POSTS))
def test_hostile_input_is_refused_at_its_field_and_the_rest_is_kept(town: Town, name: str, kind: str) -> None:
    post, value = POSTS[name](town), HOSTILE[kind]
    client = client_of(town.cast, post.role)
    fields = [field for field in post.data if field not in ("do", "change")]
    if name == "decision":  # a form with many fields of one type: the first, and two of the others
        fields = ["verdict", "reason", "meeting", "remark_", "remark_answer"]
    for field in fields:
        if kind == "number" and _is_text(post, field):
            continue  # 5,000 digits are a text, long or not
        answer = client.post(post.url, post.data | {field: value})
        page = html.unescape(answer.content.decode())
        if post.form is all_forms.NoteForm and field == "version":
            assert answer.status_code in (409, 422)
            continue
        assert answer.status_code == 422, f"{field}: {answer.status_code}"
        assert 'data-outcome="invalid"' in page
        assert "_error" in page
        kept = [post.data[other] for other in fields if other != field and _is_text(post, other)]
        assert [words for words in kept if str(words) not in page] == []


def test_what_was_typed_wrongly_is_still_there_to_be_mended(town: Town) -> None:
    url = address(town.comment.review.record, f"comments/{town.comment.pk}/")
    answer = client_of(town.cast, "author").post(url, {"do": "answer", "text": "Umgedreht: \u202eoh"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Umgedreht: \u202eoh" in page
    assert f'id="kommentar-{town.comment.pk}-text_error"' in page
    town.comment.refresh_from_db()
    assert town.comment.answer == ""


def test_an_answer_is_never_cut(town: Town) -> None:
    url = address(town.comment.review.record, f"comments/{town.comment.pk}/")
    client = client_of(town.cast, "author")
    assert client.post(url, {"do": "answer", "text": "x" * 2001}).status_code == 422
    assert client.post(url, {"do": "answer", "text": "x" * 2000}).status_code == 302
    town.comment.refresh_from_db()
    assert town.comment.answer == "x" * 2000


def test_an_answer_that_comes_after_the_comment_was_met_is_kept_on_the_page(town: Town) -> None:
    url = address(town.comment.review.record, f"comments/{town.comment.pk}/")
    client = client_of(town.cast, "author")
    client.post(url, {"do": "resolve", "text": "Steht jetzt da."})
    answer = client.post(url, {"do": "answer", "text": "Zu spät geschrieben"})
    assert answer.status_code == 422
    assert "Zu spät geschrieben" in answer.content.decode()
    assert "bereits als erledigt" in answer.content.decode()


def test_the_committee_cannot_answer_for_the_team(town: Town) -> None:
    url = address(town.comment.review.record, f"comments/{town.comment.pk}/")
    for text in ("Gültig", "ungültig\x00"):
        assert client_of(town.cast, "committee").post(url, {"do": "answer", "text": text}).status_code == 403


def test_a_note_typed_while_somebody_else_saved_is_kept_and_can_be_sent_again(town: Town) -> None:
    data = POSTS["note"](town).data
    save(town.cast, town.draft, by="member", answer="Von der anderen.")
    client = client_of(town.cast, "author")
    answer = client.post(address(town.draft, "submit/"), data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-outcome="conflict"' in page
    assert "Erste Fassung" in page
    newest = reload(town.draft).current_version_id
    assert f'name="version" value="{newest}"' in page
    assert client.post(address(town.draft, "submit/"), data | {"version": newest}).status_code == 302


def test_a_reason_is_kept_when_the_older_version_cannot_be_submitted(town: Town) -> None:
    record = make_draft(town.cast, tag_ids=[], title="Ohne Schlagwort")
    save(town.cast, record, tag_ids=[town.tag.pk])
    answer = client_of(town.cast, "author").post(address(record, "roll-back/1/"), {"reason": "Besser war es so"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Besser war es so" in page
    assert "mindestens ein Schlagwort" in page


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_hostile_words_in_addresses_and_buttons_give_no_error(town: Town, kind: str) -> None:
    value, cast = HOSTILE[kind], town.cast
    # An address with NUL is unreadable whatever the page: portal.middleware answers it.
    fine, missing = (400, 400) if kind == "nul" else (200, 404)
    committee, author = client_of(cast, "committee"), client_of(cast, "author")
    for page, name in (
        ("/governance/audit/", "record"),
        ("/governance/audit/", "verb"),
        ("/governance/audit/", "page"),
        ("/governance/reviews/print/", "meeting"),
        ("/governance/reviews/", "page"),
    ):
        assert committee.get(page, {name: value}).status_code == fine
    assert author.get(address(town.published), {"audience": value}, follow=True).status_code == fine
    assert author.get(address(town.published, "compare/"), {"older": value, "newer": "1"}).status_code == missing
    member = Membership.objects.get(user=cast.member).pk
    role = {"do": "role", "role": value}
    assert client_of(cast, "lead").post(f"/governance/teams/cmt-steueramt/members/{member}/", role).status_code == 302
    assert Membership.objects.get(pk=member).role == "member"
    assert client_of(cast, "committee").post(f"/governance/tags/{town.tag.pk}/", {"do": value}).status_code == 422


def test_about_is_shown_as_it_was_typed(town: Town) -> None:
    post = POSTS["about"](town)
    client_of(town.cast, post.role).post(post.url, post.data)
    assert Team.objects.get(slug="cmt-steueramt").about == "Wir helfen"
    assert "Wir helfen" in page_for(town.cast, "staff", "/governance/teams/cmt-steueramt/")
