"""axe on every page there is, for each role that sees something else on it, light and dark.

Left out: what is no page (text, JSON, files), and Django's admin, which `test_admin_works_under_the_policy` only
opens: its markup is not ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as live
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from governance import accounts, versions, workflow
from governance.models import Membership
from tests import kept
from tests.browser.conftest import Visit, axe_finds_nothing, is_accessible, is_accessible_in_the_dark_too, sign_in
from tests.factories import Cast, make_draft, make_published, reload, save, submit
from tests.test_routes import GETS, ROLES, Town, make_town, url_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FEEDS = ("everything", "following", "kind", "tag", "department", "record", "newsletter", "search")
NO_PAGE = {
    "healthz": "text for the load balancer",
    "suggest_tags": "JSON",
    "suggest_search": "JSON",
    "alike": "a part of a form",
    "synonyms_csv": "a file",
    "desk_decisions_csv": "a file",
    "dashboard_csv": "a file",
    "governance:minutes": "a file",
    **{f"{app}:put_forward": "leads on, see test_desk" for app in ("learnings", "processmodels", "proofs")},
    **{f"{app}:give_back": "leads on, see test_desk" for app in ("learnings", "processmodels", "proofs")},
    "upkeep_csv": "a file",
    **{f"learnings:{name}": "a file" for name in ("presentation", "handout", "brief", "briefs_file", "template_empty")},
    "learnings:file": "a file",
    "learnings:draft_file": "a file",
    "processmodels:csv": "a file",
    "processmodels:poster": "a file",
    "processmodels:file": "a file",
    "processmodels:draft_file": "a file",
    "processmodels:draw_source": "a file",
    "processmodels:choose": "leads to the comparison",
    "learnings:choose": "leads to the comparison",
    "transfer:calendar": "a file",
    "transfer:adoptions_csv": "a file",
    "transfer:package_file": "a file",
    "transfer:slides": "a file",
    "transfer:agenda_document": "a file",
    "transfer:card_file": "a file",
    "transfer:issue_file": "a file",
    **{f"proofs:{name}": "a file" for name in ("template", "filled", "file", "draft_file")},
    "proofs:choose": "leads to the comparison",
    "short_number": "leads to the record",
    "search_open": "leads to the record",
    **{f"feeds:{name}": "a feed" for name in FEEDS},
    "second_factor": "between password and session; visited by test_signing_in",
    "recovery_codes": "for whoever has a device; visited by test_signing_in",
    "login": "leads home once signed in; visited below",
    # Pages that know nothing of the kind of their record.
    **{
        f"{app}:{name}": "as for a learning"
        for app in ("processmodels", "proofs")
        for name in ("drop", "versions", "submit", "roll_back", "check_up", "archive", "administration")
    },
}
# What shows each role something else; all other pages are visited by the first role that may.
DIFFERS = (
    *("home", "tasks", "learnings:list", "learnings:record", "learnings:versions", "governance:team"),
    "transfer:occurrence",
)
FIRST = ("staff", "author", "lead", "committee", "admin")
# What only somebody else sees: the chair, and a change team of another department.
OF_OTHERS = {
    "governance:redaction",
    "transfer:adoption_edit",
    "transfer:adoption_fit",
    "transfer:hint_answer",
    "transfer:hint_delete",
}


def sees(role: str, codes: str) -> bool:
    return codes.split()[ROLES.index(role)] in ("200", "302")


def rows_for(role: str) -> Iterator[tuple[str, str]]:
    for name, what, codes in GETS:
        first = next((one for one in FIRST if sees(one, codes)), None)
        if name not in NO_PAGE and sees(role, codes) and (name in DIFFERS or role == first):
            yield name, what


def test_every_route_is_visited_by_somebody_or_said_to_be_no_page() -> None:
    visited = {name for role in FIRST for name, _what in rows_for(role)}
    assert {name for name, _what, _codes in GETS} == visited | set(NO_PAGE) | OF_OTHERS


def check(page: Page, address: str, *, footer: bool = True, status: int = 200) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == status, address
    is_accessible(page, footer=footer)
    is_accessible_in_the_dark_too(page)


def test_the_check_finds_what_is_wrong(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang=de><title>T</title><main><h1>H</h1><img src=x><p style='color:#ccc'>blass</p></main>")
    for scheme, rules in (("light", ("image-alt", "color-contrast")), ("dark", ("color-contrast",))):
        with pytest.raises(AssertionError) as told:
            axe_finds_nothing(page, scheme)
        assert all(rule in str(told.value) for rule in rules)
    page.close()


def test_colours_are_looked_at_once_for_each_way_down_to_a_text(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang=de><title>T</title><main><h1>H</h1><p>gut</p><p class=blass>gut</p></main>")
    axe_finds_nothing(page)
    page.add_style_tag(content=".neu, .blass { color: #ccc }")
    axe_finds_nothing(page)
    page.locator("p.blass").evaluate("element => { element.className = 'neu' }")
    with pytest.raises(AssertionError, match="color-contrast"):
        axe_finds_nothing(page)
    page.close()


def more_of(town: Town, role: str) -> list[str]:
    """Pages that depend on what is asked or on where a record stands."""
    cast = town.cast
    every = ["/search/?q=Formular", "/search/?q=Quastenflosser", "/search/?q=Formular&department=steueramt&sort=title"]
    every += ["/search/?q=der+die", "/search/?q=Formular&year=1990&kind=learning"]
    if role == "staff":
        helps = ("change-team", "committee", "administration", "datenschutz")
        return every + [reverse("help_page", args=[name]) for name in helps]
    if role != "author":
        return []
    save(cast, town.draft, by="author", answer="Anders.")
    versions.save_buffer(
        record=reload(town.draft),
        standing=cast.standing("author"),
        data={"title": "Meins"},
        opened_on=town.draft.current_version_id or 0,
    )
    locked = make_draft(cast, title="Liegt vor")
    submit(cast, locked)
    steps = [url_of(town, "learnings:edit_step", f"draft:{step}") for step in (1, 3, 4)]
    return [*steps, url_of(town, "learnings:conflict", "draft"), f"/learnings/{locked.number}-x/edit/"]


@pytest.fixture
@kept.once
def town(cast: Cast) -> Town:
    return make_town(cast)


@pytest.mark.parametrize("role", FIRST)
def test_every_page_of_a_role_is_accessible_in_light_and_dark(visit: Visit, town: Town, role: str) -> None:
    page = visit(role)
    page.emulate_media(reduced_motion="reduce")
    for name, what in rows_for(role):
        check(page, url_of(town, name, what))
    for address in more_of(town, role):
        check(page, address)


def test_the_pages_of_chair_head_and_another_team_that_others_do_not_see(visit: Visit, town: Town) -> None:
    check(visit("chair"), reverse("governance:redactions"))
    check(visit("chair"), reverse("governance:redaction", args=[town.redaction.pk]))
    check(visit("head"), reverse("governance:review", args=[town.review.pk]))
    another = visit("outsider")
    for name in ("transfer:adoption_edit", "transfer:adoption_fit"):
        check(another, url_of(town, name, "adoption"))
    Membership.objects.filter(user=town.cast.outsider).update(role="lead")
    for name in ("transfer:hint_answer", "transfer:hint_delete"):
        check(another, url_of(town, name, "hint"))


def test_pages_without_signing_in(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    page = browser.new_context(base_url=live_server.url).new_page()
    for name in ("login", "password_reset", "password_reset_done", "password_reset_complete"):
        check(page, reverse(name))
    check(page, accounts.link_for(cast.staff).removeprefix(live.PORTAL_BASE_URL))
    check(page, reverse("password_reset_confirm", args=["Nw", "set-password"]))
    for name, password in (("niemand", "falsch"), ("x" * 150, "")):
        page.goto("/accounts/login/")
        page.get_by_label("Anmeldename").fill(name)
        page.get_by_label("Passwort").fill(password or " ")
        page.get_by_role("button", name="Anmelden").click()
        is_accessible(page)


@pytest.fixture
def quiet(settings: Settings) -> None:
    """What is answered with an error on purpose here is no news."""
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False


def test_error_pages(
    browser: Browser, live_server: LiveServer, visit: Visit, cast: Cast, quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    archived = make_published(cast)
    workflow.archive(record=archived, standing=cast.standing("lead"), reason="Überholt")
    staff = visit("staff")
    check(staff, "/search/?" + "&".join(f"x{n}=1" for n in range(5100)), status=400, footer=False)
    check(staff, "/governance/reviews/", status=403)
    check(staff, "/gibt-es-nicht/", status=404)
    check(staff, f"/learnings/{archived.number}-x/", status=410)
    monkeypatch.setattr("portal.search.search", _broken)
    check(staff, "/search/", status=500, footer=False)
    _expired_form(staff)
    page = browser.new_context(base_url=live_server.url).new_page()
    for _attempt in range(live.AXES_FAILURE_LIMIT):
        page.goto("/accounts/login/")
        sign_in(page, "niemand")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zu viele Anmeldeversuche")
    is_accessible(page, footer=False)


def _broken(*args: Any, **kwargs: Any) -> Any:
    raise RuntimeError("broken on purpose")


def _expired_form(page: Page) -> None:
    page.goto("/accounts/password/")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_label("Bisheriges Passwort").or_(page.get_by_label("Altes Passwort")).fill("x")
    page.get_by_label("Neues Passwort", exact=True).fill("y")
    page.get_by_label("Neues Passwort bestätigen").or_(page.get_by_label("Passwort bestätigen")).first.fill("y")
    page.get_by_role("button", name="Passwort ändern").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Das Formular war abgelaufen")
    is_accessible(page)


def test_admin_works_under_the_policy(visit: Visit, cast: Cast) -> None:
    """Complaints of the console, as of the content security policy, fail the test at its end."""
    page = visit("admin")
    for name in ("user", "department", "team", "membership", "meeting"):
        for view in ("changelist", "add"):
            answer = page.goto(reverse(f"admin:governance_{name}_{view}"))
            assert answer is not None
            assert answer.status == 200
    page.goto(reverse("admin:governance_user_add"))
    page.get_by_label("Name:", exact=True).fill("Neue Person")
    page.get_by_label("Anmeldename").fill("neu")
    page.get_by_label("Dienstliche E-Mail-Adresse").fill("neu@stadt.example")
    page.get_by_label("Bereich").select_option(label="Steueramt")
    page.get_by_role("button", name="Sichern", exact=True).click()
    expect(page.get_by_text("Der Link für das Passwort geht an neu@stadt.example.")).to_be_visible()
