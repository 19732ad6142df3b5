"""Factors kept by the committee, assessments that keep the factors they were made with, what is missing next."""

from __future__ import annotations

from typing import Any

import pytest

from governance.errors import NotAllowed, WrongState
from governance.models import AuditEvent, Record
from tests import kept
from tests.factories import Cast, make_published
from tests.pages import client_of, main_of, page_for, queries_of
from tests.processmodels.factories import make_process, publish
from tests.transfer.transferability.factories import answer_all, assess
from transfer.models import Assessment, TransferFactor
from transfer.transferability import assessing, factors, plot
from transfer.transferability.assessing import Given
from transfer.transferability.errors import ChangedAssessment, ChangedFactor, ChangedFactors
from transfer.transferability.forms import in_one_line

pytestmark = pytest.mark.django_db
WORDS: dict[str, Any] = {
    "name": "Recht",
    "question": "Neue Frage?",
    "fit_question": "Neue Frage an Sie?",
    "advice": "Fragen Sie das Rechtsamt.",
    "weight": 2,
}


@pytest.fixture
@kept.once
def process(cast: Cast) -> Record:
    return publish(cast, make_process(cast))


def posted(answer: str = "yes", opened_on: int = 0, **changes: str) -> dict[str, Any]:
    living = factors.living()
    data: dict[str, Any] = {"opened_on": opened_on, "asked": in_one_line(living)}
    for one in living:
        data |= {f"answer_{one.key}": answer, f"evidence_{one.key}": f"Beleg zu {one.key}"}
    return data | changes


def url_of(record: Record, rest: str = "") -> str:
    return f"/transfer/records/{record.short_number}/assessment/{rest}"


def test_a_portal_begins_with_ten_factors_and_reading_them_writes_nothing(cast: Cast) -> None:
    living = factors.living()
    assert [one.key for one in living] == [
        *("need", "law", "organisation", "technology", "openness", "data", "cost", "documentation", "benefit"),
        "support",
    ]
    page = page_for(cast, "staff", "/transfer/transferability/")
    assert "Belegter Nutzen" in page
    assert "skalierung.smart-city-dialog.de" in page
    assert not TransferFactor.objects.exists()


def test_the_team_assesses_its_process_with_evidence_and_everybody_reads_it(cast: Cast, process: Record) -> None:
    data = posted("yes", answer_law="no", answer_support="unknown", answer_data="partly")
    assert client_of(cast, "author").post(url_of(process, "edit/"), data).status_code == 302
    page = main_of(page_for(cast, "staff", url_of(process)))
    assert "Beleg zu law" in page
    assert f"Selbst eingeschätzt von {cast.team.name}" in page
    assert page.index("<strong>Recht</strong>") < page.index("<strong>Daten</strong>")
    assert page.index("<strong>Daten</strong>") < page.index("<strong>Unterstützung</strong>")
    assert 'aria-hidden="true"' in page[page.index("<figure") : page.index("<svg")]
    assert AuditEvent.objects.filter(verb="assess", record=process).exists()
    assert "Wie gut lässt es sich übertragen?" in page_for(cast, "staff", f"/{process.short_number}")
    assert "Beleg zu law" in page_for(cast, "author", url_of(process, "edit/"))
    assert queries_of(client_of(cast, "staff"), url_of(process)) <= 4 + 4


def test_what_helps_most_comes_first_and_what_is_cheap_among_equals(cast: Cast, process: Record) -> None:
    answers = {"documentation": "no", "law": "partly", "need": "no", "benefit": "unknown", "cost": "partly"}
    given = [Given(one.key, 1, answers.get(one.key, "yes"), "") for one in factors.living()]
    made = assess(cast, process, given)
    order = [one.factor.key for one in assessing.missing_next(assessing.answers_of(made))]
    assert order == ["benefit", "need", "law", "cost", "documentation"]
    rows = plot.draw(assessing.answers_of(made)).rows
    assert {row.name: row.length for row in rows}["Recht"] == plot.BAR / 2
    assert [row.is_known for row in rows].count(False) == 1


@pytest.mark.parametrize("role", ["outsider", "committee", "staff", "head"])
def test_nobody_else_assesses(cast: Cast, process: Record, role: str) -> None:
    with pytest.raises(NotAllowed):
        assess(cast, process, answer_all("yes"), by=role)
    assert client_of(cast, role).post(url_of(process, "edit/"), posted()).status_code == 403


def test_only_published_process_models_are_assessed(cast: Cast) -> None:
    learning, draft = make_published(cast), make_process(cast, title="Entwurf")
    assert client_of(cast, "author").get(url_of(learning)).status_code == 404
    assert client_of(cast, "author").get(url_of(draft)).status_code == 404


