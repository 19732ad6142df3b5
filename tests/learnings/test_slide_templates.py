"""The town hall's own slide template: what is refused and why, what is kept of it, and slides made on it."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pptx
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.util import Inches

from governance.errors import NotAllowed
from governance.models import AuditEvent
from learnings import presentation, templates
from learnings.models import Audience, SlideTemplate
from learnings.presentation.checking import check
from tests.factories import Cast, make_published
from tests.learnings.decks import opened, package_faults, source, texts, titles
from tests.pages import address, client_of

# The 4:3 template that python-pptx begins with, made in PowerPoint by somebody else than us.
FOREIGN = (Path(pptx.__file__).parent / "templates" / "default.pptx").read_bytes()
PAGE = "/learnings/templates/"


def changed(change: Callable[[dict[str, bytes]], None], data: bytes | None = None) -> bytes:
    """The portal's own template with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data or presentation.blank())) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def edited(edit: Callable[[Any], None], data: bytes | None = None) -> bytes:
    deck = opened(data or presentation.blank())
    edit(deck)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def reasons(data: bytes) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        check(data)
    return list(refused.value.messages)


# -- what is refused -------------------------------------------------------------------------------


def add_part(name: str, content: bytes = b"x") -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.__setitem__(name, content)


def replace(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new)

    return change


MAIN = b"presentationml.presentation.main+xml"
LAYOUT_RELS = "ppt/slideLayouts/_rels/slideLayout2.xml.rels"
LINK = (
    b'<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
    b'Target="http://elsewhere.example/logo.png" TargetMode="External"/></Relationships>'
)
BAD = {
    "macro part": (add_part("ppt/vbaProject.bin"), "Makros oder Steuerelemente: ppt/vbaProject.bin"),
    "macro type": (
        replace("[Content_Types].xml", MAIN, b"x"),
        "keine PowerPoint-Präsentation oder -Vorlage",
    ),
    "macro-enabled": (
        replace(
            "[Content_Types].xml",
            b"vnd.openxmlformats-officedocument." + MAIN,
            b"vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
        ),
        "Makros oder Steuerelemente: application/vnd.ms-powerpoint",
    ),
    "control": (add_part("ppt/activeX/activeX1.xml", b"<x/>"), "Makros oder Steuerelemente"),
    "ole": (add_part("ppt/embeddings/oleObject1.bin"), "eingebettete Dateien (OLE): ppt/embeddings"),
    "external": (
        replace(LAYOUT_RELS, b"</Relationships>", LINK),
        "außerhalb der Datei: ppt/slideLayouts/_rels/slideLayout2.xml.rels: http://elsewhere.example/logo.png",
    ),
    "program": (
        replace("ppt/slideLayouts/slideLayout2.xml", b'name="Titel"', b'name="Titel" descr="ppaction://program"'),
        "startet auf Klick ein Programm",
    ),
    "doctype": (
        replace("ppt/slideLayouts/slideLayout2.xml", b"<p:sldLayout ", b'<!DOCTYPE x [<!ENTITY a "b">]><p:sldLayout '),
        "lässt sich nicht als PowerPoint-Vorlage lesen",
    ),
    "broken xml": (add_part("ppt/slideLayouts/slideLayout2.xml", b"<p"), "lässt sich nicht als PowerPoint-Vorlage"),
    "no types": (lambda parts: parts.pop("[Content_Types].xml"), "lässt sich nicht als PowerPoint-Vorlage lesen"),
    "missing part": (lambda parts: parts.pop("ppt/slideMasters/slideMaster1.xml"), "lässt sich nicht als"),
    "climbing": (add_part("../../etc/passwd"), "lässt sich nicht als PowerPoint-Vorlage lesen"),
    "a bomb": (add_part("ppt/media/image1.png", b"\0" * (101 * 2**20)), "entpackt zu groß"),
    "many parts": (lambda parts: parts.update({f"x/{n}": b"" for n in range(2_001)}), "entpackt zu groß"),
}


@pytest.mark.parametrize(("change", "reason"), BAD.values(), ids=BAD)
def test_what_runs_or_leads_elsewhere_is_refused_by_name(change: Any, reason: str) -> None:
    assert any(reason in one for one in reasons(changed(change)))


