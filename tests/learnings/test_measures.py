"""Documenting a measure: typed once, two drafts; what staff see of a pair of which one is published."""

from __future__ import annotations

import re

import pytest

from governance import pairs, versions, workflow
from governance.models import AuditEvent, CatalogueEntry, Record, Review, Tag
from learnings import measures
from processmodels import diagrams
from tests.factories import Cast, approve, reload, save, submit
from tests.pages import client_of, main_of, page_for, queries_of
from tests.processmodels.factories import AFTER, bpmn

pytestmark = pytest.mark.django_db

TYPED = {
    "title": "Hunde online anmelden",
    "what_was_done": "Formular gekürzt.",
    "occasion": "Vier von zehn Anträgen waren unvollständig.",
    "prerequisites": "Eine Schnittstelle.",
    "tags": "Online-Dienst, Steuern",
    "with_process": "on",
}


def make_pair(cast: Cast, by: str = "author") -> tuple[Record, Record]:
    """The learning and the process model of a measure, as far as the form makes them."""
    values = {name: TYPED[name] for name in ("title", "what_was_done", "occasion", "prerequisites")}
    version = measures.document(
        owner=cast.team, standing=cast.standing(by), values=values, tag_names=["Online-Dienst"], with_process=True
    )
    return reload(version.record), reload(Record.objects.get(kind="process_model"))


def complete(cast: Cast, learning: Record, process: Record) -> None:
    """Write what each text still lacks for submission; from now on they have titles of their own."""
    save(cast, learning, title="Learning zum Hund", answer="Kurz ist gut.", everyday_benefit="Niemand tippt ab.")
    save(cast, process, title="Geheimer Ablauf", purpose="Hunde anmelden.", to_be=diagrams.store(bpmn(AFTER)).pk)


def test_what_is_typed_once_stands_in_both_texts_and_the_learning_names_the_process_model(cast: Cast) -> None:
    answer = client_of(cast, "author").post("/learnings/measure/", TYPED | {"team": cast.team.pk}, follow=True)
    learning, process = Record.objects.get(kind="learning"), Record.objects.get(kind="process_model")
    texts = [versions.content_of(record) for record in (learning, process)]
    for text in texts:
        assert (text.title, text.what_was_done) == ("Hunde online anmelden", "Formular gekürzt.")
        assert (text.occasion, text.prerequisites) == (TYPED["occasion"], "Eine Schnittstelle.")
    assert texts[0].tag_ids == texts[1].tag_ids == list(Tag.objects.order_by("pk").values_list("pk", flat=True))
    assert texts[0].related == [process.pk]
    assert (learning.owner, process.owner) == (cast.team, cast.team)
    assert answer.redirect_chain[-1][0].endswith(f"/learnings/{learning.number}-hunde-online-anmelden/edit/")
    page = answer.content.decode()
    assert 'data-outcome="ok"' in page
    assert re.search(rf'href="(/processmodels/{process.number}-[^"]*/edit/)"', main_of(page))


def test_each_of_the_two_leads_its_team_to_the_other(cast: Cast) -> None:
    learning, process = make_pair(cast)
    assert f"/learnings/{learning.number}-" in main_of(
        page_for(cast, "member", f"/processmodels/{process.number}-x/edit/")
    )
    assert f"/processmodels/{process.number}-" in main_of(
        page_for(cast, "lead", f"/learnings/{learning.number}-x/edit/")
    )


def test_without_the_tick_there_is_a_learning_alone(cast: Cast) -> None:
    typed = {name: value for name, value in TYPED.items() if name != "with_process"}
    client_of(cast, "author").post("/learnings/measure/", typed | {"team": cast.team.pk})
    assert Record.objects.get().kind == "learning"
    assert versions.content_of(Record.objects.get()).related == []


