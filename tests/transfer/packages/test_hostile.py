"""Hostile packages are refused with the entry named, and nothing is written."""

from __future__ import annotations

import io
import json
import random
import stat
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from governance.models import Attachment, Record, Tag
from processmodels.models import Diagram
from tests.factories import Cast
from tests.transfer.packages import factories as made
from tests.transfer.transferability.factories import answer_all, assess
from transfer.models import Imported, PackageImport
from transfer.packages import checking, container, imports
from transfer.packages.container import Refused

pytestmark = pytest.mark.django_db
MB = 2**20
Change = Callable[[dict[str, bytes], dict[str, Any]], None]


@pytest.fixture
def package(cast: Cast) -> bytes:
    return _package(cast)[0]


_kept: list[bytes] = []


def _package(cast: Cast) -> list[bytes]:
    """Made once: what is in it does not change."""
    if not _kept:
        learning, process = made.make_pair(cast)
        assess(cast, process, answer_all("yes"))
        _kept.append(made.bytes_of(made.export(cast, learning, process)))
    return _kept


def check(data: bytes) -> Refused | None:
    """By the same code as the process of its own, without starting one for each of many packages."""
    try:
        archive = container.open_checked(io.BytesIO(data), 200 * MB)
        checking.check(archive, 20 * MB, 5 * MB)
    except Refused as error:
        return error
    return None


def entry(name: str, content: bytes = b"x") -> Change:
    return lambda entries, manifest: entries.update({name: content})


def learning_content(change: Callable[[dict[str, Any]], None]) -> Change:
    return _json("learning", "content", change)


def assessment(change: Callable[[dict[str, Any]], None]) -> Change:
    return _json("process_model", "assessment", change)


