"""Words of a German text: base forms, both spellings of umlauts, compounds and their parts, hyphens, numbers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.language.analysis import words
from portal.language.compounds import halves_of, split


def wholes(text: str) -> list[str]:
    return [word.whole for word in words(text)]


def terms(text: str) -> set[str]:
    return {term for word in words(text) for term in word.terms}


def parts(text: str) -> set[str]:
    return {part.term for word in words(text) for part in word.parts}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Häuser", "Haus"),
        ("Haeuser", "Häuser"),
        ("Straße", "Strasse"),
        ("Strassenschluessel", "Straßenschlüssel"),
        ("Gaststaettenerlaubnis", "Gaststättenerlaubnis"),
        ("Anträge", "Antrag"),
        ("beantragt", "beantragen"),
        ("Anmeldung", "anmelden"),
        ("Kürzungen", "gekürzt"),
        ("Änderung", "ändern"),
        ("Kinderbetreuungsplätze", "Kinderbetreuungsplatz"),
        ("E-Akte", "eAkte"),
        ("e-Akte", "E-Akte"),
        ("Bürger:innen", "Bürger"),
        ("Bürger*innen", "Bürgerinnen"),
        ("BUẞGELD", "Bußgeld"),
        ("Wohn\xadgeld", "Wohngeld"),
        ("§ 16", "§16"),
    ],
)
def test_two_ways_to_write_a_word_are_one(one: str, other: str) -> None:
    assert wholes(one) == wholes(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Förderung", "Forderung"), ("Zahlung", "Zählung"), ("Bildung", "Bild"), ("Mahnung", "Meldung")]
)
def test_words_that_differ_in_an_umlaut_stay_apart(one: str, other: str) -> None:
    assert wholes(one) != wholes(other)


@pytest.mark.parametrize(
    ("compound", "inside"),
    [
        ("Hundesteueranmeldung", "Hund Hundesteuer Steuer Anmeldung"),
        ("Wohngeldantrag", "Wohngeld Antrag"),
        ("Baugenehmigungsverfahren", "Baugenehmigung Genehmigung Verfahren"),
        ("Einwohnermeldeamt", "Einwohner Amt melden"),
        ("Online-Terminvergabe", "online Termin Vergabe Terminvergabe"),
        ("Kita-Platz", "Kita Platz"),
        ("Sachbearbeitung", "Sache Bearbeitung"),
        ("L-17", "17"),
    ],
)
def test_a_compound_is_found_by_the_words_inside_it(compound: str, inside: str) -> None:
    assert set(wholes(inside)) <= parts(compound)


@pytest.mark.parametrize("word", ["Verwaltung", "Abteilung", "Ergebnis", "Widerspruch", "Unterlagen", "Bürgerinnen"])
def test_a_plain_word_is_not_taken_apart(word: str) -> None:
    assert not parts(word)


def test_the_own_words_of_the_house_are_parts_as_well() -> None:
    assert not split("prosozschnittstelle")
    found = split("prosozschnittstelle", frozenset({"prosoz"}))
    assert [part for _length, part in found] == ["prosoz", "schnittstelle"]


def test_numbers_and_keys_are_kept_whole() -> None:
    assert wholes("99001001000000 und OZG") == ["99001001000000", "ozg"]


def test_stop_words_are_left_out_but_keep_their_places() -> None:
    assert [(word.whole, word.place) for word in words("Amt für die Bildung")] == [("amt", 0), ("bildung", 3)]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=200))
def test_any_text_has_words_that_lie_inside_it_in_order(text: str) -> None:
    last = 0
    for word in words(text):
        assert last <= word.start < word.end <= len(text)
        assert word.whole
        last = word.end


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(alphabet="abdeghilmnorstuäöüß", min_size=7, max_size=40))
def test_the_parts_of_any_word_make_up_the_word(word: str) -> None:
    assert sum(length for length, _part in split(word)) in (0, len(word))


@pytest.mark.parametrize(
    ("sentence", "verb"),
    [
        ("Wie melde ich meinen Hund an?", "anmelden"),
        ("Wer einen Hund aufnimmt, meldet ihn innerhalb von zwei Wochen beim Steueramt an. Dann folgt", "Anmeldung"),
        ("Wo gebe ich den Antrag ab", "abgeben"),
        ("Wie lade ich Pläne hoch?", "hochladen"),
        ("Sie füllt das Formular aus; danach", "ausfüllen"),
        ("Gewerbe an-, um- und abmelden", "anmelden ummelden"),
        ("Ein- und Auszahlung", "Einzahlung"),
    ],
)
def test_a_verb_is_found_when_its_prefix_stands_apart(sentence: str, verb: str) -> None:
    assert set(wholes(verb)) <= terms(sentence)


@pytest.mark.parametrize(
    ("sentence", "verb"),
    [
        ("Die Anzeige geht an Finanzamt und Kammer", "angehen"),
        ("Sie meldet es. Darum geht es an", "anmelden"),
        ("Das Amt in Köln-An", "anmelden"),
    ],
)
def test_a_preposition_inside_a_clause_makes_no_verb(sentence: str, verb: str) -> None:
    assert not set(wholes(verb)) & terms(sentence)


@pytest.mark.parametrize(
    ("compound", "letters"),
    [
        ("Onlinezugangsgesetz", "OZG"),
        ("Informationsfreiheitsgesetz", "IFG"),
        ("Datenschutz-Folgenabschätzung", "DSFA"),
        ("Sozialgesetzbuch", "SGB"),
    ],
)
def test_a_compound_is_found_by_the_first_letters_of_its_parts(compound: str, letters: str) -> None:
    assert set(wholes(letters)) <= terms(compound)


@pytest.mark.parametrize("word", ["Wohngeld", "Verwaltung", "Schul-Antrag"])
def test_two_parts_make_no_abbreviation(word: str) -> None:
    assert not any(found.also for found in words(word))


@pytest.mark.parametrize(
    ("word", "known", "rest"),
    [
        ("lärmbeschwrede", "Lärm", "beschwrede"),
        ("wohngeldantarg", "Wohngeld", "antarg"),
        ("hundestuerranmeldung", "Anmeldung", "hundestuerr"),
    ],
)
def test_a_misspelt_compound_is_cut_at_a_word_that_is_known(word: str, known: str, rest: str) -> None:
    assert (wholes(known)[0], rest) in [(half.known, half.rest) for half in halves_of(word)]


def test_a_compound_that_is_right_has_no_halves() -> None:
    assert not list(halves_of("wohngeldantrag"))