def test_an_assessment_keeps_the_factors_it_was_made_with(cast: Cast, process: Record) -> None:
    assess(cast, process, answer_all("yes", law="Beleg von damals"))
    committee = cast.standing("committee")
    old = next(one.question for one in factors.living() if one.key == "law")
    factors.change(standing=committee, key="law", opened_on=1, **WORDS)
    factors.remove(standing=committee, key="data")
    page = main_of(page_for(cast, "staff", url_of(process)))
    assert old in page
    assert "Neue Frage?" not in page
    assert '<th scope="row">Daten' in page
    assert "Seitdem haben sich die Fragen geändert" in page
    form = main_of(page_for(cast, "author", url_of(process, "edit/")))
    assert "Neue Frage?" in form
    assert "Beleg von damals" in form
    assert len(factors.living()) == 9
    assess(cast, process, answer_all("partly"))
    assert Assessment.objects.count() == 2
    assert assessing.still_asked(assessing.answers_of(Assessment.objects.get(number=2)), factors.living())


def test_a_factor_that_is_removed_while_somebody_writes_is_told_and_nothing_is_lost(
    cast: Cast, process: Record
) -> None:
    data = posted("partly")
    committee = cast.standing("committee")
    factors.remove(standing=committee, key="data")
    factors.change(standing=committee, key="law", opened_on=1, **WORDS)
    made = factors.add(standing=committee, **WORDS | {"name": "Barrierefreiheit"})
    client = client_of(cast, "author")
    answer = client.post(url_of(process, "edit/"), data)
    page = main_of(answer.content.decode())
    assert answer.status_code == 409
    assert 'data-outcome="conflict"' in page
    assert "Wird nicht mehr gefragt" in page
    for key in ("data", "law", "need"):
        assert f"Beleg zu {key}" in page
    for words in ("Barrierefreiheit", "Anders gefragt"):
        assert words in page
    assert not Assessment.objects.exists()
    again = data | {"asked": in_one_line(factors.living())}
    assert client.post(url_of(process, "edit/"), again).status_code == 422
    assert client.post(url_of(process, "edit/"), again | {f"answer_{made.key}": "no"}).status_code == 302
    assert Assessment.objects.get().answers.count() == 10


def test_the_service_refuses_answers_to_other_factors_and_two_at_once(cast: Cast, process: Record) -> None:
    with pytest.raises(ChangedFactors):
        assess(cast, process, answer_all("yes")[:-1])
    given = answer_all("yes")
    assess(cast, process, given)
    with pytest.raises(ChangedAssessment):
        assessing.assess(standing=cast.standing("author"), record=process, opened_on=0, given=given)
    answer = client_of(cast, "author").post(url_of(process, "edit/"), posted("no"))
    assert answer.status_code == 409
    assert "Beleg zu law" in answer.content.decode()
    assert client_of(cast, "author").post(url_of(process, "edit/"), posted("no", opened_on=1)).status_code == 302


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"answer_law": "vielleicht"}, 422),
        ({"answer_law": ""}, 422),
        ({"evidence_law": "x" * 1001}, 422),
        ({"evidence_law": "x\x00"}, 422),
        ({"opened_on": "x"}, 422),
        ({"asked": "law:99999999999999999999 :x need"}, 409),
    ],
)
def test_bad_input_changes_nothing(cast: Cast, process: Record, changes: dict[str, str], code: int) -> None:
    answer = client_of(cast, "author").post(url_of(process, "edit/"), posted() | changes)
    assert answer.status_code == code
    assert "Beleg zu need" in answer.content.decode()
    assert not Assessment.objects.exists()


def test_the_committee_keeps_the_factors(cast: Cast) -> None:
    client = client_of(cast, "committee")
    page = page_for(cast, "committee", "/transfer/transferability/")
    assert "Neuer Faktor" not in page
    assert "Entfernen" in page
    data = {**WORDS, "opened_on": 0}
    full = client.post("/transfer/transferability/new/", data)
    assert "Mehr als 10 Fragen sind zu viele" in full.content.decode()
    assert client.post("/transfer/transferability/", {"remove": "support"}).status_code == 302
    assert client.post("/transfer/transferability/", {"remove": "support"}).status_code == 302
    assert client.post("/transfer/transferability/new/", data).status_code == 302
    assert [one.key for one in factors.living()][-1] == "recht"
    stale = client.post("/transfer/transferability/law/", data)
    assert stale.status_code == 409
    assert "Jetziger Stand" in stale.content.decode()
    assert client.post("/transfer/transferability/law/", data | {"opened_on": 1}).status_code == 302
    assert TransferFactor.objects.filter(key="law").count() == 2
    with pytest.raises(ChangedFactor):
        factors.change(standing=cast.standing("committee"), key="law", opened_on=1, **WORDS)
    with pytest.raises(WrongState):
        factors.change(standing=cast.standing("committee"), key="support", opened_on=1, **WORDS)
    gone = client.post("/transfer/transferability/support/", data)
    assert "Jemand hat ihn inzwischen entfernt" in gone.content.decode()
    for role in ("author", "staff", "admin"):
        with pytest.raises(NotAllowed):
            factors.remove(standing=cast.standing(role), key="law")
        assert client_of(cast, role).post("/transfer/transferability/", {"remove": "law"}).status_code == 403
