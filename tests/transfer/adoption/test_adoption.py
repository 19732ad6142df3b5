"""Interest by one click, the steps of an adoption, who is told, and what the record's page shows of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from governance import clock
from governance.errors import Gone, NotAllowed, WrongState
from governance.models import AuditEvent, CatalogueEntry, Department, Membership, Record, Team
from learnings.models import Learning
from processmodels.figures import KeyFigure
from tests import kept
from tests.factories import Cast, make_draft, make_published, member, reload
from tests.pages import client_of, main_of, page_for
from tests.processmodels.factories import key_figure, make_process, publish
from tests.transfer.adoption.factories import carry_on, in_use, interest, told
from transfer.adoption import figures, services
from transfer.errors import Changed
from transfer.models import Adoption

pytestmark = pytest.mark.django_db
State = Adoption.State


@pytest.fixture
@kept.once
def record(cast: Cast) -> Record:
    """A learning of the Steueramt."""
    return make_published(cast)


def click(cast: Cast, record: Record, role: str, do: str = "interest") -> Any:
    return client_of(cast, role).post(f"/transfer/records/{record.short_number}/adopt/", {"do": do})


def test_one_click_of_a_clerk_makes_the_adoption_of_the_department_and_tells_both_sides(
    cast: Cast, record: Record
) -> None:
    told()
    answer = click(cast, record, "staff")
    made = Adoption.objects.get()
    assert answer["Location"] == f"/transfer/adoptions/{made.pk}/"
    assert (made.department, made.state, made.title) == (
        cast.other_team.department,
        State.INTERESTED,
        record_title(record),
    )
    subject = f"Bauordnungsamt interessiert sich für {record.short_number} {record_title(record)}"
    assert told() == [("outsider", subject), (record.contact.username, subject)]
    assert AuditEvent.objects.get(verb="show_interest").data == {"adoption": made.pk}
    click(cast, record, "outsider")
    assert Adoption.objects.count() == 1
    assert told() == []
    page = page_for(cast, "staff", answer["Location"])
    assert "interessiert" in page
    assert "Stand und Plan eintragen" not in main_of(page)


def record_title(record: Record) -> str:
    return CatalogueEntry.objects.get(pk=record.pk).title


def test_the_own_department_cannot_adopt_and_who_is_in_none_is_told_so(cast: Cast, record: Record) -> None:
    for role, words in (("author", "aus Ihrem eigenen Bereich"), ("admin", "kein Bereich zugeordnet")):
        answer = client_of(cast, role).post(f"/transfer/records/{record.short_number}/adopt/", follow=True)
        assert words in answer.content.decode()
    assert not Adoption.objects.exists()
    assert "Das interessiert uns" not in page_for(cast, "author", f"/{record.short_number}")
    assert "Das interessiert uns" in page_for(cast, "staff", f"/{record.short_number}")


def test_what_is_not_published_cannot_be_adopted(cast: Cast, record: Record) -> None:
    draft = make_draft(cast, title="Nur ein Entwurf")
    assert click(cast, draft, "staff").status_code == 404
    archive(cast, record)
    with pytest.raises(Gone):
        services.show_interest(standing=cast.standing("staff"), record=record)


def archive(cast: Cast, record: Record) -> None:
    from governance import workflow

    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="Überholt.")


def test_we_use_that_already_is_one_click_of_the_change_team(cast: Cast, record: Record) -> None:
    with pytest.raises(NotAllowed):
        services.say_in_use(standing=cast.standing("staff"), record=record)
    assert click(cast, record, "staff", "in_use").status_code == 403
    assert "Wir nutzen das schon" not in page_for(cast, "staff", f"/{record.short_number}")
    assert "Wir nutzen das schon" in page_for(cast, "outsider", f"/{record.short_number}")
    click(cast, record, "outsider", "in_use")
    assert Adoption.objects.get().state == State.DONE
    entry = CatalogueEntry.objects.get(pk=record.pk)
    assert entry.used_by == [cast.other_team.department_id]
    page = main_of(page_for(cast, "staff", f"/{record.short_number}"))
    assert "Das nutzen auch" in page
    assert "Bauordnungsamt" in page
    assert "Wir nutzen das schon" not in page_for(cast, "outsider", f"/{record.short_number}")


def test_a_team_carries_it_on_step_by_step_and_the_other_team_is_told_of_each(cast: Cast, record: Record) -> None:
    adoption = interest(cast, record)
    told()
    seen = []
    for state in (State.PLANNED, State.UNDER_WAY, State.DONE):
        carry_on(cast, adoption, state=state, adapted="Bei uns ohne Unterschrift.")
        seen.append({subject for _to, subject in told()})
    named = f"Nachnutzung von {record.short_number} {record_title(record)} – Bauordnungsamt"
    assert seen == [{f"{named}: {label}"} for label in ("geplant", "in Umsetzung", "übernommen")]
    assert [step["state"] for step in Adoption.objects.get().steps] == ["interested", "planned", "under_way", "done"]
    carry_on(cast, adoption, adapted="Bei uns mit Unterschrift.")
    assert told() == []
    page = main_of(page_for(cast, "staff", f"/{record.short_number}"))
    assert "Bei uns mit Unterschrift." in page
    carry_on(cast, adoption, state=State.DROPPED, reason="Das Fachverfahren wurde abgelöst.")
    assert CatalogueEntry.objects.get(pk=record.pk).used_by == []
    page = main_of(page_for(cast, "staff", f"/{record.short_number}"))
    assert "Nicht weiterverfolgt" in page
    assert "Das Fachverfahren wurde abgelöst." in page
    again = interest(cast, record)
    assert (again.pk, again.state, again.reason) == (adoption.pk, State.INTERESTED, "")


def test_only_its_team_carries_it_on_and_where_there_is_none_the_committee(cast: Cast, record: Record) -> None:
    adoption = interest(cast, record)
    for role in ("staff", "author", "lead", "committee", "admin"):
        with pytest.raises(NotAllowed):
            carry_on(cast, adoption, by=role, state=State.PLANNED)
    cast.other_team.memberships.update(ended_at=clock.now())
    Team.objects.filter(pk=cast.other_team.pk).update(dissolved_on=clock.today())
    assert carry_on(cast, adoption, by="committee", state=State.PLANNED).state == State.PLANNED
    page = page_for(cast, "committee", adoption.get_absolute_url())
    assert "Dieser Bereich hat kein Team" in page
    with pytest.raises(WrongState, match="Change-Management-Team"):
        services.write_learning(standing=cast.standing("committee"), adoption=adoption)


def test_without_a_team_the_committee_is_told_and_has_it_on_its_list(cast: Cast, record: Record) -> None:
    Team.objects.filter(pk=cast.other_team.pk).update(dissolved_on=clock.today())
    told()
    interest(cast, record)
    assert {to for to, _subject in told()} == {"committee", "committee2", "chair", record.contact.username}
    tasks = main_of(page_for(cast, "committee", "/tasks/"))
    assert "Interesse an einer Nachnutzung" in tasks
    assert record_title(record) in tasks


def test_interest_waits_on_the_list_of_the_team_until_it_is_answered(cast: Cast, record: Record) -> None:
    adoption = interest(cast, record)
    assert "Interesse an einer Nachnutzung" in main_of(page_for(cast, "outsider", "/tasks/"))
    assert adoption.get_absolute_url() in main_of(page_for(cast, "outsider", "/tasks/"))
    carry_on(cast, adoption, state=State.PLANNED)
    assert adoption.get_absolute_url() not in main_of(page_for(cast, "outsider", "/tasks/"))


def form_data(adoption: Adoption, **changes: Any) -> dict[str, Any]:
    data = {
        "stands": adoption.state,
        "since": f"{clock.today():%Y-%m-%d}",
        "adapted": "Ohne Unterschrift.",
        "plan": "1. Anfangen.",
        "reason": "",
        "opened_on": adoption.version,
    }
    return data | changes


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stands": "dropped"}, "Bitte schreiben Sie in einem Satz, warum es nicht weitergeht."),
        ({"reason": "Zu teuer."}, "Eine Begründung gehört nur zu"),
        ({"since": "2999-01-01"}, "Bitte prüfen Sie das Jahr."),
        ({"since": f"{clock.today() + dt.timedelta(days=9):%Y-%m-%d}"}, "Dieser Tag liegt in der Zukunft."),
        ({"stands": "famous"}, "id_stands_error"),
        ({"adapted": "x\x00y"}, "unsichtbares oder unlesbares Zeichen"),
        ({"plan": "x" * 8001}, "höchstens 8000 sind möglich"),
    ],
)
def test_bad_input_is_told_at_its_place_and_keeps_what_was_typed(
    cast: Cast, record: Record, changes: dict[str, Any], message: str
) -> None:
    adoption = interest(cast, record)
    data = form_data(adoption, **{"plan": "1. Meine Worte."} | changes)
    answer = client_of(cast, "outsider").post(f"{adoption.get_absolute_url()}edit/", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert data["plan"][:20] in page
    assert Adoption.objects.get().version == adoption.version


def test_two_who_update_one_adoption_lose_nothing(cast: Cast, record: Record) -> None:
    adoption = interest(cast, record)
    mine = form_data(adoption, adapted="Meine Worte.")
    carry_on(cast, adoption, state=State.PLANNED, adapted="Ihre Worte.")
    url = f"{adoption.get_absolute_url()}edit/"
    answer = client_of(cast, "outsider").post(url, mine)
    page = main_of(answer.content.decode())
    assert answer.status_code == 409
    assert 'data-outcome="conflict"' in page
    assert "Meine Worte." in page
    assert "Ihre Worte." in page
    assert Adoption.objects.get().adapted == "Ihre Worte."
    client_of(cast, "outsider").post(url, mine | {"opened_on": Adoption.objects.get().version})
    assert Adoption.objects.get().adapted == "Meine Worte."
    with pytest.raises(Changed):
        carry_on(cast, adoption, opened_on=1)


def test_own_figures_stand_beside_those_of_the_source(cast: Cast) -> None:
    rows = [key_figure("lead_time", "20", "5", "Tage"), key_figure("handling_time", "40", "10", "Minuten", people="9")]
    process = publish(cast, make_process(cast, key_figures=rows))
    adoption = interest(cast, process)
    data = form_data(adoption) | {
        "before_0": "30,5",
        "after_0": "10",
        "before_1": "44",
        "after_1": "12",
        "people": "2",
    }
    url = adoption.get_absolute_url()
    wrong = client_of(cast, "outsider").post(f"{url}edit/", data | {"after_0": "viele"})
    assert "Bitte eine Zahl angeben" in wrong.content.decode()
    assert client_of(cast, "outsider").post(f"{url}edit/", data).status_code == 302
    lead, handling = map(KeyFigure.read, Adoption.objects.get().figures)
    assert (lead.before.shown, lead.after.shown) == ("30,5 Tage", "10 Tage")
    entry = CatalogueEntry.objects.select_related("record", "version").get(pk=process.pk)
    first, second = figures.beside(figures.source_figures(entry), Adoption.objects.get().figures)
    assert (first.there.before, first.here.before, first.here.change) == ("20 Tage", "30,5 Tage", "−20,5 (−67 %)")
    assert second.here.before == "20 bis 50 Minuten"
    page = main_of(page_for(cast, "staff", url))
    assert "44 Minuten" not in page
    assert "30,5 Tage" in page
    # What the form was opened with stands in it again.
    assert 'value="30,5"' in page_for(cast, "outsider", f"{url}edit/")
    assert handling.people == "2"


def test_the_own_learning_begins_with_what_is_noted(cast: Cast, record: Record) -> None:
    adoption = interest(cast, record)
    carry_on(cast, adoption, state=State.DONE, adapted="Bei uns ohne Unterschrift.")
    url = adoption.get_absolute_url()
    assert client_of(cast, "staff").post(url, {"do": "learning"}).status_code == 403
    answer = client_of(cast, "outsider").post(url, {"do": "learning"})
    made = Learning.objects.exclude(record=record).get()
    assert answer["Location"].startswith(f"/learnings/{made.record.number}-")
    assert made.record.owner == cast.other_team
    assert made.what_was_done == "Bei uns ohne Unterschrift."
    assert made.related == [record.pk]
    assert made.links[0]["url"].endswith(url)
    client_of(cast, "outsider").post(url, {"do": "learning"})
    assert Learning.objects.count() == 2
    assert made.record.short_number in main_of(page_for(cast, "outsider", url))
    # A draft is known to its team alone.
    assert f"/{made.record.short_number}" not in main_of(page_for(cast, "staff", url))


def test_what_is_written_is_shown_as_text_never_as_markup(cast: Cast, record: Record) -> None:
    adoption = in_use(cast, record)
    carry_on(cast, adoption, adapted="<script>alert(1)</script> **fett**", plan="[x](javascript:alert(1))")
    for url in (adoption.get_absolute_url(), f"/{record.short_number}", "/transfer/adoptions/"):
        page = main_of(page_for(cast, "staff", url))
        assert "<script>alert" not in page
        assert 'href="javascript' not in page


def test_persons_stand_nowhere_on_the_pages(cast: Cast, record: Record) -> None:
    adoption = in_use(cast, record)
    assert cast.outsider.full_name not in main_of(page_for(cast, "staff", adoption.get_absolute_url()))


def test_who_works_in_a_team_clicks_for_its_department(cast: Cast, record: Record) -> None:
    third = Department.objects.create(name="Umweltamt", short_name="Umwelt", slug="umwelt")
    team = Team.objects.create(name="Team Umwelt", slug="cmt-umwelt", kind="change_team", department=third)
    person = member(team)
    person.department = cast.team.department
    person.save()
    assert Membership.objects.filter(user=person).exists()
    from governance.rules import load_standing

    made, is_new = services.show_interest(standing=load_standing(person), record=record)
    assert (made.department, is_new) == (third, True)
