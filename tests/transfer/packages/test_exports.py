"""Making packages: what may go out, what stays in the house, what happens when something fails."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import re
import resource
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings

from governance import clock, redaction, workflow
from governance.errors import NotAllowed, WrongState
from governance.models import Attachment, Record
from tests.factories import Cast, make_draft, make_published, reload
from tests.pages import client_of, main_of, page_for
from tests.processmodels.factories import key_figure, make_process, publish
from tests.transfer.packages.factories import (
    attach,
    bytes_of,
    entries_of,
    export,
    let_out,
    make_pair,
    manifest_of,
)
from tests.transfer.transferability.factories import answer_all, assess
from transfer.models import PackageExport
from transfer.packages import exports, runs, schema

pytestmark = pytest.mark.django_db
Status = PackageExport.Status


def ask(cast: Cast, *records: Record, by: str = "author", **changes: Any) -> PackageExport:
    values = {"reach": "public", "municipality": "Eschenfurt", "licence": "CC-BY-4.0", "with_contact": False}
    return exports.request(standing=cast.standing(by), records=[one.pk for one in records], **values | changes)


# -- what may go out -------------------------------------------------------------------------------


def test_only_what_is_published_and_let_out_goes_out(cast: Cast) -> None:
    internal, neighbours, public = (make_published(cast, title=title) for title in ("Eins", "Zwei", "Drei"))
    let_out(cast, neighbours, "other_municipalities")
    let_out(cast, public)
    draft = make_draft(cast)
    Record.objects.filter(pk=draft.pk).update(reach="public")
    for wrong in (internal, draft):
        with pytest.raises(WrongState, match="dürfen nicht an diese hinausgehen"):
            ask(cast, wrong, reach="other_municipalities")
    with pytest.raises(WrongState):
        ask(cast, neighbours, reach="public")
    with pytest.raises(WrongState):
        ask(cast, public, reach="internal")
    ask(cast, neighbours, public, reach="other_municipalities")
    for role in ("staff", "head", "admin"):
        with pytest.raises(NotAllowed):
            ask(cast, public, by=role)


def test_the_reach_is_asked_again_when_it_is_made_and_when_it_is_fetched(cast: Cast) -> None:
    first, second = (let_out(cast, make_published(cast, title=title)) for title in ("Eins", "Zwei"))
    asked = ask(cast, first, second)
    let_out(cast, first, "internal")
    exports.make(asked.pk)
    asked.refresh_from_db()
    assert asked.left_out == [first.short_number]
    assert [one["title"] for one in manifest_of(bytes_of(asked))["records"]] == ["Zwei"]
    standing = cast.standing("author")
    exports.open_file(standing=standing, export=asked).close()
    let_out(cast, second, "other_municipalities")
    with pytest.raises(WrongState, match="zurückgenommen"):
        exports.open_file(standing=standing, export=asked)
    again = ask(cast, let_out(cast, second))
    workflow.archive(record=reload(second), standing=cast.standing("lead"), reason="Überholt")
    exports.make(again.pk)
    again.refresh_from_db()
    assert (again.status, again.reason) == (Status.FAILED, exports.Reason.NOTHING_LEFT)


def test_no_person_leaves_the_house_unless_wanted(cast: Cast) -> None:
    learning, process = make_pair(cast)
    persons = [user.full_name for user in (cast.author, cast.lead, cast.committee, cast.chair)]
    persons += [user.email for user in (cast.author, cast.lead, cast.committee)]
    without = b"\n".join(entries_of(bytes_of(export(cast, learning, process))).values()).decode(errors="replace")
    assert not [person for person in persons if person in without]
    with_contact = manifest_of(bytes_of(export(cast, learning, with_contact=True)))
    assert with_contact["records"][0]["contact"] == {"name": cast.author.full_name, "mail": cast.author.email}


def test_what_a_team_keeps_to_itself_and_titles_of_internal_records_stay_in_the_house(cast: Cast) -> None:
    secret = make_published(cast, title="Streng geheimer Titel")
    record = make_published(
        cast, difficulties="Peinliche Panne", share_difficulties=False, related=[secret.pk], title="Offen"
    )
    data = bytes_of(export(cast, let_out(cast, record)))
    everything = b"\n".join(entries_of(data).values()).decode(errors="replace")
    assert "Offen" in everything
    assert "Panne" not in everything
    assert "geheim" not in everything
    assert secret.short_number not in everything


def test_a_redacted_file_and_words_do_not_go_out_and_packages_with_them_are_withdrawn(cast: Cast) -> None:
    files = [attach(b"Herr Meier, Akte 7", "meier.txt"), attach(b"Zweite Datei", "zwei.txt")]
    record = let_out(cast, make_published(cast, what_was_done="Siehe ![x](anlage:2)", attachments=files))
    package = export(cast, record)
    path = Path(package.file.path)
    proposal = redaction.propose(
        standing=cast.standing("admin"),
        record=record,
        reason="Name",
        attachment=Attachment.objects.get(sha256=files[0]["sha256"]),
    )
    redaction.confirm(redaction=proposal, standing=cast.standing("chair"))
    package.refresh_from_db()
    assert package.status == Status.PURGED
    again = entries_of(bytes_of(export(cast, reload(record))))
    assert not [name for name, content in again.items() if b"Meier" in content or "meier" in name]
    assert b"(anlagen/1-zwei.txt)" in again[f"records/{record.short_number}/text.md"]
    assert path.name != package.file.name


# -- what is in it ---------------------------------------------------------------------------------


def test_the_manifest_names_everything_and_keeps_to_its_schema(cast: Cast) -> None:
    learning, process = make_pair(cast)
    package = export(cast, learning, process)
    data = bytes_of(package)
    manifest = manifest_of(data)
    schema.check(manifest, schema.manifest_schema())
    assert {row["name"] for row in manifest["entries"]} == set(entries_of(data)) - {"manifest.json"}
    row = next(one for one in manifest["records"] if one["kind"] == "learning")
    assert row["approval"]["by"] == cast.committee_team.name
    assert row["approval"]["issue"] == 1
    assert package.fingerprint == __import__("hashlib").sha256(entries_of(data)["manifest.json"]).hexdigest()
    assert package.size == len(data)


def test_pages_have_no_scripts_and_every_link_leads_to_an_entry(cast: Cast) -> None:
    learning, process = make_pair(cast)
    entries = entries_of(bytes_of(export(cast, learning, process)))
    pages = {name: content.decode() for name, content in entries.items() if name.endswith(".html")}
    assert len(pages) == 3
    for name, page in pages.items():
        assert not re.search(r"<script|\son[a-z]+=|\sstyle=|javascript:", page), name
        for address in re.findall(r'(?:href|src|data-source)="([^"]+)"', page):
            if not address.startswith("http"):
                assert os.path.normpath(f"{Path(name).parent}/{address}") in entries, address
    assert "Hundesteuer online anmelden" in pages["index.html"]
    assert "1-bild.png" in pages[f"records/{learning.short_number}/index.html"]


def test_figures_come_as_a_table_without_formulas(cast: Cast) -> None:
    process = publish(cast, make_process(cast, key_figures=[key_figure("lead_time", "12", "-3", "Tage")]))
    learning = make_published(cast, figures=[{"label": "=1+1", "number": "-2.5", "unit": "%"}])
    entries = entries_of(bytes_of(export(cast, let_out(cast, process), let_out(cast, learning))))
    table = entries[f"records/{learning.short_number}/zahlen.csv"].decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(table), delimiter=";")
    assert (row["label"], row["number"]) == ("'=1+1", "-2.5")
    assert b"lead_time" in entries[f"records/{process.short_number}/zahlen.csv"]


def test_the_last_assessment_of_a_process_model_goes_along_and_is_read_without_the_portal(cast: Cast) -> None:
    _learning, process = make_pair(cast)
    assess(cast, process, answer_all("unknown"))
    assess(cast, process, answer_all("yes", need="Jede Kommune hat das."))
    entries = entries_of(bytes_of(export(cast, process)))
    found = json.loads(entries[f"records/{process.short_number}/assessment.json"])
    assert {row["answer"] for row in found["answers"]} == {"yes"}
    page = entries[f"records/{process.short_number}/index.html"].decode()
    assert "Selbst eingeschätzt von Eschenfurt" in page
    assert "Jede Kommune hat das." in page


# -- what can go wrong -----------------------------------------------------------------------------


def with_smallest_files(limit: int, step: Callable[[], Any]) -> None:
    """A file may not grow beyond the limit: to the writer the same as a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        step()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_told_and_leaves_no_half_file(cast: Cast) -> None:
    record = let_out(cast, make_published(cast, attachments=[attach(os.urandom(300_000).hex().encode(), "gross.txt")]))
    asked = ask(cast, record)
    with_smallest_files(100_000, lambda: exports.make(asked.pk))
    asked.refresh_from_db()
    assert (asked.status, asked.reason, asked.file.name) == (Status.FAILED, exports.Reason.DISK_FULL, "")
    assert not list(exports.folder().glob("*.part"))
    page = main_of(page_for(cast, "author", asked.get_absolute_url()))
    assert "kein Platz" in page
    assert "Herunterladen" not in page
    answer = client_of(cast, "author").get(f"{asked.get_absolute_url()}package.zip")
    assert answer.status_code == 302


