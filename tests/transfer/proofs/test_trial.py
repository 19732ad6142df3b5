"""A trial from the start to the decision, and the measure of success that is fixed at the start."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from governance import clock, versions
from governance.errors import Incomplete, NotAllowed, WrongState
from governance.models import DraftBuffer, Review
from tests.factories import Cast, reload, save, submit
from tests.pages import client_of, main_of, page_for
from tests.transfer.proofs.factories import (
    MEASURE,
    decide,
    finish,
    make_proof,
    opened,
    proof_values,
    publish,
    start,
    trial_of,
)
from transfer.models import Trial
from transfer.proofs import measure, services
from transfer.proofs.errors import TextChanged
from transfer.proofs.measure import SuccessMeasure

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("direction", "threshold", "number", "met"),
    [
        ("at_most", "10", "10", True),
        ("at_most", "10", "10.000001", False),
        ("at_most", "10", "-3", True),
        ("at_least", "0.1", "0.10", True),
        ("at_least", "0.3", "0.299999", False),
        ("at_least", "100", "99", False),
    ],
)
def test_met_or_not_is_reckoned_with_decimals(direction: str, threshold: str, number: str, met: bool) -> None:
    rows = [MEASURE | {"direction": direction, "threshold": threshold}]
    assert measure.is_met(rows, number) is met
    assert measure.is_met(rows, "") is None
    assert measure.is_met([], number) is None


def test_a_trial_starts_without_approval_and_fixes_its_measure(cast: Cast) -> None:
    record = start(cast)
    trial = trial_of(record)
    assert (trial.phase, trial.started_on) == ("running", clock.today())
    assert trial.measure is not None
    assert trial.measure.words == "Rückfragen je 100 Anträge: höchstens 10 Rückfragen"
    assert not Review.objects.exists()
    text = versions.content_of(record)
    assert text.measures == trial.measures
    assert record.current_version is not None
    assert record.current_version.note == "Erprobung gestartet"


def test_question_measure_and_end_are_required_at_the_start(cast: Cast) -> None:
    record = make_proof(cast)
    client = client_of(cast, "author")
    url = f"/transfer/proofs/{record.number}-x/trial/start/"
    answer = client.post(url, {"opened_on": opened(record), "figure": "Rückfragen", "threshold": "viele"})
    page = answer.content.decode()
    assert answer.status_code == 422
    for name in ("question", "threshold", "method", "ends_on", "direction"):
        assert f'id="id_{name}_error"' in page, name
    assert 'value="viele"' in page
    assert not Trial.objects.exists()
    past = clock.today() - dt.timedelta(days=1)
    with pytest.raises(ValidationError, match="Vergangenheit"):
        start(cast, record, ends_on=past)
    good = {"opened_on": opened(record), "question": "Geht es?", "ends_on": f"{clock.today():%Y-%m-%d}"} | MEASURE
    assert client.post(url, good | {"threshold": "12,5"}).status_code == 302
    known = trial_of(record).measure
    assert known is not None
    assert known.threshold == "12.5"
    # Sent a second time, as by a double click: nothing starts twice.
    assert client.post(url, good).status_code == 422
    assert len(trial_of(record).measures) == 1


def test_the_fixed_measure_outlives_every_later_text(cast: Cast) -> None:
    record = start(cast)
    fixed = trial_of(record).measures
    other = [MEASURE | {"threshold": "99", "fixed_on": "", "reason": ""}]
    save(cast, record, measures=other, problem="Neu.")
    text = versions.content_of(record)
    assert (text.measures, text.problem) == (fixed, "Neu.")


def test_a_later_change_is_visible_with_its_reason(cast: Cast) -> None:
    record = start(cast)
    changed = MEASURE | {"threshold": "15"}
    with pytest.raises(ValidationError, match="so wie bisher"):
        services.change_measure(
            standing=cast.standing("author"), record=record, opened_on=opened(record), measure=MEASURE, reason="x"
        )
    services.change_measure(
        standing=cast.standing("member"),
        record=record,
        opened_on=opened(record),
        measure=changed,
        reason="Die Zählung <b>war</b> zu grob.",
    )
    assert "höchstens 15 Rückfragen" in page_for(cast, "author", f"/transfer/proofs/{record.number}-x/trial/")
    publish(cast, decide(cast, finish(cast, record, "12")))
    page = main_of(page_for(cast, "staff", f"/E-{record.number}"))
    assert "vorher: Rückfragen je 100 Anträge: höchstens 10 Rückfragen" in page
    assert "Grund: Die Zählung &lt;b&gt;war&lt;/b&gt; zu grob." in page
    assert 'data-met="yes"' in page
    assert "gemessen 12 Rückfragen" in page


def test_phases_go_one_way_and_each_step_knows_its_own(cast: Cast) -> None:
    record = make_proof(cast)
    for step in (finish, decide):
        with pytest.raises(WrongState):
            step(cast, record)
    start(cast, record)
    with pytest.raises(WrongState, match="läuft"):
        start(cast, record)
    with pytest.raises(WrongState):
        decide(cast, record)
    finish(cast, record)
    with pytest.raises(WrongState):
        services.extend(standing=cast.standing("author"), record=record, ends_on=clock.today(), reason="x")
    decide(cast, record)
    assert trial_of(record).phase == "decided"
    # A slip of the pen is corrected by the same step; the phase stays.
    finish(cast, record, "8")
    assert versions.content_of(record).result_number == "8"
    assert trial_of(record).phase == "decided"
    with pytest.raises(IntegrityError), transaction.atomic():
        Trial.objects.filter(pk=record.pk).update(decided_on=None)


def test_only_the_owning_team_runs_a_trial(cast: Cast) -> None:
    record = start(cast)
    for role in ("outsider", "staff", "committee", "head", "admin"):
        with pytest.raises(NotAllowed):
            services.note(standing=cast.standing(role), record=record, day=clock.today(), text="x")
        assert client_of(cast, role).get(f"/transfer/proofs/{record.number}-x/trial/").status_code == 404


def test_the_result_is_submitted_and_reviewed_like_any_record(cast: Cast) -> None:
    record = finish(cast)
    with pytest.raises(Incomplete) as error:
        submit(cast, record)
    assert {name for name, _message in error.value.missing} == {"decision", "decision_reason"}
    published = publish(cast, decide(cast, record))
    page = main_of(page_for(cast, "staff", f"/E-{published.number}"))
    for words in ("Drei Felder genügen.", "einführen", "Der Aufwand ist klein.", "Jeder dritte Antrag"):
        assert words in page
    # While it lies before the committee, no step changes it.
    save(cast, published, problem="Anders.")
    submit(cast, published)
    with pytest.raises(WrongState):
        finish(cast, published, "3")


def test_a_step_over_somebody_elses_text_is_told_and_keeps_both(cast: Cast) -> None:
    record = start(cast)
    before = opened(record)
    save(cast, record, "member", problem="Von jemand anderem.", learnt="Ihre Worte.")
    url = f"/transfer/proofs/{record.number}-x/trial/finish/"
    fields = {"opened_on": before, "result_number": "7,5", "learnt": "Meine Worte."}
    answer = client_of(cast, "author").post(url, fields)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-outcome="conflict"' in page
    assert "Ihre Worte." in page
    assert "Meine Worte." in page
    assert trial_of(record).phase == "running"
    again = client_of(cast, "author").post(url, fields | {"opened_on": opened(record)})
    assert again.status_code == 302
    text = versions.content_of(record)
    assert (text.learnt, text.problem, text.result_number) == ("Meine Worte.", "Von jemand anderem.", "7.5")
    with pytest.raises(TextChanged):
        services.decide(
            standing=cast.standing("author"), record=record, opened_on=before, decision="stop", decision_reason="x"
        )


def test_work_in_progress_outlives_the_steps(cast: Cast) -> None:
    record = make_proof(cast)
    data = {"problem": "Noch nicht gespeichert."}
    versions.save_buffer(record=record, standing=cast.standing("author"), data=data, opened_on=opened(record))
    start(cast, record)
    assert DraftBuffer.objects.get(record=record).data == data


def test_notes_are_dated_and_for_the_team(cast: Cast) -> None:
    record = start(cast)
    author = cast.standing("author")
    for day in (clock.today() + dt.timedelta(days=1), clock.today() - dt.timedelta(days=1)):
        with pytest.raises(ValidationError):
            services.note(standing=author, record=record, day=day, text="x")
    first = services.note(standing=author, record=record, day=clock.today(), text="Beim Anfang <i>eng</i>.")
    assert services.note(standing=author, record=record, day=clock.today(), text="Beim Anfang <i>eng</i>.") == first
    services.extend(
        standing=author, record=record, ends_on=clock.today() + dt.timedelta(days=60), reason="Ferien dazwischen"
    )
    page = main_of(page_for(cast, "member", f"/transfer/proofs/{record.number}-x/trial/"))
    assert "Beim Anfang &lt;i&gt;eng&lt;/i&gt;." in page
    assert "Ferien dazwischen" in page
    publish(cast, decide(cast, finish(cast, record)))
    assert "Beim Anfang" not in main_of(page_for(cast, "staff", f"/E-{record.number}"))


def test_until_the_start_the_measure_is_a_part_of_the_text(cast: Cast) -> None:
    record = make_proof(cast, title="Mit Maß")
    client = client_of(cast, "author")
    url = f"/transfer/proofs/{record.number}-x/edit/"
    fields = {f"measure-{name}": value for name, value in MEASURE.items()}
    typed = proof_values()
    base = {"opened_on": opened(record), "title": "Mit Maß", "question": typed["question"], "go": "save"}
    answer = client.post(url, base | fields | {"measure-threshold": ""})
    assert answer.status_code == 422
    assert "Bitte geben Sie die Schwelle an." in answer.content.decode()
    assert client.post(url, base | fields | {"measure-threshold": "10,5"}).status_code == 302
    [row] = versions.content_of(record).measures
    assert SuccessMeasure.read(row).threshold == "10.5"
    start(cast, record, measure=MEASURE)
    page = main_of(client.get(url).content.decode())
    assert "steht seit dem Start fest" in page
    assert "measure-threshold" not in page


def test_an_archived_one_runs_no_further(cast: Cast) -> None:
    from governance import workflow

    record = start(cast)
    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="Doppelt")
    with pytest.raises(WrongState, match="archiviert"):
        finish(cast, record)
