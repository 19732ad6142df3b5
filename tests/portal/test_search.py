"""Search over the catalogue: any word, best first, facets, misspelt words, whatever a person types."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance import workflow
from portal.asked import Query
from portal.attachment_text.models import AttachmentText
from portal.search import PAGE_SIZE, Results, lookup, question, ranking, results, search
from portal.signals import attachment_text_ready
from portal.synonyms import services as synonyms
from tests import factories, kept
from tests.factories import Cast, make_draft, make_published, save, tag
from tests.learnings.test_reading import FRAME
from tests.pages import client_of, main_of, page_for, queries_of
from tests.portal.attachment_text.test_services import attach
from tests.processmodels.factories import make_process, publish

pytestmark = pytest.mark.django_db


def find(text: str = "", **filters: str) -> Results:
    query = QueryDict(mutable=True)
    query.update({"q": text, **filters})
    return search(Query.read(query))


def titles(results: Results) -> list[str]:
    return [hit.entry.title for hit in results.hits]


@pytest.fixture
@kept.once
def town(cast: Cast) -> Cast:
    make_published(cast, title="Hundesteuer online anmelden", what_was_done="Das Formular wurde gekürzt.")
    make_published(
        cast,
        title="Wohngeld: Nachweise gesammelt nachfordern",
        answer="Ein Brief statt drei spart allen Zeit.",
        what_was_done="Die Nachforderungen gehen gesammelt hinaus.",
        audiences=["team", "decision_makers"],
        tag_ids=[tag("Bescheide").pk],
    )
    make_published(
        cast,
        by="outsider",
        title="Bauanträge vollständig annehmen",
        what_was_done="Am Schalter liegt eine Liste.",
        answer="Eine Checkliste am Schalter vermeidet Rückfragen.",
        tag_ids=[tag("Bescheide").pk, tag("Bauen").pk],
    )
    return cast


def test_words_are_found_in_other_forms(town: Cast) -> None:
    assert titles(find("Kürzungen")) == ["Hundesteuer online anmelden"]
    assert titles(find("nachforderung")) == ["Wohngeld: Nachweise gesammelt nachfordern"]


def test_any_word_is_enough_and_all_words_come_first(town: Cast) -> None:
    found = titles(find("Checkliste Brief Wohngeld"))
    assert found[0] == "Wohngeld: Nachweise gesammelt nachfordern"
    assert "Bauanträge vollständig annehmen" in found


def test_the_short_number_leads_to_its_record(town: Cast) -> None:
    assert titles(find("l-2")) == ["Wohngeld: Nachweise gesammelt nachfordern"]
    assert titles(find("L2")) == ["Wohngeld: Nachweise gesammelt nachfordern"]


def test_a_phrase_must_stand_as_written_and_a_minus_leaves_out(town: Cast) -> None:
    assert titles(find('"Brief statt drei"')) == ["Wohngeld: Nachweise gesammelt nachfordern"]
    assert find('"drei statt Brief"').total == 0
    assert titles(find("Bescheide -Bauen")) == ["Wohngeld: Nachweise gesammelt nachfordern"]


def test_misspelt_words_find_similar_ones_and_say_so(town: Cast) -> None:
    results = find("Hundesteur")
    assert titles(results) == ["Hundesteuer online anmelden"]
    assert results.mended


@pytest.mark.parametrize(
    ("typed", "meant", "title"),
    [
        ("Wohngeldnachwies", "Wohngeldnachweise", "Wohngeld: Nachweise gesammelt nachfordern"),
        ("Formlularliste", "Formularliste", "Hundesteuer online anmelden"),
        ("Breif gesammelt", "Brief gesammelt", "Wohngeld: Nachweise gesammelt nachfordern"),
        ("Frmular", "Formular", "Hundesteuer online anmelden"),
    ],
)
def test_a_compound_with_one_misspelt_half_and_a_short_word_are_mended(
    town: Cast, typed: str, meant: str, title: str
) -> None:
    found = find(typed)
    assert title in titles(found)
    assert found.corrected == meant


def test_a_verb_with_its_prefix_apart_finds_the_noun_and_marks_it(town: Cast) -> None:
    make_published(town, title="Gewerbe", what_was_done="Wer gründet, meldet das beim Amt an. Mehr ist nicht nötig.")
    assert titles(find("Anmeldung Gewerbe"))[0] == "Gewerbe"
    assert "<mark>meldet</mark>" in str(find("Anmeldung Gewerbe").hits[0].excerpt)
    assert titles(find("Wie melde ich die Hundesteuer an?"))[0] == "Hundesteuer online anmelden"


def test_an_abbreviation_finds_the_compound_and_the_other_way_round(town: Cast) -> None:
    make_published(town, title="Onlinezugangsgesetz umsetzen", what_was_done="Wir begannen.")
    # Nobody wrote "OZG" yet, so it is not suggested.
    assert not find("Ozgg").mended
    make_published(town, title="OZG im Alltag", what_was_done="Wir lernten.")
    both = {"Onlinezugangsgesetz umsetzen", "OZG im Alltag"}
    assert set(titles(find("ozg"))) == both
    assert set(titles(find("Onlinezugangsgesetz"))[:2]) == both


def test_words_that_stand_near_each_other_rank_higher(cast: Cast) -> None:
    between = "Danach kam die Runde wieder im Haus am Markt zusammen und sprach lange über Kaffee und Kuchen. " * 3
    make_published(cast, title="Nah beieinander", what_was_done=f"Der Spielplatz bekommt eine Schaukel. {between}")
    make_published(cast, title="Weit auseinander", what_was_done=f"Der Spielplatz ist fertig. {between} Eine Schaukel.")
    assert titles(find("Spielplatz Schaukel")) == ["Nah beieinander", "Weit auseinander"]
    assert titles(find("Schaukel Spielplatz", page="1"))[0] == "Nah beieinander"


def test_excerpts_mark_the_words_and_escape_the_rest(town: Cast) -> None:
    make_published(town, title="Gefährlich", what_was_done="Ein <script>alert(1)</script> im Sensortext.")
    (hit,) = find("Sensortext").hits
    assert hit.excerpt is not None
    assert "<mark>Sensortext</mark>" in hit.excerpt.html
    assert "<script" not in hit.excerpt.html


def facet(results: Results, name: str) -> dict[str, int]:
    for one in results.facets:
        if one.name == name:
            return {value.label: value.count for value in one.values}
    return {}


def test_facets_count_under_the_other_filters(town: Cast) -> None:
    everything = find()
    assert facet(everything, "tag") == {"Bescheide": 2, "Bauen": 1, "Online-Dienst": 1}
    assert facet(everything, "department") == {"Steueramt": 2, "Bauordnungsamt": 1}
    assert facet(everything, "audience")["Politik und Verwaltungsspitze"] == 1
    narrowed = find(tag="bescheide")
    assert narrowed.total == 2
    assert facet(narrowed, "tag") == {"Bescheide": 2, "Bauen": 1, "Online-Dienst": 1}
    assert facet(narrowed, "department") == {"Steueramt": 1, "Bauordnungsamt": 1}


def test_a_department_counts_and_filters_with_everything_below_it(town: Cast) -> None:
    top = factories.DepartmentFactory(name="Finanzen", slug="finanzen")
    department = town.team.department
    assert department is not None
    department.parent = top
    department.save()
    assert facet(find(), "department")["Finanzen"] == 2
    assert find(department="finanzen").total == 2


def test_what_is_not_published_is_not_found_counted_or_suggested(town: Cast) -> None:
    make_draft(town, title="Geheimer Entwurf Quastenflosser", tag_ids=[tag("Nur im Entwurf").pk])
    record = make_published(town, title="Archiviertes Rhinozeros")
    changed = make_published(town, title="Sichtbarer Titel")
    save(town, changed, title="Heimlicher neuer Titel Zwergmaki")
    workflow.archive(record=record, standing=town.standing("lead"), reason="Überholt")
    for text in ("Quastenflosser", "Rhinozeros", "Zwergmaki"):
        assert find(text).total == 0
    assert "Nur im Entwurf" not in facet(find(), "tag")
    assert titles(find("Sichtbarer")) == ["Sichtbarer Titel"]


def test_pages_hold_ten_and_pages_out_of_range_are_empty_not_errors(town: Cast) -> None:
    for number in range(12):
        make_published(town, title=f"Serie {number}")
    assert len(find("Serie").hits) == PAGE_SIZE
    assert len(find("Serie", page="2").hits) == 2
    for page in ("-1", "0", "abc", "1000000000", "99"):
        assert find("Serie", page=page).total == 12


def test_sorting_by_title_follows_german_order(town: Cast) -> None:
    make_published(town, title="Ämter im Vergleich")
    assert titles(find(sort="title"))[0] == "Ämter im Vergleich"
    assert find(sort="; drop table").query.order == "newest"


def test_a_search_takes_at_most_three_queries(town: Cast) -> None:
    find("Wohngeld")  # a process reads the town hall's own words once
    with CaptureQueriesContext(connection) as queries:
        find("Wohngeld Bescheide", tag="bescheide")
    assert len(queries) == 3
    with CaptureQueriesContext(connection) as queries:
        find("Hundesteur")
    assert len(queries) <= 3


STRANGE = [
    "\x01",
    "'",
    '"',
    '""',
    "-",
    "- -",
    "!!",
    "&|",
    "a:*b",
    "%",
    "\\",
    "<->",
    "der die das",
    "'; DROP TABLE governance_record; --",
    "🐕",
    "\u202eabc",
    "(((",
    "L-99999999999",
    "-Wohngeld",
    "%(w0)s",
    "%s",
    "{rank}",
    "x" * 10_000,
    "wort " * 5_000,
    "\ud800",
]


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_nothing_a_person_types_gives_an_error(town: Cast, text: str) -> None:
    filtered = find(text, tag=text[:50], department=text[:50], kind=text[:50], audience=text[:50])
    assert filtered.total <= 3
    assert find(text).total <= 3


NOTHING, NO_WORD = "Dazu ist nichts veröffentlicht", "Bitte ein Wort mit Inhalt eingeben"
FOUND, ALL = "1 Eintrag zu", "1 Eintrag"
ADDRESSES = {
    "control characters": ("q=%01%02%1f%7f", NO_WORD),
    "control characters in a word": ("q=Hundesteuer%07", FOUND),
    "broken UTF-8": ("q=%ff%fe%c3+Hundesteuer&tag=%c3", "Mit diesen Filtern ist nichts"),
    "overlong UTF-8": ("q=%c0%af%c0%ae", NO_WORD),
    "5 000 words": ("q=" + "+".join(f"wort{number}" for number in range(5_000)), NOTHING),
    "only stop words": ("q=der+die+das+und+in", NO_WORD),
    "only punctuation": ("q=%21%3F%2E%2C%3B%3A%E2%80%93%E2%80%9E%E2%80%9C", NO_WORD),
    "right to left": ("q=\u0645\u0631\u062d\u0628\u0627 \u202e\u05e9\u05dc\u05d5\u05dd\u202c", NOTHING),
    "emoji": ("q=\U0001f415 \U0001f469\u200d\U0001f469\u200d\U0001f467", NO_WORD),
    "emoji beside a word": ("q=\U0001f415 Hundesteuer \U0001f415", FOUND),
    "SQL": ("q='); DROP TABLE governance_record; --", NOTHING),
    "SQL in filters": ("tag=' OR 1=1 --&year=1 UNION SELECT 1&department=%25&kind=learning')", "Mit diesen Filtern"),
    "tsquery": ("q=hundesteuer:* %26 !(xylo | ylox) <-> <2>", FOUND),
    "tsquery alone": ("q=%26 | ! ( ) : * <-> <2>", "Eintr"),
    "wildcards": ("q=% _ * ? hundesteu*", FOUND),
    "wildcards alone": ("q=%25 _ * ? \\", NO_WORD),
    "page -1": ("q=Hundesteuer&page=-1", FOUND),
    "page 0": ("page=0", ALL),
    "page 10^9": ("q=Hundesteuer&page=1000000000", FOUND),
    "page in other digits": ("page=\u0661\u0662", ALL),
    "unknown filters": ("q=Hundesteuer&farbe=rot&kind=gibtsnicht&year=zweitausend", "gibtsnicht"),
    "unknown sort": ("q=Hundesteuer&sort=title;--", FOUND),
    "more values than anybody chooses": ("&".join(f"tag=wort-{number}" for number in range(200)), "wort-19"),
    "the same twice": ("q=Xylophon&q=Hundesteuer&page=2&page=1", FOUND),
    "markup": ('q=<script>alert(1)</script> "><b>', "Eintr"),
}


@pytest.mark.parametrize(("query", "answer"), ADDRESSES.values(), ids=ADDRESSES)
def test_whatever_stands_in_its_address_the_page_makes_sense_of_it(cast: Cast, query: str, answer: str) -> None:
    make_published(cast)
    client = client_of(cast, "staff")
    page = client.get(f"/search/?{query}")
    assert page.status_code == 200
    main = main_of(page.content.decode())
    assert answer in main
    assert "<script" not in main and "\x00" not in main
    # What else reads the same address: suggestions, and the page that keeps a search.
    assert client.get(f"/search/suggest.json?{query}").status_code == 200
    assert client.get(f"/following/search/?{query}").status_code == 200


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(max_size=60))
def test_random_text_gives_no_error(town: Cast, text: str) -> None:
    assert find(text).total >= 0


def test_typed_text_is_taken_apart_into_words_phrases_and_exclusions() -> None:
    asked = question.read('Hund "genau drei Briefe" -Katze -"nie Maus" ...', frozenset())
    assert [concept.typed for concept in asked.concepts] == ["drei", "Briefe", "Hund"]
    assert asked.phrases == ("'drei' <1> 'brief'",)
    assert asked.unwanted == ("nie", "maus", "katz")


def test_a_filter_that_nobody_knows_is_shown_and_can_be_taken_away(town: Cast) -> None:
    for name in ("kind", "department", "tag", "audience"):
        page = page_for(town, "staff", f"/search/?q=Schalter&{name}=gibtsnicht")
        chip = page[page.index('<ul class="chips"') : page.index("</ul>", page.index('<ul class="chips"'))]
        assert 'href="?q=Schalter"' in chip
        assert "gibtsnicht" in chip


def test_a_page_beyond_the_last_shows_the_last(town: Cast) -> None:
    for number in range(PAGE_SIZE):
        make_published(town, title=f"Marke {number}")
    last = find(page="2")
    beyond = find(page="700")
    assert beyond.page.number == 2
    assert titles(beyond) == titles(last)
    assert len(titles(last)) == 3


def test_an_excerpt_from_the_middle_begins_with_dots_and_one_from_the_beginning_does_not(town: Cast) -> None:
    words = " ".join(f"wort{number}" for number in range(60))
    make_published(town, title="Lang", everyday_benefit=f"Anfangswort {words} Endwort.")
    assert find("Endwort").hits[0].excerpt.html.startswith("… ")
    make_published(town, title="Kurz", guiding_question="Welche Blattlaus kommt zuerst?")
    # The guiding question is where the text begins.
    assert not find("Blattlaus").hits[0].excerpt.html.startswith("…")


def test_a_word_found_in_the_title_is_marked_there(town: Cast) -> None:
    make_published(town, title="Wohngeld & <b>mehr")
    assert "<mark>Wohngeld</mark> &amp; &lt;b&gt;mehr" in page_for(town, "staff", "/search/?q=Wohngeld")
    assert all(not hit.title for hit in find("Schalter").hits)


def test_the_word_suggest_has_a_page_like_any_other(town: Cast) -> None:
    make_published(town, tag_ids=[tag("Suggest").pk])
    assert "Schlagwort: Suggest" in page_for(town, "staff", "/tags/suggest/")


def test_filters_stand_above_the_results_too_and_no_id_twice(town: Cast) -> None:
    page = page_for(town, "staff", "/search/")
    assert page.index("filters--phone") < page.index('class="results"') < page.index("filters--wide")
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


# -- the page of results ---------------------------------------------------------------------------


def test_each_value_of_a_filter_can_be_added_and_taken_away_again(town: Cast) -> None:
    page = page_for(town, "staff", "/search/?tag=bauen")
    assert 'href="?tag=bauen&amp;tag=online-dienst"' in page
    both = page_for(town, "staff", "/search/?tag=bauen&tag=online-dienst")
    assert "2 Einträge" in both
    assert "Wohngeld: Nachweise" not in both
    assert 'href="?tag=online-dienst"' in both
    assert both.count("ausgewählt, Auswahl aufheben") == 4  # two values, on a phone and beside the results
    assert "Alle Filter entfernen" in both


def test_departments_stand_below_the_one_they_belong_to(town: Cast) -> None:
    top = factories.DepartmentFactory(name="Finanzen", slug="finanzen")
    for name in ("Steueramt", "Kämmerei"):
        below = factories.Department.objects.filter(name=name).first() or factories.DepartmentFactory(name=name)
        below.parent = top
        below.save()
    (facet,) = (one for one in find().facets if one.name == "department")
    assert [(value.label, value.depth, value.count) for value in facet.values] == [
        ("Finanzen", 0, 2),
        ("Steueramt", 1, 2),
        ("Bauordnungsamt", 0, 1),
    ]


def test_a_long_facet_keeps_its_rest_folded_and_shows_it_when_something_there_is_chosen(town: Cast) -> None:
    for number in range(11):
        make_published(town, title=f"Wort {number}", tag_ids=[tag(f"Wort {number:02}").pk])
    (facet,) = (one for one in find().facets if one.name == "tag")
    assert (len(facet.shown), len(facet.folded), facet.is_open) == (8, 4, False)
    (facet,) = (one for one in find(tag="wort-10").facets if one.name == "tag")
    assert facet.is_open


def test_the_life_cycle_of_process_models_is_a_filter(town: Cast) -> None:
    publish(town, make_process(town, title="Sperrmüll abholen", life_cycle="introduced"))
    assert facet(find(), "life_cycle") == {"eingeführt": 1}
    assert titles(find(life_cycle="introduced")) == ["Sperrmüll abholen"]


def test_a_process_model_shows_its_picture_and_says_that_the_word_stands_in_the_diagram(town: Cast) -> None:
    publish(town, make_process(town, title="Sperrmüll abholen"))
    (hit,) = find("weiterleiten").hits
    assert hit.picture.endswith("/files/nachher.svg/")
    page = page_for(town, "staff", "/search/?q=weiterleiten")
    assert f'<img src="{hit.picture}" alt="" loading="lazy">' in page
    assert "Gefunden im Diagramm:" in page
    assert 'class="portal-card__picture"' not in page_for(town, "staff", "/search/?q=Wohngeld")


def test_a_word_in_a_file_is_found_marked_and_its_place_is_named(town: Cast) -> None:
    row = attach("merkblatt.txt", b"Im Anhang steht Quastenflosser.")
    make_published(town, title="Mit Anhang", attachments=[row])
    AttachmentText.objects.filter(pk=row["sha256"]).update(status="ok", text="Im Anhang steht Quastenflosser.")
    attachment_text_ready.send(None, sha256s=[row["sha256"]])
    page = page_for(town, "staff", "/search/?q=Quastenflosser")
    assert "Gefunden im Anhang:" in page
    assert "<mark>Quastenflosser</mark>" in page
    with CaptureQueriesContext(connection) as queries:
        assert find("Quastenflosser").total == 1
    assert len(queries) == 3


def test_a_line_stands_where_not_all_words_begins(town: Cast) -> None:
    make_published(town, title="Wohngeld am Schalter", answer="Der Schalter hilft.")
    page = page_for(town, "staff", "/search/?q=Wohngeld+Schalter")
    assert page.index("Wohngeld</mark> am") < page.index("Ab hier kommen nicht alle Wörter vor")
    assert "Ab hier" not in page_for(town, "staff", "/search/?q=Wohngeld+Schalter&sort=title")


def test_more_than_are_looked_at_are_called_over_ten_thousand(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "MOST_CANDIDATES", 2)
    monkeypatch.setattr(results, "MOST_CANDIDATES", 2)
    page = page_for(town, "staff", "/search/")
    assert "Über 10 000 Einträge" in page
    assert "aus den ersten 10 000" in page


@pytest.mark.parametrize("text", ["der+die+das", "%3F%21", "und+..."])
def test_words_without_content_get_an_answer_that_says_what_to_type(town: Cast, text: str) -> None:
    page = page_for(town, "staff", f"/search/?q={text}")
    assert "Bitte ein Wort mit Inhalt eingeben" in page
    assert "0 Einträge" not in page


def test_when_filters_leave_nothing_the_page_says_how_much_there_is_without_each(town: Cast) -> None:
    page = page_for(town, "staff", "/search/?tag=bauen&department=steueramt")
    assert "Mit diesen Filtern ist nichts veröffentlicht" in page
    text = " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert "Ohne den Filter „Bereich“: 1 Eintrag" in text
    assert "Ohne den Filter „Schlagwort“: 2 Einträge" in text
    assert "Schlagwort: Bauen" in text
    assert "Bereich: Steueramt" in text


def test_when_nothing_is_found_the_page_says_what_was_tried_near_words_and_whom_to_ask(town: Cast) -> None:
    page = page_for(town, "staff", "/search/?q=Xylophonkunde")
    assert "in ähnlicher Schreibweise" in page
    assert 'href="/tags/bescheide/"' in page_for(town, "staff", "/search/?q=Bescheide&year=1990")
    assert 'href="/governance/departments/"' in page
    client = client_of(town, "staff")
    assert queries_of(client, "/search/?q=Xylophonkunde&tag=bauen") <= FRAME + 3


def test_a_typing_error_is_named_and_its_results_are_there(town: Cast) -> None:
    page = page_for(town, "staff", "/search/?q=Hundesteur")
    assert "Meinten Sie" in page
    assert "<mark>Hundesteuer</mark> online anmelden" in page


def test_what_was_searched_as_well_is_named(town: Cast) -> None:
    synonyms.add(standing=town.standing("committee"), words=["Mietzuschuss", "Wohngeld"])
    text = " ".join(re.sub(r"<[^>]+>", "", page_for(town, "staff", "/search/?q=Mietzuschuss")).split())
    assert "Auch gesucht: „Wohngeld“" in text


def test_a_frequent_word_picks_nothing_while_a_rarer_one_picks_enough(
    town: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_published(town, title="Wohngeld am Schalter", what_was_done="Wir fragten nach.")
    everything = set(titles(find("Wohngeld Schalter")))
    monkeypatch.setattr(lookup, "FREQUENT", 0)
    monkeypatch.setattr(lookup, "ENOUGH", 1)
    few = find("Nachweise Schalter Wohngeld")
    assert "Bauanträge vollständig annehmen" in everything
    assert set(titles(few)) < everything
    # What has all words is never missed, and the frequent words count in its score.
    assert titles(find("Wohngeld Schalter"))[0] == "Wohngeld am Schalter"
    assert find("Wohngeld Schalter").with_all_words == 1
