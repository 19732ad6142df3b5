"""The process that meets a package: `python -m transfer.packages.checking <file> <numbers>`.

It takes its limits upon itself before it touches the first byte, knows neither database nor secrets, and answers with
one line of JSON: the manifest, or what is refused and why. The file it is given lies open as its standard input.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from governance.limits import Limits
from transfer.packages import container, data, schema
from transfer.packages.container import MANIFEST, Refused

_SVG = "{http://www.w3.org/2000/svg}"
_LINKS = frozenset({"href", "{http://www.w3.org/1999/xlink}href", "src"})
_SVG_ALLOWED = frozenset(
    [
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "title",
        "desc",
        "defs",
        "marker",
        "clipPath",
        "use",
        "style",
        "linearGradient",
        "radialGradient",
        "stop",
        "pattern",
    ]
)
_ACTIVE_HTML = re.compile(rb"<\s*(script|iframe|object|embed|base|form)\b|<[^>]*\son[a-z]+\s*=|javascript:", re.I)
_ENDINGS = {".json", ".md", ".csv", ".html", ".css", ".svg", ".bpmn"}


def check(archive: zipfile.ZipFile, max_file: int, max_diagram: int) -> dict[str, Any]:
    """The manifest of a package in which everything is as it says; raises Refused."""
    raw = container.read(archive, MANIFEST)
    manifest = data.load(raw, MANIFEST)
    try:
        schema.check(manifest, schema.manifest_schema())
    except schema.WrongShape as error:
        raise Refused(
            _("Das Verzeichnis ist nicht, wie es sein muss: %(error)s") % {"error": error}, MANIFEST
        ) from None
    entries = _entries(archive, manifest)
    files = _check_records(archive, manifest, entries)
    for name, entry in entries.items():
        _check_bytes(archive, name, entry, max_file if name in files else container.MAX_SMALL)
    for name, row in files.items():
        _check_attachment(container.read(archive, name, max_file), row, name, max_file)
    for name in entries.keys() - files.keys():
        _check_content(container.read(archive, name), name, max_diagram)
    return manifest | {"fingerprint": hashlib.sha256(raw).hexdigest()}


def _entries(archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What the manifest says of each entry; it names all that there are and no other."""
    named = {row["name"]: row for row in manifest["entries"]}
    if len(named) < len(manifest["entries"]):
        raise Refused(_("Das Verzeichnis nennt einen Eintrag zweimal."), MANIFEST)
    found = set(archive.namelist()) - {MANIFEST}
    for name in sorted(found - named.keys()):
        raise Refused(_("Für diesen Eintrag steht keine Prüfsumme im Verzeichnis."), name)
    for name in sorted(named.keys() - found):
        raise Refused(_("Dieser Eintrag fehlt im Paket."), name)
    return named


