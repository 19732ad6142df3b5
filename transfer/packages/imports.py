"""Packages from others: brought in, checked in a process of its own, shown, and made into drafts in one transaction.

Nothing that is there already is touched: a newer issue becomes a draft of its own beside the older one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import CharField, TextField
from django.utils.translation import gettext as _
from django_tasks import task

from governance import clock, kinds, queries
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.models import Record, Team
from governance.rules import Standing, load_standing
from governance.text.clean import clean_line, clean_text
from transfer.models import Imported, PackageImport
from transfer.packages import container, data, portable, rules, runs, sandbox
from transfer.packages.container import Refused
from transfer.packages.making import Maker

logger = logging.getLogger(__name__)
Status = PackageImport.Status
# What a field in Markdown takes.
LONGEST_TEXT = 20_000
_ENTRY_LENGTH = PackageImport._meta.get_field("entry").max_length


# -- bringing in -----------------------------------------------------------------------------------


def bring_in(*, standing: Standing, team: Team, upload: File, name: str) -> PackageImport:
    """Keep an uploaded package and have it checked. Raises NotAllowed, and WrongState with the reason."""
    if not rules.may_import_for(standing, team):
        raise NotAllowed
    size = upload.size or 0
    if not size:
        raise WrongState(_("Die Datei ist leer."))
    if size > settings.PACKAGE_MAX_BYTES:
        raise WrongState(_("Das Paket ist größer als %(max)d MB.") % {"max": settings.PACKAGE_MAX_BYTES // 2**20})
    package = PackageImport(
        team=team,
        uploaded_by=standing.user,
        uploaded_at=clock.now(),
        name=_name(name),
        size=size,
        sha256=_digest(upload),
    )
    try:
        package.file.save(f"{package.sha256[:12]}.zip", upload, save=False)
    except OSError as error:
        logger.exception("a package cannot be stored")
        raise WrongState(_("Auf dem Server ist kein Platz für die Datei. Bitte versuchen Sie es später.")) from error
    with transaction.atomic():
        package.save()
        record_event("bring_in_package", actor=standing.user, package=package.pk, team=team.pk)
        transaction.on_commit(partial(check_later.enqueue, package.pk), robust=True)
    return package


def _name(name: str) -> str:
    try:
        return clean_line(name, 1000)[-120:] or _("ohne Namen")
    except ValidationError:
        return _("ohne lesbaren Namen")


def _digest(upload: File) -> str:
    found = hashlib.sha256()
    upload.seek(0)
    for block in upload.chunks(container.BLOCK):
        found.update(block)
    upload.seek(0)
    return found.hexdigest()


# -- checking --------------------------------------------------------------------------------------


@task()
def check_later(pk: int) -> None:
    """Check one package, unless somebody else does so or has done so."""
    check(pk)


def check(pk: int) -> None:
    """Have one waiting package checked; keep its manifest, or why it is refused."""
    package = runs.claim(PackageImport.objects.filter(status=Status.UPLOADED), pk)
    if package is None:
        return
    try:
        if package.attempts > runs.MAX_ATTEMPTS:
            raise Refused(_("Das Prüfen ist mehrmals abgebrochen. Bitte lassen Sie das Paket teilen."))
        with _on_disk(package) as opened:
            manifest = sandbox.check(opened)
            judge_texts(manifest, opened)
    except Refused as error:
        _refuse(package, error)
        return
    mine = PackageImport.objects.filter(pk=pk, status=Status.UPLOADED)
    kept = {name: value for name, value in manifest.items() if name != "entries"}
    mine.update(status=Status.CHECKED, manifest=kept, beat_at=None, attempts=0)


def _refuse(package: PackageImport, error: Refused) -> None:
    """Nothing of the package stays but why it was refused."""
    runs.forget_file(package)
    PackageImport.objects.filter(pk=package.pk).update(
        status=Status.REFUSED, reason=error.why, entry=error.entry[:_ENTRY_LENGTH], file="", finished_at=clock.now()
    )


@contextmanager
def _on_disk(package: PackageImport) -> Iterator[IO[bytes]]:
    """The file of the package. Raises Refused when it is not there any more."""
    try:
        opened = _opened(package)
    except (OSError, ValueError):
        raise Refused(_("Die Datei ist nicht mehr da. Bitte laden Sie sie noch einmal hoch.")) from None
    with opened:
        yield opened


def _opened(package: PackageImport) -> IO[bytes]:
    """A file of the system, which another process can read; copied once where the storage has none."""
    try:
        return open(package.file.path, "rb")
    except NotImplementedError:
        copied: IO[bytes] = TemporaryFile()  # noqa: SIM115 - whoever asked closes it
        with package.file.open("rb") as source:
            shutil.copyfileobj(source, copied, container.BLOCK)
        copied.seek(0)
        return copied


def judge_texts(manifest: Mapping[str, Any], opened: Any) -> None:
    """Each text has the shape that its kind asks for: what a form would refuse, a package may not bring either."""
    archive = container.open_checked(opened, settings.PACKAGE_MAX_BYTES)
    for record in manifest["records"]:
        values_of(archive, record)


def values_of(archive: Any, record: Mapping[str, Any]) -> tuple[kinds.Kind, dict[str, Any], dict[str, Any]]:
    """Kind, content and values of one record of a checked package. Raises Refused."""
    name = record["content"]
    if record["kind"] not in portable.KINDS:
        raise Refused(_("Solche Einträge kennt dieses Portal nicht: „%(kind)s“.") % {"kind": record["kind"]}, name)
    kind = kinds.get(record["kind"])
    content = data.load(container.read(archive, name), name)
    diagrams = set(kind.enclosed.fields) if kind.enclosed else set()
    if others := sorted(set(content["diagrams"]) - diagrams):
        raise Refused(_("„%(field)s“ ist kein Diagramm dieses Eintrags.") % {"field": others[0][:60]}, name)
    files = sum(archive.getinfo(row["entry"]).file_size for row in content["attachments"])
    if files > settings.RECORD_ATTACHMENTS_MAX_BYTES:
        most = settings.RECORD_ATTACHMENTS_MAX_BYTES // 2**20
        raise Refused(_("Alle Anlagen zusammen dürfen höchstens %(max)d MB haben.") % {"max": most}, name)
    try:
        values = portable.unpack(kind, content)
    except ValueError as error:
        why = _("Der Text stammt aus einer neueren Fassung des Portals und hat hier kein Feld für „%(field)s“.")
        raise Refused(why % {"field": str(error)[:60]}, name) from None
    text = kind.model(kind=kind.key, **values)
    try:
        _check_lengths(text, values)
        text.full_clean(exclude=["record", "kind"], validate_unique=False, validate_constraints=False)
    # A value of a foreign type makes the checks fail in their own ways.
    except (ValidationError, TypeError, ValueError, AttributeError, KeyError) as error:
        raise Refused(_wrong(error), name) from None
    return kind, content, values


def _check_lengths(text: Any, values: Mapping[str, Any]) -> None:
    """As the fields of a form do; those of a model leave long texts to it. Raises a ValidationError."""
    for name, value in values.items():
        field = text._meta.get_field(name)
        if isinstance(field, CharField | TextField) and isinstance(value, str):
            clean_text(value, field.max_length or LONGEST_TEXT)
        elif isinstance(field, CharField | TextField) and value is not None:
            raise TypeError(name)


def _wrong(error: Exception) -> str:
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        field, messages = next(iter(error.message_dict.items()))
        return f"{field}: {messages[0]}"
    return _("Der Text hat nicht die Form, die dieses Portal braucht.")


# -- showing ---------------------------------------------------------------------------------------


class News(StrEnum):
    """What a record of a package is to those who look at it."""

    NEW = "new"
    SAME = "same"
    NEWER_HERE = "newer_here"
    NEWER_THERE = "newer_there"


@dataclass(frozen=True)
class Candidate:
    """A record of a package, and what is known of it here: the drafts and records that came from it."""

    record: Mapping[str, Any]
    news: News
    here: Sequence[Imported]

    @property
    def identifier(self) -> str:
        return str(self.record["identifier"])

    @property
    def can_come(self) -> bool:
        return self.news in (News.NEW, News.NEWER_THERE)

    @property
    def approved_on(self) -> dt.date:
        return dt.date.fromisoformat(self.record["approval"]["on"])

    @property
    def kind_label(self) -> str:
        return str(kinds.get(self.record["kind"]).label)


def candidates(package: PackageImport, standing: Standing) -> list[Candidate]:
    """What would come of a checked package, held against what this person's team knows to be here."""
    records = package.manifest.get("records", ())
    found = Imported.objects.filter(identifier__in=[record["identifier"] for record in records])
    rows = list(found.select_related("record").order_by("record_id"))
    # Drafts of other teams are nobody's business; the own team's stay known after a hand-over.
    readable = queries.readable_among(standing, [row.record_id for row in rows])
    known = [row for row in rows if row.team_id == package.team_id or row.record_id in readable]
    return [_candidate(record, [row for row in known if row.identifier == record["identifier"]]) for record in records]


