"""From the bytes of a file to a checked XML tree: the only place that meets untrusted XML.

Nothing is resolved, loaded or executed. The text is decoded here, by a list of known encodings, and handed on
as UTF-8, so that the check for a DTD and the XML parser read the very same characters.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

MODEL_NAMESPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"
MAX_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 50
# A drawn element takes about ten XML elements: itself, its ends, its shape with bounds and label.
MAX_XML_ELEMENTS = 150_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][\w.-]{0,40})["']""")
# Encodings in which "<" is the byte "<"; UTF-7 and the like could hide a DTD.
_ENCODINGS = re.compile(r"utf-8(-sig)?|ascii|iso8859-\d+|cp125\d|cp437|cp85\d|koi8-[ru]|mac-roman")

_NOT_XML = (
    (b"PK\x03\x04", "Zip, Office, Visio (.vsdx)"),
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "Visio (.vsd), Office"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
)
_OTHER_ROOTS = (
    ("http://schema.omg.org/spec/BPMN/2.0", "BPMN 2.0 Beta"),
    ("http://www.wfmc.org/", "XPDL"),
    ("http://bpmn.org/", "BPMN 1.x"),
    ("http://www.bpmn.org/", "BPMN 1.x"),
    ("http://schema.omg.org/spec/BPMN/1", "BPMN 1.x"),
    ("http://www.omg.org/spec/BPMN/1", "BPMN 1.x"),
    ("http://www.omg.org/spec/DMN/", "DMN"),
    ("https://www.omg.org/spec/DMN/", "DMN"),
    ("http://www.omg.org/spec/CMMN/", "CMMN"),
    ("http://www.w3.org/2000/svg", "SVG"),
    ("http://www.w3.org/1999/xhtml", "HTML"),
)


class BpmnError(ValueError):
    """A file that is refused. `message` says in German what is wrong, where, and what to do; line 0: no line."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def parse(data: bytes, max_bytes: int = MAX_BYTES) -> Any:
    """The root element of a BPMN 2.0 file.

    Raises BpmnError for anything else, and for whatever is too large, too deep or has a DTD.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise BpmnError(_("Die Datei ist leer. Bitte exportieren Sie das Modell noch einmal als BPMN 2.0."))
    if len(data) > max_bytes:
        limit = max_bytes / 1024 / 1024
        raise BpmnError(
            _("Die Datei ist zu groß: Erlaubt sind %s MB. Bitte teilen Sie das Modell in mehrere Dateien auf.")
            % f"{limit:.3g}".replace(".", ",")
        )
    text = _decode(data)
    _refuse_dtd(text)
    # Exact enough: what comments and CDATA count too much is far below the limit in any real file.
    if text.count("/>") + text.count("</") > MAX_XML_ELEMENTS:
        raise BpmnError(_("Die Datei hat zu viele Elemente. Bitte teilen Sie das Modell in mehrere Dateien auf."))
    root = _parse_text(text)
    _check_root(root)
    deep = root.getroottree().xpath("(" + "/*" * (MAX_DEPTH + 1) + ")[1]")
    if deep:
        raise _too_deep(deep[0].sourceline or 0)
    return root


def comments(data: bytes) -> list[str]:
    """The comments of a file that `parse` reads without them."""
    return re.findall(r"<!--(.*?)-->", _decode(data), re.DOTALL)


def clean(text: str | None, limit: int = 500) -> str:
    """A text on one line: no control characters, no bidi overrides, single spaces, at most `limit` characters."""
    if not text:
        return ""
    # Longer than the limit is cut twice: once before the work, once after it.
    kept = text[: limit * 4]
    if not kept.isprintable():
        kept = "".join(_visible(character) for character in kept)
    kept = " ".join(kept.split())
    return kept if len(kept) <= limit else kept[: limit - 1].rstrip() + "…"


def clean_lines(text: str | None, limit: int = 20_000) -> str:
    """Like clean(), but the lines stay; runs of empty lines become one."""
    if not text:
        return ""
    lines = [clean(line, limit) for line in text[: limit * 2].splitlines()]
    joined = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return joined if len(joined) <= limit else joined[: limit - 1].rstrip() + "…"


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    # Cc: controls; Cf: bidi overrides, zero widths, soft hyphens; Cs, Co, Cn: no characters at all.
    return "" if unicodedata.category(character)[0] == "C" else character


