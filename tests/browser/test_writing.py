"""Writing in a real browser: nothing typed is lost, what is not needed stays out of the way."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Browser, Page, expect
from pptx import Presentation
from pytest_django.live_server_helper import LiveServer

from governance import versions
from governance.models import Record
from governance.writing import editing
from learnings.writing import LEARNING_WRITING
from tests import factories
from tests.browser.conftest import Visit, is_accessible, sign_in
from tests.factories import Cast, make_draft, make_published, reload, save

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BENEFIT = "Nutzen im Arbeitsalltag"
# The text area below the editor, which holds the Markdown.
SOURCE = "#id_everyday_benefit"


def copies(page: Page) -> dict[str, Any]:
    """What the browser keeps of forms, once the page's scripts have tidied up."""
    page.wait_for_load_state("load")
    found: dict[str, Any] = page.evaluate(
        "Object.fromEntries(Object.entries(localStorage).filter(([k]) => k.startsWith('portal-backup:')))"
    )
    return found


def edit(page: Page, record: Record, rest: str = "edit/2/") -> None:
    page.goto(f"/learnings/{record.number}-hundesteuer-online-anmelden/{rest}")


def test_after_a_session_timeout_the_typed_words_come_back(visit: Visit, cast: Cast) -> None:
    record = make_draft(cast, everyday_benefit="")
    page = visit("author")
    edit(page, record)
    page.get_by_label(BENEFIT).fill("Lange überlegte Worte.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Als Version speichern").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    sign_in(page, "author")
    expect(page).to_have_url(re.compile("/edit/2/"))
    expect(page.get_by_text("Nicht gespeicherte Eingaben wiederherstellen?")).to_be_visible()
    expect(page.locator(SOURCE)).to_have_value("")
    is_accessible(page)
    page.get_by_role("button", name="Wiederherstellen").click()
    expect(page.locator(SOURCE)).to_have_value("Lange überlegte Worte.")
    page.get_by_role("button", name="Als Version speichern").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    assert versions.content_of(reload(record)).everyday_benefit == "Lange überlegte Worte."
    assert copies(page) == {}


def test_after_saving_the_browser_keeps_nothing_of_it(visit: Visit, cast: Cast) -> None:
    record = make_draft(cast)
    page = visit("author")
    edit(page, record)
    page.get_by_label(BENEFIT).fill("Neuer Nutzen.")
    page.get_by_role("button", name="Weiter", exact=True).click()
    expect(page.get_by_role("button", name="Zurück")).to_be_visible()
    assert len(copies(page)) == 1
    page.get_by_role("button", name="Als Version speichern").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    assert copies(page) == {}


def test_on_the_way_to_submission_the_copies_go_too(visit: Visit, cast: Cast) -> None:
    record = make_draft(cast)
    page = visit("author")
    edit(page, record, "edit/4/")
    page.get_by_label("Schlagwörter").fill("Posteingang")
    page.get_by_role("button", name="Zur Freigabe vorlegen").click()
    expect(page.get_by_role("button", name="Vorlegen", exact=True)).to_be_visible()
    assert copies(page) == {}


@pytest.mark.parametrize("how", ["Zwischenstand verwerfen", "Änderungen verwerfen"])
def test_after_dropping_the_browser_keeps_nothing_either(visit: Visit, cast: Cast, how: str) -> None:
    record = make_published(cast)
    save(cast, record, results="Neu.")
    page = visit("author")
    edit(page, record)
    page.get_by_label(BENEFIT).fill("Doch nicht.")
    page.get_by_role("button", name="Zwischenstand festhalten").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    page.get_by_label(BENEFIT).fill("Wirklich nicht.")
    page.get_by_label(BENEFIT).press("Tab")
    if how == "Änderungen verwerfen":
        edit(page, record, "versions/")
        assert copies(page) != {}
        page.get_by_role("button", name=how).click()
    else:
        page.get_by_role("link", name=how).click()
        is_accessible(page)
        page.get_by_role("button", name="Endgültig verwerfen").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    assert copies(page) == {}


