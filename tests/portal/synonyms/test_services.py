"""Who keeps the synonyms, what makes a group, and what two people at once see."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from governance.errors import NotAllowed
from governance.models import AuditEvent
from portal.synonyms import services, table
from portal.synonyms.models import SynonymGroup
from portal.synonyms.table import Row
from tests.factories import Cast

pytestmark = pytest.mark.django_db


def add(cast: Cast, *words: str, **more: Any) -> SynonymGroup:
    return services.add(standing=cast.standing("committee"), words=words, **more)


@pytest.mark.parametrize("role", ["author", "lead", "head", "staff", "admin"])
def test_nobody_but_the_committee_keeps_synonyms(cast: Cast, role: str) -> None:
    standing, group = cast.standing(role), add(cast, "Perso", "Personalausweis")
    with pytest.raises(NotAllowed):
        services.add(standing=standing, words=["Kita", "Kindergarten"])
    with pytest.raises(NotAllowed):
        services.change(standing=standing, group=group, opened_on=1, words=["Kita", "Kindergarten"])
    with pytest.raises(NotAllowed):
        services.remove(standing=standing, group=group, opened_on=1)
    with pytest.raises(NotAllowed):
        services.take_over(standing=standing, rows=[])


def test_each_step_is_in_the_audit_trail_without_words(cast: Cast) -> None:
    group = add(cast, "Perso", "Personalausweis")
    services.change(standing=cast.standing("chair"), group=group, opened_on=1, words=["Perso", "Ausweis"], note="x")
    services.remove(standing=cast.standing("committee"), group=group, opened_on=2)
    events = AuditEvent.objects.order_by("pk").values_list("verb", "actor__username", "data")
    assert list(events) == [
        ("add_synonyms", "committee", {"synonyms": group.pk, "change": 1}),
        ("change_synonyms", "chair", {"synonyms": group.pk, "change": 2}),
        ("remove_synonyms", "committee", {"synonyms": group.pk, "change": 3}),
    ]
    assert not SynonymGroup.in_force.exists()
    assert SynonymGroup.objects.get().words == ["Perso", "Ausweis"]


def test_the_second_editor_is_told_and_nothing_is_overwritten(cast: Cast) -> None:
    group = add(cast, "Perso", "Personalausweis")
    services.change(standing=cast.standing("chair"), group=group, opened_on=1, words=["Perso", "Ausweis"])
    with pytest.raises(services.Changed) as told:
        services.change(standing=cast.standing("committee"), group=group, opened_on=1, words=["Perso", "Pass"])
    assert told.value.current.words == ["Perso", "Ausweis"]
    with pytest.raises(services.Changed):
        services.remove(standing=cast.standing("committee"), group=group, opened_on=1)
    services.remove(standing=cast.standing("chair"), group=group, opened_on=2)
    with pytest.raises(services.Removed):
        services.change(standing=cast.standing("committee"), group=group, opened_on=2, words=["Perso", "Pass"])


@pytest.mark.parametrize(
    ("words", "leads_to", "field"),
    [
        ([], [], "words"),
        (["Perso"], [], "words"),
        (["Ausweis", "Ausweise"], [], "words"),
        (["der", "Perso"], [], "words"),
        ([f"Wort{number}" for number in range(21)], [], "words"),
        (["Perso"], ["und"], "leads_to"),
        (["Hund"], ["Hunde"], "leads_to"),
    ],
)
def test_what_is_no_group_is_refused_at_its_field(
    cast: Cast, words: list[str], leads_to: list[str], field: str
) -> None:
    with pytest.raises(ValidationError) as told:
        add(cast, *words, leads_to=leads_to)
    assert set(told.value.message_dict) == {field}


def test_the_database_refuses_a_group_of_one_word(cast: Cast) -> None:
    for words, leads_to in ((["Perso"], []), ([], ["Ausweis"]), (["x"] * 21, [])):
        with pytest.raises(IntegrityError), transaction.atomic():
            SynonymGroup.objects.create(words=words, leads_to=leads_to)


def test_the_list_reads_back_as_it_was_written(cast: Cast) -> None:
    add(cast, "Kita-Platz", "Platz in der Kita", note='=1+1; "quer"')
    add(cast, "Dackel", leads_to=["Hund"])
    text = table.write(SynonymGroup.in_force.order_by("pk"))
    assert "'=1+1" in text
    assert table.read(text.encode()) == [
        Row(["Kita-Platz", "Platz in der Kita"], [], '=1+1; "quer"'),
        Row(["Dackel"], ["Hund"], ""),
    ]


def test_of_a_list_what_is_there_already_is_left_alone_and_a_mistake_takes_nothing(cast: Cast) -> None:
    add(cast, "Perso", "Personalausweis")
    rows = [Row(["personalausweis", "Perso"]), Row(["Kita", "Kindergarten"])]
    assert services.take_over(standing=cast.standing("committee"), rows=rows) == 1
    with pytest.raises(ValidationError, match=r"Gruppe 2 \(Auto\)"):
        services.take_over(standing=cast.standing("committee"), rows=[Row(["Müll", "Abfall"]), Row(["Auto"])])
    assert SynonymGroup.in_force.count() == 2


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "erste Zeile"),
        (b"Titel;Zweck;x\n", "erste Zeile"),
        (b"\xff\xfe\x00", "lässt sich nicht lesen"),
        ('Wörter;führen zu;Hinweis\n"offen'.encode(), "lässt sich nicht lesen"),
        (f"Wörter;führen zu;Hinweis\n{'x' * 70};;".encode(), "Zeile 2"),
        (("Wörter;führen zu;Hinweis\n" + "a,b;;\n" * 2001).encode(), "Höchstens"),
        (b"x" * 1_000_001, "1 MB"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_reason(data: bytes, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        table.read(data)
