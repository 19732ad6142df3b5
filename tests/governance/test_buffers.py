"""Work in progress: one for each record and person, read by that person alone, gone once saved."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from governance import clock, versions
from governance.errors import Conflict, Locked, NotAllowed
from governance.models import AuditEvent, DraftBuffer, Record
from tests.factories import Cast, make_draft, reload, save, submit

pytestmark = pytest.mark.django_db


def keep(cast: Cast, record: Record, by: str, text: str, opened_on: int | None = None) -> DraftBuffer:
    opened = opened_on or reload(record).current_version_id
    assert opened is not None
    return versions.save_buffer(
        record=reload(record), standing=cast.standing(by), data={"answer": text}, opened_on=opened
    )


def own(cast: Cast, record: Record, by: str) -> DraftBuffer | None:
    return versions.buffer_of(record=record, standing=cast.standing(by))


def test_everybody_gets_the_own_words_back_and_nobody_elses(cast: Cast) -> None:
    record = make_draft(cast)
    keep(cast, record, "author", "Vom Autor.")
    keep(cast, record, "member", "Vom Mitglied.")
    for who, text in (("author", "Vom Autor."), ("member", "Vom Mitglied.")):
        found = own(cast, record, who)
        assert found is not None
        assert found.data == {"answer": text}
    assert own(cast, record, "lead") is None


def test_the_team_sees_who_is_at_work_without_the_words(cast: Cast) -> None:
    record = make_draft(cast)
    keep(cast, record, "author", "Nur meins.")
    (other,) = versions.others_at_work(record, cast.standing("member"))
    assert other.user == cast.author
    assert "data" in other.get_deferred_fields()
    assert not versions.others_at_work(record, cast.standing("author"))


def test_later_words_replace_earlier_ones_and_make_no_version(cast: Cast) -> None:
    record = make_draft(cast)
    begun = clock.now()
    with clock.at(begun):
        keep(cast, record, "author", "Erst.")
    events = AuditEvent.objects.count()
    keep(cast, record, "author", "Dann.")
    kept = DraftBuffer.objects.get()
    assert kept.data == {"answer": "Dann."}
    assert kept.started_at == begun < kept.updated_at
    assert record.versions.count() == 1
    assert AuditEvent.objects.count() == events


def test_saving_drops_the_own_work_and_leaves_that_of_others(cast: Cast) -> None:
    record = make_draft(cast)
    keep(cast, record, "author", "Vom Autor.")
    keep(cast, record, "member", "Vom Mitglied.")
    save(cast, record, answer="Vom Autor.")
    assert own(cast, record, "author") is None
    assert own(cast, record, "member") is not None


def test_an_unchanged_save_drops_it_too(cast: Cast) -> None:
    record = make_draft(cast)
    keep(cast, record, "author", "Doch nicht.")
    assert save(cast, record) is None
    assert own(cast, record, "author") is None


def test_what_cannot_be_saved_now_stays(cast: Cast) -> None:
    record = make_draft(cast)
    opened = record.current_version_id
    assert opened is not None
    keep(cast, record, "author", "Meins.")
    save(cast, record, by="member", answer="Schneller.")
    with pytest.raises(Conflict):
        versions.write(record=record, standing=cast.standing("author"), opened_on=opened, values={"answer": "Meins."})
    submit(cast, record, by="member")
    with pytest.raises(Locked):
        save(cast, record, answer="Meins.")
    keep(cast, record, "author", "Weiter geschrieben.", opened)
    found = own(cast, record, "author")
    assert found is not None
    assert found.data == {"answer": "Weiter geschrieben."}


@pytest.mark.parametrize("who", ["outsider", "committee", "head", "staff", "admin"])
def test_only_the_owning_team_keeps_work(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        keep(cast, make_draft(cast), who, "Von außen.")


def test_work_is_opened_on_a_version_of_its_record(cast: Cast) -> None:
    other = make_draft(cast, title="Ein anderer").current_version_id
    with pytest.raises(ValidationError):
        keep(cast, make_draft(cast), "author", "Falsch.", other)