def test_every_reason_is_told_at_once() -> None:
    def change(parts: dict[str, bytes]) -> None:
        for name in ("macro part", "ole", "external"):
            BAD[name][0](parts)

    assert len(reasons(changed(change))) == 3


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.7", os.urandom(2_000)], ids=range(4))
def test_what_is_no_powerpoint_file_is_refused(data: bytes) -> None:
    assert "lässt sich nicht als PowerPoint-Vorlage lesen" in reasons(data)[0]


def drop_layout(kind: str) -> Callable[[Any], None]:
    def edit(deck: Any) -> None:
        deck.slide_layouts.remove(next(one for one in deck.slide_layouts if one._element.get("type") == kind))

    return edit


def without_footer(deck: Any) -> None:
    for layout in deck.slide_layouts:
        for shape in list(layout.placeholders):
            if shape.placeholder_format.type == 15:
                shape._element.getparent().remove(shape._element)


def square(deck: Any) -> None:
    deck.slide_width = deck.slide_height


def small(deck: Any) -> None:
    deck.slide_layouts[1].placeholders[1].height = Inches(1)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (drop_layout("title"), ["„Titelfolie“"]),
        (drop_layout("obj"), ["„Titel und Inhalt“"]),
        (drop_layout("twoObj"), ["„Zwei Inhalte“"]),
        (without_footer, ["„Titelfolie“", "„Titel und Inhalt“", "„Zwei Inhalte“"]),
        (small, ["„Titel und Inhalt“"]),
        (square, ["Format 16:9 oder 4:3"]),
    ],
)
def test_a_template_without_a_layout_that_fits_is_refused_and_the_layout_is_named(
    edit: Callable[[Any], None], expected: list[str]
) -> None:
    found = reasons(edited(edit))
    for name in expected:
        assert any(name in one for one in found), found


# -- what is kept, and made of it ------------------------------------------------------------------


def with_slides(deck: Any) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Interne Folie"
    slide.notes_slide.notes_text_frame.text = "Geheim"
    deck.core_properties.author = "Pat Persönlich"


def test_slides_and_whatever_tells_of_the_author_stay_away() -> None:
    kept = check(edited(with_slides)).data
    assert len(opened(kept).slides) == 0 and package_faults(kept) == []
    with zipfile.ZipFile(io.BytesIO(kept)) as package:
        words = b"".join(package.read(name) for name in package.namelist())
    for private in (b"Interne Folie", b"Geheim", b"Pat Pers"):
        assert private not in words


def test_the_same_template_brought_in_later_is_the_same() -> None:
    with zipfile.ZipFile(io.BytesIO(check(FOREIGN).data)) as package:
        assert {one.date_time for one in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert check(FOREIGN).data == check(FOREIGN).data == check(check(FOREIGN).data).data


def test_a_template_of_powerpoint_is_taken_like_a_presentation() -> None:
    as_template = changed(replace("[Content_Types].xml", b"presentation.main+xml", b"template.main+xml"))
    with pytest.raises(ValueError, match="not a PowerPoint file"):
        Presentation(io.BytesIO(as_template))
    assert check(as_template).content.at == 1


@pytest.mark.parametrize("audience", Audience.values)
def test_slides_on_a_foreign_template_keep_its_layouts_and_stay_in_their_frames(audience: str) -> None:
    foreign = check(FOREIGN)
    data = presentation.make([source(draft=True)], Audience(audience), template=foreign)
    told = opened(data)
    assert package_faults(data) == []
    assert {slide.slide_layout.name for slide in told.slides} <= {"Title Slide", "Title and Content", "Two Content"}
    assert titles(told)[0] == "Hundesteuer online"
    for slide in told.slides:
        assert "ENTWURF" in texts(slide)
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= told.slide_width
            assert shape.top >= 0 and shape.top + shape.height <= told.slide_height


def test_a_typeface_that_may_run_wider_gets_more_room() -> None:
    wide = changed(
        lambda parts: parts.update(
            {name: data.replace(b'"Arial"', b'"Verdana"') for name, data in parts.items() if "theme" in name}
        )
    )
    assert (check(wide).spread, check(presentation.blank()).spread) == (1.18, 1.0)


# -- on the page -----------------------------------------------------------------------------------


def send(client: Client, data: bytes, name: str = "Stadt.pptx") -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data)})


