"""What all tests share: one database server, the cast."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.template import Context, Template
from django.test import TransactionTestCase
from django.test.signals import template_rendered
from django.utils.safestring import SafeString

from tests import factories, kept

NO_CHROMIUM = "no Chromium: set CHROMIUM or install one"
NO_LDAP = "LDAP NOT TESTED: no slapd with python-ldap (Debian: slapd, libldap-dev, libsasl2-dev)"
NO_OFFICE = "SLIDES AND DOCUMENTS NOT OPENED: no LibreOffice with pdftotext (libreoffice-impress, poppler-utils)"
NO_NGINX = "NOT BEHIND NGINX: no nginx or openssl"
NO_SYSTEMD = "UNITS NOT VERIFIED: no systemd-analyze"
NO_BPMN_FILES = "BPMN FILES OF REAL TOOLS NOT TESTED: ../shared/data/bpmn is missing"


# A town that is built once for many tests stays with one worker when its tests come first: others take from the end.
FIRST = ("portal/test_demo_town.py", "portal/test_demo.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not str(item.path).endswith(FIRST))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The last lines say when the browser tests or those with real tools and their files did not run."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason in (NO_BPMN_FILES, NO_OFFICE, NO_LDAP, NO_NGINX, NO_SYSTEMD):
        if any(reason in str(report.longrepr) for report in skipped):
            terminalreporter.section(reason, sep="!", red=True)
    number = sum(NO_CHROMIUM in str(report.longrepr) for report in skipped)
    if number:
        title = f"{number} BROWSER TESTS NOT RUN: {NO_CHROMIUM}"
        terminalreporter.section(title, sep="!", red=True)


@pytest.fixture(scope="session", autouse=True)
def _whole_pages(django_test_environment: None) -> None:
    """Tests learn of the page that was answered, not of each of the hundreds of elements in it, whose contexts Django
    would copy one by one: a twentieth of all the time."""

    def render(template: Template, context: Context) -> SafeString:
        if context.template is template:
            template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)

    Template._render = render  # type: ignore[method-assign]


TransactionTestCase._fixture_teardown = kept.empty  # type: ignore[method-assign]


@pytest.fixture
@kept.once
def cast(db: None) -> factories.Cast:
    return factories.make_cast()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Starts the embedded server unless DATABASE_URL names another."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    from django.conf import settings

    from portal import embedded

    server = embedded.Server(settings.VAR_DIR, durable=False)
    server.start()
    yield
    server.stop()
