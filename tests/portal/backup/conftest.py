"""A town in a database of its own, which a test may lose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from governance import attachments, redaction
from governance.models import Attachment
from portal.backup import postgres
from tests import factories
from tests.factories import make_draft, make_published, save


@dataclass
class Place:
    """The database and the folder that the settings name."""

    media: Path
    backups: Path
    name: str

    def administrate(self, *statements: str) -> None:
        connection.close()
        own = {**postgres.parameters(), "dbname": "postgres"}
        with psycopg.connect(**own, autocommit=True) as other:
            for statement in statements:
                other.execute(statement.encode())

    def lose_database(self) -> None:
        self.administrate(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)", f"CREATE DATABASE {self.name}")

    def files(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.media)): path.read_bytes() for path in self.media.rglob("*") if path.is_file()
        }


@pytest.fixture(scope="module")
def place(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    before = connection.settings_dict["NAME"]
    folder = tmp_path_factory.mktemp("place")
    # Several processes may run tests of this file, each on a test database of its own.
    place = Place(folder / "media", folder / "backups", f"{before}_backup")
    drop = f"DROP DATABASE IF EXISTS {place.name} WITH (FORCE)"
    # A thread of an earlier test may have left its connection, and a template is copied only when nobody uses it.
    alone = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{before}'"
    with django_db_blocker.unblock():
        place.administrate(drop, alone, f'CREATE DATABASE {place.name} TEMPLATE "{before}"')
        connection.settings_dict["NAME"] = place.name
        try:
            # Storages keep the folder they have used once, unless they are told.
            with override_settings(MEDIA_ROOT=place.media):
                yield place
        finally:
            connection.settings_dict["NAME"] = before
            place.administrate(drop)


def attach(name: str, text: str) -> dict[str, str]:
    kept, info = attachments.store(SimpleUploadedFile(name, text.encode()), name, None)
    return {"sha256": kept.sha256, "name": info.name, "media_type": info.media_type, "description": "Plan"}


@pytest.fixture(scope="module")
def town(place: Place, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    """Versions of several records with files, among them one that was redacted."""
    with django_db_blocker.unblock():
        fill()
        yield place


def fill() -> None:
    cast = factories.make_cast()
    make_published(cast, title="Leinenpflicht: Übergröße & „Anführung“", attachments=[attach("plan.txt", "Plan ä")])
    draft = make_draft(cast, title="Entwurf", attachments=[attach("entwurf.txt", "noch nicht fertig")])
    for number in range(3):
        save(cast, draft, title=f"Entwurf {number}\twith a tab \\ and a backslash")
    named = make_published(cast, title="Name", attachments=[attach("name.txt", "Herr Geheim")])
    proposal = redaction.propose(
        standing=cast.standing("admin"), record=named, reason="Name", attachment=Attachment.objects.latest("pk")
    )
    redaction.confirm(standing=cast.standing("chair"), redaction=proposal)
