"""What was refused leaves one line in the log: who (key), where, what object; no name, no text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings as live
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from portal.middleware import NEVER_ASKED_FOR
from tests.factories import Cast, make_draft, make_published, submit

pytestmark = pytest.mark.django_db
Lines = Callable[[], list[str]]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    return lambda: [record.getMessage() for record in caplog.records if record.name == "portal.security"]


def as_(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, name), live.AUTHENTICATION_BACKENDS[1])
    return client


def test_a_refused_step_is_one_line_with_keys_only(cast: Cast, lines: Lines) -> None:
    record = make_published(cast, title="Vertraulich Name")
    url = reverse("learnings:archive", args=[record.number, "vertraulich-name"])
    assert as_(cast, "author").post(url, {"reason": "Geheim"}).status_code == 403
    assert lines() == [
        f"refused status=403 actor={cast.author.pk} POST learnings:archive object: number={record.number}"
    ]


def test_a_page_of_others_is_a_line_and_names_the_team(cast: Cast, lines: Lines) -> None:
    url = reverse("governance:team_edit", args=[cast.team.slug])
    assert as_(cast, "author").get(url).status_code == 403
    assert lines() == [f"refused status=403 actor={cast.author.pk} GET governance:team_edit object: slug=cmt-steueramt"]


def test_posting_to_what_does_not_exist_for_one_is_a_line_reading_is_none(cast: Cast, lines: Lines) -> None:
    record = make_draft(cast)
    url = reverse("learnings:submit", args=[record.number, "x"])
    client = as_(cast, "staff")
    assert client.get(url).status_code == 404
    assert lines() == []
    assert client.post(url).status_code == 404
    assert lines() == [f"refused status=404 actor={cast.staff.pk} POST learnings:submit object: number={record.number}"]


def test_an_own_text_that_somebody_tries_to_decide_on_is_a_line(cast: Cast, lines: Lines) -> None:
    review = submit(cast, make_draft(cast))
    client = as_(cast, "author")
    client.post(reverse("governance:decide", args=[review.pk]), {"verdict": "approve"})
    assert lines() == [f"refused status=403 actor={cast.author.pk} POST governance:decide object: pk={review.pk}"]


def test_a_form_without_its_token_and_a_locked_sign_in_are_lines_without_a_name(cast: Cast, lines: Lines) -> None:
    Client(enforce_csrf_checks=True).post("/accounts/login/", {"username": "author", "password": "x"})
    for _attempt in range(live.AXES_FAILURE_LIMIT):
        Client().post("/accounts/login/", {"username": "author", "password": "x"})
    assert lines() == [
        "refused status=403 actor=- POST login object: -",
        "refused status=429 actor=- POST login object: -",
    ]


@pytest.mark.parametrize("field", sorted(NEVER_ASKED_FOR))
def test_a_field_that_no_form_asks_for_is_ignored_and_a_line(cast: Cast, lines: Lines, field: str) -> None:
    record = make_draft(cast)
    before = {name: getattr(record, name) for name in ("state", "owner_id", "number", "reach", "kind")}
    url = reverse("learnings:edit_step", args=[record.number, "x", 1])
    data = {"title": "Neu", "go": "stay", "opened_on": record.current_version_id, field: "settled"}
    assert as_(cast, "author").post(url, data).status_code == 302
    assert lines() == [
        f"over-posted fields={field} actor={cast.author.pk} POST learnings:edit_step object: "
        f"number={record.number} step=1"
    ]
    record.refresh_from_db()
    assert before == {name: getattr(record, name) for name in before}
    assert not get_user_model().objects.get(pk=cast.author.pk).is_staff


def test_what_forms_do_ask_for_is_no_line(cast: Cast, lines: Lines) -> None:
    record = make_published(cast)
    client = as_(cast, "lead")
    url = reverse("learnings:administration", args=[record.number, "x"])
    assert client.post(url, {"change": "contact", "contact-contact": cast.member.pk}).status_code == 302
    url = reverse("admin:governance_department_add")
    as_(cast, "admin").post(url, {"name": "Neu", "short_name": "Neu", "slug": "neu", "department": "1", "kind": "x"})
    assert lines() == []


def test_an_unreadable_body_is_answered_and_no_second_error(cast: Cast, lines: Lines) -> None:
    client = as_(cast, "author")
    body = "state=x&text=" + "a" * (live.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    answer = client.post(reverse("learnings:preview"), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
