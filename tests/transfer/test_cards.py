"""Cards on A6 and A4, and the page of teaser and article: of what is published, and of nothing else."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from governance import workflow
from tests.factories import Cast, make_draft, make_published, reload, save
from tests.pages import client_of, main_of, page_for
from tests.transfer.test_newsletter_files import HOSTILE
from transfer import published
from transfer.cards import printing

pytestmark = pytest.mark.django_db
A6, A4 = (105, 148.5), (210, 297)
MM = 72 / 25.4


def fetch(cast: Cast, number: str, query: str = "", role: str = "staff") -> Any:
    return client_of(cast, role).get(f"/transfer/records/{number}/card.pdf{query}")


def read(answer: Any) -> PdfReader:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in answer.content
    return PdfReader(io.BytesIO(answer.content))


def size_of(pdf: PdfReader) -> tuple[float, float]:
    box = pdf.pages[0].mediabox
    return (round(float(box.width) / MM, 1), round(float(box.height) / MM, 1))


def words_of(pdf: PdfReader) -> str:
    return " ".join(pdf.pages[0].extract_text().split())


def test_one_card_is_a_tagged_a6_in_german_with_three_sentences_and_the_number(cast: Cast) -> None:
    record = make_published(cast, everyday_benefit="Erstens. Zweitens ist besser. Drittens fehlt.", answer="Viertens.")
    save(cast, record, everyday_benefit="Nur im Entwurf.")
    pdf = read(fetch(cast, record.short_number))
    assert (len(pdf.pages), size_of(pdf)) == (1, A6)
    assert pdf.root_object["/Lang"] == "de"
    assert pdf.metadata is not None
    assert pdf.metadata.title == f"Karten: {record.short_number}"
    words = words_of(pdf)
    for told in ("Hundesteuer online anmelden", "Erstens.", "Zweitens ist besser.", "Viertens.", record.short_number):
        assert told in words
    assert "Drittens" not in words
    assert "Entwurf" not in words


def test_four_on_a_sheet_are_the_same_or_those_that_are_chosen(cast: Cast) -> None:
    one, two = make_published(cast, title="Eins"), make_published(cast, title="Zwei")
    pdf = read(fetch(cast, one.short_number, "?paper=a4"))
    assert (len(pdf.pages), size_of(pdf)) == (1, A4)
    assert words_of(pdf).count("Eins") == 4
    words = words_of(read(fetch(cast, one.short_number, f"?paper=a4&more={two.short_number.lower()}")))
    assert (words.count("Eins"), words.count("Zwei")) == (1, 1)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("L-1,L-2,L-3,L-4", "höchstens drei weitere"),
        ("L-99", "Nicht veröffentlicht oder nicht vorhanden: L-99"),
        ("Unsinn", "Nicht veröffentlicht oder nicht vorhanden: UNSINN"),
        ("\x7f", "unsichtbares oder unlesbares"),
    ],
)
def test_what_cannot_be_printed_is_told_at_the_field(cast: Cast, more: str, told: str) -> None:
    record = make_published(cast)
    answer = client_of(cast, "staff").get(
        f"/transfer/records/{record.short_number}/card.pdf", {"paper": "a4", "more": more}
    )
    assert answer.status_code == 422
    assert told in answer.content.decode()


@pytest.mark.parametrize("page", ["texts/", "card/", "card.pdf"])
def test_drafts_have_no_card_and_what_is_archived_is_gone(cast: Cast, page: str) -> None:
    draft, record = make_draft(cast), make_published(cast)
    archived = make_published(cast)
    workflow.archive(record=reload(archived), standing=cast.standing("lead"), reason="Überholt")
    for role in ("author", "staff"):
        client = client_of(cast, role)
        assert client.get(f"/transfer/records/{record.short_number}/{page}").status_code == 200
        assert client.get(f"/transfer/records/{draft.short_number}/{page}").status_code == 404
        assert client.get(f"/transfer/records/{archived.short_number}/{page}").status_code == 410
        assert client.get(f"/transfer/records/X-1/{page}").status_code == 404


def test_whatever_people_write_has_room_and_stays_text(cast: Cast) -> None:
    long = make_published(
        cast, title="Wort " * 39 + "Ende", everyday_benefit="Donaudampfschiff " * 900, answer="x" * 600
    )
    hostile = make_published(cast, title=HOSTILE[:200], everyday_benefit=HOSTILE, answer=HOSTILE)
    told = published.told([long.pk, hostile.pk])
    pdf = PdfReader(io.BytesIO(printing.make([told[long.pk], told[hostile.pk]], sheet=False)))
    assert len(pdf.pages) == 2
    assert "Ende" in words_of(pdf)
    assert "alert(1)" in pdf.pages[1].extract_text()


def test_the_texts_are_those_of_the_published_version(cast: Cast) -> None:
    record = make_published(cast, everyday_benefit="Veröffentlicht gesagt.", article="Eins.\n\n<b>Zwei</b>.")
    save(cast, record, everyday_benefit="Nur im Entwurf.", article="Nur im Entwurf.")
    page = main_of(page_for(cast, "staff", f"/transfer/records/{record.short_number}/texts/"))
    assert "Veröffentlicht gesagt." in page
    assert "<p>Eins.</p><p>&lt;b&gt;Zwei&lt;/b&gt;.</p>" in page
    assert "Nur im Entwurf." not in page
    assert f"/{record.short_number}</a>" in page
    assert "Bearbeiten" not in page
    assert "Bearbeiten" in main_of(page_for(cast, "author", f"/transfer/records/{record.short_number}/texts/"))


def test_one_block_of_a_records_page_has_all_ways_of_passing_it_on(cast: Cast) -> None:
    record = make_published(cast)
    page = page_for(cast, "staff", f"/{record.short_number}")
    block = page[page.index('id="weitergeben"') :].partition("</section>")[0]
    for way in ("presentation/", "handout", "texts/", "card/", f"/transfer/records/{record.short_number}/"):
        assert way in block
    assert 'href="#weitergeben"' in page