def _candidate(record: Mapping[str, Any], here: list[Imported]) -> Candidate:
    approval = record["approval"]
    if any(row.content_hash == approval["content_hash"] for row in here):
        return Candidate(record, News.SAME, here)
    if any(row.issue >= approval["issue"] for row in here):
        return Candidate(record, News.NEWER_HERE, here)
    return Candidate(record, News.NEWER_THERE if here else News.NEW, here)


# -- taking over -----------------------------------------------------------------------------------


@transaction.atomic
def confirm(*, standing: Standing, package: PackageImport, chosen: Collection[str]) -> PackageImport:
    """Have the chosen records made into drafts. Raises NotAllowed and WrongState."""
    package = PackageImport.objects.select_for_update(of=("self",)).select_related("team").get(pk=package.pk)
    if not rules.may_import_for(standing, package.team):
        raise NotAllowed
    if package.status != Status.CHECKED:
        raise WrongState(_("Dieses Paket wartet nicht darauf, übernommen zu werden."))
    fit = [one.identifier for one in candidates(package, standing) if one.can_come and one.identifier in set(chosen)]
    if not fit:
        raise WrongState(_("Bitte wählen Sie mindestens einen Eintrag, der übernommen werden soll."))
    package.chosen, package.status, package.uploaded_by = fit, Status.CONFIRMED, standing.user
    package.attempts, package.beat_at, package.reason, package.entry = 0, None, "", ""
    package.save()
    transaction.on_commit(partial(take_over_later.enqueue, package.pk), robust=True)
    return package