def _decode(data: bytes) -> str:
    encoding = _encoding(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "replace").count("\n") + 1
        raise BpmnError(
            _(
                "Zeile %(line)d enthält Zeichen, die nicht zur Kodierung %(encoding)s passen. Bitte speichern Sie "
                "die Datei in Ihrem Werkzeug als UTF-8 und laden Sie sie noch einmal hoch."
            )
            % {"line": line, "encoding": encoding.upper().removesuffix("-SIG")},
            line,
        ) from None


def _encoding(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding
    for magic, name in _NOT_XML:
        if data.startswith(magic):
            raise BpmnError(
                _("Das ist keine BPMN-Datei, sondern: %s. Bitte exportieren Sie das Modell als BPMN 2.0 (.bpmn).")
                % name
            )
    declared = _DECLARED.match(data)
    name = declared.group(1).decode("ascii") if declared else "utf-8"
    # Some tools write UTF-8 and declare the UTF-16 they had in memory.
    if name.lower().startswith(("utf-16", "utf16")):
        return "utf-8"
    try:
        known = codecs.lookup(name).name
    except LookupError:
        known = ""
    if not _ENCODINGS.fullmatch(known):
        raise BpmnError(
            _("Zeile 1: Die Kodierung „%s“ wird nicht gelesen. Bitte speichern Sie die Datei als UTF-8.") % name, 1
        )
    return known


def _refuse_dtd(text: str) -> None:
    """Only declaration, comments and instructions may stand before the root element; a DTD can stand nowhere else."""
    position = 0
    while (position := text.find("<", position)) >= 0:
        if text.startswith("<!--", position):
            end = text.find("-->", position)
        elif text.startswith("<?", position):
            end = text.find("?>", position)
        else:
            break
        if end < 0:
            break
        position = end
    if position >= 0 and text[position : position + 9].upper() == "<!DOCTYPE":
        line = text.count("\n", 0, position) + 1
        raise BpmnError(
            _(
                "Zeile %d: Die Datei enthält eine Dokumenttyp-Definition (DOCTYPE). Das ist nicht erlaubt, weil "
                "darüber fremde Inhalte geladen werden könnten. Bitte exportieren Sie das Modell als BPMN 2.0."
            )
            % line,
            line,
        )


def _parse_text(text: str) -> Any:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        reason = clean(error.msg, 200)
        if "depth" in reason:
            raise _too_deep(line) from None
        raise BpmnError(
            _(
                "Zeile %(line)d: Die Datei ist beschädigt oder kein gültiges XML (%(reason)s). Bitte exportieren "
                "Sie das Modell noch einmal und ändern Sie die Datei danach nicht von Hand."
            )
            % {"line": line, "reason": reason},
            line,
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise BpmnError(_("Die Datei enthält eine Dokumenttyp-Definition (DOCTYPE). Das ist nicht erlaubt."), 1)
    return root


def _too_deep(line: int) -> BpmnError:
    return BpmnError(
        _(
            "Zeile %(line)d: Die Datei ist tiefer als %(depth)d Ebenen verschachtelt. Bitte lösen Sie Teilprozesse "
            "in eigene Modelle auf."
        )
        % {"line": line, "depth": MAX_DEPTH},
        line,
    )


def _check_root(root: Any) -> None:
    name = etree.QName(root)
    namespace = name.namespace or ""
    if namespace == MODEL_NAMESPACE and name.localname == "definitions":
        return
    line = root.sourceline or 1
    known = next((label for start, label in _OTHER_ROOTS if namespace.startswith(start)), "")
    if known:
        reason = _("Die Datei ist in einem anderen Format (%s).") % known
    elif name.localname == "definitions" and not namespace:
        reason = _("Beim Wurzelelement „definitions“ fehlt der Namensraum von BPMN 2.0.")
    else:
        reason = _("Das Wurzelelement ist „%s“ und nicht „definitions“ von BPMN 2.0.") % clean(name.localname, 80)
    raise BpmnError(
        _("Zeile %(line)d: %(reason)s Bitte exportieren Sie das Modell in Ihrem Werkzeug als BPMN 2.0 (.bpmn).")
        % {"line": line, "reason": reason},
        line,
    )