def test_saving_one_step_keeps_the_unsent_words_of_another(visit: Visit, cast: Cast) -> None:
    record = make_draft(cast)
    page = visit("author")
    edit(page, record)
    page.get_by_label(BENEFIT).fill("Nie abgeschickt.")
    edit(page, record, "edit/1/")
    page.get_by_label("Titel").fill("Neuer Titel")
    page.get_by_role("button", name="Als Version speichern").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    assert len(copies(page)) == 1
    edit(page, record)
    page.get_by_role("button", name="Wiederherstellen").click()
    expect(page.locator(SOURCE)).to_have_value("Nie abgeschickt.")


def test_a_quick_note_is_written_in_one_go_and_leaves_no_copy(visit: Visit, cast: Cast) -> None:
    page = visit("author")
    page.goto("/learnings/new/")
    page.get_by_label("Titel").fill("Marken per Post")
    page.get_by_label("Was haben Sie gelernt?").fill("Der Versand spart Wege.")
    page.get_by_role("button", name="Entwurf anlegen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Marken per Post")
    assert copies(page) == {}


def test_a_message_shows_only_for_a_chosen_audience_filled_with_the_answer(visit: Visit, cast: Cast) -> None:
    record = make_draft(cast, answer="Kurz gesagt.")
    page = visit("author")
    edit(page, record, "edit/1/")
    message = page.get_by_label("Kernaussage für: Eigenes Team")
    page.get_by_text("Mehr dazu: Zielgruppen und Kernaussagen").click()
    expect(message).to_be_hidden()
    page.get_by_label("Eigenes Team", exact=True).check()
    expect(message).to_have_value("Kurz gesagt.")
    message.fill("Für uns heißt das: weniger Papier.")
    is_accessible(page)
    page.get_by_role("button", name="Als Version speichern").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    [row] = versions.content_of(reload(record)).messages
    assert (row["audience"], row["text"]) == ("team", "Für uns heißt das: weniger Papier.")
    edit(page, record, "edit/1/")
    expect(message).to_be_visible()
    page.get_by_label("Eigenes Team", exact=True).uncheck()
    expect(message).to_be_hidden()
    page.get_by_role("button", name="Als Version speichern").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    assert versions.content_of(reload(record)).messages == []


def test_an_error_in_a_folded_part_opens_it_and_is_reached_from_the_top(visit: Visit, cast: Cast) -> None:
    record = make_draft(cast, what_was_done="")
    page = visit("author")
    edit(page, record)
    page.get_by_text("Mehr dazu: Anlass, Vorgehen und Ergebnisse").click()
    page.get_by_label("Was wurde gezählt?").fill("Anteil")
    page.get_by_label("Zahl", exact=False).last.fill("viele")
    page.get_by_label(BENEFIT).fill("Bleibt stehen.")
    page.get_by_role("button", name="Als Version speichern").click()
    expect(page.locator("[data-outcome=invalid]")).to_be_visible()
    expect(page.locator("[data-errors]")).to_be_focused()
    is_accessible(page)
    page.get_by_role("link", name="Belege in Zahlen, Zeile 1: Zahl").click()
    expect(page.locator("#id_figures-0-number")).to_be_in_viewport()
    expect(page.locator(SOURCE)).to_have_value("Bleibt stehen.")
    assert len(copies(page)) == 1


@pytest.mark.parametrize("script", [True, False])
def test_the_progress_bar_leads_on_and_loses_no_word(
    browser: Browser, live_server: LiveServer, cast: Cast, script: bool
) -> None:
    record = make_draft(cast)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=script)
    page = context.new_page()
    page.goto("/accounts/login/")
    sign_in(page, "author")
    edit(page, record)
    page.get_by_label(BENEFIT).fill("Neu getippt.")
    page.get_by_role("button", name="Erkenntnis").click()
    expect(page.get_by_label("Titel")).to_be_visible()
    page.get_by_label("Titel").fill("Neuer Titel")
    page.get_by_role("button", name="Alles auf einer Seite").click()
    expect(page.get_by_label("Titel").first).to_have_value("Neuer Titel")
    expect(page.locator(SOURCE)).to_have_value("Neu getippt.")
    if script:
        is_accessible(page)
    context.close()


