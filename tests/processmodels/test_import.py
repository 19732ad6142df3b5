"""The town hall's list of processes becomes drafts: previewed line by line, confirmed, all or none."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance import rules, versions
from governance.errors import NotAllowed
from governance.models import AuditEvent, Membership, Record
from processmodels import importing
from tests.factories import Cast, save, submit, tag
from tests.processmodels.factories import make_process
from tests.processmodels.pages import client_of

pytestmark = pytest.mark.django_db
ADDRESS = "/processmodels/import/"
LIST = """Prozess;Amt;Fallzahl;LeiKa-ID;Zweck;Rechtsgrundlage;Ampel
Hund anmelden;Steueramt;1.200;99102013104000;Hunde zur Steuer anmelden;§ 3 Satzung; grün
Hund abmelden;steueramt;viele;123;;;
hund anmelden;Steueramt;;;;;
Bauantrag prüfen;Bauordnungsamt;;;;;
Wohngeld bewilligen;Soziales;;;;;
;Steueramt;;;;;
"""


def preview(cast: Cast, text: str = LIST, by: str = "author", name: str = "liste.csv") -> Any:
    return client_of(cast, by).post(ADDRESS, {"file": SimpleUploadedFile(name, text.encode())})


def lines(answer: Any) -> dict[str, str]:
    rows = re.findall(r"<tr>\s*<td>(\d+)</td>(.*?)</tr>", answer.content.decode(), re.DOTALL)
    return {line: " ".join(re.sub("<[^>]+>", " ", rest).split()) for line, rest in rows}


def confirm(cast: Cast, answer: Any, by: str = "author") -> Any:
    payload = re.search(r'name="payload" value="([^"]+)"', answer.content.decode())
    assert payload
    return client_of(cast, by).post(ADDRESS, {"payload": payload[1]})


def test_the_preview_says_of_each_line_what_becomes_of_it(cast: Cast) -> None:
    answer = preview(cast)
    found = lines(answer)
    assert answer.status_code == 200 and not Record.objects.exists()
    assert "Wird ein Entwurf." in found["2"]
    assert "Wird ein Entwurf." in found["3"] and "keine Fallzahl" in found["3"] and "LeiKa-Schlüssel" in found["3"]
    assert found["4"].count("Steht schon in Zeile 2.") == 1
    assert "kann nur das Team" in found["5"]
    assert "kein Change-Management-Team" in found["6"]
    assert found["7"].count("Der Name des Prozesses fehlt.") == 1
    assert "Ampel" in answer.content.decode()


def test_confirmed_lines_become_audited_drafts_of_their_team(cast: Cast) -> None:
    answer = confirm(cast, preview(cast))
    assert answer.url == "/processmodels/"
    first, second = Record.objects.order_by("number")
    text = versions.content_of(first)
    assert (text.title, text.cases_a_year, text.service_key) == ("Hund anmelden", 1200, "99102013104000")
    assert text.legal_basis[0]["title"] == "§ 3 Satzung"
    assert (first.owner, first.state, second.owner) == (cast.team, "draft", cast.team)
    assert AuditEvent.objects.filter(verb="create", record__in=[first, second]).count() == 2


def test_confirming_twice_makes_no_draft_twice(cast: Cast) -> None:
    answer = preview(cast)
    confirm(cast, answer)
    confirm(cast, answer)
    assert Record.objects.count() == 2


def test_what_exists_already_is_skipped_with_its_number(cast: Cast) -> None:
    record = make_process(cast, title="Hund Anmelden")
    assert f"Gibt es schon als {record.short_number}." in lines(preview(cast))["2"]


def test_drafts_of_other_teams_are_not_betrayed(cast: Cast) -> None:
    make_process(cast, by="outsider", title="Hund anmelden")
    assert "Wird ein Entwurf." in lines(preview(cast))["2"]


def test_a_preview_of_somebody_else_or_a_changed_one_is_refused(cast: Cast) -> None:
    confirm(cast, preview(cast), by="outsider")
    client_of(cast, "author").post(ADDRESS, {"payload": "erfunden"})
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("text", "name"), [("", "leer.csv"), ("nur Text", "liste.csv"), (LIST, "liste.xlsx"), ("x", "liste.exe")]
)
def test_a_file_that_is_no_list_is_refused_at_the_field(cast: Cast, text: str, name: str) -> None:
    answer = preview(cast, text, name=name)
    assert answer.status_code == 422 and 'data-outcome="invalid"' in answer.content.decode()


def test_a_list_without_departments_goes_to_the_only_team_of_the_person(cast: Cast) -> None:
    confirm(cast, preview(cast, "Prozess\nHund anmelden\n"))
    assert Record.objects.get().owner == cast.team


def test_a_line_without_department_in_a_list_that_has_the_column_is_nobodys(cast: Cast) -> None:
    found = lines(preview(cast, "Prozess;Amt\nHund anmelden;Steueramt\nBauantrag;\n"))
    assert "Wird ein Entwurf." in found["2"] and "Der Bereich fehlt." in found["3"]


def test_the_chair_brings_in_the_whole_list_for_the_teams_that_own_it(cast: Cast) -> None:
    answer = preview(cast, by="chair")
    assert "Wird ein Entwurf." in lines(answer)["2"] and "Wird ein Entwurf." in lines(answer)["5"]
    confirm(cast, answer, by="chair")
    hund, _other, building = Record.objects.order_by("number")
    assert (hund.owner, building.owner) == (cast.team, cast.other_team)
    assert (hund.contact, building.contact) == (cast.lead, cast.outsider)
    event = AuditEvent.objects.get(verb="create", record=building)
    assert (event.actor, event.version) == (cast.chair, building.current_version)
    assert client_of(cast, "chair").get(f"/processmodels/{building.number}-bauantrag/edit/").status_code == 404
    assert client_of(cast, "outsider").get(f"/processmodels/{building.number}-bauantrag/edit/").status_code == 200
    confirm(cast, answer, by="chair")
    assert Record.objects.count() == 3


def test_the_chair_who_brought_a_text_in_does_not_decide_on_it(cast: Cast) -> None:
    confirm(cast, preview(cast, by="chair"), by="chair")
    record = Record.objects.order_by("number")[0]
    save(cast, record, tag_ids=[tag().pk], to_be_steps=[{"role": "", "activity": "Prüfen"}])
    review = submit(cast, record)
    assert set(review.authors) == {cast.chair.pk, cast.author.pk}
    assert not rules.may_decide(cast.standing("chair"), review)
    assert rules.may_decide(cast.standing("committee"), review)


def test_only_the_chair_brings_in_lines_of_other_teams_and_only_by_a_list(cast: Cast) -> None:
    for who, may in (("chair", True), ("committee", False), ("author", False), ("admin", False)):
        assert rules.may_import_for(cast.standing(who), cast.other_team) is may
    with pytest.raises(NotAllowed):
        versions.create(kind="process_model", owner=cast.team, standing=cast.standing("chair"), values={"title": "X"})


def test_a_team_without_members_gets_no_drafts(cast: Cast) -> None:
    Membership.objects.filter(team=cast.other_team).update(ends_on="2020-02-01")
    assert "noch kein Mitglied" in lines(preview(cast, by="chair"))["5"]


def test_what_is_too_much_at_once_follows_with_the_same_list_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MAX_AT_ONCE", 1)
    confirm(cast, preview(cast))
    assert Record.objects.count() == 1
    confirm(cast, preview(cast))
    assert sorted(versions.content_of(record).title for record in Record.objects.all()) == [
        "Hund abmelden",
        "Hund anmelden",
    ]


def test_a_list_too_long_for_the_preview_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MAX_PAYLOAD", 100)
    answer = preview(cast)
    assert answer.status_code == 422 and "Bitte teilen Sie sie" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "where", "leads"),
    [
        ("author", "/processmodels/new/", True),
        ("author", "/help/change-team/", True),
        ("chair", "/", True),
        ("chair", "/processmodels/", True),
        ("author", "/processmodels/", True),
        ("staff", "/processmodels/", False),
        ("chair", "/help/committee/", True),
        ("committee", "/", False),
        ("committee", "/help/committee/", False),
        ("staff", "/", False),
    ],
)
def test_the_way_to_the_import_is_shown_to_those_who_may_go_it(cast: Cast, role: str, where: str, leads: bool) -> None:
    client = client_of(cast, role)
    assert ('href="/processmodels/import/"' in client.get(where).content.decode()) is leads
    if leads:
        assert client.get("/processmodels/import/").status_code == 200


@pytest.mark.parametrize(
    "where", ["/help/", "/help/change-team/", "/help/staff/", "/processmodels/new/", "/processmodels/1-x/edit/2/"]
)
def test_how_to_draw_is_linked_where_people_look_for_it(cast: Cast, where: str) -> None:
    make_process(cast)
    assert 'href="/processmodels/how-to-draw/' in client_of(cast, "author").get(where).content.decode()
