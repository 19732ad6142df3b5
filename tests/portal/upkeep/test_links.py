"""Links of published texts: which there are, which lead nowhere inside, which nobody has looked at outside."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from governance import catalogue, clock, workflow
from governance.models import CatalogueEntry, Record
from governance.upkeep.scope import scope_for
from portal.upkeep import inside, queries, reading, services, writing
from portal.upkeep.models import AddressCheck, PageLink
from tests.factories import Cast, approve, make_draft, make_published, reload, save, submit
from tests.pages import page_for
from tests.processmodels.factories import make_process, publish
from tests.transfer.asking import factories as asking
from tests.transfer.proofs import factories as proofs
from transfer.models import Question

pytestmark = pytest.mark.django_db
OUTSIDE = "https://beispiel.de/leitfaden"


def links(record: Record) -> dict[str, PageLink]:
    return {link.address: link for link in PageLink.objects.filter(entry_id=record.pk)}


def broken(cast: Cast, role: str = "committee") -> list[tuple[str, str]]:
    """Address and what is wrong, as the list tells it."""
    from portal.upkeep.lists import BY_KEY, Asked

    asked = Asked(cast.standing(role), scope_for(cast.standing(role)))
    rows = BY_KEY["inside"].rows(asked, list(BY_KEY["inside"].query(asked)))
    return [(row["address"], row["reason"]) for row in rows]


def published_with(cast: Cast, text: str, **more: Any) -> Record:
    return make_published(cast, title="Mit Links", what_was_done=text, **more)


# -- what a text links to ------------------------------------------------------------------------------


def test_links_are_kept_from_markdown_rows_and_related_records(cast: Cast, settings: Settings) -> None:
    settings.PORTAL_BASE_URL = "https://wissen.stadt.example"
    other = make_published(cast)
    text = (
        f"Siehe [Leitfaden]({OUTSIDE}), [Start](/), [dort](https://wissen.stadt.example/L-1#kontakt), "
        "[Mail](mailto:a@b.example) und `[kein](https://link.example)`."
    )
    row = {"title": "Studie", "url": "https://studie.example/a?b=c#d", "repository": "", "retrieved_on": "2020-02-03"}
    record = published_with(cast, text, links=[row], related=[other.pk])
    found = links(record)
    assert set(found) == {OUTSIDE, "/", "/L-1#kontakt", "https://studie.example/a?b=c#d", "/L-1"}
    assert found[OUTSIDE].words == "Leitfaden" and found[OUTSIDE].is_outside
    assert found[OUTSIDE].since == timezone.localdate(CatalogueEntry.objects.get(pk=record.pk).published_at)
    assert found["https://studie.example/a?b=c#d"].since == dt.date(2020, 2, 3)
    assert found["/L-1#kontakt"].target_id == other.pk and not found["/L-1#kontakt"].is_outside
    # The draft counts as little as in all lists: what is not published has no links here.
    save(cast, record, what_was_done="[neu](https://neu.example)")
    assert set(links(record)) == set(found)
    approve(cast, submit(cast, record))
    assert "https://neu.example" in links(record) and OUTSIDE not in links(record)


@pytest.mark.parametrize(
    "address", [f"https://lang.example/{'a' * 1000}", "ftp://x.example", "//fremd.example/x", "https://[kaputt", "  "]
)
def test_what_is_no_address_to_look_at_is_left_out(address: str) -> None:
    assert reading.addresses({"links": [{"title": "x", "url": address}]}) == {}


def test_a_day_of_the_future_is_that_of_the_publication(cast: Cast) -> None:
    row = {"title": "Studie", "url": OUTSIDE, "repository": "", "retrieved_on": "2999-01-01"}
    assert links(published_with(cast, "x", links=[row]))[OUTSIDE].since <= clock.today()


def test_rebuilding_the_catalogue_brings_the_same_links(cast: Cast) -> None:
    record = published_with(cast, f"[a]({OUTSIDE}) und [b](/L-99) und ![Bild](anlage:4)")
    before = {(link.address, link.fault, link.since) for link in links(record).values()}
    PageLink.objects.all().delete()
    catalogue.rebuild()
    assert {(link.address, link.fault, link.since) for link in links(record).values()} == before
    assert len(before) == 3


# -- inside --------------------------------------------------------------------------------------------


def test_links_that_arrive_are_not_listed(cast: Cast) -> None:
    other = make_published(cast)
    process = publish(cast, make_process(cast))
    trial = proofs.publish(cast)
    good = [
        "/",
        "/learnings/",
        "/L-1",
        "/l-1/",
        f"/learnings/{other.number}-alter-titel/",
        f"/learnings/{other.number}-x/#freigabe",
        f"/learnings/{other.number}-x/versions/1/",
        f"/processmodels/{process.number}-x/#ablauf-to_be",
        f"/processmodels/{process.number}-x/versions/1/files/nachher.svg",
        f"/transfer/proofs/{trial.number}-x/#weitergeben",
        "/help/staff/",
        "#kontakt",
        "/search/?q=Hundesteuer#treffer",
    ]
    record = published_with(cast, " ".join(f"[x{n}]({address})" for n, address in enumerate(good)))
    assert broken(cast) == []
    assert len(links(record)) == len(good)


def test_every_place_on_the_real_page_of_each_kind_is_known(cast: Cast) -> None:
    figure = {"label": "Fälle", "number": "3", "unit": "", "period": "", "source": ""}
    learning = make_published(cast, figures=[figure], effort_time="Ein Tag", audiences=["team"])
    workflow.confirm(record=learning, standing=cast.standing("lead"))
    asking.publish(cast, asking.answer(cast, asking.ask(cast, learning)))
    for record in (learning, publish(cast, make_process(cast, trigger="Antrag")), proofs.publish(cast)):
        page = page_for(cast, "staff", CatalogueEntry.objects.get(pk=record.pk).url)
        places = set(re.findall(r'\sid="([^"]+)"', page[page.index("<main") : page.index("</main>")]))
        assert len(places) > 6
        # What a list of forms numbers is no place to point at.
        assert {place for place in places if not inside._has_place(record.pk, place)} == set()


NOWHERE = {
    "/L-99": "Diesen Eintrag gibt es für Lesende nicht",
    "/L-999999999": "Diesen Eintrag gibt es für Lesende nicht",
    "/Z-1": "Diese Adresse gibt es im Portal nicht",
    "/learnings/99-x/": "Diesen Eintrag gibt es für Lesende nicht",
    "/gibt/es/nicht/": "Diese Adresse gibt es im Portal nicht",
    "/learnings/1-x/#gibtsnicht": "Diese Stelle gibt es auf der Seite nicht",
    "/processmodels/1-x/#belege": "Diese Stelle gibt es auf der Seite nicht",
    "#frage-99": "Diese Stelle gibt es auf der Seite nicht",
    "#gibtsnicht": "Diese Stelle gibt es auf der Seite nicht",
    "/learnings/1-x/versions/1/files/1": "Diese Datei gibt es dort nicht",
    "/learnings/1-x/versions/7/files/1": "Diese Datei gibt es dort nicht",
    "/processmodels/1-x/versions/1/files/vorher.exe": "Diese Datei gibt es dort nicht",
}


def test_links_that_lead_nowhere_say_why(cast: Cast) -> None:
    make_published(cast)
    publish(cast, make_process(cast))
    published_with(cast, " ".join(f"[x{n}]({address})" for n, address in enumerate(NOWHERE)))
    assert dict(broken(cast)) == NOWHERE


def test_a_link_to_what_is_archived_names_the_successor(cast: Cast) -> None:
    old, new = make_published(cast), make_published(cast, title="Neu")
    published_with(cast, "[alt](/L-1)", related=[old.pk])
    assert broken(cast) == []
    workflow.archive(record=old, standing=cast.standing("lead"), reason="Überholt", successor=new)
    assert broken(cast) == [("/L-1", "Archiviert; stattdessen gilt L-2")]
    assert broken(cast, "outsider") == []
    # The successor itself may name what it has taken the place of.
    save(cast, new, related=[old.pk])
    approve(cast, submit(cast, reload(new)))
    assert [entry for entry, _reason in broken(cast)] == ["/L-1"]


def test_of_a_draft_of_others_nothing_is_said_but_that_readers_do_not_get_there(cast: Cast) -> None:
    make_draft(cast, "outsider", title="Geheimer Plan")
    published_with(cast, "[bald](/L-1)")
    assert broken(cast, "author") == broken(cast, "committee")
    assert broken(cast) == [("/L-1", "Diesen Eintrag gibt es für Lesende nicht")]


def test_nor_of_its_files_its_end_or_what_takes_the_place_of_another(cast: Cast) -> None:
    draft, old, new = make_draft(cast), make_published(cast), make_published(cast)
    workflow.archive(record=draft, standing=cast.standing("lead"), reason="Verworfen")
    workflow.archive(record=old, standing=cast.standing("lead"), reason="Überholt", successor=new)
    workflow.archive(record=new, standing=cast.standing("lead"), reason="Auch überholt")
    published_with(cast, "[a](/L-1) [b](/learnings/1-x/versions/1/files/1) [c](/L-2)")
    nothing = "Diesen Eintrag gibt es für Lesende nicht"
    assert dict(broken(cast)) == {
        "/L-1": nothing,
        "/learnings/1-x/versions/1/files/1": nothing,
        "/L-2": "Archiviert",
    }


def test_a_published_question_is_a_place_until_it_is_taken_back(cast: Cast) -> None:
    record = make_published(cast)
    question = asking.ask(cast, record)
    asking.answer(cast, question)
    asking.publish(cast, question)
    published_with(cast, f"[x](/learnings/{record.number}-x/#frage-{question.pk})")
    assert broken(cast) == []
    Question.objects.update(published_at=None)
    writing.look_again()
    assert [reason for _address, reason in broken(cast)] == ["Diese Stelle gibt es auf der Seite nicht"]


def test_a_picture_of_an_attachment_that_is_not_there_is_named(cast: Cast) -> None:
    record = published_with(cast, "![Ein Plan](anlage:3)")
    assert broken(cast) == [("", "Diese Anlage hat der Text nicht")]
    assert PageLink.objects.get(entry_id=record.pk).words == "Ein Plan"


def test_each_night_what_others_have_changed_is_seen(cast: Cast) -> None:
    other = make_published(cast)
    published_with(cast, "[Belege](/learnings/1-x/#belege) [nie](/L-3)")
    assert broken(cast)[0] == ("/learnings/1-x/#belege", "Diese Stelle gibt es auf der Seite nicht")
    figure = {"label": "Fälle", "number": "3", "unit": "", "period": "", "source": ""}
    save(cast, other, figures=[figure], results="")
    approve(cast, submit(cast, other))
    make_published(cast, title="Dritter")
    writing.look_again()
    assert broken(cast) == []
    assert set(PageLink.objects.filter(is_outside=False).values_list("fault", flat=True)) == {""}


def test_an_archived_record_has_no_links_any_more(cast: Cast) -> None:
    record = published_with(cast, f"[x]({OUTSIDE}) [y](/L-99)")
    workflow.archive(record=record, standing=cast.standing("lead"), reason="Überholt")
    assert not PageLink.objects.exists()
    assert broken(cast) == []


# -- outside -------------------------------------------------------------------------------------------


def waiting(cast: Cast, role: str = "committee") -> list[str]:
    return [row["address"] for row in queries.unchecked_outside(scope_for(cast.standing(role)))]


def aged(address: str, days: int) -> str:
    """The link as if it had been published so many days ago; its key."""
    PageLink.objects.filter(address=address).update(since=clock.today() - dt.timedelta(days=days))
    return reading.key_of(address)


def test_a_link_waits_when_nobody_has_looked_at_it_for_a_year(cast: Cast) -> None:
    published_with(cast, f"[x]({OUTSIDE})")
    assert waiting(cast) == []
    aged(OUTSIDE, 365)
    assert waiting(cast) == []
    key = aged(OUTSIDE, 366)
    assert waiting(cast) == [OUTSIDE]
    assert waiting(cast, "outsider") == []
    assert services.check_address(standing=cast.standing("author"), key=key, is_reached=True) == 1
    assert waiting(cast) == []
    AddressCheck.objects.update(checked_on=clock.today() - dt.timedelta(days=366))
    assert waiting(cast) == [OUTSIDE]


def test_a_check_counts_for_every_record_that_names_the_address_and_outlives_a_new_issue(cast: Cast) -> None:
    record = published_with(cast, f"[x]({OUTSIDE})")
    make_published(cast, "outsider", title="Auch", what_was_done=f"[y]({OUTSIDE})")
    key = aged(OUTSIDE, 400)
    assert waiting(cast) == waiting(cast, "outsider") == [OUTSIDE]
    assert services.check_address(standing=cast.standing("outsider"), key=key, is_reached=True) == 2
    assert waiting(cast) == []
    save(cast, record, answer="Anders.")
    approve(cast, submit(cast, reload(record)))
    aged(OUTSIDE, 400)
    assert waiting(cast) == []


def test_a_link_that_leads_nowhere_stays_until_it_is_replaced(cast: Cast) -> None:
    record = published_with(cast, f"[x]({OUTSIDE})")
    key = aged(OUTSIDE, 0)
    services.check_address(standing=cast.standing("author"), key=key, is_reached=False)
    assert waiting(cast) == [OUTSIDE]
    save(cast, record, what_was_done="Ohne.")
    approve(cast, submit(cast, reload(record)))
    assert waiting(cast) == []


def test_what_is_known_of_an_address_is_forgotten_a_year_after_its_last_text(cast: Cast) -> None:
    published_with(cast, f"[x]({OUTSIDE})")
    long_ago = clock.today() - dt.timedelta(days=366)
    for key in (reading.key_of(OUTSIDE), "0" * 64):
        AddressCheck.objects.create(key=key, checked_on=long_ago)
    AddressCheck.objects.create(key="1" * 64, checked_on=clock.today())
    writing.forget_checks()
    assert set(AddressCheck.objects.values_list("pk", flat=True)) == {reading.key_of(OUTSIDE), "1" * 64}
