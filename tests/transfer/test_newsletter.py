"""Composing and releasing issues of a newsletter: who may, what is suggested, what is frozen, two who edit one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from governance import clock, redaction, workflow
from governance.errors import NotAllowed, WrongState
from governance.models import Department, Record
from tests.factories import Cast, DepartmentFactory, approve, make_draft, make_published, reload, save, submit
from tests.pages import ROLES, client_of, main_of, page_for, queries_of
from tests.processmodels.factories import make_process, publish
from tests.transfer.factories import make_format, make_issue, make_newsletter, make_occurrence, release, take
from transfer import rules
from transfer.errors import Changed, ChangedIssue
from transfer.formats import queries as formats
from transfer.formats import services as format_services
from transfer.models import ExchangeFormat, NewsletterIssue, NewsletterPiece
from transfer.newsletter import letter, queries, services

pytestmark = pytest.mark.django_db


def url(issue: NewsletterIssue, rest: str = "") -> str:
    return f"/transfer/issues/{issue.pk}/{rest}"


def numbers(issue: NewsletterIssue) -> list[str]:
    """What is in the issue, in order."""
    return [piece.short_number or piece.title for piece in letter.of(issue).pieces]


def archive(cast: Cast, record: Record) -> None:
    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="Überholt")


def post(cast: Cast, where: str, role: str = "author", **data: Any) -> Any:
    return client_of(cast, role).post(where, data)


# -- composing -------------------------------------------------------------------------------------


def test_an_issue_begins_with_what_was_published_since_the_last_one(cast: Cast) -> None:
    first, second = make_published(cast, title="Eins"), make_published(cast, title="Zwei")
    newsletter = make_newsletter(cast)
    issue = make_issue(cast, newsletter)
    assert numbers(issue) == [second.short_number, first.short_number]
    release(cast, issue)
    with clock.at(clock.now() + dt.timedelta(minutes=1)):
        third = make_published(cast, title="Drei")
        approve_again(cast, first)
        make_draft(cast, title="Nur ein Entwurf")
        assert numbers(make_issue(cast, newsletter)) == [third.short_number, first.short_number]


def approve_again(cast: Cast, record: Record) -> None:
    save(cast, record, answer="Neue Antwort.")
    approve(cast, submit(cast, record))


def test_an_issue_for_one_department_takes_what_it_and_those_below_it_published(cast: Cast) -> None:
    above: Department = DepartmentFactory(slug="dezernat")
    Department.objects.filter(pk=cast.team.department_id).update(parent=above)
    record = make_published(cast, title="Steuer")
    make_published(cast, by="outsider", title="Bau")
    newsletter = make_newsletter(cast)
    assert numbers(make_issue(cast, newsletter, department=above)) == [record.short_number]
    # What another department was told of, this one was not.
    release(cast, make_issue(cast, newsletter, department=above))
    assert len(numbers(make_issue(cast, newsletter))) == 2


def test_pieces_are_left_out_ordered_shown_longer_and_added(cast: Cast) -> None:
    old = make_published(cast, title="Alt")
    with clock.at(clock.now() + dt.timedelta(days=60)):
        first, second = make_published(cast, title="Eins"), make_published(cast, title="Zwei")
        issue = make_issue(cast)
        one, two = issue.pieces.all()
        post(cast, f"/transfer/pieces/{one.pk}/", do="down")
        assert numbers(issue) == [first.short_number, second.short_number]
        post(cast, f"/transfer/pieces/{one.pk}/", do="down")
        post(cast, f"/transfer/pieces/{two.pk}/", do="up")
        assert numbers(issue) == [first.short_number, second.short_number]
        post(cast, f"/transfer/pieces/{two.pk}/", do="article")
        two.refresh_from_db()
        assert two.length == NewsletterPiece.Length.ARTICLE
        post(cast, f"/transfer/pieces/{one.pk}/", do="out")
        assert "nicht dabei" in page_for(cast, "author", url(issue, "edit/"))
        post(cast, url(issue, "edit/"), do=f"take-{second.pk}")
        post(cast, url(issue, "edit/"), do="record", **{"record-short_number": old.short_number.lower()})
        post(cast, url(issue, "edit/"), do="text", **{"text-title": "Dank", "text-text": "Allen ein *Danke*."})
        assert numbers(issue) == [first.short_number, second.short_number, old.short_number, "Dank"]


def test_a_record_is_taken_in_from_its_own_page(cast: Cast) -> None:
    issue = make_issue(cast)
    record = make_published(cast)
    where = f"/transfer/records/{record.short_number}/texts/"
    assert "Rathaus kompakt: Neues im Mai" in page_for(cast, "author", where)
    assert "Rathaus kompakt" not in main_of(page_for(cast, "staff", where))
    assert post(cast, where, "staff", issue=issue.pk).status_code == 403
    assert post(cast, where, issue=issue.pk).status_code == 302
    assert numbers(issue) == [record.short_number]
    assert "Rathaus kompakt" not in main_of(page_for(cast, "author", where))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"do": "record", "record-short_number": "L-999"}, "nicht veröffentlicht"),
        ({"do": "record", "record-short_number": ""}, "id_record-short_number_error"),
        ({"do": "text", "text-title": "Bleibt stehen", "text-text": ""}, "id_text-text_error"),
        ({"do": "text", "text-title": "Bleibt stehen", "text-text": "a\x00b"}, "unsichtbares oder unlesbares"),
        ({"do": "text", "text-title": "Bleibt stehen", "text-text": "x" * 5001}, "höchstens 5000 sind möglich"),
        (
            {"do": "save", "issue-title": "", "issue-intro": "Bleibt stehen", "issue-opened_on": 1},
            "id_issue-title_error",
        ),
        ({"do": "save", "issue-title": "T", "issue-readers": "77", "issue-opened_on": 1}, "id_issue-readers_error"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(cast: Cast, data: dict[str, Any], told: str) -> None:
    issue = make_issue(cast)
    answer = post(cast, url(issue, "edit/"), **data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    if "Bleibt stehen" in data.values():
        assert "Bleibt stehen" in page
    issue.refresh_from_db()
    assert issue.changes == 1
    assert not issue.pieces.exists()


def test_a_record_stands_in_an_issue_once_and_an_issue_has_an_end(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    record = make_published(cast)
    issue = make_issue(cast)
    answer = post(cast, url(issue, "edit/"), do="record", **{"record-short_number": record.short_number})
    assert "steht schon in dieser Ausgabe" in answer.content.decode()
    monkeypatch.setattr(services, "MOST_PIECES", 1)
    with pytest.raises(WrongState, match="voll"):
        services.add_text(standing=cast.standing("author"), issue=issue, title="", text="Mehr")


# -- two who edit one ------------------------------------------------------------------------------


def test_who_saves_over_anothers_words_is_told_keeps_them_and_may_save_again(cast: Cast) -> None:
    issue = make_issue(cast)
    values = {"do": "save", "issue-opened_on": 1, "issue-readers": "all"}
    assert post(cast, url(issue, "edit/"), **values, **{"issue-title": "Erste Fassung"}).status_code == 302
    answer = post(cast, url(issue, "edit/"), "lead", **values, **{"issue-title": "Zweite Fassung"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-outcome="conflict"' in page
    assert "Erste Fassung" in page
    assert 'value="Zweite Fassung"' in page
    assert 'name="issue-opened_on" value="2"' in page
    again = values | {"issue-opened_on": 2, "issue-title": "Zweite Fassung"}
    assert post(cast, url(issue, "edit/"), "lead", **again).status_code == 302


def test_the_same_holds_for_a_text_of_ones_own(cast: Cast) -> None:
    issue = make_issue(cast)
    piece = services.add_text(standing=cast.standing("author"), issue=issue, title="Dank", text="Danke.")
    where = f"/transfer/pieces/{piece.pk}/"
    assert post(cast, where, opened_on=1, title="Dank", text="Vielen Dank.").status_code == 302
    answer = post(cast, where, "lead", opened_on=1, title="Dank", text="Besten Dank.")
    assert answer.status_code == 409
    assert "Vielen Dank." in answer.content.decode()
    assert "Besten Dank." in answer.content.decode()
    with pytest.raises(Changed):
        services.change_text(standing=cast.standing("author"), piece=piece, opened_on=1, title="", text="Dritter")


def test_what_is_released_is_what_was_looked_at(cast: Cast) -> None:
    make_published(cast)
    issue = make_issue(cast)
    seen = issue.changes
    services.add_text(standing=cast.standing("author"), issue=issue, title="Eilig", text="Schnell noch hinein.")
    answer = post(cast, url(issue, "release/"), "lead", seen=seen)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Schnell noch hinein." in page
    issue.refresh_from_db()
    assert not issue.is_released
    assert f'name="seen" value="{issue.changes}"' in page
    with pytest.raises(ChangedIssue):
        services.release(standing=cast.standing("lead"), issue=issue, seen=seen)
    assert post(cast, url(issue, "release/"), "lead", seen=issue.changes).status_code == 302
    issue.refresh_from_db()
    assert (issue.number, issue.is_released) == (1, True)


def test_steps_on_an_issue_that_is_gone_or_out_are_refused(cast: Cast) -> None:
    make_published(cast)
    issue = make_issue(cast)
    piece, standing = issue.pieces.get(), cast.standing("author")
    release(cast, issue)
    for step in (
        lambda: services.leave_out(standing=standing, piece=piece),
        lambda: services.move(standing=standing, piece=piece, way="up"),
        lambda: services.set_length(standing=standing, piece=piece, length="article"),
        lambda: services.add_text(standing=standing, issue=issue, title="", text="x"),
        lambda: services.change(standing=standing, issue=issue, opened_on=1, title="x"),
        lambda: services.drop(standing=standing, issue=issue),
        lambda: release(cast, issue),
    ):
        with pytest.raises(WrongState, match="freigegeben"):
            step()
    other = make_issue(cast, issue.format, title="Verworfen")
    assert post(cast, url(other, "edit/"), do="drop").status_code == 302
    assert not NewsletterIssue.objects.filter(pk=other.pk).exists()
    with pytest.raises(WrongState, match="verworfen"):
        services.add_text(standing=standing, issue=other, title="", text="x")


# -- release ---------------------------------------------------------------------------------------


def test_the_words_are_those_of_the_release_for_ever(cast: Cast) -> None:
    record = make_published(cast, title="Hundesteuer", everyday_benefit="Alt gesagt.")
    issue = make_issue(cast)
    save(cast, record, everyday_benefit="Nur im Entwurf gesagt.")
    assert "Alt gesagt." in page_for(cast, "author", url(issue))
    release(cast, issue)
    approve(cast, submit(cast, record))
    page = main_of(page_for(cast, "staff", url(issue)))
    assert "Alt gesagt." in page
    assert "Nur im Entwurf gesagt." not in page
    archive(cast, record)
    page = main_of(page_for(cast, "staff", url(issue)))
    assert "Hundesteuer" in page
    assert "Alt gesagt." in page
    assert "archiviert" in page
    [piece] = issue.pieces.all()
    assert piece.taken_from is not None
    assert piece.taken_from.number == 1


def test_what_is_no_longer_published_keeps_an_issue_in(cast: Cast) -> None:
    record = make_published(cast)
    issue = make_issue(cast)
    archive(cast, record)
    page = page_for(cast, "lead", url(issue))
    assert f"Nicht mehr veröffentlicht: {record.short_number}" in page
    assert f"{record.short_number}</span> nicht mehr veröffentlicht" in page_for(cast, "lead", url(issue, "edit/"))
    with pytest.raises(WrongState, match=record.short_number):
        release(cast, issue)
    services.leave_out(standing=cast.standing("lead"), piece=issue.pieces.get())
    with pytest.raises(WrongState, match="leer"):
        release(cast, issue)


def test_only_those_who_organise_release(cast: Cast) -> None:
    make_published(cast)
    issue = make_issue(cast)
    for role in ("author", "committee", "outsider", "staff", "admin", "head"):
        with pytest.raises(NotAllowed):
            services.release(standing=cast.standing(role), issue=issue, seen=issue.changes)
    assert "Ausgabe freigeben" not in page_for(cast, "author", url(issue))
    assert "Ausgabe freigeben" in page_for(cast, "lead", url(issue))


def test_an_issue_in_preparation_exists_for_its_team_alone(cast: Cast) -> None:
    issue = make_issue(cast)
    for role in ROLES:
        standing = cast.standing(role)
        sees = queries.visible_to(standing).filter(pk=issue.pk).exists()
        assert sees is rules.may_see_issue(standing, issue) is (role in ("author", "lead"))
    page = page_for(cast, "staff", issue.format.get_absolute_url())
    assert "Neues im Mai" not in page
    assert "Neues im Mai" in page_for(cast, "author", issue.format.get_absolute_url())
    assert "Newsletter in Vorbereitung" in page_for(cast, "author", "/tasks/")


def test_a_format_with_dates_and_one_that_ended_have_no_issues(cast: Cast) -> None:
    jour_fixe = make_format(cast)
    with pytest.raises(WrongState):
        make_issue(cast, jour_fixe)
    assert client_of(cast, "author").get(f"{jour_fixe.get_absolute_url()}issues/new/").status_code == 403
    begun = make_issue(cast)
    with pytest.raises(WrongState, match="in Vorbereitung"):
        format_services.end(standing=cast.standing("lead"), exchange_format=begun.format)
    newsletter = make_newsletter(cast, ended_on=clock.today())
    with pytest.raises(WrongState, match="beendet"):
        make_issue(cast, newsletter)


def test_redacted_passages_go_from_released_issues_too(cast: Cast) -> None:
    record = make_published(cast, title="Was Frau Ypsilon riet", everyday_benefit="Frau Ypsilon weiß es.")
    issue = release(cast, make_issue(cast))
    proposal = redaction.propose(
        standing=cast.standing("admin"), record=record, reason="Name", passages=["Frau Ypsilon"]
    )
    redaction.confirm(standing=cast.standing("chair"), redaction=proposal)
    page = page_for(cast, "staff", url(issue))
    assert "Ypsilon" not in page
    assert "geschwärzt" in page


# -- lists -----------------------------------------------------------------------------------------


def test_what_a_newsletter_told_of_counts_as_carried(cast: Cast) -> None:
    record = make_published(cast)
    issue = make_issue(cast)
    assert list(formats.never_carried().values_list("pk", flat=True)) == [record.pk]
    row = vars(formats.carried(ExchangeFormat.objects.living()).get())
    assert (row["dates"], row["records"]) == (0, 0)
    release(cast, issue)
    assert not formats.never_carried().exists()
    row = vars(formats.carried(ExchangeFormat.objects.living()).get())
    assert (row["dates"], row["records"]) == (1, 1)


def test_pages_cost_the_same_for_one_and_for_many(cast: Cast) -> None:
    make_published(cast)
    newsletter = make_newsletter(cast)
    issue = make_issue(cast, newsletter)
    out = release(cast, make_issue(cast, newsletter))
    client = client_of(cast, "lead")
    urls = [url(issue), url(issue, "edit/"), url(out), newsletter.get_absolute_url()]
    client.get("/")
    before = [queries_of(client, one) for one in urls]
    for number in range(4):
        record = make_published(cast, title=f"Nummer {number}")
        services.add_record(standing=cast.standing("lead"), issue=issue, record=record)
    for _more in range(3):
        more = make_issue(cast, newsletter)
        services.add_text(standing=cast.standing("lead"), issue=more, title="", text="Hallo")
        release(cast, more)
    assert [queries_of(client, one) for one in urls] == before


def test_the_poster_of_a_process_is_one_click_from_its_agenda(cast: Cast) -> None:
    process, occurrence = publish(cast, make_process(cast)), make_occurrence(cast)
    take(cast, occurrence, process)
    take(cast, occurrence, make_published(cast))
    page = page_for(cast, "staff", occurrence.get_absolute_url())
    assert page.count("poster.pdf") == 1
    assert "poster.pdf" in page_for(cast, "staff", f"/transfer/records/{process.short_number}/card/")
    assert "poster.pdf" in page_for(cast, "staff", "/processmodels/?view=table")