def test_a_picture_is_uploaded_described_and_put_into_the_text_without_markdown(visit: Visit, cast: Cast) -> None:
    record = make_draft(cast, everyday_benefit="Vorher.")
    page = visit("author")
    edit(page, record, "edit/3/")
    page.get_by_text("Mehr dazu: Verwandtes, Quellen und Anlagen").click()
    png = {"name": "bild.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(64)}
    page.get_by_label("Anlage hinzufügen").set_input_files(png)  # type: ignore[arg-type]
    page.get_by_role("button", name="Weiter", exact=True).click()
    expect(page.locator("[data-errors]")).to_be_focused()
    is_accessible(page)
    page.get_by_label("Was zeigt „bild.png“?").fill("Ein [neuer] Antrag")
    page.get_by_role("button", name="Nutzen und Maßnahme").click()
    area = page.get_by_label(BENEFIT)
    field = page.locator("[data-markdown]", has=page.locator(SOURCE))
    area.press("Control+End")
    field.get_by_role("button", name="Bild", exact=True).click()
    is_accessible(page)
    field.get_by_role("button", name="bild.png").press("Enter")
    expect(page.locator(SOURCE)).to_have_value("Vorher.\n\n![Ein neuer Antrag](anlage:1)")
    expect(area.get_by_role("img", name="Ein neuer Antrag")).to_be_visible()
    expect(area).to_be_focused()


def test_a_quick_note_survives_a_session_timeout(visit: Visit, cast: Cast) -> None:
    page = visit("author")
    page.goto("/learnings/new/")
    page.get_by_label("Titel").fill("Marken per Post")
    page.get_by_label("Was haben Sie gelernt?").fill("Der Versand spart Wege.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Entwurf anlegen").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    sign_in(page, "author")
    page.get_by_role("button", name="Wiederherstellen").click()
    expect(page.get_by_label("Titel")).to_have_value("Marken per Post")
    expect(page.get_by_label("Was haben Sie gelernt?")).to_have_value("Der Versand spart Wege.")


def test_a_message_follows_the_answer_until_it_has_words_of_its_own(visit: Visit, cast: Cast) -> None:
    record = make_draft(cast, answer="Kurz")
    page = visit("author")
    edit(page, record, "edit/1/")
    page.get_by_text("Mehr dazu: Zielgruppen und Kernaussagen").click()
    page.get_by_label("Eigenes Team", exact=True).check()
    message = page.get_by_label("Kernaussage für: Eigenes Team")
    page.get_by_label("Antwort auf die Leitfrage").fill("Kurz gesagt.")
    expect(message).to_have_value("Kurz gesagt.")
    message.fill("Eigene Worte.")
    page.get_by_label("Antwort auf die Leitfrage").fill("Anders gesagt.")
    expect(message).to_have_value("Eigene Worte.")


def test_taking_a_file_out_keeps_what_was_typed(visit: Visit, cast: Cast) -> None:
    record = make_draft(cast, next_step="Alt")
    standing = cast.standing("author")
    editing.attach(
        editing.open_work(LEARNING_WRITING, record, standing),
        standing,
        SimpleUploadedFile("plan.pdf", b"%PDF-1.7\n"),
        "",
    )
    page = visit("author")
    edit(page, record, "edit/3/")
    page.get_by_label("Nächster Schritt").fill("Neu getippt.")
    page.get_by_role("button", name="plan.pdf entfernen").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    expect(page.get_by_label("Nächster Schritt")).to_have_value("Neu getippt.")


def test_the_enter_key_keeps_what_was_typed_and_takes_no_file_out(visit: Visit, cast: Cast) -> None:
    record = make_draft(cast, effort_time="Alt")
    standing = cast.standing("author")
    editing.attach(
        editing.open_work(LEARNING_WRITING, record, standing),
        standing,
        SimpleUploadedFile("plan.pdf", b"%PDF-1.7\n"),
        "",
    )
    page = visit("author")
    edit(page, record, "edit/3/")
    page.get_by_label("Aufwand: Zeit").fill("Drei Monate")
    page.get_by_label("Aufwand: Zeit").press("Enter")
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    expect(page.get_by_label("Aufwand: Zeit")).to_have_value("Drei Monate")
    expect(page.get_by_role("button", name="plan.pdf entfernen")).to_be_visible()


def test_the_presentation_of_a_quick_note_is_made_for_the_chosen_audience(visit: Visit, cast: Cast) -> None:
    messages = [{"audience": "decision_makers", "text": "Das spart Geld.", "based_on": ""}]
    record = make_draft(cast, everyday_benefit="", what_was_done="", audiences=["decision_makers"], messages=messages)
    page = visit("author")
    edit(page, record, "edit/1/")
    page.get_by_label("Zielgruppe der Vorschau").select_option(label="Politik und Verwaltungsspitze")
    with page.expect_download() as download:
        page.get_by_role("button", name="Präsentation herunterladen").click()
    slides = Presentation(io.BytesIO(download.value.path().read_bytes())).slides
    assert len(slides) == 5
    assert "Das spart Geld." in "".join(s.text_frame.text for s in slides[0].shapes if s.has_text_frame)


@pytest.mark.parametrize("script", [True, False])
def test_the_conflict_page_is_edited_and_saved_with_and_without_script(
    browser: Browser, live_server: LiveServer, cast: Cast, script: bool
) -> None:
    record = make_draft(cast)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=script)
    page = context.new_page()
    page.goto("/accounts/login/")
    sign_in(page, "author")
    edit(page, record)
    page.get_by_label("Was wurde gemacht?").fill("Meine Worte.")
    factories.save(cast, record, by="member", what_was_done="Ihre Worte.")
    page.get_by_role("button", name="Als Version speichern").click()
    expect(page.locator("[data-outcome=conflict]")).to_be_visible()
    expect(page.get_by_text("Ihre Worte.")).to_be_visible()
    mine = page.locator("#id_what_was_done")
    expect(mine).to_have_value("Meine Worte.")
    if script:
        is_accessible(page)
        page.get_by_label("der gespeicherte Text").check()
    # Over the text area stands the editor, where there is a script.
    page.locator("#id_what_was_done_editor" if script else "#id_what_was_done").fill("Ihre und meine Worte.")
    expect(page.get_by_label("mein Text")).to_be_checked()
    page.get_by_role("button", name="Als Version speichern").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    assert versions.content_of(reload(record)).what_was_done == "Ihre und meine Worte."
    if script:
        assert copies(page) == {}
    context.close()


