"""Packages: time and memory of making one of many records with large attachments, and of taking it over elsewhere.

    bench/packages.py [--records 200] [--megabytes 1024]

Two databases and two folders of files stand for two towns. Every step runs in a process of its own, as the task queue
runs it; what is told is the most memory that this process (and the one that checks the package) ever held.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("DATABASE_POOL", "0")
import django

django.setup()

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.management import call_command
from django.core.signals import setting_changed
from django.db import connection

from governance import attachments, bulk, clock, kinds, versions
from governance.models import Department, Membership, Record, Team, User
from governance.rules import load_standing
from learnings.models import Learning

HERE, THERE = "portal_bench_packages", "portal_bench_packages_there"
EACH = 5
MB = 2**20


def use(name: str) -> None:
    """From now on this process works in the town of this name."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    settings.MEDIA_ROOT = settings.VAR_DIR / "bench" / name
    setting_changed.send(sender=None, setting="MEDIA_ROOT", value=settings.MEDIA_ROOT, enter=True)


@contextmanager
def towns() -> Iterator[None]:
    """Two empty databases."""
    from portal import embedded

    server = embedded.Server(settings.VAR_DIR) if settings.EMBEDDED_DATABASE else None
    if server is not None:
        server.start()
    try:
        with connection.cursor() as cursor:
            for name in (HERE, THERE):
                cursor.execute(f"DROP DATABASE IF EXISTS {name}")
                cursor.execute(f"CREATE DATABASE {name}")
        for name in (HERE, THERE):
            use(name)
            call_command("migrate", verbosity=0)
            people()
        yield
    finally:
        connection.close()
        if server is not None:
            server.stop()


def people() -> None:
    department = Department.objects.create(name="Steueramt", short_name="SteuA", slug="steueramt")
    team = Team.objects.create(name="Team Steueramt", slug="cmt", kind="change_team", department=department)
    committee = Team.objects.create(name="Data Steering Committee", slug="committee", kind="steering_committee")
    for name, of in (("author", team), ("committee", committee)):
        user = User.objects.create(username=name, full_name=name.title(), department=department)
        Membership.objects.create(user=user, team=of, starts_on="2020-01-01")


def fill(records: int, megabytes: int) -> None:
    """Published records with attachments that no archive makes smaller."""
    use(HERE)
    rng, kind = random.Random(20261130), kinds.get("learning")
    author, decider = User.objects.get(username="author"), User.objects.get(username="committee")
    size = megabytes * MB // (records * EACH)

    def items() -> Iterator[bulk.Published]:
        for number in range(records):
            rows = []
            for place in range(EACH):
                data = b"%PDF-1.7\n" + rng.randbytes(size)
                kept, info = attachments.store(ContentFile(data), f"anlage-{place}.pdf", None)
                rows.append(
                    {"sha256": kept.sha256, "name": info.name, "media_type": info.media_type, "description": ""}
                )
            text = Learning(kind="learning", title=f"Learning {number}", answer="Es geht. " * 40, attachments=rows)
            values = versions.values_of(text, kind)
            team = Team.objects.get(slug="cmt")
            yield bulk.Published(kind.key, team, author, author, decider, [values], [clock.now()])

    bulk.load_published(items())
    Record.objects.update(reach="public")


def step(*arguments: str) -> dict[str, object]:
    """One step in a process of its own; what it tells as its last line."""
    command = [sys.executable, __file__, "--step", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    print("  " + ", ".join(f"{key} {value}" for key, value in told.items()), flush=True)
    return told


def tell(begun: float, **more: object) -> None:
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    checker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    seconds = round(time.monotonic() - begun, 1)
    print(json.dumps({"seconds": seconds, "most MB": own, "MB of the checking process": checker, **more}))


def make() -> None:
    from transfer.models import PackageExport
    from transfer.packages import exports

    use(HERE)
    standing = load_standing(User.objects.get(username="author"))
    asked = exports.request(
        standing=standing,
        records=list(Record.objects.values_list("pk", flat=True)),
        reach="public",
        municipality="Eschenfurt",
        licence="CC-BY-4.0",
        with_contact=False,
    )
    begun = time.monotonic()
    exports.make(asked.pk)
    export = PackageExport.objects.get(pk=asked.pk)
    tell(begun, status=export.status, size=export.size, path=export.file.path if export.file else "")


def bring(path: str) -> None:
    from transfer.models import PackageImport
    from transfer.packages import imports

    use(THERE)
    standing = load_standing(User.objects.get(username="author"))
    begun = time.monotonic()
    with open(path, "rb") as opened:
        package = imports.bring_in(
            standing=standing, team=Team.objects.get(slug="cmt"), upload=File(opened), name="paket.zip"
        )
    imports.check(package.pk)
    package = PackageImport.objects.get(pk=package.pk)
    tell(begun, status=package.status, reason=package.reason, pk=package.pk)


def take_over(pk: str) -> None:
    from transfer.models import Imported, PackageImport
    from transfer.packages import imports

    use(THERE)
    standing = load_standing(User.objects.get(username="author"))
    package = PackageImport.objects.get(pk=pk)
    chosen = [one.identifier for one in imports.candidates(package, standing)]
    imports.confirm(standing=standing, package=package, chosen=chosen)
    begun = time.monotonic()
    imports.take_over(package.pk)
    package.refresh_from_db()
    tell(begun, status=package.status, reason=package.reason, drafts=Imported.objects.count())


def hashes(name: str) -> list[str]:
    """Of the newest texts of a town, whatever their keys."""
    use(name)
    rows = Record.objects.order_by("number").select_related("current_version")
    return [row.current_version.content_hash for row in rows if row.current_version]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=200)
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--step", nargs="+")
    given = parser.parse_args()
    if given.step:
        {"make": make, "bring": bring, "take_over": take_over}[given.step[0]](*given.step[1:])
        return
    with towns():
        fill(given.records, given.megabytes)
        print(f"{given.records} records, {given.megabytes} MB of attachments, load {os.getloadavg()[0]:.1f}")
        print("making the package")
        made = step("make")
        print("bringing it in and checking it")
        brought = step("bring", str(made["path"]))
        print("taking it over")
        step("take_over", str(brought["pk"]))
        same = hashes(HERE) == hashes(THERE)
        print(f"texts are the same in both databases: {same}")


if __name__ == "__main__":
    main()
