"""Whether a file may be a slide template: everything that is wrong with it, each in a sentence.

A template becomes part of every presentation that leaves the portal, so nothing may be in it that runs, that is
fetched from elsewhere, or that belongs to somebody: slides, comments, properties of its author.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from lxml import etree
from pptx import Presentation
from pptx.oxml.ns import qn

from learnings.presentation import template
from learnings.presentation.template import Template

_TYPES = "[Content_Types].xml"
_MAIN = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_AS_TEMPLATE = _MAIN.replace("presentation.main", "template.main")
_MOST_ENTRIES = 2_000
_MOST_UNPACKED = 100 * 2**20
_NAMED = 3
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_RUNS = re.compile(r"vbaProject|vbaData|/activeX/|/ctrlProps/|macro-?Enabled", re.IGNORECASE)
_EMBEDDED = re.compile(r"/embeddings/|oleObject", re.IGNORECASE)
_ACTION = re.compile(rb"ppaction://(?:macro|program|ole|hlinkfile|hlinkpres)", re.IGNORECASE)
# What a presentation can do without, and what tells of whoever made the template.
_PERSONAL = (
    "/thumbnail",
    "/extended-properties",
    "/custom-properties",
    "/commentAuthors",
    "/printerSettings",
    "/customXml",
)
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def check(data: bytes) -> Template:
    """The template in `data`, without slides and without whatever tells of its author.

    Raises a ValidationError with every reason against it.
    """
    if len(data) > settings.TEMPLATE_MAX_BYTES:
        raise ValidationError(too_large())
    parts = _unpacked(data)
    if reasons := list(_dangers(parts)):
        raise ValidationError(reasons)
    try:
        emptied = _emptied(_as_presentation(parts))
        found, lacks = template.find(emptied)
    except Exception as error:
        # Whatever a file can have wrong, python-pptx says it with exceptions of many kinds.
        raise ValidationError(_not_readable()) from error
    if found is None:
        raise ValidationError(lacks)
    return found


def too_large() -> str:
    return _("Die Datei ist größer als %(max)d MB. Bitte verkleinern Sie die Bilder in der Vorlage.") % {
        "max": settings.TEMPLATE_MAX_BYTES // 2**20
    }


def _not_readable() -> str:
    return _("Die Datei lässt sich nicht als PowerPoint-Vorlage lesen. Bitte speichern Sie sie als .pptx oder .potx.")


def _unpacked(data: bytes) -> dict[str, bytes]:
    """The files in the package; refused before it is unpacked where that would be too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = package.infolist()
            if len(infos) > _MOST_ENTRIES or sum(info.file_size for info in infos) > _MOST_UNPACKED:
                raise ValidationError(
                    _("Die Datei ist entpackt zu groß: erlaubt sind %(files)d Teile und %(max)d MB.")
                    % {"files": _MOST_ENTRIES, "max": _MOST_UNPACKED // 2**20}
                )
            names = [info.filename for info in infos]
            if len(set(names)) < len(names) or any(".." in name or name.startswith("/") for name in names):
                raise ValidationError(_not_readable())
            return {info.filename: package.read(info) for info in infos if not info.is_dir()}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise ValidationError(_not_readable()) from error


def _dangers(parts: dict[str, bytes]) -> Iterator[str]:
    roots = {}
    for name, data in parts.items():
        if name.endswith((".xml", ".rels")):
            try:
                roots[name] = etree.fromstring(data, _PARSER)
            except etree.XMLSyntaxError:
                yield _not_readable()
                return
    if any(root.getroottree().docinfo.doctype for root in roots.values()) or _TYPES not in roots:
        yield _not_readable()
        return
    types = {str(one.get("ContentType")) for one in roots[_TYPES]}
    if found := [text for text in (*parts, *types) if _RUNS.search(text)]:
        yield _("Sie enthält Makros oder Steuerelemente: %(parts)s.") % {"parts": _some(found)}
    if found := [text for text in (*parts, *types) if _EMBEDDED.search(text)]:
        yield _("Sie enthält eingebettete Dateien (OLE): %(parts)s.") % {"parts": _some(found)}
    if found := [f"{name}: {target}" for name, root in roots.items() for target in _external(name, root)]:
        yield _("Sie verweist auf etwas außerhalb der Datei: %(parts)s. Bitte entfernen Sie die Verknüpfung.") % {
            "parts": _some(found)
        }
    if found := [name for name, data in parts.items() if name in roots and _ACTION.search(data)]:
        yield _("Sie startet auf Klick ein Programm oder eine andere Datei: %(parts)s.") % {"parts": _some(found)}
    if not types & {_MAIN, _AS_TEMPLATE} and not any(map(_RUNS.search, types)):
        yield _("Die Datei ist keine PowerPoint-Präsentation oder -Vorlage (.pptx oder .potx).")


def _external(name: str, root: etree._Element) -> Iterator[str]:
    if name.endswith(".rels"):
        for relation in root:
            if str(relation.get("TargetMode", "")).lower() == "external":
                yield str(relation.get("Target", ""))[:80]


def _some(found: Iterable[str]) -> str:
    names = sorted(set(found))
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (_(" und %(n)d weitere") % {"n": more} if more > 0 else "")


def _as_presentation(parts: dict[str, bytes]) -> bytes:
    """The package again; a template (.potx) as the presentation that python-pptx can open."""
    types = parts[_TYPES].replace(_AS_TEMPLATE.encode(), _MAIN.encode())
    return _packed({**parts, _TYPES: types})


def _packed(parts: dict[str, bytes]) -> bytes:
    """One file of these parts; the same parts give the same bytes, whenever that is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        # The types come first, as in every such file.
        for name, data in sorted(parts.items(), key=lambda part: (part[0] != _TYPES, part[0])):
            package.writestr(zipfile.ZipInfo(name, _NO_DATE), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _emptied(data: bytes) -> bytes:
    """Without slides, sections, shows and personal parts: what nothing leads to is not written."""
    deck = Presentation(io.BytesIO(data))
    root = deck.part._element
    for slide in list(root.findall(f"{qn('p:sldIdLst')}/{qn('p:sldId')}")):
        deck.part.rels.pop(slide.get(qn("r:id")))
        slide.getparent().remove(slide)
    for tag in ("p:extLst", "p:custShowLst", "p:custDataLst"):
        for element in root.findall(qn(tag)):
            root.remove(element)
    for rels in (deck.part.rels, deck.part.package._rels):
        for key, relation in list(rels.items()):
            if relation.reltype.endswith(_PERSONAL):
                rels.pop(key)
    _forget_author(deck)
    out = io.BytesIO()
    deck.save(out)
    return _packed(_unpacked(out.getvalue()))


def _forget_author(deck: object) -> None:
    properties = deck.core_properties  # type: ignore[attr-defined]
    for name in ("author", "last_modified_by", "comments", "keywords", "subject", "category"):
        setattr(properties, name, "")
