"""One page with all measures on their way from idea to scaled."""

from __future__ import annotations

import re
from typing import Any

import pytest

from governance.models import Department, Record
from tests.factories import Cast, make_published
from tests.pages import client_of, main_of, page_for, queries_of
from tests.processmodels.factories import make_process
from tests.processmodels.factories import publish as publish_process
from tests.transfer.adoption.factories import branch
from tests.transfer.proofs.factories import announce, decide, finish, make_proof, publish, start
from transfer.models import Adoption
from transfer.proofs import board

pytestmark = pytest.mark.django_db
BOARD = "/transfer/measures/"


def titles(key: str, **filters: Any) -> list[str]:
    [column] = [one for one in board.columns(**filters) if one.key == key]
    return [card.title for card in column.cards]


def process(cast: Cast, title: str, life_cycle: str, **more: Any) -> Any:
    return publish_process(cast, make_process(cast, title=title, life_cycle=life_cycle, **more))


def test_measures_stand_at_their_stage(cast: Cast) -> None:
    process(cast, "Idee", "idea")
    process(cast, "Eingeführt", "introduced")
    process(cast, "Ausgewertet", "evaluated")
    process(cast, "Ohne Stand", "")
    announce(cast, make_proof(cast), title="Geplant")
    announce(cast, start(cast), title="Läuft")
    publish(cast, decide(cast, finish(cast, start(cast, make_proof(cast, title="Aus"))), decision="stop"))
    publish(cast, decide(cast, finish(cast, start(cast, make_proof(cast, title="Noch mal"))), decision="repeat"))
    assert titles("idea") == ["Geplant", "Idee"]
    assert titles("trial") == ["Noch mal", "Läuft"]
    assert titles("introduced") == ["Eingeführt"]
    assert titles("evaluated") == ["Ausgewertet"]
    assert titles("ended") == ["Aus"]
    assert titles("unknown") == ["Ohne Stand"]
    page = main_of(page_for(cast, "staff", f"{BOARD}?view=table"))
    order = [
        page.index(f"{title}") for title in ("Geplant", "Noch mal", ">Eingeführt</a>", ">Ausgewertet</a>", ">Aus</a>")
    ]
    assert order == sorted(order)


def test_scaled_is_introduced_and_adopted_by_two_others(cast: Cast) -> None:
    model = process(cast, "Eingeführt", "introduced")
    idea = process(cast, "Nur Idee", "idea")
    assert titles("scaled") == []
    own = model.owner.department
    assert own is not None
    for department, scaled in ((own, []), (branch("Jugendamt"), []), (branch("Hauptamt"), ["Eingeführt"])):
        for record in (model, idea):
            use(record, department)
        assert titles("scaled") == scaled
    Adoption.objects.filter(department__name="Hauptamt").update(state="under_way")
    assert titles("scaled") == []
    assert titles("idea") == ["Nur Idee"]


def use(record: Record, department: Department) -> None:
    Adoption.objects.create(record=record, department=department, title="Maßnahme", issue=1, state="done")


def test_what_belongs_together_is_one_measure(cast: Cast) -> None:
    proof = publish(cast, decide(cast, finish(cast, start(cast, make_proof(cast, title="Versuch")))))
    assert titles("trial") == ["Versuch"]
    model = process(cast, "Prozess", "introduced", related=[proof.pk])
    make_published(cast, title="Erkenntnis", related=[model.pk])
    assert titles("trial") == []
    [column] = [one for one in board.columns() if one.key == "introduced"]
    assert {one.short_number for one in column.cards[0].linked} == {"E-1", "L-1"}


def test_an_announced_one_stays_on_the_board_though_a_process_names_it(cast: Cast) -> None:
    proof = start(cast)
    announce(cast, proof, title="Läuft")
    process(cast, "Prozess", "introduced", related=[proof.pk])
    assert titles("trial") == ["Läuft"]


def test_the_board_shows_the_newest_and_the_table_all(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "SHOWN_OF_EACH", 2)
    for number in range(4):
        announce(cast, start(cast), title=f"Versuch {number}")
    page = main_of(page_for(cast, "staff", BOARD))
    assert titles("trial") == ["Versuch 3", "Versuch 2"]
    assert "Alle 4: In Erprobung" in page
    [link] = re.findall(r'href="(\?view=table&amp;stage=trial)"', page)
    table = main_of(page_for(cast, "staff", BOARD + link.replace("&amp;", "&")))
    assert all(f"Versuch {number}" in table for number in range(4))
    assert 'aria-current="page">Nachnutzen' in page_for(cast, "staff", BOARD)
    assert page_for(cast, "staff", BOARD).count('aria-current="page"') >= 1


def test_filters_live_in_the_address_and_nonsense_is_no_error(cast: Cast) -> None:
    announce(cast, start(cast), title="Versuch")
    for url in ("?department=steueramt", "?view=table&stage=trial", "?view=table&page=99", "?stage=x&department=%27"):
        assert "Versuch" in main_of(page_for(cast, "staff", BOARD + url)), url
    assert "Hier steht noch keine" in main_of(page_for(cast, "staff", f"{BOARD}?view=table&stage=scaled"))


def test_the_number_of_queries_does_not_grow(cast: Cast) -> None:
    client = client_of(cast, "staff")
    announce(cast, start(cast), title="Erster")
    process(cast, "Prozess 1", "introduced")
    few = [queries_of(client, url) for url in (BOARD, f"{BOARD}?view=table", "/transfer/proofs/")]
    for number in range(3):
        announce(cast, start(cast), title=f"Versuch {number}")
        process(cast, f"Prozess {number + 2}", "introduced")
    assert [queries_of(client, url) for url in (BOARD, f"{BOARD}?view=table", "/transfer/proofs/")] == few
    # The frame takes four.
    assert max(few) <= 4 + 6