@pytest.mark.django_db
def test_the_administrator_brings_one_in_and_all_presentations_are_made_on_it(cast: Cast) -> None:
    admin, record = client_of(cast, "admin"), make_published(cast)
    assert send(admin, FOREIGN).status_code == 302
    page = admin.get(PAGE).content.decode()
    assert "Stadt.pptx" in page and "wird verwendet" in page and 'data-outcome="ok"' in page
    kept = SlideTemplate.objects.get()
    assert kept.is_in_use and kept.sha256 == hashlib.sha256(bytes(kept.data)).hexdigest()
    slides = opened(client_of(cast, "staff").get(address(record, "presentation/")).content)
    assert (slides.slide_width, slides.slide_height) == (Inches(10), Inches(7.5))
    empty = client_of(cast, "staff").get(f"{PAGE}empty.pptx")
    assert len(opened(empty.content).slides) == 0 and "Folienvorlage.pptx" in empty["Content-Disposition"]
    events = AuditEvent.objects.filter(verb__endswith="_template").order_by("pk").values_list("verb", flat=True)
    assert list(events) == ["add_template", "use_template"]


@pytest.mark.django_db
def test_it_is_taken_out_of_use_and_into_use_again_and_one_alone_is_in_use(cast: Cast) -> None:
    admin = client_of(cast, "admin")
    for data in (FOREIGN, presentation.blank(), FOREIGN):
        assert send(admin, data).status_code == 302
    first, second = SlideTemplate.objects.order_by("pk")
    assert (first.is_in_use, second.is_in_use) == (True, False)
    admin.post(f"{PAGE}{first.pk}/", {"do": "withdraw"})
    assert not SlideTemplate.objects.filter(is_in_use=True).exists()
    assert templates.in_use().data == presentation.blank()
    admin.post(f"{PAGE}{second.pk}/", {"do": "use"})
    assert SlideTemplate.objects.get(is_in_use=True) == second


@pytest.mark.django_db
def test_a_refused_one_changes_nothing_and_every_reason_stands_at_the_field(cast: Cast) -> None:
    admin = client_of(cast, "admin")
    send(admin, FOREIGN)
    answer = send(admin, changed(BAD["macro part"][0]))
    page = answer.content.decode()
    assert answer.status_code == 422 and 'data-outcome="invalid"' in page and "ppt/vbaProject.bin" in page
    assert 'id="id_file_error"' in page and "An der bisherigen Vorlage hat sich nichts geändert." in page
    assert SlideTemplate.objects.count() == 1 and SlideTemplate.objects.get().is_in_use


@pytest.mark.django_db
def test_a_file_of_200_mb_is_refused_before_anything_of_it_is_kept(
    cast: Cast, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TEMPLATE_MAX_BYTES, settings.FILE_UPLOAD_TEMP_DIR = 2**20, str(tmp_path)
    monkeypatch.setattr("django.http.multipartparser.MultiPartParser.parse", lambda *_: pytest.fail("was read"))
    answer = send(client_of(cast, "admin"), b"x" * (3 * 2**20))
    assert answer.status_code == 422 and "größer als 1 MB" in answer.content.decode()
    assert list(tmp_path.iterdir()) == [] and not SlideTemplate.objects.exists()


@pytest.mark.django_db
def test_a_file_a_little_too_large_is_refused_as_well(cast: Cast, settings: Any) -> None:
    settings.TEMPLATE_MAX_BYTES = len(FOREIGN) - 1
    answer = send(client_of(cast, "admin"), FOREIGN)
    assert answer.status_code == 422 and "größer als" in answer.content.decode()


@pytest.mark.django_db
def test_nobody_else_brings_one_in(cast: Cast) -> None:
    for role in ("author", "lead", "committee", "chair", "head", "staff"):
        assert send(client_of(cast, role), FOREIGN).status_code == 403
        with pytest.raises(NotAllowed):
            templates.add(standing=cast.standing(role), data=FOREIGN, name="x")
    assert not SlideTemplate.objects.exists()


@pytest.mark.django_db
def test_the_form_is_refused_without_its_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.admin, backend="django.contrib.auth.backends.ModelBackend")
    assert send(client, FOREIGN).status_code == 403


def test_relationships_of_slides_are_what_is_dropped() -> None:
    kept = opened(check(edited(with_slides)).data)
    assert not [one for one in kept.part.rels.values() if one.reltype == RT.SLIDE]
