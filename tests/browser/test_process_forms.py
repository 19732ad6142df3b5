"""The forms of process models in a real browser: accessible, rows added, conflict pictures shown."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from governance.models import DraftBuffer
from processmodels import diagrams
from tests.browser.conftest import Visit, is_accessible
from tests.factories import Cast, save
from tests.processmodels.factories import AFTER, bpmn, make_process

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_process_is_written_from_the_first_sentence_to_submission(visit: Visit, cast: Cast) -> None:
    page = visit("author")
    page.goto("/processmodels/new/")
    is_accessible(page)
    page.get_by_label("Titel").fill("Hund anmelden")
    page.get_by_label("Zweck in einem Satz").fill("Hunde zur Steuer anmelden.")
    page.get_by_role("button", name="Entwurf anlegen").click()
    page.get_by_label("Schlagwörter").fill("Online-Dienst")
    is_accessible(page)
    page.get_by_role("button", name="Weiter", exact=True).click()
    after = page.locator("#to_be")
    after.get_by_label("Aus Excel einfügen").fill("Steueramt\tAntrag prüfen\tSAP\nSteueramt\tBescheid versenden")
    after.get_by_role("button", name="Einfügen und Diagramm zeichnen").click()
    expect(page.locator("#to_be .process-picture img")).to_be_visible()
    expect(page.locator("[name='to_be_steps-1-activity']")).to_have_value("Bescheid versenden")
    is_accessible(page)
    page.get_by_role("button", name="Weiter", exact=True).click()
    page.get_by_text("Kennzahlen vorher und nachher").click()
    page.get_by_label("Kennzahl", exact=False).first.select_option("lead_time")
    page.get_by_label("Wert vorher").first.fill("12,5")
    page.get_by_role("button", name="Weitere Zeile").click()
    is_accessible(page)
    page.get_by_role("button", name="Weiter", exact=True).click()
    expect(page.locator("[data-preview]")).to_contain_text("Antrag prüfen")
    expect(page.locator("[data-preview]")).to_contain_text("12,5 Tage")
    is_accessible(page)
    page.get_by_role("button", name="Zur Freigabe vorlegen").click()
    expect(page).to_have_url(re.compile("/submit/$"))
    expect(page.get_by_text("Es fehlt noch etwas")).to_have_count(0)


def test_two_diagrams_stand_side_by_side_in_a_conflict(visit: Visit, cast: Cast) -> None:
    record = make_process(cast)
    page = visit("author")
    page.goto(f"/processmodels/{record.number}-hund/edit/2/")
    save(cast, record, by="member", to_be=diagrams.store(bpmn(AFTER[:1])).pk)
    page.locator("#to_be summary", has_text="Datei hochladen").click()
    file = {"name": "mein.bpmn", "mimeType": "application/xml", "buffer": bpmn(AFTER[:2])}
    page.locator("[name='to_be-file']").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="Als Version speichern", exact=True).click()
    expect(page.locator("[data-outcome=conflict]")).to_be_visible()
    for picture in page.locator("[data-choice] .process-picture img").all():
        expect(picture).to_be_visible()
    expect(page.locator("[data-choice] .process-picture img")).to_have_count(2)
    is_accessible(page)
    page.get_by_label("mein Text").check()
    page.get_by_role("button", name="Als Version speichern").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    assert not DraftBuffer.objects.filter(record=record).exists()


def test_the_import_of_a_list_is_accessible_from_file_to_drafts(visit: Visit) -> None:
    page = visit("author")
    page.goto("/processmodels/import/")
    is_accessible(page)
    file = {"name": "liste.csv", "mimeType": "text/csv", "buffer": b"Prozess;Amt\nHund anmelden;Steueramt\n;x"}
    page.get_by_label("Prozessliste").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="Vorschau zeigen").click()
    is_accessible(page)
    page.get_by_role("button", name="1 Entwurf anlegen").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()


def test_choosing_a_key_figure_proposes_unit_and_direction_at_once_and_leaves_what_was_typed(
    visit: Visit, cast: Cast
) -> None:
    record = make_process(cast)
    page = visit("author")
    page.goto(f"/processmodels/{record.number}-hund/edit/3/")
    page.get_by_text("Kennzahlen vorher und nachher").click()
    expect(page.get_by_text("Kennzahlen beschreiben den Ablauf, nie eine einzelne Person.")).to_be_visible()
    field = "[name='key_figures-{}-{}']".format
    measure, before, after = (page.locator(field(0, name)) for name in ("measure", "as_is_unit", "to_be_unit"))
    after.fill("Werktage")
    measure.select_option("lead_time")
    expect(before).to_have_value("Tage")
    expect(after).to_have_value("Werktage")
    expect(page.locator(field(0, "better"))).to_have_value("lower")
    measure.select_option("satisfaction")
    expect(before).to_have_value("Punkte von 10")
    expect(after).to_have_value("Werktage")
    expect(page.locator(field(0, "better"))).to_have_value("higher")
    measure.select_option("other")
    expect(before).to_have_value("")
    rows = page.locator("[data-formset='key_figures'] [data-formset-row]:visible")
    count = rows.count()
    page.locator("[data-formset='key_figures']").get_by_role("button", name="Weitere Zeile").click()
    page.locator(field(count, "measure")).select_option("media_breaks")
    expect(page.locator(field(count, "to_be_unit"))).to_have_value("Medienbrüche")
