"""Names break as German is written and stay inside their boxes."""

from __future__ import annotations

import random

import pyphen
import pytest

from processmodels.bpmn.model import TASKS, Bounds, Marker, Model, Node, Plane, Process, Shape, Trigger
from processmodels.diagram import render
from processmodels.diagram.labels import INSIDE, LINE, SCREEN, breaks, fit, wrap
from processmodels.diagram.look import figure
from processmodels.diagram.shapes import place_name
from processmodels.diagram.widths import width_in_em

from .drawings import SVG, group_of, parsed

# fmt: off
WORDS = [
    "Wohngeldantrag", "Gewerbeanmeldung", "Aufenthaltserlaubnis", "Straßenverkehrsbehörde",
    "Grundstücksgesellschaft", "Bescheid", "Unterlagenvollständigkeitsprüfung", "prüfen", "und", "versenden", "an",
    "die", "oder", "ja", "E-Mail-Adresse", "Bürgerin/Bürger", "IT-System",
]
# fmt: on


@pytest.mark.parametrize("width", [30, 40, 50, 60, 70, 80, 90])
@pytest.mark.parametrize("word", [word for word in WORDS if word.isalpha()])
def test_a_word_is_divided_only_where_german_allows_it(word: str, width: int) -> None:
    fitted = fit(word, width, 1_000)
    legal = set(pyphen.Pyphen(lang="de_DE").positions(word))
    at = 0
    for line in fitted.lines[:-1]:
        if fitted.is_cut:
            break
        assert line.endswith("-")
        at += len(line) - 1
        assert at in legal, fitted.lines


def test_wohngeldantrag_breaks_between_its_words() -> None:
    assert wrap("Wohngeldantrag", 5.6) == ("Wohngeld-", "antrag")
    assert breaks("Wohngeldantrag")[0] == ("Wohngeld-", "antrag")
    assert not any(first == "Wohngeldantr-" for first, _rest in breaks("Wohngeldantrag"))


def test_a_word_that_fits_on_the_next_line_is_not_divided() -> None:
    assert wrap("Den Wohngeldantrag prüfen", 8.5) == ("Den", "Wohngeldantrag", "prüfen")


def test_hyphens_slashes_and_soft_hyphens_of_the_name_are_used_first() -> None:
    assert wrap("Bürgerinnen/Bürger", 7) == ("Bürgerinnen/", "Bürger")
    assert wrap("E-Mail-Eingang", 4.5) == ("E-Mail-", "Eingang")
    assert wrap("Donau\u00addampf\u00adschiff", 4) == ("Donau-", "dampf-", "schiff")
    assert wrap("Donau\u00addampf", 20) == ("Donaudampf",)


def test_brackets_around_a_word_do_not_keep_it_from_being_divided() -> None:
    assert wrap("(Wohngeldantrag)", 6) == ("(Wohngeld-", "antrag)")


def test_lines_of_the_name_stay_lines() -> None:
    assert wrap("Antrag\nprüfen", 40) == ("Antrag", "prüfen")


def test_text_gets_smaller_before_it_is_cut_and_a_cut_says_so() -> None:
    assert fit("Prüfen", 90, 70).size == INSIDE[0]
    smaller = fit("Unterlagen auf Vollständigkeit und Plausibilität prüfen und weiterleiten", 90, 66)
    assert INSIDE[-1] <= smaller.size < INSIDE[0] and not smaller.is_cut
    cut = fit("Unterlagen " * 50, 90, 70)
    assert cut.is_cut and cut.lines[-1].endswith("…")


def test_what_cannot_be_divided_ends_with_an_ellipsis() -> None:
    cut = fit("X" * 400, 90, 70)
    assert cut.is_cut and cut.lines[0].endswith("…") and cut.width <= 90


def test_umlauts_and_foreign_letters_have_a_width() -> None:
    assert width_in_em("ä") == width_in_em("a")
    assert width_in_em("漢") > width_in_em("a") > width_in_em("i") > width_in_em("\u0301") == 0


@pytest.mark.parametrize("seed", range(60))
def test_no_name_leaves_its_task_or_covers_icon_and_markers(seed: int) -> None:
    chance = random.Random(seed)
    name = " ".join(chance.choice(WORDS) for _ in range(chance.randrange(1, 14)))
    markers = frozenset(chance.sample([Marker.LOOP, Marker.COMPENSATION], chance.randrange(3)))
    kind = chance.choice(sorted(TASKS))
    box = Bounds(-7, 13, chance.randrange(20, 200), chance.randrange(20, 140))
    fitted, top = place_name(figure(Node("x", kind, name, markers=markers), Shape("x", box)))
    if not fitted.lines or box.height < 45:
        return
    assert fitted.width <= box.width - 8
    assert top >= box.y
    assert top + fitted.height <= box.bottom - (16 if markers else 0) + 0.01 or len(fitted.lines) == 1
    if kind != "task":
        for at, line in enumerate(fitted.lines):
            is_beside_icon = top + at * fitted.size * LINE < box.y + 20
            left = box.centre.x - width_in_em(line) * fitted.size / 2
            assert not is_beside_icon or left >= box.x + 24


@pytest.mark.parametrize("kind", ["task", "userTask"])
def test_an_event_on_the_lower_border_covers_no_line_of_the_name(kind: str) -> None:
    task = Node("t", kind, "Unterlagen prüfen und Fehlendes nachfordern", container="p")
    event = Node("e", "boundaryEvent", container="p", attached_to="t", trigger=Trigger.TIMER)
    shapes = [Shape("t", Bounds(0, 0, 100, 80)), Shape("e", Bounds(50, 62, 36, 36))]
    root = parsed(render(Model({"p": Process("p")}, {"t": task, "e": event}, {}, [Plane("p", "", shapes)])))
    lines = list(group_of(root, "t").iter(f"{SVG}tspan"))
    assert len(lines) >= 3 and all(float(line.get("y")) < 62 for line in lines)


def test_names_are_cut_only_where_a_picture_has_more_text_than_can_be_set() -> None:
    assert SCREEN.within_budget(["Antrag auf Wohngeld prüfen"] * 3_000) is SCREEN
    crowded = SCREEN.within_budget(["Antrag prüfen"] * 100 + ["x" * 4_900] * 900)
    assert len("Antrag prüfen") < crowded.longest < 200
    assert fit("Antrag " * 100, 90, 70, crowded.inside, longest=crowded.longest).is_cut
