"""Towns that exchange packages: what is published there, and packages as the services make them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.base import ContentFile, File

from governance import administration, attachments
from governance.models import Record
from tests.factories import Cast, make_published, reload
from tests.processmodels.factories import make_process, publish
from transfer.models import ExternalSource, PackageExport, PackageImport
from transfer.packages import exports, imports
from transfer.sources import services as sources

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c626001000000"
    "ffff03000006000557bfabd40000000049454e44ae426082"
)


def attach(data: bytes = b"Inhalt der Anlage.", name: str = "liste.txt", description: str = "") -> dict[str, str]:
    """A row of a text that names a kept file."""
    kept, info = attachments.store(ContentFile(data), name, None)
    return {"sha256": kept.sha256, "name": info.name, "media_type": info.media_type, "description": description}


def let_out(cast: Cast, record: Record, reach: str = "public") -> Record:
    administration.change_reach(record=record, standing=cast.standing("chair"), reach=reach)
    return reload(record)


def make_pair(cast: Cast) -> tuple[Record, Record]:
    """A learning with a picture and a file, and a process model with diagrams, that may go out."""
    process = let_out(cast, publish(cast, make_process(cast)))
    learning = make_published(
        cast,
        what_was_done="Gekürzt.\n\n![Formular](anlage:1)",
        figures=[{"label": "Anträge", "number": "12.5", "unit": "%", "period": "2025", "source": "Register"}],
        attachments=[attach(PNG, "bild.png", "Das Formular"), attach()],
        related=[process.pk],
    )
    return let_out(cast, learning), process


def export(cast: Cast, *records: Record, by: str = "author", **changes: Any) -> PackageExport:
    """A package that has been made."""
    values = {"reach": "public", "municipality": "Eschenfurt", "licence": "CC-BY-4.0", "with_contact": False}
    asked = exports.request(standing=cast.standing(by), records=[one.pk for one in records], **values | changes)
    exports.make(asked.pk)
    asked.refresh_from_db()
    return asked


def bytes_of(package: PackageExport) -> bytes:
    with package.file.open("rb") as opened:
        data: bytes = opened.read()
    return data


def bring_in(cast: Cast, data: bytes, by: str = "outsider") -> PackageImport:
    """A package that has been uploaded and checked, by somebody of the other team unless said."""
    team = cast.other_team if by == "outsider" else cast.team
    package = imports.bring_in(
        standing=cast.standing(by), team=team, upload=File(io.BytesIO(data), "paket.zip"), name="paket.zip"
    )
    imports.check(package.pk)
    package.refresh_from_db()
    return package


def take_over(cast: Cast, package: PackageImport, by: str = "outsider") -> PackageImport:
    """All that can come of a checked package."""
    standing = cast.standing(by)
    chosen = [one.identifier for one in imports.candidates(package, standing)]
    imports.confirm(standing=standing, package=package, chosen=chosen)
    imports.take_over(package.pk)
    package.refresh_from_db()
    return package


def entries_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def manifest_of(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(entries_of(data)["manifest.json"])
    return found


def zipped(entries: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def changed(data: bytes, change: Callable[[dict[str, bytes], dict[str, Any]], None], *, sealed: bool = True) -> bytes:
    """A package with other entries or another manifest; `sealed`: with the right checksums for them."""
    import hashlib

    entries = entries_of(data)
    manifest = json.loads(entries.pop("manifest.json"))
    change(entries, manifest)
    if sealed:
        types = {row["name"]: row["media_type"] for row in manifest["entries"]}
        manifest["entries"] = [
            {
                "name": name,
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "media_type": types.get(name, "text/plain"),
            }
            for name, content in entries.items()
        ]
    return zipped({**entries, "manifest.json": json.dumps(manifest).encode()})


def asked(cast: Cast) -> PackageExport:
    """One of the author that waits to be made."""
    return PackageExport.objects.create(
        requested_by=cast.author, reach="public", municipality="Eschenfurt", licence="CC0-1.0"
    )


def uploaded(cast: Cast) -> PackageImport:
    """One of the cast's team that waits to be checked."""
    return PackageImport.objects.create(team=cast.team, uploaded_by=cast.author, name="paket.zip", sha256="0" * 64)


def make_source(cast: Cast, **values: Any) -> ExternalSource:
    given = {
        "name": "Nachbarregister",
        "address": "https://register.example/",
        "search_link": "https://register.example/suche?q={query}&art=alle",
        "finds": "Erprobte Lösungen der Nachbarkommunen.",
        "licence_hint": "CC BY 4.0",
        "retrieved_on": "2026-11-01",
    }
    return sources.add(standing=cast.standing("committee"), **given | values)
