"""Packages for others: asked for, made by the task queue, offered when whole, purged after some days."""

from __future__ import annotations

import datetime as dt
import errno
import logging
import os
from collections.abc import Collection, Iterable
from enum import StrEnum
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task

from governance import clock
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.models import CatalogueEntry, Record, Team
from governance.rules import Standing
from transfer.models import Imported, PackageExport, PackageImport
from transfer.packages import packing, portable, rules, runs
from transfer.packages.container import MAX_ENTRIES
from transfer.packages.writing import Head, TooLarge, Writer

logger = logging.getLogger(__name__)
Status = PackageExport.Status
# Each record has some ten entries beside its attachments.
MOST_RECORDS = MAX_ENTRIES // 20
Reach = Record.Reach
GOES_TO = {Reach.OTHER_MUNICIPALITIES: (Reach.OTHER_MUNICIPALITIES, Reach.PUBLIC), Reach.PUBLIC: (Reach.PUBLIC,)}


class Reason(StrEnum):
    """Why a package could not be made."""

    DISK_FULL = "disk_full"
    TOO_LARGE = "too_large"
    NOTHING_LEFT = "nothing_left"
    FILE_MISSING = "file_missing"
    FAILED = "failed"


REASONS = {
    Reason.DISK_FULL: gettext_lazy(
        "Auf dem Server ist kein Platz mehr. Es liegt keine halbe Datei bereit. Bitte sagen Sie der Administration "
        "Bescheid und erstellen Sie das Paket danach noch einmal."
    ),
    Reason.TOO_LARGE: gettext_lazy(
        "Das Paket wäre zu groß geworden. Bitte wählen Sie weniger Einträge und erstellen Sie mehrere Pakete."
    ),
    Reason.NOTHING_LEFT: gettext_lazy(
        "Keiner der gewählten Einträge darf noch hinausgehen: Sie sind nicht mehr veröffentlicht, oder ihre Weitergabe "
        "wurde geändert."
    ),
    Reason.FILE_MISSING: gettext_lazy(
        "Eine Anlage ist im Speicher nicht zu finden. Bitte sagen Sie der Administration Bescheid."
    ),
    Reason.FAILED: gettext_lazy(
        "Das Erstellen ist mehrmals abgebrochen. Bitte versuchen Sie es später noch einmal oder mit weniger Einträgen."
    ),
}


def allowed(reach: str) -> QuerySet[CatalogueEntry]:
    """What may go out to these: published, let out by the committee, of a kind that a package can hold."""
    return CatalogueEntry.objects.filter(record__reach__in=GOES_TO[Reach(reach)], kind__in=portable.KINDS)


# -- asking ----------------------------------------------------------------------------------------


@transaction.atomic
def request(
    *, standing: Standing, records: Collection[int], reach: str, municipality: str, licence: str, with_contact: bool
) -> PackageExport:
    """Have a package made of these records. Raises NotAllowed, and WrongState for what may not go out."""
    if not rules.may_export(standing):
        raise NotAllowed
    if reach not in GOES_TO:
        raise WrongState(_("Bitte wählen Sie, für wen das Paket ist."))
    if not records:
        raise WrongState(_("Bitte wählen Sie mindestens einen Eintrag."))
    if len(records) > MOST_RECORDS:
        raise WrongState(_("Höchstens %(max)d Einträge passen in ein Paket.") % {"max": MOST_RECORDS})
    fit = set(allowed(reach).filter(pk__in=records).values_list("pk", flat=True))
    if missing := set(records) - fit:
        raise WrongState(_("%(n)d der gewählten Einträge dürfen nicht an diese hinausgehen.") % {"n": len(missing)})
    export = PackageExport.objects.create(
        requested_by=standing.user, reach=reach, municipality=municipality, licence=licence, with_contact=with_contact
    )
    export.records.set(fit)
    record_event("ask_for_package", actor=standing.user, package=export.pk, records=len(fit), reach=reach)
    transaction.on_commit(partial(make_later.enqueue, export.pk), robust=True)
    return export


