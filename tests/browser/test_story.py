"""The one story in a real browser: written, laid before the committee, approved, found.

Every page on the way is checked by axe, and no page may break the content security policy.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from governance import versions, workflow
from governance.workflow import NewComment
from tests import factories
from tests.browser.conftest import Visit, is_accessible
from tests.factories import PASSWORD, Cast, make_draft, make_published, reload

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_learning_is_written_submitted_approved_and_found(visit: Visit) -> None:
    author = visit("author")
    is_accessible(author)
    author.get_by_role("link", name="Learnings", exact=True).first.click()
    is_accessible(author)
    author.get_by_role("link", name="Neues Learning").click()
    is_accessible(author)
    author.get_by_label("Titel").fill("Hundemarken per Post")
    author.get_by_label("Was haben Sie gelernt?").fill("Der Versand spart allen den Weg ins Amt.")
    author.get_by_role("button", name="Entwurf anlegen").click()
    is_accessible(author)
    author.get_by_role("button", name="Weiter", exact=True).click()
    author.get_by_label("Nutzen im Arbeitsalltag").fill("Niemand wartet mehr am Schalter.")
    author.get_by_text("Mehr dazu: Anlass, Vorgehen und Ergebnisse").click()
    author.get_by_label("Was wurde gemacht?").fill("- Marke in den Umschlag\n- Bescheid dazu")
    is_accessible(author)
    author.get_by_role("button", name="Weiter", exact=True).click()
    is_accessible(author)
    author.get_by_role("button", name="Weiter", exact=True).click()
    author.get_by_label("Schlagwörter").fill("Steuern, Posteingang")
    is_accessible(author)
    author.get_by_role("button", name="Zur Freigabe vorlegen").click()
    is_accessible(author)
    author.get_by_label("Was ist neu?").fill("Erste Fassung")
    author.get_by_role("button", name="Vorlegen", exact=True).click()
    expect(author.locator("[data-outcome=ok]")).to_be_visible()
    expect(author.locator("[data-state=in_review]").first).to_be_visible()
    is_accessible(author)

    staff = visit("staff")
    staff.goto("/search/?q=Hundemarken")
    expect(staff.locator("#result-count")).to_contain_text("0 Einträge")
    is_accessible(staff)

    committee = visit("committee")
    committee.get_by_role("link", name=re.compile("Hundemarken per Post")).first.click()
    is_accessible(committee)
    committee.get_by_role("button", name="Ich kümmere mich").click()
    committee.get_by_label("Freigeben", exact=True).check()
    committee.get_by_role("button", name="Entscheidung festhalten").click()
    expect(committee.locator("[data-outcome=ok]")).to_be_visible()
    is_accessible(committee)

    search = staff.get_by_role("main").get_by_role("search")
    search.get_by_label("Wonach suchen Sie?").fill("Hundemarken")
    search.get_by_role("button", name="Suchen").click()
    staff.get_by_role("link", name="Hundemarken per Post").click()
    expect(staff.get_by_role("heading", level=1)).to_have_text("Hundemarken per Post")
    expect(staff.get_by_text("freigegeben am")).to_be_visible()
    is_accessible(staff)
    with staff.expect_download() as download:
        staff.get_by_role("button", name="Präsentation (.pptx)").click()
    assert download.value.suggested_filename.endswith(".pptx")
    for address in ("/tags/", "/tags/steuern/", "/governance/departments/", "/help/", "/tasks/"):
        staff.goto(address)
        is_accessible(staff)


def test_two_savers_meet_on_the_conflict_page_with_every_word(visit: Visit, cast: Cast) -> None:
    record = make_draft(cast)
    page = visit("author")
    page.goto(f"/learnings/{record.number}-x/edit/2/")
    page.get_by_label("Was wurde gemacht?").fill("Meine eigenen Worte.")
    factories.save(cast, record, by="member", what_was_done="Die Worte der anderen.")
    page.get_by_role("button", name="Als Version speichern").click()
    expect(page.locator("[data-outcome=conflict]")).to_be_visible()
    expect(page.locator("#id_what_was_done")).to_have_value("Meine eigenen Worte.")
    expect(page.get_by_text("Die Worte der anderen.")).to_be_visible()
    is_accessible(page)
    page.get_by_role("button", name="Als Version speichern").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    assert versions.content_of(reload(record)).what_was_done == "Meine eigenen Worte."


def test_on_a_phone_nothing_is_wider_than_the_screen(visit: Visit, cast: Cast) -> None:
    record = make_published(cast)
    page = visit("author", width=390)
    addresses = ["/", "/learnings/", "/search/?q=Formular", f"/L-{record.number}", "/tasks/"]
    addresses += [f"/learnings/{record.number}-x/versions/", f"/learnings/{record.number}-x/edit/"]
    for address in addresses:
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, f"{address} is {width} wide"
        is_accessible(page)


def test_without_javascript_the_draft_can_still_be_written(
    browser: Browser, live_server: LiveServer, cast: Cast
) -> None:
    page = browser.new_context(base_url=live_server.url, java_script_enabled=False).new_page()
    page.goto("/accounts/login/?next=/learnings/new/")
    page.get_by_label("Anmeldename").fill("author")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_label("Titel").fill("Ohne Skript")
    page.get_by_label("Was haben Sie gelernt?").fill("Es geht auch so.")
    page.get_by_role("button", name="Entwurf anlegen").click()
    page.get_by_role("button", name="Als Version speichern").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ohne Skript")


def test_print_shows_every_message_and_no_button(visit: Visit, cast: Cast) -> None:
    texts = {"team": "Gesagt fürs Team.", "municipality": "Gesagt für die Kommune.", "decision_makers": "Der Spitze."}
    messages = [{"audience": audience, "text": text, "based_on": ""} for audience, text in texts.items()]
    record = make_published(cast, audiences=list(texts), messages=messages)
    page = visit("staff")
    page.goto(f"/L-{record.number}")
    expect(page.get_by_role("button", name="Drucken")).to_be_visible()
    expect(page.get_by_text("Der Spitze.")).to_be_hidden()
    page.emulate_media(media="print")
    for text in texts.values():
        expect(page.get_by_text(text)).to_be_visible()
    expect(page.get_by_role("button", name="Drucken")).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("main details:not([open])").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("main details[open]").count() == 0


def test_new_and_changed_pages_are_accessible(visit: Visit, cast: Cast) -> None:
    record = make_published(cast, audiences=["team"], messages=[{"audience": "team", "text": "A", "based_on": ""}])
    factories.save(cast, record, answer="Neue Antwort.")
    review = factories.submit(cast, reload(record))
    remark = NewComment("answer", "Woher stammt das?")
    workflow.request_changes(review=review, standing=cast.standing("committee"), reason="Kürzer", comments=[remark])
    author, lead, committee = visit("author"), visit("lead"), visit("committee")
    for rest in ("versions/", "versions/1/", "versions/1..2/", "submit/", "roll-back/1/", "?audience=team"):
        author.goto(f"/learnings/{record.number}-x/{rest}")
        is_accessible(author)
    for rest in ("administration/", "archive/"):
        lead.goto(f"/learnings/{record.number}-x/{rest}")
        is_accessible(lead)
    review = factories.submit(cast, reload(record))
    for url in ("/governance/reviews/", "/governance/reviews/print/", f"/governance/reviews/{review.pk}/"):
        committee.goto(url)
        is_accessible(committee)
    workflow.withdraw(record=reload(record), standing=cast.standing("author"))
    committee.get_by_label("Freigeben", exact=True).check()
    committee.get_by_label("Begründung").fill("Meine Worte")
    committee.get_by_role("button", name="Entscheidung festhalten").click()
    expect(committee.locator("[data-outcome=conflict]")).to_be_visible()
    expect(committee.get_by_text("Meine Worte")).to_be_visible()
    is_accessible(committee)
    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="Überholt")
    committee.goto(f"/L-{record.number}")
    is_accessible(committee)