def test_the_toolbar_works_by_keyboard_and_the_preview_is_what_readers_see(visit: Visit, cast: Cast) -> None:
    record = make_draft(cast, everyday_benefit="wichtig")
    page = visit("author")
    edit(page, record)
    area = page.get_by_label(BENEFIT)
    page.locator("[data-markdown]", has=page.locator(SOURCE)).get_by_role("button", name="Als Markdown").click()
    expect(area).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Mit Formatierung").first).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Vorschau").first).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Bild", exact=True).first).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Überschrift").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Fett").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(area).to_have_value("**wichtig**")
    page.get_by_role("button", name="Vorschau").first.press("Enter")
    shown = page.locator("[data-markdown]", has=area).get_by_role("status")
    expect(shown.locator("strong")).to_have_text("wichtig")
    is_accessible(page)
    page.get_by_role("button", name="Als Version speichern").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    factories.approve(cast, factories.submit(cast, record))
    page.goto(f"/L-{record.number}")
    expect(page.locator("article strong")).to_have_text("wichtig")


def test_without_script_messages_and_all_optional_fields_can_be_reached(
    browser: Browser, live_server: LiveServer, cast: Cast
) -> None:
    record = make_draft(cast)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/accounts/login/")
    sign_in(page, "author")
    edit(page, record, "edit/1/")
    expect(page.get_by_label("Kernaussage für: Eigenes Team")).to_be_hidden()
    page.get_by_text("Mehr dazu: Zielgruppen und Kernaussagen").click()
    page.get_by_label("Kernaussage für: Eigenes Team").fill("Für uns.")
    page.get_by_role("button", name="Als Version speichern").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    text = versions.content_of(reload(record))
    assert (text.audiences, text.messages[0]["text"]) == (["team"], "Für uns.")
    context.close()
