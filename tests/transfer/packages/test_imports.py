"""Bringing packages in: shown first, repeatable, nothing overwritten, all or nothing."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from governance import clock
from governance.models import Attachment, AuditEvent, CatalogueEntry, Membership, Record, Tag
from tests.factories import Cast, approve, reload, save, submit
from tests.pages import client_of, main_of, page_for
from tests.racing import Second
from tests.transfer.packages.factories import bring_in, bytes_of, export, let_out, make_pair, manifest_of, take_over
from transfer.models import Imported, PackageImport
from transfer.packages import imports
from transfer.packages.imports import News

Status = PackageImport.Status


def news(cast: Cast, package: PackageImport, by: str = "outsider") -> list[str]:
    return [one.news for one in imports.candidates(package, cast.standing(by))]


@pytest.mark.django_db
def test_what_comes_is_shown_and_what_is_here_stays_as_it_is(cast: Cast) -> None:
    learning, _process = make_pair(cast)
    first = bytes_of(export(cast, learning))
    save(cast, learning, answer="Neue Antwort.")
    with clock.at(clock.now() + dt.timedelta(days=1)):
        approve(cast, submit(cast, learning))
    second = bytes_of(export(cast, reload(learning)))
    brought = bring_in(cast, first)
    assert news(cast, brought) == [News.NEW]
    [draft] = imports.drafts_of(take_over(cast, brought))
    again = bring_in(cast, first)
    assert news(cast, again) == [News.SAME]
    page = main_of(page_for(cast, "outsider", again.get_absolute_url()))
    assert "Schon hier" in page
    assert "Als Entwürfe übernehmen" not in page
    newer = bring_in(cast, second)
    assert news(cast, newer) == [News.NEWER_THERE]
    beside = imports.drafts_of(take_over(cast, newer))
    assert [one.pk for one in beside] != [draft.pk]
    assert draft.versions.count() == 1
    assert news(cast, bring_in(cast, first)) == [News.SAME]
    Imported.objects.filter(record=draft).delete()
    assert news(cast, bring_in(cast, first)) == [News.NEWER_HERE]


@pytest.mark.django_db
def test_drafts_of_another_team_are_not_betrayed(cast: Cast) -> None:
    learning, _process = make_pair(cast)
    data = bytes_of(export(cast, learning))
    done = take_over(cast, bring_in(cast, data))
    other = bring_in(cast, data, by="author")
    assert news(cast, other, by="author") == [News.NEW]
    assert client_of(cast, "author").get(done.get_absolute_url()).status_code == 404
    assert client_of(cast, "committee").get(done.get_absolute_url()).status_code == 404
    assert take_over(cast, other, by="author").status == Status.DONE


@pytest.mark.django_db
def test_origin_licence_and_checksum_are_kept_and_shown_once_published(cast: Cast) -> None:
    learning, _process = make_pair(cast)
    data = bytes_of(export(cast, learning, with_contact=True, licence="CC-BY-SA-4.0"))
    [draft] = imports.drafts_of(take_over(cast, bring_in(cast, data)))
    came = draft.imported
    entry = next(row for row in manifest_of(data)["entries"] if row["name"].endswith("content.json"))
    assert (came.municipality, came.licence, came.issue) == ("Eschenfurt", "CC-BY-SA-4.0", 1)
    assert came.checksum == entry["sha256"]
    assert came.approved_by == cast.committee_team.name
    assert cast.author.email in came.contact
    approve(cast, submit(cast, draft, by="outsider"))
    page = main_of(page_for(cast, "staff", f"/{draft.short_number}"))
    assert "Eschenfurt" in page
    assert "CC BY-SA 4.0" in page
    assert cast.author.email not in page.replace(f"mailto:{cast.outsider.email}", "")
    again = manifest_of(bytes_of(export(cast, let_out(cast, reload(draft)), by="outsider")))
    assert again["records"][0]["from"]["licence"] == "CC-BY-SA-4.0"
    assert CatalogueEntry.objects.get(pk=draft.pk).page["origin"]["short_number"] == learning.short_number


@pytest.mark.django_db
def test_a_package_is_brought_in_looked_at_and_taken_over_on_pages(cast: Cast) -> None:
    learning, process = make_pair(cast)
    data = bytes_of(export(cast, learning, process))
    client = client_of(cast, "outsider")
    url = "/transfer/packages/import/"
    assert client_of(cast, "staff").get(url).status_code == 403
    team = cast.other_team.pk
    empty = client.post(url, {"file": SimpleUploadedFile("leer.zip", b""), "team": team})
    assert (empty.status_code, "Die Datei ist leer" in empty.content.decode()) == (422, True)
    foreign = client.post(url, {"file": SimpleUploadedFile("x.zip", data), "team": cast.team.pk})
    assert foreign.status_code == 422
    answer = client.post(url, {"file": SimpleUploadedFile("x.zip", data), "team": team})
    assert answer.status_code == 302
    where = answer["Location"]
    assert "wird geprüft" in page_for(cast, "outsider", where)
    package = PackageImport.objects.get()
    imports.check(package.pk)
    page = main_of(page_for(cast, "outsider", where))
    assert "2 von 2 Einträgen können Entwürfe werden" in page
    assert not Imported.objects.exists()
    assert client.post(where, {"chosen": []}).status_code == 302
    package.refresh_from_db()
    assert package.status == Status.CHECKED
    identifier = next(one["identifier"] for one in package.manifest["records"] if one["kind"] == "learning")
    client.post(where, {"chosen": [identifier, "https://anders.example/L-1"]})
    assert "werden angelegt" in page_for(cast, "outsider", where)
    imports.take_over(package.pk)
    page = main_of(page_for(cast, "outsider", where))
    assert "Daraus wurde" in page
    assert Imported.objects.count() == 1
    package.refresh_from_db()
    assert not package.file


@pytest.mark.django_db
def test_who_left_the_team_meanwhile_makes_no_drafts(cast: Cast) -> None:
    learning, _process = make_pair(cast)
    package = bring_in(cast, bytes_of(export(cast, learning)))
    chosen = [one["identifier"] for one in package.manifest["records"]]
    imports.confirm(standing=cast.standing("outsider"), package=package, chosen=chosen)
    Membership.objects.filter(user=cast.outsider).update(ended_at=clock.now())
    imports.take_over(package.pk)
    package.refresh_from_db()
    assert package.status == Status.CHECKED
    assert "nichts angelegt" in package.reason
    assert not Imported.objects.exists()


@pytest.mark.django_db
def test_a_file_changed_after_the_check_is_not_taken(cast: Cast) -> None:
    learning, _process = make_pair(cast)
    package = bring_in(cast, bytes_of(export(cast, learning)))
    with open(package.file.path, "ab") as opened:
        opened.write(b"x")
    assert take_over(cast, package).status == Status.REFUSED
    assert not Imported.objects.exists()


@pytest.mark.django_db
def test_packages_nobody_takes_over_are_purged(cast: Cast) -> None:
    learning, _process = make_pair(cast)
    package = bring_in(cast, bytes_of(export(cast, learning)))
    path = package.file.path
    with clock.at(clock.now() + dt.timedelta(days=8)):
        imports.purge()
    package.refresh_from_db()
    assert (package.status, os.path.exists(path)) == (Status.PURGED, False)


@pytest.mark.django_db
def test_each_step_is_told_once_in_the_trail(cast: Cast) -> None:
    learning, _process = make_pair(cast)
    take_over(cast, bring_in(cast, bytes_of(export(cast, learning))))
    for verb in ("ask_for_package", "bring_in_package", "import_package"):
        assert AuditEvent.objects.filter(verb=verb).count() == 1


# -- all or nothing --------------------------------------------------------------------------------


def counts() -> list[int]:
    return [table.objects.count() for table in (Record, Imported, Tag, Attachment)]


def confirmed(cast: Cast) -> PackageImport:
    learning, process = make_pair(cast)
    package = bring_in(cast, bytes_of(export(cast, learning, process)))
    chosen = [one["identifier"] for one in package.manifest["records"]]
    return imports.confirm(standing=cast.standing("outsider"), package=package, chosen=chosen)


# The real task in a process of its own; it stops where the second draft is to be made.
_STOPS = """
import os, sys, signal
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[2]
settings.MEDIA_ROOT = sys.argv[3]
from transfer.packages import imports
from transfer.packages.making import Maker
tie = Maker.tie
def stop(maker):
    print("here", flush=True)
    signal.pause()
