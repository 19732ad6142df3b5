"""From the mail to a confirmed record, and what the committee finds, in a real browser."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from governance import clock
from governance.models import CatalogueEntry, OutgoingMail, Record
from governance.upkeep import reminding
from portal.upkeep.models import LikePair
from tests.browser.conftest import Visit, fits_its_window, is_accessible, is_accessible_in_the_dark_too
from tests.factories import Cast, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OUTSIDE = "https://beispiel.de/leitfaden"


def test_a_lead_confirms_from_the_mail_and_the_committee_looks_through_the_lists(cast: Cast, visit: Visit) -> None:
    row = {"title": "Leitfaden", "url": OUTSIDE, "repository": "", "retrieved_on": "2020-02-03"}
    record = make_published(cast, what_was_done="[weg](/L-99)", links=[row])
    other = make_published(cast, title="Hundesteuer im Netz anmelden")
    late = clock.today() - dt.timedelta(days=3)
    for model in (Record, CatalogueEntry):
        model.objects.filter(pk=record.pk).update(check_up_on=late)  # type: ignore[attr-defined]
    LikePair.objects.create(first_id=record.pk, second_id=other.pk)
    reminding.remind()
    body = OutgoingMail.objects.filter(to=cast.lead).latest("pk").body
    link = next(line for line in body.splitlines() if "/check-up/" in line)

    page = visit("lead")
    page.goto("/" + link.split("/", 3)[3])
    expect(page.get_by_role("heading", level=1)).to_have_text("Gilt das noch?")
    page.get_by_role("button", name="Gilt weiterhin").click()
    expect(page.locator("[data-outcome=ok]")).to_contain_text("gilt weiterhin; die nächste Wiedervorlage ist am")

    page = visit("committee", width=390)
    page.goto("/upkeep/")
    expect(page.get_by_role("listitem").filter(has_text="Wiedervorlage offen")).to_contain_text("(0)")
    page.get_by_role("main").get_by_role("link", name="Links nach außen").click()
    fits_its_window(page)
    page.get_by_role("button", name="Geprüft").click()
    expect(page.locator("[data-outcome=ok]")).to_contain_text("Geprüft.")
    page.get_by_role("navigation", name="Listen").get_by_role("link", name="Ähnlich").click()
    is_accessible_in_the_dark_too(page)
    page.get_by_role("button", name="Das ist nicht dasselbe").click()
    expect(page.locator("[data-outcome=ok]")).to_contain_text("zwei verschiedene Einträge")
    page.get_by_role("navigation", name="Listen").get_by_role("link", name="Links im Portal").click()
    is_accessible(page)
    fits_its_window(page)
    expect(page.get_by_role("table")).to_contain_text("Diesen Eintrag gibt es für Lesende nicht")
