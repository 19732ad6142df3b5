"""How tests look at pages: as somebody who is signed in."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from governance.models import Record
from tests.factories import Cast

ROLES = ("author", "lead", "outsider", "committee", "chair", "head", "staff", "admin")


def client_of(cast: Cast, role: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, role), backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(record: Record, rest: str = "") -> str:
    """Of a page of the record; the words in an address do not matter to it."""
    return f"/learnings/{record.number}-x/{rest}"


def page_for(cast: Cast, role: str, url: str, code: int = 200) -> str:
    """The page as this person sees it, redirects followed."""
    answer = client_of(cast, role).get(url, follow=True)
    assert answer.status_code == code, f"{role} {url}: {answer.status_code}"
    return answer.content.decode()


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def main_of(page: str) -> str:
    """The page without its frame."""
    return page[page.index("<main") : page.index("</main>")]