# -- making ----------------------------------------------------------------------------------------


@task()
def make_later(pk: int) -> None:
    """Make one package, unless somebody else does so or has done so."""
    make(pk)


def make(pk: int) -> None:
    """Make one waiting package and offer it, or say why not. A failure that may pass is tried again by `run_due`."""
    export = runs.claim(PackageExport.objects.filter(status__in=(Status.WAITING, Status.RUNNING)), pk, status="running")
    if export is None:
        return
    if export.attempts > runs.MAX_ATTEMPTS:
        _fail(export, Reason.FAILED)
        return
    try:
        _make(export)
    except OSError as error:
        logger.exception("package %s not made", pk)
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        is_missing = isinstance(error, FileNotFoundError)
        _fail(export, Reason.DISK_FULL if is_full else Reason.FILE_MISSING if is_missing else Reason.FAILED)
    except TooLarge:
        _fail(export, Reason.TOO_LARGE)


def _fail(export: PackageExport, reason: Reason) -> None:
    PackageExport.objects.filter(pk=export.pk).update(status=Status.FAILED, reason=reason, finished_at=clock.now())


def folder() -> Path:
    """Where packages are put together: beside the files of the portal, so that a whole one is only renamed."""
    found = Path(settings.MEDIA_ROOT) / "packages" / "making"
    found.mkdir(parents=True, exist_ok=True)
    return found


