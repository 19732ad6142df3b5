"""The fit check: at most ten questions, a summary in words, the draft of a plan, and never a gate."""

from __future__ import annotations

from typing import Any

import pytest

from governance.models import CatalogueEntry, Record
from tests.factories import Cast, make_published, save
from tests.pages import client_of, main_of, page_for
from tests.processmodels.factories import key_figure, make_process, publish
from tests.transfer.adoption.factories import carry_on, interest
from tests.transfer.transferability.factories import answer_all, assess
from transfer.adoption import fitting
from transfer.models import Adoption
from transfer.transferability import factors

pytestmark = pytest.mark.django_db
PREREQUISITES = "Vorher nötig:\n\n- Ein Postfach für das *ganze* Team\n- Zwei Stunden Schulung\n- a\n- b\n- c"


def entry_of(record: Record) -> CatalogueEntry:
    return CatalogueEntry.objects.select_related("record", "version").get(pk=record.pk)


def posted(asked: list[fitting.Question], adoption: Adoption, answer: str = "yes", **answers: str) -> dict[str, Any]:
    data: dict[str, Any] = {"opened_on": adoption.version, "asked": fitting.stamp(asked)}
    return data | {one.key: answers.get(one.key, answer) for one in asked}


def test_there_are_at_most_ten_questions_the_prerequisites_first(cast: Cast) -> None:
    asked = fitting.questions(entry_of(make_published(cast, prerequisites=PREREQUISITES)))
    assert len(asked) == fitting.MOST
    assert [one.name for one in asked[:4]] == ["Ein Postfach für das ganze Team", "Zwei Stunden Schulung", "a", "b"]
    assert {"need", "law", "benefit"} <= {one.key for one in asked}
    without = fitting.questions(entry_of(make_published(cast, title="Ohne", prerequisites="")))
    assert [one.key for one in without] == [factor.key for factor in factors.living()]
    one = fitting.questions(entry_of(make_published(cast, title="Absatz", prerequisites="Ein Satz.\n\nNoch einer.")))
    assert [question.name for question in one[:2]] == ["Ein Satz.", "Noch einer."]


def test_the_answers_become_a_summary_in_words_and_the_draft_of_a_plan(cast: Cast) -> None:
    rows = [key_figure("lead_time", "20", "5", "Tage")]
    record = publish(cast, make_process(cast, key_figures=rows, prerequisites="- Ein Postfach"))
    assess(cast, record, answer_all("yes", data="Wir haben eine Liste der Daten."))
    adoption = interest(cast, record)
    asked = fitting.questions(entry_of(record))
    url = adoption.get_absolute_url()
    answers = {"law": "no", "data": "unknown", asked[0].key: "partly"}
    answer = client_of(cast, "outsider").post(f"{url}fit/", posted(asked, adoption, **answers))
    assert answer["Location"] == f"{url}#passung"
    page = main_of(page_for(cast, "staff", url))
    assert "Vor dem Start ist etwas Wichtiges zu klären: Recht." in page
    assert "10 Fragen: 7 ja, 1 teilweise, 1 nein, 1 unbekannt" in page
    assert page.index("Recht (nein)") < page.index("Ein Postfach (teilweise)")
    plan = fitting.plan(Adoption.objects.get(), entry_of(record))
    for words in (
        "Schaffen: Recht.",
        "Herausfinden: Daten. Dort: Wir haben eine Liste der Daten.",
        "Vorher messen: Durch",
    ):
        assert words in plan
    form = page_for(cast, "outsider", f"{url}edit/")
    assert "Schaffen: Recht." in form
    assert "Im Feld „Plan“ steht ein erster Entwurf" in form
    assert Adoption.objects.get().plan == ""
    carry_on(cast, adoption, plan="Unser eigener Plan.")
    assert "Schaffen: Recht." not in page_for(cast, "outsider", f"{url}edit/")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("yes", "Das passt gut zu Ihnen."),
        ("partly", "Das passt mit Anpassungen."),
        ("unknown", "Das lässt sich noch nicht sagen"),
        ("no", "Vor dem Start ist etwas Wichtiges zu klären"),
    ],
)
def test_the_verdict(cast: Cast, answer: str, words: str) -> None:
    record = make_published(cast)
    adoption = interest(cast, record)
    asked = fitting.questions(entry_of(record))
    adoption.fit = fitting.kept(asked, {one.key: answer for one in asked})
    found = fitting.summary(adoption)
    assert found is not None
    assert found.verdict.startswith(words)


def test_it_is_no_gate(cast: Cast) -> None:
    adoption = interest(cast, make_published(cast))
    assert carry_on(cast, adoption, state="done").state == "done"
    asked = fitting.questions(entry_of(adoption.record))
    now = Adoption.objects.get()
    client_of(cast, "outsider").post(f"{adoption.get_absolute_url()}fit/", posted(asked, now, "no"))
    assert Adoption.objects.get().state == "done"


def test_an_unanswered_question_is_told_and_questions_that_change_meanwhile_too(cast: Cast) -> None:
    record = make_published(cast, prerequisites="- Ein Postfach")
    adoption = interest(cast, record)
    asked = fitting.questions(entry_of(record))
    url = f"{adoption.get_absolute_url()}fit/"
    data = posted(asked, adoption)
    del data["law"]
    answer = client_of(cast, "outsider").post(url, data)
    assert answer.status_code == 422
    assert "„unbekannt“ ist auch eine" in answer.content.decode()
    old = posted(asked, adoption, "partly")
    factors.change(
        standing=cast.standing("committee"),
        key="law",
        opened_on=1,
        name="Recht",
        question="Anders?",
        fit_question="Ganz anders gefragt?",
        advice="x",
        weight=3,
    )
    answer = client_of(cast, "outsider").post(url, old)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Die Fragen haben sich inzwischen geändert." in page
    assert page.count("checked") >= 10
    assert not Adoption.objects.get().fit
    newest = fitting.stamp(fitting.questions(entry_of(record)))
    assert f'value="{newest}"' in page
    assert client_of(cast, "outsider").post(url, old | {"asked": newest}).status_code == 302


def test_long_prerequisites_are_shortened_and_markup_in_them_is_text(cast: Cast) -> None:
    record = make_published(cast, prerequisites="- " + "Wort " * 200 + "\n- <b>fett</b> & mehr")
    save(cast, record, prerequisites="geheimer Entwurf")
    asked = fitting.questions(entry_of(record))
    assert len(asked[0].name) < 260
    assert "geheim" not in asked[0].question
    adoption = interest(cast, record)
    assert "<b>fett" not in page_for(cast, "outsider", f"{adoption.get_absolute_url()}fit/")
