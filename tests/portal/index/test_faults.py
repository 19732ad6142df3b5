"""The index while things go wrong: a rebuild killed in the middle, publications during one, a worker that is away.

Who comes first is fixed, see `tests/racing.py`: a lock of ours stops the rebuild at the end of its second step.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from governance import versions, workflow
from governance.models import CatalogueEntry, Record
from portal.index import building
from portal.index.models import SearchIndex
from tests import factories
from tests.factories import Cast, make_draft, make_published, reload, save, submit
from tests.portal.attachment_text.test_services import attach, work
from tests.portal.test_search import find, titles
from tests.racing import Second

pytestmark = pytest.mark.django_db(transaction=True)
AFTERWARDS = ["Serie Quastenflosser", "Serie Zwergmaki", "Serie neu", "Serie umbenannt"]
ROOT = Path(__file__).resolve().parents[3]
# As the command line does it, on the database of the tests, a record in each step.
REBUILD = """
import django; django.setup()
from django.db import connection
connection.settings_dict["NAME"] = {name!r}
from django.core.management import call_command
from portal.index import building
building.BATCH = 1
call_command("rebuild_catalogue", *{options!r})
"""


@pytest.fixture
def cast() -> Cast:
    cast = factories.make_cast()
    for title in ("Serie Erdmännchen", "Serie Quastenflosser", "Serie Zwergmaki"):
        make_published(cast, title=title)
    return cast


def publications(cast: Cast) -> list[Callable[[], object]]:
    """Approvals by two persons: of a new record, and a new version of one that is published."""
    fresh, again = make_draft(cast, title="Serie neu"), Record.objects.get(number=1)
    save(cast, again, title="Serie umbenannt")
    reviews = [submit(cast, fresh), submit(cast, reload(again))]
    by = [cast.standing("committee"), cast.standing("committee2")]
    return [
        lambda: workflow.approve(review=reviews[0], standing=by[0]),
        lambda: workflow.approve(review=reviews[1], standing=by[1]),
    ]


def hold_record() -> None:
    """Keep the row of the second record: whoever indexes it refers to that row, and waits for us."""
    CatalogueEntry.objects.select_for_update().get(title="Serie Quastenflosser")


def finish(others: list[Second]) -> None:
    for other in others:
        result = other.finish()
        assert not isinstance(result, Exception), result


def is_clean() -> None:
    call_command("check_catalogue", stdout=io.StringIO())


def is_somebody_waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


def until_it_waits(child: subprocess.Popen[str]) -> None:
    """For our lock, inside its transaction."""
    ticks = threading.Event()
    for _attempt in range(6_000):
        if is_somebody_waiting() or child.poll() is not None:
            break
        ticks.wait(0.01)
    assert child.poll() is None, child.stderr and child.stderr.read()


@contextmanager
def rebuilding(*options: str) -> Iterator[subprocess.Popen[str]]:
    code = REBUILD.format(name=connection.settings_dict["NAME"], options=options)
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=env, stdout=pipe, stderr=pipe, text=True
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def test_a_rebuild_of_the_index_that_is_killed_goes_on_where_it_stopped(cast: Cast) -> None:
    others = [Second(action) for action in publications(cast)]
    with transaction.atomic():
        hold_record()
        with rebuilding("--index-only") as child:
            until_it_waits(child)
            for other in others:
                other.start_and_wait_for_us()
            child.kill()
        assert child.returncode == -9
    finish(others)
    unfinished = SearchIndex.objects.get(state="building")
    # The step that was on its way was finished by the server; the third record is still missing.
    assert unfinished.built_up_to == Record.objects.get(number=2).pk
    # The one before answers, with what was published meanwhile.
    assert sorted(titles(find("Serie"))) == AFTERWARDS
    is_clean()
    call_command("rebuild_catalogue", stdout=io.StringIO())
    assert SearchIndex.objects.get() == unfinished
    assert sorted(titles(find("Serie"))) == AFTERWARDS
    is_clean()


def test_a_rebuild_of_the_catalogue_that_is_killed_leaves_every_record_readable(cast: Cast) -> None:
    with transaction.atomic():
        versions.lock(Record.objects.get(number=2))
        with rebuilding() as child:
            until_it_waits(child)
            child.kill()
        assert child.returncode == -9
    assert find("Serie").total == 3
    is_clean()
    call_command("rebuild_catalogue", stdout=io.StringIO())
    assert find("Serie").total == 3
    is_clean()


def test_two_publications_during_a_rebuild_stand_in_the_new_index(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "BATCH", 1)
    rebuild = Second(building.build)
    others = [Second(action) for action in publications(cast)]
    with transaction.atomic():
        hold_record()
        rebuild.start_and_wait_for_us()
        for other in others:
            other.start_and_wait_for_us()
    finish(others)
    built = rebuild.finish()
    assert SearchIndex.objects.get() == built
    assert sorted(titles(find("Serie"))) == AFTERWARDS
    is_clean()


def test_with_the_worker_away_the_index_agrees_and_knows_the_file_once_it_is_back(cast: Cast) -> None:
    make_published(cast, title="Mit Anhang", attachments=[attach("merkblatt.txt", b"Im Anhang steht Rhinozeros.")])
    call_command("rebuild_catalogue", stdout=io.StringIO())
    assert find("Rhinozeros").total == 0
    is_clean()
    work()
    assert titles(find("Rhinozeros")) == ["Mit Anhang"]
    is_clean()