def _check_bytes(archive: zipfile.ZipFile, name: str, entry: Mapping[str, Any], most: int) -> None:
    size = archive.getinfo(name).file_size
    if size > most:
        raise Refused(_("Der Eintrag ist größer als %(max)d MB.") % {"max": most // 2**20}, name)
    if size != entry["size"] or container.digest(archive, name) != entry["sha256"]:
        raise Refused(_("Die Prüfsumme stimmt nicht: Der Eintrag wurde verändert oder ist beschädigt."), name)


# -- records ---------------------------------------------------------------------------------------


def _check_records(
    archive: zipfile.ZipFile, manifest: Mapping[str, Any], entries: Mapping[str, Any]
) -> dict[str, Mapping[str, Any]]:
    """The attachments of all records by the name of their entry, each with what is said of it."""
    identifiers = [record["identifier"] for record in manifest["records"]]
    if len(set(identifiers)) < len(identifiers):
        raise Refused(_("Das Verzeichnis nennt einen Datensatz zweimal."), MANIFEST)
    found: dict[str, Mapping[str, Any]] = {}
    for record in manifest["records"]:
        if not record["identifier"].startswith(manifest["origin"]["portal"]):
            raise Refused(_("Ein Datensatz gehört nicht zum Portal, das als Absender angegeben ist."), MANIFEST)
        name = record["content"]
        content = data.load(container.read(archive, name), name)
        _check_shape(content, record, name)
        if "assessment" in record:
            _check_assessment(data.load(container.read(archive, record["assessment"]), record["assessment"]), record)
        for row in content["attachments"]:
            found[row["entry"]] = row
        for target in (*(row["entry"] for row in content["attachments"]), *content["diagrams"].values()):
            if target not in entries:
                raise Refused(
                    _("Genannt wird „%(entry)s“, das im Paket fehlt.") % {"entry": container.shown(str(target))}, name
                )
    return found


_TEXT = {"type": "string", "maxLength": 1000}
_CONTENT: Mapping[str, Any] = {
    "type": "object",
    "required": ["schema", "kind", "fields", "tags", "related", "attachments", "diagrams"],
    "additionalProperties": False,
    "properties": {
        "schema": {"type": "integer", "minimum": 1, "maximum": 1000},
        "kind": {"type": "string", "pattern": "^[a-z_]{1,30}$"},
        "fields": {"type": "object"},
        "tags": {"type": "array", "maxItems": 12, "items": {"type": "string", "minLength": 1, "maxLength": 60}},
        "related": {"type": "array", "maxItems": 100, "items": _TEXT},
        "attachments": {
            "type": "array",
            "maxItems": 30,
            "items": {
                "type": "object",
                "required": ["entry", "sha256", "name", "media_type", "description"],
                "additionalProperties": False,
                "properties": {
                    "entry": {"type": "string", "maxLength": 200},
                    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                    "name": {"type": "string", "minLength": 1, "maxLength": 120},
                    "media_type": {"type": "string", "maxLength": 120},
                    "description": {"type": "string", "maxLength": 300},
                },
            },
        },
        "diagrams": {"type": "object"},
    },
}


def _check_shape(content: Mapping[str, Any], record: Mapping[str, Any], name: str) -> None:
    try:
        schema.check(content, _CONTENT)
    except schema.WrongShape as error:
        raise Refused(_("Der Text ist nicht, wie er sein muss: %(error)s") % {"error": error}, name) from None
    if content["kind"] != record["kind"]:
        raise Refused(_("Die Art des Eintrags ist eine andere, als das Verzeichnis sagt."), name)
    if content["fields"].get("title") != record["title"]:
        raise Refused(_("Der Titel ist ein anderer, als das Verzeichnis sagt."), name)
    if not all(isinstance(target, str) for target in content["diagrams"].values()):
        raise Refused(_("Die Diagramme sind nicht genannt, wie es sein muss."), name)
    for text in _texts(content):
        _check_text(text, name)


_ASSESSMENT: Mapping[str, Any] = {
    "type": "object",
    "required": ["schema", "made_on", "answers"],
    "additionalProperties": False,
    "properties": {
        "schema": {"const": 1},
        "made_on": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "answers": {
            "type": "array",
            "minItems": 1,
            "maxItems": 20,
            "items": {
                "type": "object",
                "required": ["key", "name", "question", "weight", "answer", "evidence"],
                "additionalProperties": False,
                "properties": {
                    "key": {"type": "string", "maxLength": 60},
                    "name": {"type": "string", "minLength": 1, "maxLength": 200},
                    "question": {"type": "string", "maxLength": 500},
                    "weight": {"type": "integer", "minimum": 1, "maximum": 3},
                    "answer": {"enum": ["yes", "partly", "no", "unknown"]},
                    "evidence": {"type": "string", "maxLength": 2000},
                },
            },
        },
    },
}


def _check_assessment(found: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    name = record["assessment"]
    try:
        schema.check(found, _ASSESSMENT)
        dt.date.fromisoformat(found["made_on"])
    except (schema.WrongShape, ValueError) as error:
        why = _("Die Selbsteinschätzung ist nicht, wie sie sein muss: %(error)s")
        raise Refused(why % {"error": error}, name) from None
    for text in _texts(found):
        _check_text(text, name)


def _texts(content: Any) -> list[str]:
    found, pending = [], [content]
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, dict):
            pending.extend((*one.keys(), *one.values()))
        elif isinstance(one, list):
            pending.extend(one)
    return found


def _check_text(text: str, name: str) -> None:
    """Nothing hidden stands in a text: what is read in it is what is in it."""
    for char in text:
        if char.isprintable() or char in "\n\t\r":
            continue
        if char == "\x00" or unicodedata.category(char) in ("Cc", "Cs", "Co") or _turns(char):
            raise Refused(_("Ein Text enthält ein unsichtbares Zeichen, das anderes vortäuschen kann."), name)


def _turns(char: str) -> bool:
    return "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069" or char in "\u200e\u200f\u061c"


# -- files -----------------------------------------------------------------------------------------


def _check_attachment(found: bytes, row: Mapping[str, Any], name: str, max_file: int) -> None:
    """By the same rules as a file that somebody attaches."""
    from django.core.exceptions import ValidationError

    from governance import files

    try:
        info = files.inspect(io.BytesIO(found), row["name"], max_file)
    except ValidationError as error:
        raise Refused(_(" ").join(error.messages), name) from None
    if (info.sha256, info.name, info.media_type) != (row["sha256"], row["name"], row["media_type"]):
        raise Refused(_("Die Anlage ist eine andere, als der Text sagt."), name)


def _check_content(found: bytes, name: str, max_diagram: int) -> None:
    ending = name[name.rfind(".") :] if "." in name else ""
    if ending not in _ENDINGS:
        raise Refused(_("Solche Dateien kommen in einem Paket nur als Anlage vor."), name)
    checks: dict[str, Callable[[], None]] = {
        ".bpmn": lambda: _check_bpmn(found, name, max_diagram),
        ".svg": lambda: _check_svg(found, name),
        ".html": lambda: _check_html(found, name),
    }
    if ending in checks:
        checks[ending]()
        return
    try:
        text = found.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(_("Der Eintrag ist kein Text in UTF-8."), name) from None
    _check_text(text, name)


def _check_bpmn(found: bytes, name: str, max_diagram: int) -> None:
    from processmodels.bpmn.reading import read
    from processmodels.bpmn.source import BpmnError

    try:
        read(found, max_bytes=max_diagram)
    except BpmnError as error:
        raise Refused(error.message, name) from None


def _check_svg(found: bytes, name: str) -> None:
    """A drawing and nothing else: no script, nothing from elsewhere, nothing that acts."""
    from lxml import etree

    if b"<!" in found.replace(b"<!--", b"").replace(b"<![CDATA[", b""):
        raise Refused(_("Das Bild enthält eine Dokumenttyp-Definition."), name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(found, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Refused(_("Das Bild ist kein lesbares SVG."), name) from None
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag.removeprefix(_SVG) not in _SVG_ALLOWED:
            raise Refused(_("Das Bild enthält mehr als eine Zeichnung."), name)
        for key, value in element.attrib.items():
            is_foreign = key in _LINKS and not value.startswith("#")
            if key.lower().startswith("on") or is_foreign or "url(" in value.replace("url(#", ""):
                raise Refused(_("Das Bild enthält aktive Inhalte oder lädt etwas nach."), name)


def _check_html(found: bytes, name: str) -> None:
    if _ACTIVE_HTML.search(found):
        raise Refused(_("Die Seite enthält aktive Inhalte."), name)


# -- the process -----------------------------------------------------------------------------------


def main(max_total: str, max_file: str, max_diagram: str, *numbers: str) -> int:
    limits = Limits(*map(int, numbers))
    limits.take_upon_this_process()
    from django.conf import settings

    # Messages of the checks that this process shares with the portal are German already.
    settings.configure(USE_I18N=False)
    answer: dict[str, Any]
    try:
        archive = container.open_checked(sys.stdin.buffer, int(max_total))
        answer = {"manifest": check(archive, int(max_file), int(max_diagram))}
    except Refused as error:
        answer = {"refused": error.why, "entry": error.entry}
    except (MemoryError, RecursionError):
        answer = {"refused": _("Das Prüfen braucht zu viel Arbeitsspeicher. Bitte lassen Sie das Paket teilen.")}
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
