"""Rules and queries agree, and no text is seen that was not approved: over random histories."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from docx import Document
from pptx import Presentation

from governance import queries, rules, versions, workflow
from governance.errors import Conflict
from governance.models import CatalogueEntry, Publication, Record, Review, Tag
from governance.workflow import Verb
from tests.factories import Cast, make_draft, make_published, reload, save, submit
from tests.pages import address, client_of, page_for

pytestmark = pytest.mark.django_db
ROLES = ["author", "outsider", "committee", "chair", "head", "staff", "admin"]
# Of those, so many open a page of a random history.
READERS = 3

WORD = re.compile("zq[a-p]{12}")


def word(rng: random.Random) -> str:
    """A word that stands nowhere else, in a text as in an address."""
    return "zq" + "".join(rng.choices("abcdefghijklmnop", k=12))


def words(rng: random.Random) -> dict[str, Any]:
    """New words for some fields of a text."""
    return {
        "title": f"Titel {word(rng)}",
        "answer": f"Antwort {word(rng)}",
        "everyday_benefit": f"Nutzen {word(rng)}",
        "tag_ids": [Tag.objects.create(name=word(rng), slug=word(rng)).pk],
    }


def play(cast: Cast, rng: random.Random, steps: int) -> Record:
    """A record after some random steps that the table allows."""
    record = make_draft(cast, **words(rng))
    for _step in range(steps):
        record = reload(record)
        review = Review.objects.filter(record=record, status="open").first()
        options: list[tuple[str, Verb]] = []
        for role in ("author", "lead", "committee"):
            for verb in workflow.allowed(cast.standing(role), record, review):
                options.append((role, verb))
        role, verb = rng.choice(sorted(options))
        standing = cast.standing(role)
        assert record.current_version_id is not None
        match verb:
            case Verb.SAVE:
                versions.write(
                    record=record,
                    standing=standing,
                    opened_on=record.current_version_id,
                    values=words(rng),
                )
            case Verb.SUBMIT:
                workflow.submit(record=record, standing=standing, version_id=record.current_version_id)
            case Verb.WITHDRAW:
                workflow.withdraw(record=record, standing=standing)
            case Verb.REQUEST_CHANGES:
                assert review is not None
                workflow.request_changes(review=review, standing=standing, reason="Kürzer")
            case Verb.APPROVE:
                assert review is not None
                workflow.approve(review=review, standing=standing)
            case Verb.DISCARD:
                workflow.discard(record=record, standing=standing)
            case Verb.ROLL_BACK:
                old = rng.choice(list(record.versions.all()))
                workflow.roll_back(record=record, standing=standing, version=old, note="Zurück")
            case Verb.ARCHIVE:
                workflow.archive(record=record, standing=standing, reason="Alt")
            case Verb.REOPEN:
                workflow.reopen(record=record, standing=standing)
            case Verb.CONFIRM:
                workflow.confirm(record=record, standing=standing)
    return reload(record)


@pytest.mark.parametrize("seed", range(8))
def test_rules_and_queries_agree_and_readers_see_approved_text_alone(cast: Cast, seed: int) -> None:
    rng = random.Random(seed)
    records = [play(cast, rng, steps=rng.randrange(1, 14)) for _record in range(3)]
    for record in records:
        _invariants_hold(record)
        for role in ROLES:
            _rules_and_queries_agree(cast, role, record)


def _invariants_hold(record: Record) -> None:
    open_ones = Publication.objects.filter(record=record, until_at=None)
    assert open_ones.count() <= 1
    entry = CatalogueEntry.objects.filter(record=record).first()
    publication = open_ones.select_related("review", "version").first()
    assert (entry is None) == (publication is None)
    if publication and entry:
        assert publication.review.status == "approved"
        assert publication.review.version_id == publication.version_id == entry.version_id
        assert publication.review.decided_by_id not in publication.review.authors
        assert entry.title == publication.version.title
        assert entry.content_hash == publication.version.content_hash
    if record.state == Record.State.SETTLED:
        assert publication is not None and record.current_version is not None
        assert record.current_version.content_hash == publication.version.content_hash
    assert (record.state == Record.State.IN_REVIEW) == Review.objects.filter(
        record=record, status="open", version=record.current_version
    ).exists()
    for version in record.versions.all():
        assert versions.verify(version)


def _rules_and_queries_agree(cast: Cast, role: str, record: Record) -> None:
    standing = cast.standing(role)
    seen = set(queries.versions_visible_to(standing, record).values_list("pk", flat=True))
    for version in record.versions.all():
        version.record = record
        may = rules.may_see_version(
            standing,
            version,
            was_submitted=Review.objects.filter(version=version).exists(),
            was_published=Publication.objects.filter(version=version).exists(),
            is_record_published=Publication.objects.filter(record=record, until_at=None).exists(),
        )
        assert (version.pk in seen) == may
    submitted = Review.objects.filter(record=record).exists()
    may_open = rules.may_edit(standing, record) or (submitted and rules.may_see_submitted(standing, record))
    assert queries.records_visible_to(standing).filter(pk=record.pk).exists() == may_open
    assert queries.reviews_visible_to(standing).filter(record=record).exists() == (
        submitted and rules.may_see_submitted(standing, record)
    )
    decidable = queries.decidable_reviews(standing).filter(record=record)
    open_review = Review.objects.filter(record=record, status="open").first()
    may_decide = open_review is not None and rules.may_decide(standing, open_review)
    assert decidable.exists() == may_decide


def test_a_conflict_carries_no_text_to_those_who_may_not_see_it(cast: Cast) -> None:
    record = make_draft(cast)
    with pytest.raises(Exception) as refused:
        versions.write(record=record, standing=cast.standing("staff"), opened_on=0, values={"title": "x"})
    assert not isinstance(refused.value, Conflict)


# -- the same in the pages: bodies, addresses of redirects, names and words of files -----------------


@pytest.mark.parametrize("seed", range(2))
def test_no_page_and_no_address_tells_a_word_of_a_text_that_is_not_for_its_reader(cast: Cast, seed: int) -> None:
    rng = random.Random(100 + seed)
    records = [play(cast, rng, steps=rng.randrange(3, 14)) for _record in range(2)]
    readers = {role: (client_of(cast, role), _allowed(cast, role, records)) for role in ROLES}
    # A request is what costs: each page is opened by some, drawn anew; the search has a test of its own.
    for url in _pages(records):
        for role in rng.sample(ROLES, READERS):
            client, allowed = readers[role]
            found = _words_in(client, url)
            assert found <= allowed, f"{role} {url}: {found - allowed}"


def _pages(records: list[Record]) -> Iterator[str]:
    yield from ("/", "/learnings/", "/search/", "/tags/", "/tags/suggest.json?q=zq", "/tasks/")
    yield from ("/governance/departments/steueramt/", "/governance/teams/cmt-steueramt/", "/governance/audit/")
    yield from ("/governance/reviews/", "/governance/reviews/print/", "/governance/tags/", "/governance/redactions/")
    yield "/transfer/overview/"
    for record in records:
        newest = record.versions.count()
        yield from (f"/{record.short_number}", address(record), f"/transfer/records/{record.short_number}/")
        yield from (address(record, f"versions/{number}/") for number in range(1, newest + 1))
        yield from (address(record, f"versions/{number}..{newest}/") for number in range(1, newest))
        for rest in ("versions/", "administration/", "archive/", "submit/", "roll-back/1/", "edit/"):
            yield address(record, rest)
        # The handout is made of the same sources, and slow to read.
        for rest in ("presentation/", "brief.docx", "audience/"):
            yield from (address(record, rest), address(record, f"{rest}?text=draft"))
        yield address(record, f"compare/?older=1&newer={newest}")
        yield from (f"/governance/reviews/{pk}/" for pk in record.reviews.values_list("pk", flat=True))


def _words_in(client: Client, url: str) -> set[str]:
    answer = client.get(url, follow=True)
    assert answer.status_code in (200, 403, 404, 410), f"{url}: {answer.status_code}"
    told = "".join(target for target, _code in answer.redirect_chain)
    return set(WORD.findall(told + str(answer.headers) + _text(answer)))


def _text(answer: HttpResponse) -> str:
    if not answer.headers["Content-Type"].startswith("application/vnd."):
        return answer.content.decode()
    if "wordprocessingml" in answer.headers["Content-Type"]:
        return " ".join(paragraph.text for paragraph in Document(io.BytesIO(answer.content)).paragraphs)
    slides = Presentation(io.BytesIO(answer.content)).slides
    texts = [shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame]
    return " ".join(texts + [slide.notes_slide.notes_text_frame.text for slide in slides if slide.has_notes_slide])


def _words_of_all(record: Record) -> set[str]:
    found: set[str] = set()
    for version in record.versions.all():
        version.record = record
        found |= _words_of(versions.text_of(version))
    return found


def _words_of(text: Any) -> set[str]:
    tags = Tag.objects.filter(pk__in=text.tag_ids).values_list("name", "slug")
    parts = [text.title, text.answer, text.everyday_benefit, *(part for pair in tags for part in pair)]
    return set(WORD.findall(" ".join(parts)))


def _allowed(cast: Cast, role: str, records: list[Record]) -> set[str]:
    """The words of what the rules let this person read, and the last title of what is gone."""
    standing, allowed = cast.standing(role), set[str]()
    if standing.is_committee:
        # New words of the vocabulary are the committee's to confirm, whatever text they come from.
        allowed |= set(Tag.objects.values_list("name", flat=True)) | set(Tag.objects.values_list("slug", flat=True))
    for record in records:
        publications = Publication.objects.filter(record=record)
        is_published = publications.filter(until_at=None).exists()
        for version in record.versions.all():
            version.record = record
            if rules.may_see_version(
                standing,
                version,
                was_submitted=Review.objects.filter(version=version).exists(),
                was_published=publications.filter(version=version).exists(),
                is_record_published=is_published,
            ):
                allowed |= _words_of(versions.text_of(version))
        last = publications.select_related("version").order_by("-number").first()
        allowed |= set(WORD.findall(last.version.title)) if last else set()
    return allowed


# -- one title for each reader ---------------------------------------------------------------------


def test_an_unsubmitted_title_is_for_the_team_alone(cast: Cast) -> None:
    record = make_draft(cast, title="Erster Titel")
    submit(cast, record)
    workflow.withdraw(record=reload(record), standing=cast.standing("author"))
    save(cast, record, title="Heimlich Neues")
    record = reload(record)
    assert queries.title_for(cast.standing("member"), record) == "Heimlich Neues"
    for role in ("committee", "head"):
        assert queries.title_for(cast.standing(role), record) == "Erster Titel"
    for role, rest in (("head", "versions/"), ("committee", "versions/1/"), ("committee", "archive/")):
        answer = client_of(cast, role).get(address(record, rest), follow=True)
        assert answer.status_code == 200
        assert "eimlich" not in answer.content.decode()
    moved = client_of(cast, "committee").get(f"/{record.short_number}", follow=True)
    assert moved.status_code == 200
    assert all("heimlich" not in target for target, _code in moved.redirect_chain)


def test_readers_know_a_record_by_its_published_title_or_the_last_one(cast: Cast) -> None:
    record = make_published(cast, title="Gedruckter Titel")
    save(cast, record, title="Neuer Titel")
    submit(cast, record)
    record = reload(record)
    assert queries.title_for(cast.standing("staff"), record) == "Gedruckter Titel"
    assert queries.title_for(cast.standing("committee"), record) == "Neuer Titel"
    workflow.withdraw(record=record, standing=cast.standing("author"))
    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="Überholt")
    assert queries.title_for(cast.standing("staff"), reload(record)) == "Gedruckter Titel"


# -- published once, and not now -------------------------------------------------------------------

TAKEN_ALONG = ("presentation/", "handout.pdf", "brief.docx", "audience/")
READERS_PAGES = ("", "versions/", "versions/1/", "versions/1..2/", "versions/1/files/1/", *TAKEN_ALONG)


@pytest.mark.parametrize("again", [False, True], ids=["archived", "reopened"])
def test_what_is_not_published_any_more_is_gone_on_all_pages_of_readers(cast: Cast, again: bool) -> None:
    record = make_published(cast, title="Gedruckter Titel")
    workflow.archive(record=record, standing=cast.standing("lead"), reason="Überholt und vorbei")
    if again:
        workflow.reopen(record=reload(record), standing=cast.standing("lead"))
        save(cast, record, title="Heimlich Neues")
    for rest in READERS_PAGES:
        page = page_for(cast, "staff", address(record, rest), code=410)
        assert "Gedruckter Titel" in page
        assert "eimlich" not in page
        assert ("Überholt und vorbei" in page) is not again
        assert ("ist zurzeit nicht veröffentlicht" in page) is again
    page_for(cast, "staff", f"/{record.short_number}", code=410)
    page_for(cast, "author", address(record, "versions/"))


def test_a_reopened_record_is_read_again_once_it_is_approved(cast: Cast) -> None:
    record = make_published(cast)
    workflow.archive(record=record, standing=cast.standing("lead"), reason="Überholt")
    workflow.reopen(record=reload(record), standing=cast.standing("lead"))
    review = submit(cast, record)
    page_for(cast, "staff", address(record), code=410)
    workflow.approve(review=review, standing=cast.standing("committee"))
    for rest in ("", "versions/", "versions/1/", "presentation/"):
        assert client_of(cast, "staff").get(address(record, rest), follow=True).status_code == 200


def test_what_was_never_published_does_not_exist_for_readers(cast: Cast) -> None:
    record = make_draft(cast)
    submit(cast, record)
    for rest in READERS_PAGES:
        assert client_of(cast, "staff").get(address(record, rest)).status_code == 404