@override_settings(PACKAGE_MAX_BYTES=2000)
def test_a_package_that_would_be_too_large_is_not_made(cast: Cast) -> None:
    learning, _process = make_pair(cast)
    package = export(cast, learning)
    assert (package.status, package.reason) == (Status.FAILED, exports.Reason.TOO_LARGE)


def test_a_missing_attachment_is_told(cast: Cast) -> None:
    row = attach(b"Bald ist es weg.", "weg.txt")
    record = let_out(cast, make_published(cast, attachments=[row]))
    kept = Attachment.objects.get(sha256=row["sha256"])
    kept.file.storage.delete(kept.file.name)
    package = export(cast, record)
    assert (package.status, package.reason) == (Status.FAILED, exports.Reason.FILE_MISSING)


def test_a_maker_that_died_is_followed_by_another_and_not_for_ever(cast: Cast) -> None:
    learning, _process = make_pair(cast)
    asked = ask(cast, learning)
    for attempt in range(runs.MAX_ATTEMPTS):
        with clock.at(clock.now() + dt.timedelta(hours=attempt)):
            taken = runs.claim(PackageExport.objects.all(), asked.pk, status="running")
            assert taken is not None
            # Alive: nobody else takes it.
            assert runs.claim(PackageExport.objects.all(), asked.pk) is None
    with clock.at(clock.now() + dt.timedelta(hours=9)):
        exports.make(asked.pk)
    asked.refresh_from_db()
    assert (asked.status, asked.reason) == (Status.FAILED, exports.Reason.FAILED)