@task()
def take_over_later(pk: int) -> None:
    """Make the drafts of one package, unless somebody else does so or has done so."""
    take_over(pk)


def take_over(pk: int) -> None:
    """Make the drafts of a confirmed package: all that were chosen, or none."""
    package = runs.claim(PackageImport.objects.filter(status=Status.CONFIRMED), pk)
    if package is None:
        return
    try:
        if package.attempts > runs.MAX_ATTEMPTS:
            raise WrongState(_("Das Übernehmen ist mehrmals abgebrochen. Es wurde nichts angelegt."))
        with _on_disk(package) as opened:
            _take_over(package, opened)
    except Refused as error:
        _refuse(package, error)
        return
    except (ValidationError, NotAllowed, OSError) as error:
        logger.exception("package %s not taken over", pk)
        _back(package, error)
        return
    runs.forget_file(package)


def _back(package: PackageImport, error: Exception) -> None:
    """Nothing was made; the package can be chosen from again."""
    told = " ".join(error.messages) if isinstance(error, ValidationError) else ""
    if isinstance(error, NotAllowed):
        told = _("Sie gehören dem Team nicht mehr an.")
    reason = told or _("Auf dem Server ist kein Platz, oder eine Datei ist nicht lesbar.")
    PackageImport.objects.filter(pk=package.pk).update(
        status=Status.CHECKED, reason=f"{reason} {_('Es wurde nichts angelegt.')}", beat_at=None
    )


def _take_over(package: PackageImport, opened: Any) -> None:
    # What was checked and shown is what is taken; nobody changes the file meanwhile.
    if hashlib.file_digest(opened, "sha256").hexdigest() != package.sha256:
        raise Refused(_("Die Datei ist nicht mehr die, die geprüft wurde. Bitte laden Sie sie noch einmal hoch."))
    archive = container.open_checked(opened, settings.PACKAGE_MAX_BYTES)
    with runs.progress_of(package, len(package.chosen)) as progress, transaction.atomic():
        # Two of one team who take over the same package: the second then finds everything here.
        team = Team.objects.select_for_update(no_key=True).get(pk=package.team_id)
        standing = load_standing(package.uploaded_by)
        if not rules.may_import_for(standing, team):
            raise NotAllowed
        coming = [
            one for one in candidates(package, standing) if one.can_come and one.identifier in set(package.chosen)
        ]
        maker = Maker(package=package, team=team, standing=standing, archive=archive)
        for candidate in coming:
            kind, content, values = values_of(archive, candidate.record)
            maker.make(candidate.record, kind, content, values)
            progress.step()
        maker.tie()
        record_event("import_package", actor=standing.user, package=package.pk, records=len(coming))
        PackageImport.objects.filter(pk=package.pk).update(
            status=Status.DONE, done=len(coming), total=len(coming), finished_at=clock.now(), file=""
        )


def drafts_of(package: PackageImport) -> list[Record]:
    """What came of a package."""
    found = Record.objects.filter(imported__package=package).select_related("owner", "current_version", "imported")
    return list(found.order_by("kind", "number"))


# -- by the clock ----------------------------------------------------------------------------------


def resume() -> None:
    """Packages whose task has died, or that never reached the queue."""
    for status, later in ((Status.UPLOADED, check_later), (Status.CONFIRMED, take_over_later)):
        for pk in list(PackageImport.objects.filter(runs.silent(), status=status).values_list("pk", flat=True)):
            later.enqueue(pk)


def purge() -> None:
    """Delete files that nobody took over in the time of the setting."""
    before = clock.now() - dt.timedelta(days=settings.PACKAGES_KEPT_DAYS)
    for package in PackageImport.objects.filter(status=Status.CHECKED, uploaded_at__lt=before):
        runs.forget_file(package)
        PackageImport.objects.filter(pk=package.pk).update(status=Status.PURGED, file="", finished_at=clock.now())