class _Whole(File):
    """A finished file that the storage may move to its place instead of copying it."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def _make(export: PackageExport) -> None:
    fit = allowed(export.reach).filter(pk__in=export.records.values("pk"))
    entries = list(fit.order_by("kind", "number").values_list("pk", "short_number"))
    left_out = sorted(_short_numbers(export) - {number for _pk, number in entries})
    if not entries:
        _fail(export, Reason.NOTHING_LEFT)
        return
    making = NamedTemporaryFile(dir=folder(), suffix=".part", delete=False)  # noqa: SIM115 - the storage takes it over
    try:
        with making:
            fingerprint = _write(export, dict(entries), making)
            making.flush()
            os.fsync(making.fileno())
            size = making.tell()
        with open(making.name, "rb") as opened:
            export.file.save(f"{export.pk}-{fingerprint[:12]}.zip", _Whole(opened, making.name), save=False)
        _offer(export, fingerprint, size, left_out)
    finally:
        Path(making.name).unlink(missing_ok=True)


def _short_numbers(export: PackageExport) -> set[str]:
    return {record.short_number for record in export.records.all()}


def _write(export: PackageExport, entries: dict[int, str], file: IO[bytes]) -> str:
    """The whole package, one record after the other; returns its fingerprint."""
    head = Head(export.municipality, packing.portal(), export.licence, export.reach)
    chosen = {pk: packing.identifier_of(number) for pk, number in entries.items()}
    committee = Team.objects.filter(kind=Team.Kind.STEERING_COMMITTEE).values_list("name", flat=True).first() or ""
    with (
        runs.progress_of(export, len(entries)) as progress,
        Writer(file, settings.PACKAGE_MAX_BYTES) as writer,
    ):
        heads = []
        for pk in entries:
            source = _source(pk, export, chosen, committee)
            if source is not None:
                heads.append(packing.write(writer, source, head))
            progress.step()
        packing.write_frame(writer, head, heads)
        return writer.finish(head, heads)


def _source(pk: int, export: PackageExport, chosen: dict[int, str], committee: str) -> packing.Source | None:
    """One record as it is published now; None when it has gone meanwhile."""
    entry = allowed(export.reach).select_related("version", "record__owner", "contact").filter(pk=pk).first()
    if entry is None:
        return None
    return packing.source_of(
        entry,
        chosen=chosen,
        committee=committee,
        contact=entry.contact if export.with_contact else None,
        imported=Imported.objects.filter(record=pk).first(),
    )


@transaction.atomic
def _offer(export: PackageExport, fingerprint: str, size: int, left_out: list[str]) -> None:
    """From now on it can be fetched; unless it was withdrawn while it was made."""
    mine = PackageExport.objects.select_for_update(of=("self",)).filter(pk=export.pk, status=Status.RUNNING)
    if not mine.update(
        status=Status.READY,
        file=export.file.name,
        size=size,
        fingerprint=fingerprint,
        left_out=left_out,
        finished_at=clock.now(),
    ):
        runs.forget_file(export)


# -- offering --------------------------------------------------------------------------------------


def open_file(*, standing: Standing, export: PackageExport) -> IO[bytes]:
    """The whole file. Raises NotAllowed, and WrongState when it is not there or may not go out any more."""
    if not rules.may_fetch(standing, export):
        raise NotAllowed
    if export.status != Status.READY:
        raise WrongState(_("Dieses Paket liegt nicht bereit."))
    if _taken_back(export):
        raise WrongState(
            _(
                "Seit dem Erstellen wurde mindestens ein Eintrag geändert oder zurückgenommen. Bitte erstellen Sie das "
                "Paket noch einmal."
            )
        )
    try:
        opened: IO[bytes] = export.file.open("rb")
    except OSError as error:
        raise WrongState(_("Die Datei ist nicht mehr da. Bitte erstellen Sie das Paket noch einmal.")) from error
    return opened


def _taken_back(export: PackageExport) -> bool:
    """Whether a record in it may no longer go out."""
    inside = [record.pk for record in export.records.all() if record.short_number not in export.left_out]
    return allowed(export.reach).filter(pk__in=inside).count() < len(inside)


def withdraw(exports: Iterable[PackageExport]) -> None:
    """Delete the files of packages; those that are being made are not offered."""
    for export in exports:
        PackageExport.objects.filter(pk=export.pk).update(status=Status.PURGED, file="", finished_at=clock.now())
        transaction.on_commit(partial(runs.forget_file, export))


def withdraw_with(record: Record) -> None:
    """No copy of words that are blanked stays in a file that is offered."""
    withdraw(PackageExport.objects.filter(records=record).exclude(status__in=(Status.FAILED, Status.PURGED)))


def on_attachment_redacted(sha256: str, **_more: Any) -> None:
    """Which packages hold a file is not known by its hash: all that are there go, and are made anew when needed."""
    withdraw(PackageExport.objects.exclude(status__in=(Status.FAILED, Status.PURGED)))


# -- by the clock ----------------------------------------------------------------------------------


def resume() -> None:
    """Packages whose maker has died, or that never reached the queue."""
    stuck = PackageExport.objects.filter(runs.silent(), status__in=(Status.WAITING, Status.RUNNING))
    for pk in list(stuck.values_list("pk", flat=True)):
        make_later.enqueue(pk)


def purge() -> None:
    """Delete files after the time of the setting, and what a dead maker has left behind."""
    before = clock.now() - dt.timedelta(days=settings.PACKAGES_KEPT_DAYS)
    withdraw(PackageExport.objects.filter(status=Status.READY, finished_at__lt=before))
    for path in folder().glob("*.part"):
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
    _purge_unnamed(before)


def _purge_unnamed(before: dt.datetime) -> None:
    """Files that a killed task has stored and no row names."""
    named = {Path(name).name for table in (PackageExport, PackageImport) for name in _files_of(table)}
    for name in default_storage.listdir("packages")[1]:
        place = f"packages/{name}"
        if name not in named and default_storage.get_modified_time(place) < before:
            default_storage.delete(place)


def _files_of(table: type[PackageExport | PackageImport]) -> QuerySet[Any, str]:
    return table._default_manager.exclude(file="").values_list("file", flat=True)