def _json(kind: str, what: str, change: Callable[[dict[str, Any]], None]) -> Change:
    def apply(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
        name = next(one[what] for one in manifest["records"] if one["kind"] == kind)
        content = json.loads(entries[name])
        change(content)
        entries[name] = json.dumps(content).encode()

    return apply


def of(kind: str, name: str, content: bytes) -> Change:
    """Another content for an entry of the record of this kind."""

    def apply(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
        number = next(one["short_number"] for one in manifest["records"] if one["kind"] == kind)
        assert f"records/{number}/{name}" in entries
        entries[f"records/{number}/{name}"] = content

    return apply


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">%s</svg>'
HOSTILE: dict[str, tuple[Change, str]] = {
    "traversal": (entry("../../etc/passwd"), "../../etc/passwd"),
    "traversal inside": (entry("records/../../x.md"), "records/../../x.md"),
    "absolute": (entry("/etc/cron.d/x"), "/etc/cron.d/x"),
    "drive": (entry("C:/x.md"), "C:/x.md"),
    "backslash": (entry("records\\..\\x.md"), "x.md"),
    "hidden": (entry("records/.htaccess"), ".htaccess"),
    "folder": (entry("records/leer/", b""), "records/leer/"),
    "other ending": (entry("records/x.exe"), "x.exe"),
    "bidi name": (entry("records/\u202egpj.md"), "gpj.md"),
    "script in page": (entry("x.html", b"<p><script>alert(1)</script>"), "x.html"),
    "handler in page": (entry("x.html", b'<img src="x" onerror="alert(1)">'), "x.html"),
    "hidden sign in markdown": (of("learning", "text.md", "Text \u202e txet".encode()), "text.md"),
    "no utf-8": (of("learning", "text.md", b"\xff\xfe\x00"), "text.md"),
    "svg with script": (of("process_model", "vorher.svg", (SVG % "<script>x()</script>").encode()), "vorher.svg"),
    "svg with handler": (of("process_model", "vorher.svg", (SVG % '<rect onload="x()"/>').encode()), "vorher.svg"),
    "svg from elsewhere": (
        of("process_model", "vorher.svg", (SVG % '<use xlink:href="https://x.example/a#b"/>').encode()),
        "vorher.svg",
    ),
    "svg foreign object": (of("process_model", "vorher.svg", (SVG % "<foreignObject/>").encode()), "vorher.svg"),
    "svg dtd": (of("process_model", "vorher.svg", b"<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG.encode()), "vorher.svg"),
    "bpmn dtd": (of("process_model", "vorher.bpmn", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"), "vorher.bpmn"),
    "bpmn that is none": (of("process_model", "vorher.bpmn", b"<x/>"), "vorher.bpmn"),
    "bpmn too deep": (of("process_model", "vorher.bpmn", b"<a>" * 9000 + b"</a>" * 9000), "vorher.bpmn"),
    "json too deep": (of("learning", "content.json", b'{"a":' * 90_000 + b"1" + b"}" * 90_000), "content.json"),
    "json nested": (of("learning", "content.json", b'{"a":' * 30 + b"1" + b"}" * 30), "content.json"),
    "json twice": (of("learning", "content.json", b'{"kind":"a","kind":"b"}'), "content.json"),
    "json number": (of("learning", "content.json", b'{"schema":1e999}'), "content.json"),
    "json list": (of("learning", "content.json", b"[]"), "content.json"),
    "picture that is none": (of("learning", "anlagen/1-bild.png", b"<svg/>"), "1-bild.png"),
    "another picture": (of("learning", "anlagen/1-bild.png", made.PNG + b"\x00"), "1-bild.png"),
    "attachment of an evil type": (
        learning_content(lambda content: content["attachments"][0].update(name="bild.svg")),
        "1-bild.png",
    ),
    "attachment elsewhere": (
        learning_content(lambda content: content["attachments"][0].update(entry="index.html")),
        "index.html",
    ),
    "attachment that is missing": (
        learning_content(lambda content: content["attachments"][0].update(entry="records/x.png")),
        "content.json",
    ),
    "hidden sign in text": (
        learning_content(lambda content: content["fields"].update(answer="a\u202eb")),
        "content.json",
    ),
    "zero byte in text": (learning_content(lambda content: content["fields"].update(answer="a\x00b")), "content.json"),
    "another title": (learning_content(lambda content: content["fields"].update(title="Anders")), "content.json"),
    "assessment of another shape": (of("process_model", "assessment.json", b'{"schema":1}'), "assessment.json"),
    "assessment on no day": (assessment(lambda found: found.update(made_on="2026-02-30")), "assessment.json"),
    "assessment with another answer": (
        assessment(lambda found: found["answers"][0].update(answer="vielleicht")),
        "assessment.json",
    ),
    "hidden sign in an assessment": (
        assessment(lambda found: found["answers"][0].update(evidence="a\u202eb")),
        "assessment.json",
    ),
    "diagram by number": (learning_content(lambda content: content.update(diagrams={"as_is": 7})), "content.json"),
}


@pytest.mark.parametrize(("change", "named"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_entries_are_refused_by_name(package: bytes, change: Change, named: str) -> None:
    refused = check(made.changed(package, change))
    assert refused is not None
    assert refused.entry.endswith(named)


def manifest(change: Callable[[dict[str, Any]], object]) -> Change:
    return lambda entries, found: change(found) and None


FORGED: dict[str, tuple[Change, str]] = {
    "changed text": (of("learning", "text.md", b"Anders"), "text.md"),
    "changed data": (of("learning", "content.json", b"{}"), "content.json"),
    "entry without checksum": (entry("mehr.md"), "mehr.md"),
    "checksum without entry": (
        manifest(lambda found: found["entries"].append({**found["entries"][0], "name": "fehlt.md"})),
        "fehlt.md",
    ),
    "checksum twice": (manifest(lambda found: found["entries"].append(found["entries"][0])), "manifest.json"),
    "checksum of something else": (
        manifest(lambda found: found["entries"][0].update(sha256="0" * 64)),
        "",
    ),
    "no checksums": (manifest(lambda found: found.pop("entries")), "manifest.json"),
    "schema of tomorrow": (manifest(lambda found: found.update(schema=2)), "manifest.json"),
    "true is no number": (manifest(lambda found: found.update(schema=True)), "manifest.json"),
    "another format": (manifest(lambda found: found.update(format="zip")), "manifest.json"),
    "unknown licence": (manifest(lambda found: found.update(licence="WTF")), "manifest.json"),
    "internal": (manifest(lambda found: found.update(reach="internal")), "manifest.json"),
    "script as portal": (
        manifest(lambda found: found["origin"].update(portal="javascript:alert(1)//https://x")),
        "manifest.json",
    ),
    "record of another portal": (
        manifest(lambda found: found["records"][0].update(identifier="https://anders.example/L-1")),
        "manifest.json",
    ),
    "record twice": (manifest(lambda found: found["records"].append(found["records"][0])), "manifest.json"),
    "more than there is": (manifest(lambda found: found.update(owner=1)), "manifest.json"),
    "no records": (manifest(lambda found: found.update(records=[])), "manifest.json"),
    "content elsewhere": (manifest(lambda found: found["records"][0].update(content="../x")), "../x"),
}


@pytest.mark.parametrize(("change", "named"), FORGED.values(), ids=FORGED)
def test_forged_and_missing_checksums_and_wrong_schemas_are_refused(package: bytes, change: Change, named: str) -> None:
    refused = check(made.changed(package, change, sealed=False))
    assert refused is not None
    assert refused.entry.endswith(named)


# -- archives --------------------------------------------------------------------------------------


def archive(*entries: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as found:
        for info, content in entries:
            found.writestr(info, content)
    return target.getvalue()


def info(name: str, mode: int = 0o644) -> zipfile.ZipInfo:
    made_info = zipfile.ZipInfo(name)
    made_info.external_attr = mode << 16
    made_info.compress_type = zipfile.ZIP_DEFLATED
    return made_info


def encrypted(data: bytes) -> bytes:
    """The same with the flag that says so, in both headers of the first entry."""
    found = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found[data.index(mark) + offset] |= 1
    return bytes(found)


def overlapping(data: bytes) -> bytes:
    """The second entry of the directory lies where the first one does."""
    found = bytearray(data)
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 1)
    found[second + 42 : second + 46] = struct.pack("<I", 0)
    return bytes(found)


ARCHIVES: dict[str, tuple[Callable[[], bytes], str]] = {
    "no zip": (lambda: b"kein Archiv", ""),
    "empty": (lambda: archive(), "manifest.json"),
    "truncated": (lambda: archive((info("manifest.json"), b"{}"))[:-10], ""),
    "symlink": (lambda: archive((info("manifest.json", stat.S_IFLNK | 0o777), b"/etc/passwd")), "manifest.json"),
    "device": (lambda: archive((info("a.md", stat.S_IFCHR), b"x")), "a.md"),
    "duplicate": (lambda: archive((info("a.md"), b"1"), (info("a.md"), b"2")), "a.md"),
    "duplicate in other case": (lambda: archive((info("a.md"), b"1"), (info("A.md"), b"2")), "A.md"),
    "encrypted": (lambda: encrypted(archive((info("a.md"), b"x"))), "a.md"),
    "overlapping": (lambda: overlapping(archive((info("a.md"), b"x" * 99), (info("b.md"), b"x" * 99))), "b.md"),
    "bomb": (lambda: archive((info("manifest.json"), b"{}"), (info("null.md"), bytes(100 * MB))), "null.md"),
    "larger than may be": (
        lambda: archive((info("a.md"), bytes(120 * MB)), (info("b.md"), bytes(121 * MB))),
        "b.md",
    ),
    "10 000 entries": (lambda: made.zipped({f"a{number}.md": b"" for number in range(10_000)}), ""),
    "manifest too large": (lambda: archive((info("manifest.json"), b" " * (9 * MB))), "manifest.json"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("make", "named"), ARCHIVES.values(), ids=ARCHIVES)
def test_hostile_archives_are_refused_before_they_are_unpacked(make: Callable[[], bytes], named: str) -> None:
    refused = check(make())
    assert refused is not None
    assert refused.entry == named


@seed(20261130)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_package_damaged_anywhere_is_refused_or_says_the_same(package: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(package) - 1))
    flipped = bytearray(package)
    flipped[at] ^= 1 << data.draw(st.integers(0, 7))
    cut = bytes(flipped[: data.draw(st.sampled_from([len(flipped), len(flipped) - 1, at]))])
    if check(cut) is None:
        # Time stamps and the like may be another; no content is.
        assert made.entries_of(cut) == made.entries_of(package)


# -- through the services: nothing is written ------------------------------------------------------


def counts() -> list[int]:
    return [table.objects.count() for table in (Record, Attachment, Diagram, Tag, Imported)]


@pytest.mark.parametrize("name", ["traversal", "bpmn dtd"])
def test_a_refused_package_leaves_nothing_but_the_reason(cast: Cast, package: bytes, name: str) -> None:
    change, named = HOSTILE[name]
    before = counts()
    brought = made.bring_in(cast, made.changed(package, change))
    assert brought.status == PackageImport.Status.REFUSED
    assert brought.entry.endswith(named)
    assert brought.reason
    assert not brought.file
    assert counts() == before


OF_THE_KIND: dict[str, Callable[[dict[str, Any]], object]] = {
    "unknown field": lambda content: content["fields"].update(rank=1),
    "field of another type": lambda content: content["fields"].update(figures="viele"),
    "row that is no row": lambda content: content["fields"].update(figures=[1]),
    "no number": lambda content: content["fields"].update(figures=[{"number": "12,5 Euro"}]),
    "link that acts": lambda content: content["fields"].update(links=[{"url": "javascript:alert(1)"}]),
    "unknown audience": lambda content: content["fields"].update(audiences=["everybody"]),
    "text too long": lambda content: content["fields"].update(answer="x" * 601),
    "object as text": lambda content: content["fields"].update(answer={"a": 1}),
    "list as text": lambda content: content["fields"].update(occasion=["a"]),
    "diagram of a learning": lambda content: content.update(diagrams={"as_is": content["attachments"][0]["entry"]}),
    "schema of tomorrow": lambda content: content.update(schema=99),
}


@pytest.mark.parametrize("change", OF_THE_KIND.values(), ids=OF_THE_KIND)
def test_a_text_that_no_form_would_take_is_refused(
    cast: Cast, package: bytes, change: Callable[[dict[str, Any]], object]
) -> None:
    before = counts()
    data = made.changed(package, learning_content(lambda content: change(content) and None))
    refused = check(data)
    if refused is None:
        with pytest.raises(Refused) as found:
            imports.judge_texts(made.manifest_of(data), io.BytesIO(data))
        refused = found.value
    assert refused.entry.endswith("content.json")
    assert counts() == before


def test_active_words_in_a_text_are_words_when_it_is_read(cast: Cast, package: bytes) -> None:
    """What is only text in every form is also only text when it comes in a package."""
    from tests.pages import page_for

    words = "<script>alert(1)</script> [klick](javascript:alert(1)) <img src=x onerror=alert(1)>"
    data = made.changed(package, learning_content(lambda content: content["fields"].update(occasion=words)))
    brought = made.take_over(cast, made.bring_in(cast, data))
    assert brought.status == PackageImport.Status.DONE
    [draft] = [one for one in Record.objects.filter(imported__package=brought) if one.kind == "learning"]
    page = page_for(cast, "outsider", f"/learnings/{draft.number}-x/versions/1/")
    assert "alert(1)" in page
    assert "<script>alert" not in page
    assert "javascript:" not in page.replace("[klick](javascript:", "")
    assert "<img src=x" not in page


def test_many_random_archives_take_bounded_time() -> None:
    rng = random.Random(20261130)
    for _number in range(200):
        assert check(rng.randbytes(rng.randint(0, 2000))) is not None