@pytest.mark.parametrize("wrong", [{"title": ""}, {"what_was_done": ""}, {"tags": ",".join(map(str, range(13)))}])
def test_bad_input_is_told_at_the_field_keeps_what_was_typed_and_writes_nothing(
    cast: Cast, wrong: dict[str, str]
) -> None:
    answer = client_of(cast, "author").post("/learnings/measure/", TYPED | {"team": cast.team.pk} | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{next(iter(wrong))}_error"' in page
    assert 'data-outcome="invalid"' in page
    assert TYPED["occasion"] in page
    assert not Record.objects.exists()
    assert not Tag.objects.exists()


def test_another_teams_name_cannot_be_posted(cast: Cast) -> None:
    answer = client_of(cast, "author").post("/learnings/measure/", TYPED | {"team": cast.other_team.pk})
    assert answer.status_code == 422
    assert not Record.objects.exists()


def test_a_form_sent_twice_makes_one_pair(cast: Cast) -> None:
    client = client_of(cast, "author")
    for _time in range(2):
        client.post("/learnings/measure/", TYPED | {"team": cast.team.pk, "once": "a" * 32})
    assert Record.objects.count() == 2


# -- submitting ------------------------------------------------------------------------------------


def posted(first: Record, second: Record | None = None) -> dict[str, object]:
    data: dict[str, object] = {"version": reload(first).current_version_id, "note": "Erste Fassung"}
    if second is not None:
        data |= {"together": "on", "partner_version": reload(second).current_version_id}
    return data


def submit_url(record: Record) -> str:
    return f"/{'learnings' if record.kind == 'learning' else 'processmodels'}/{record.number}-x/submit/"


@pytest.mark.parametrize("from_learning", [True, False])
def test_either_page_of_submission_lays_both_before_the_committee(cast: Cast, from_learning: bool) -> None:
    learning, process = make_pair(cast)
    complete(cast, learning, process)
    one, other = (learning, process) if from_learning else (process, learning)
    page = main_of(page_for(cast, "author", submit_url(one)))
    assert other.short_number in page
    assert re.search(r'<input[^>]*name="together"[^>]*checked', page)
    answer = client_of(cast, "author").post(submit_url(one), posted(one, other), follow=True)
    assert "Beide vorgelegt" in answer.content.decode()
    reviews = Review.objects.filter(status="open")
    assert {review.version_id for review in reviews} == {reload(r).current_version_id for r in (learning, process)}
    assert AuditEvent.objects.filter(verb="submit").count() == 2


def test_without_the_tick_one_is_submitted_and_the_page_of_the_other_says_so(cast: Cast) -> None:
    learning, process = make_pair(cast)
    complete(cast, learning, process)
    client_of(cast, "author").post(submit_url(learning), posted(learning))
    assert Review.objects.get().record_id == learning.pk
    page = main_of(page_for(cast, "author", submit_url(process)))
    assert "Es liegt schon vor" in page
    assert 'name="together"' not in page


def test_the_page_says_what_the_other_still_lacks_instead_of_offering_it(cast: Cast) -> None:
    learning, process = make_pair(cast)
    save(cast, learning, answer="Kurz ist gut.", everyday_benefit="Niemand tippt ab.")
    page = main_of(page_for(cast, "author", submit_url(learning)))
    assert 'name="together"' not in page
    assert "Bitte nennen Sie den Zweck des Prozesses" in page
    answer = client_of(cast, "author").post(submit_url(learning), posted(learning, process))
    assert answer.status_code == 409
    assert 'data-outcome="conflict"' in answer.content.decode()
    assert not Review.objects.exists()


def test_when_the_other_was_saved_meanwhile_neither_is_submitted_and_the_note_is_kept(cast: Cast) -> None:
    learning, process = make_pair(cast)
    complete(cast, learning, process)
    data = posted(learning, process)
    save(cast, process, by="member", purpose="Inzwischen anders.")
    answer = client_of(cast, "author").post(submit_url(learning), data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-outcome="conflict"' in page
    assert 'value="Erste Fassung"' in page
    assert not Review.objects.exists()
    assert client_of(cast, "author").post(submit_url(learning), posted(learning, process)).status_code == 302


def test_unsaved_work_on_the_other_is_told_and_takes_the_tick_away(cast: Cast) -> None:
    learning, process = make_pair(cast)
    complete(cast, learning, process)
    opened = reload(process).current_version_id
    assert opened is not None
    versions.save_buffer(record=process, standing=cast.standing("author"), data={"title": "x"}, opened_on=opened)
    page = main_of(page_for(cast, "author", submit_url(learning)))
    assert "Auch dort haben Sie einen Zwischenstand" in page
    assert not re.search(r'<input[^>]*name="together"[^>]*checked', page)


def test_records_of_another_team_are_no_pair(cast: Cast) -> None:
    learning, process = make_pair(cast)
    Record.objects.filter(pk=process.pk).update(owner=cast.other_team)
    assert pairs.partner_of(learning, [process.pk], Record.State.values) is None
    assert process.short_number not in main_of(page_for(cast, "author", f"/learnings/{learning.number}-x/edit/"))


def test_queries_of_the_pages_do_not_grow_with_the_teams_records(cast: Cast) -> None:
    learning, process = make_pair(cast)
    complete(cast, learning, process)
    urls = [submit_url(learning), submit_url(process), f"/learnings/{learning.number}-x/edit/"]
    few = [queries_of(client_of(cast, "author"), url) for url in urls]
    for _time in range(3):
        values = {"title": "Noch eine", "what_was_done": "Etwas."}
        standing = cast.standing("author")
        measures.document(owner=cast.team, standing=standing, values=values, tag_names=[], with_process=True)
    assert [queries_of(client_of(cast, "author"), url) for url in urls] == few


# -- what staff see --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["staff", "outsider", "admin"])
def test_of_a_process_model_that_is_not_published_its_learning_tells_nothing(cast: Cast, role: str) -> None:
    learning, process = make_pair(cast)
    complete(cast, learning, process)
    approve(cast, submit(cast, learning))
    submit(cast, process)
    pages = ["", "versions/", "versions/2/"]
    urls = [f"/learnings/{learning.number}-x/{page}" for page in pages]
    for url in [*urls, "/", "/learnings/", "/processmodels/", "/search/?q=Hund", "/search/?q=Geheimer", "/tags/"]:
        page = page_for(cast, role, url).replace("?q=Geheimer", "").replace('value="Geheimer"', "")
        assert "Geheimer Ablauf" not in page, url
        assert process.short_number not in page, url
    entry = CatalogueEntry.objects.get()
    assert "Geheimer" not in f"{entry.page}{entry.weighted}{entry.summary}{entry.folded}"
    page_for(cast, role, f"/{process.short_number}", code=404)


def test_once_the_process_model_is_published_the_learning_leads_to_it(cast: Cast) -> None:
    learning, process = make_pair(cast)
    complete(cast, learning, process)
    approve(cast, submit(cast, learning))
    approve(cast, submit(cast, process))
    assert "Geheimer Ablauf" in page_for(cast, "staff", f"/learnings/{learning.number}-x/")
    assert "Learning zum Hund" in page_for(cast, "staff", f"/processmodels/{process.number}-x/")
    workflow.archive(record=process, standing=cast.standing("lead"), reason="Überholt")
    assert "Geheimer Ablauf" not in page_for(cast, "staff", f"/learnings/{learning.number}-x/")