def test_files_are_purged_after_some_days(cast: Cast) -> None:
    learning, _process = make_pair(cast)
    package = export(cast, learning)
    path = Path(package.file.path)
    left = [exports.folder() / "tot.part", path.parent / "niemandes.zip"]
    for one in left:
        one.write_bytes(b"x")
        os.utime(one, (0, 0))
    os.utime(path, (0, 0))
    exports.purge()
    package.refresh_from_db()
    assert package.status == Status.READY
    assert path.exists()
    assert not any(one.exists() for one in left)
    with clock.at(clock.now() + dt.timedelta(days=8)):
        exports.purge()
    package.refresh_from_db()
    assert package.status == Status.PURGED
    assert not package.file
    with pytest.raises(ValidationError):
        exports.open_file(standing=cast.standing("author"), export=package)


# -- pages -----------------------------------------------------------------------------------------


def test_a_package_is_asked_for_watched_and_fetched_on_pages(cast: Cast) -> None:
    learning, process = make_pair(cast)
    new = "/transfer/packages/new/"
    page = main_of(page_for(cast, "author", f"{new}?record={learning.short_number}"))
    assert re.search(rf'value="{learning.pk}"[^>]*checked', page)
    assert not re.search(rf'value="{process.pk}"[^>]*checked', page)
    client = client_of(cast, "author")
    wrong = client.post(new, {"municipality": "Bleibt stehen", "licence": "CC0-1.0"})
    assert wrong.status_code == 422
    assert "Bleibt stehen" in wrong.content.decode()
    data = {"records": [learning.pk], "municipality": "Eschenfurt", "licence": "CC0-1.0"}
    answer = client.post(f"{new}?reach=public", data)
    assert answer.status_code == 302
    where = answer["Location"]
    assert "wird erstellt" in page_for(cast, "author", where)
    asked = PackageExport.objects.get()
    assert (asked.reach, asked.licence, asked.with_contact) == ("public", "CC0-1.0", False)
    exports.make(asked.pk)
    assert "Herunterladen" in page_for(cast, "author", where)
    file = client.get(f"{where}package.zip")
    assert file["X-Content-Type-Options"] == "nosniff"
    with zipfile.ZipFile(io.BytesIO(b"".join(file.streaming_content))) as archive:  # type: ignore[attr-defined]
        assert archive.testzip() is None
    assert 'value="Eschenfurt"' in page_for(cast, "author", new)
    assert client_of(cast, "outsider").get(where).status_code == 404
    assert client_of(cast, "committee").get(where).status_code == 200


def test_the_committee_says_for_several_at_once_how_far_they_may_go(cast: Cast) -> None:
    first, second = make_published(cast, title="Eins"), make_published(cast, title="Zwei")
    url = "/transfer/packages/reach/"
    assert client_of(cast, "lead").get(url).status_code == 403
    client = client_of(cast, "committee")
    assert client.post(url, {"goes_to": "public"}).status_code == 422
    answer = client.post(url, {"goes_to": "public", "records": [first.pk, second.pk]})
    assert answer.status_code == 302
    assert {reload(one).reach for one in (first, second)} == {"public"}
    assert first.short_number not in main_of(page_for(cast, "committee", f"{url}?reach=internal"))