Maker.tie = stop
imports.take_over(int(sys.argv[1]))
"""


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_killed_leaves_nothing_and_is_done_again(cast: Cast) -> None:
    package = confirmed(cast)
    before = counts()
    name = connection.settings_dict["NAME"]
    command = [sys.executable, "-c", _STOPS, str(package.pk), name, str(settings.MEDIA_ROOT)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, cwd=settings.BASE_DIR, env=environment, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    assert counts() == before
    package.refresh_from_db()
    assert package.status == Status.CONFIRMED
    assert package.total == 2
    # Nobody else begins while it may still be at work; then the clock does.
    imports.take_over(package.pk)
    assert counts() == before
    with clock.at(clock.now() + dt.timedelta(minutes=11)):
        imports.take_over(package.pk)
    package.refresh_from_db()
    assert package.status == Status.DONE
    assert Imported.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_of_one_team_who_take_over_the_same_make_its_drafts_once(cast: Cast) -> None:
    from django.db import transaction

    from governance.models import Team

    first = confirmed(cast)
    with first.file.open("rb") as opened:
        second = bring_in(cast, opened.read())
    chosen = [one["identifier"] for one in second.manifest["records"]]
    imports.confirm(standing=cast.standing("outsider"), package=second, chosen=chosen)
    with transaction.atomic():
        Team.objects.select_for_update(no_key=True).get(pk=cast.other_team.pk)
        other = Second(lambda: imports.take_over(second.pk))
        other.start_and_wait_for_us()
    other.finish()
    imports.take_over(first.pk)
    assert Imported.objects.count() == 2
    assert set(PackageImport.objects.values_list("status", flat=True)) == {Status.DONE}
