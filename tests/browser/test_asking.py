"""Asking back in a real Chromium: a question is answered and published, a hint becomes a draft, one click thanks."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, fits_its_window, is_accessible, is_accessible_in_the_dark_too
from tests.factories import Cast, make_published
from transfer.models import Hint, Question

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def done(page: Page, words: str) -> None:
    expect(page.locator('[data-outcome="ok"]')).to_contain_text(words)
    is_accessible(page)
    fits_its_window(page)


def test_ask_answer_publish_and_hint(visit: Visit, cast: Cast) -> None:
    record = make_published(cast)
    page = visit("staff", 390)
    page.goto(f"/{record.short_number}")
    page.get_by_role("button", name="Hat mir geholfen").click()
    done(page, "Ihr Name steht nirgends.")
    # The reader was at the end of the page, and sees it there.
    expect(page.locator('[data-outcome="ok"]')).to_be_in_viewport()
    page.get_by_role("main").get_by_role("link", name="Rückfrage an das Team").first.click()
    is_accessible(page)
    page.get_by_label("Was möchten Sie wissen?").fill("Gilt das auch für Katzen?")
    page.get_by_role("button", name="Abschicken").click()
    done(page, "Ihre Rückfrage ist beim Team.")
    page.get_by_role("link", name="Hinweis geben").click()
    page.get_by_label("Worum geht es?").fill("Post nach Straßen sortiert")
    page.get_by_label("Was sollte das Team wissen?").fill("Wir sortieren nach Straßen. Niemand sucht mehr.")
    page.get_by_role("button", name="Abschicken").click()
    done(page, "Ihr Hinweis ist angekommen")

    # The change team, without JavaScript.
    page = visit("author", javascript=False)
    page.goto(Question.objects.get().get_absolute_url())
    page.get_by_role("link", name="Antworten").click()
    page.get_by_label("Antwort").fill("Nein, nur für Hunde.")
    page.get_by_role("button", name="Antwort speichern").click()
    expect(page.locator('[data-outcome="ok"]')).to_contain_text("Beantwortet.")
    page.get_by_role("link", name="Unter dem Eintrag veröffentlichen").click()
    expect(page.get_by_label("Frage")).to_have_value("Gilt das auch für Katzen?")
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.get_by_role("button", name="Zurücknehmen")).to_be_visible()

    page = visit("outsider")
    page.goto(f"/{record.short_number}")
    page.locator("summary", has_text="Gilt das auch für Katzen?").click()
    expect(page.get_by_text("Nein, nur für Hunde.")).to_be_visible()
    is_accessible(page)
    is_accessible_in_the_dark_too(page)
    page.goto(Hint.objects.get().get_absolute_url())
    is_accessible(page)
    page.get_by_role("button", name="Entwurf daraus machen").click()
    expect(page.get_by_label("Titel")).to_have_value("Post nach Straßen sortiert")
