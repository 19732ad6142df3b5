"""Drafts of the records of a package, through the same services as any other draft. Runs inside one transaction."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from governance import attachments, kinds, tags, versions
from governance.models import Team, Version
from governance.rules import Standing
from processmodels import diagrams
from processmodels.bpmn.source import BpmnError
from transfer.models import Imported, PackageImport
from transfer.models.proofs import KIND as PROOF_OF_CONCEPT
from transfer.packages import container, data
from transfer.packages.container import Refused
from transfer.proofs import services as trials


@dataclass
class Maker:
    """Makes one draft after the other; `tie` then joins those that name one another."""

    package: PackageImport
    team: Team
    standing: Standing
    archive: zipfile.ZipFile
    made: dict[str, Version] = field(default_factory=dict)
    related: dict[str, list[str]] = field(default_factory=dict)

    def make(
        self, record: Mapping[str, Any], kind: kinds.Kind, content: Mapping[str, Any], values: dict[str, Any]
    ) -> None:
        """One draft with its files, and where it came from. Raises Refused, naming the entry."""
        for row in content["attachments"]:
            self._keep_file(row)
        for name, entry in content["diagrams"].items():
            values[name] = self._keep_diagram(entry)
        values["tag_ids"] = tags.resolve_names(content["tags"], self.standing)
        values["related"] = []
        try:
            version = versions.create(
                kind=kind.key, owner=self.team, standing=self.standing, values=values, note=self._note(record)
            )
        except ValidationError as error:
            raise Refused(" ".join(error.messages), record["content"]) from error
        if kind.key == PROOF_OF_CONCEPT:
            ended_on = dt.date.fromisoformat(record["approval"]["on"])
            trials.take_in(record=version.record, measures=values["measures"], ended_on=ended_on)
        self.made[record["identifier"]] = version
        self.related[record["identifier"]] = content["related"]
        self._remember(record, version)

    def tie(self) -> None:
        """Related records of the same package, now that all have a key here; also those that came earlier."""
        earlier = Imported.objects.filter(team=self.team).exclude(package=self.package)
        known = dict(earlier.order_by("issue").values_list("identifier", "record_id"))
        known |= {identifier: version.record_id for identifier, version in self.made.items()}
        for identifier, version in self.made.items():
            keys = [known[one] for one in self.related[identifier] if one in known]
            if keys:
                versions.write(
                    record=version.record,
                    standing=self.standing,
                    opened_on=version.pk,
                    values={"related": keys},
                    note=_("Verweise auf andere Einträge des Pakets"),
                )

    def _keep_file(self, row: Mapping[str, Any]) -> None:
        with TemporaryFile() as kept:
            for block in container.blocks(self.archive, row["entry"]):
                kept.write(block)
            try:
                attachment, _info = attachments.store(File(kept), row["name"], None)
            except ValidationError as error:
                raise Refused(" ".join(error.messages), row["entry"]) from error
        if attachment.sha256 != row["sha256"]:
            raise Refused(_("Die Anlage ist eine andere, als der Text sagt."), row["entry"])

    def _keep_diagram(self, entry: str) -> str:
        try:
            return diagrams.store(container.read(self.archive, entry)).pk
        except BpmnError as error:
            raise Refused(error.message, entry) from error

    def _note(self, record: Mapping[str, Any]) -> str:
        origin = self.package.manifest["origin"]["municipality"]
        told = {"number": record["short_number"], "origin": origin, "issue": record["approval"]["issue"]}
        return _("Übernommen aus einem Paket: %(number)s aus %(origin)s, Ausgabe %(issue)d") % told

    def _remember(self, record: Mapping[str, Any], version: Version) -> None:
        manifest, approval, contact = self.package.manifest, record["approval"], record.get("contact")
        Imported.objects.create(
            record=version.record,
            package=self.package,
            team=self.team,
            identifier=record["identifier"],
            municipality=manifest["origin"]["municipality"],
            licence=manifest["licence"],
            title=record["title"],
            issue=approval["issue"],
            approved_on=dt.date.fromisoformat(approval["on"]),
            approved_by=approval["by"],
            content_hash=approval["content_hash"],
            checksum=container.digest(self.archive, record["content"]),
            contact=f"{contact['name']}, {contact['mail']}" if contact else "",
            assessment=self._assessment(record),
        )

    def _assessment(self, record: Mapping[str, Any]) -> dict[str, Any] | None:
        name = record.get("assessment")
        return data.load(container.read(self.archive, name), name) if name else None
