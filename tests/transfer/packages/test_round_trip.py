"""What leaves in a package comes in again without loss, as drafts of the team that brought it in."""

from __future__ import annotations

import io
import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from governance import kinds, tags, versions
from governance.models import Attachment, Record
from tests.factories import Cast, make_published
from tests.pages import main_of, page_for
from tests.processmodels.factories import publish
from tests.transfer.packages.factories import (
    attach,
    bring_in,
    bytes_of,
    entries_of,
    export,
    let_out,
    make_pair,
    manifest_of,
    take_over,
)
from tests.transfer.proofs import factories as proofs
from tests.transfer.transferability.factories import answer_all, assess
from transfer.models import Imported, PackageExport, PackageImport
from transfer.packages import checking, container, imports
from transfer.packages.making import Maker

pytestmark = pytest.mark.django_db


def test_a_package_is_made_offered_and_becomes_drafts_again(cast: Cast) -> None:
    learning, process = make_pair(cast)
    package = export(cast, learning, process)
    assert (package.status, package.reason) == (PackageExport.Status.READY, "")
    data = bytes_of(package)
    names = set(entries_of(data))
    assert {"manifest.json", "index.html", "stil.css"} <= names
    assert f"records/{learning.short_number}/anlagen/1-bild.png" in names
    assert f"records/{process.short_number}/vorher.bpmn" in names
    brought = bring_in(cast, data)
    assert (brought.status, brought.reason, brought.entry) == (PackageImport.Status.CHECKED, "", "")
    done = take_over(cast, brought)
    assert (done.status, done.reason) == (PackageImport.Status.DONE, "")
    drafts = imports.drafts_of(done)
    assert [draft.state for draft in drafts] == ["draft", "draft"]
    assert {draft.owner_id for draft in drafts} == {cast.other_team.pk}
    for source in (learning, process):
        [came] = Imported.objects.filter(identifier__endswith=f"/{source.short_number}")
        assert text_of(came.record) == text_of(source) | {"related": text_of(came.record)["related"]}
        assert came.content_hash == versions.current_of(source).content_hash
    twin = Imported.objects.get(identifier__endswith=f"/{learning.short_number}").record
    other = Imported.objects.get(identifier__endswith=f"/{process.short_number}").record
    assert versions.content_of(twin).related == [other.pk]


def test_an_assessment_comes_along_and_is_read_beside_what_came(cast: Cast) -> None:
    _learning, process = make_pair(cast)
    assess(cast, process, answer_all("partly", need="Jede Kommune hat das."))
    done = take_over(cast, bring_in(cast, bytes_of(export(cast, process))))
    [draft] = imports.drafts_of(done)
    published = publish(cast, draft, by="outsider")
    page = main_of(page_for(cast, "staff", f"/transfer/records/{published.short_number}/assessment/"))
    assert "Selbst eingeschätzt von Eschenfurt" in page
    assert "Jede Kommune hat das." in page


def test_a_proof_of_concept_comes_through_as_one_that_was_decided_elsewhere(cast: Cast) -> None:
    trial = let_out(cast, proofs.publish(cast))
    data = bytes_of(export(cast, trial))
    page = entries_of(data)[f"records/{trial.short_number}/index.html"].decode()
    assert "Rückfragen je 100 Anträge: gemessen 7,5" in page
    done = take_over(cast, bring_in(cast, data))
    [draft] = imports.drafts_of(done)
    assert text_of(draft) == text_of(trial)
    assert (draft.state, proofs.trial_of(draft).phase) == ("draft", "decided")


def text_of(record: Record) -> dict[str, object]:
    kind = kinds.get(record.kind)
    values = versions.values_of(versions.content_of(record), kind)
    return values | {"tag_ids": tags.names_of(values["tag_ids"])}


LETTERS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=("Cc", "Cf")), min_size=1)
LINES = st.lists(LETTERS.map(lambda text: text[:40]), min_size=1, max_size=4).map("\n\n".join)
NUMBER = st.decimals(-10_000, 10_000, places=2).map(lambda number: f"{number:f}")


@st.composite
def texts(draw: st.DrawFn) -> dict[str, object]:
    """The text of a learning with everything in it that can be typed."""
    line = LETTERS.map(lambda text: unicodedata.normalize("NFC", text)[:60])
    figure = st.fixed_dictionaries({"label": line, "number": NUMBER, "unit": line, "period": line, "source": line})
    prose = LINES.map(lambda text: unicodedata.normalize("NFC", text))
    return {
        "title": draw(line),
        "answer": draw(line),
        "everyday_benefit": draw(prose),
        "occasion": draw(prose),
        "difficulties": draw(prose),
        "share_difficulties": True,
        "audiences": draw(st.lists(st.sampled_from(["team", "municipality", "decision_makers"]), unique=True)),
        "figures": draw(st.lists(figure, max_size=3)),
        "effort_time": draw(line),
    }


@seed(20261130)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(values=texts(), content=st.binary(min_size=1, max_size=3000).map(lambda data: data.hex().encode()))
def test_any_text_and_any_file_come_through_unchanged(cast: Cast, values: dict[str, Any], content: bytes) -> None:
    record = let_out(cast, make_published(cast, **values, attachments=[attach(content, "Datei mit Umlaut ä.txt")]))
    data = bytes_of(export(cast, record))
    archive = container.open_checked(io.BytesIO(data), 2**30)
    [row] = checking.check(archive, 2**20, 2**20)["records"]
    package = PackageImport.objects.create(
        team=cast.other_team, uploaded_by=cast.outsider, name="x", sha256="0" * 64, manifest=manifest_of(data)
    )
    maker = Maker(package=package, team=cast.other_team, standing=cast.standing("outsider"), archive=archive)
    maker.make(row, *imports.values_of(archive, row))
    [came] = Imported.objects.filter(package=package)
    assert text_of(came.record) == text_of(record)
    [file] = versions.content_of(came.record).attachments
    assert Attachment.objects.get(sha256=file["sha256"]).file.read() == content
