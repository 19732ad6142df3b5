"""The proof of concept to take away: as Word file and as slides, empty to fill in or with what is written."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import approval, clock, queries, rules, versions
from governance.addresses import absolute
from governance.models import CatalogueEntry, Record
from governance.rules import Standing
from governance.text import blocks
from governance.text.blocks import Block, Kind
from governance.word import empty_document
from governance.writing import editing
from learnings import templates
from learnings.presentation.measuring import Room
from learnings.presentation.page import Page
from learnings.presentation.template import Template
from transfer.models import Trial
from transfer.models.proofs import KIND, Decision
from transfer.proofs import measure
from transfer.proofs.fields import LABELS
from transfer.proofs.forms.text import ProofForm
from transfer.proofs.page import lines_of, outcome_of
from transfer.proofs.writing import PROOF_WRITING

# What stands together: on one slide, under one heading.
_CHAPTERS = (
    ("question", "measures", "ends_on"),
    ("problem", "hypothesis"),
    ("scope", "participants", "effort"),
    ("data_protection", "staff_council", "risks"),
    ("result_number", "result", "learnt"),
    ("decision", "decision_reason"),
)
_SIZES = (22.0, 20.0, 18.0, 16.0)
_MOST_SLIDES = 6


@dataclass(frozen=True)
class Source:
    """What is filled in. An empty template has no text; a draft has no issue."""

    text: Any = None
    trial: Trial | None = None
    short_number: str = ""
    team: str = ""
    contact: str = ""
    issue: int | None = None
    released_on: date | None = None

    @property
    def title(self) -> str:
        return self.text.title if self.text else _("Proof of Concept: Titel")

    @property
    def is_draft(self) -> bool:
        return self.text is not None and self.issue is None

    @property
    def origin(self) -> str:
        """Such as "E-3 · Ausgabe 1, freigegeben am 3. Mai 2025"."""
        if self.text is None:
            return _("Vorlage Proof of Concept")
        return f"{self.short_number} · {approval.words(issue=self.issue, released_on=self.released_on)}"

    @property
    def address(self) -> str:
        return absolute(f"/{self.short_number}") if self.text else ""


EMPTY = Source()


def asked_for(standing: Standing, number: int) -> Source:
    """What the own team has on the desk; for all others what is published. Raises Gone or Http404."""
    record = queries.fetch_readable_record(standing, KIND, number)
    trial = Trial.objects.filter(pk=record.pk).first()
    if rules.may_edit(standing, record) and not CatalogueEntry.objects.filter(pk=record.pk).exists():
        text = editing.text_of(editing.open_work(PROOF_WRITING, record, standing))
        return Source(text, trial, record.short_number, record.owner.name, record.contact.full_name)
    return _published(record, trial)


def _published(record: Record, trial: Trial | None) -> Source:
    entry = CatalogueEntry.objects.select_related("version__record", "contact").filter(pk=record.pk).first()
    if entry is None:
        raise queries.not_there(record)
    return Source(
        versions.text_of(entry.version),
        trial,
        entry.short_number,
        entry.owner_name,
        entry.contact.full_name,
        entry.issue,
        timezone.localdate(entry.published_at),
    )


# -- what is said ----------------------------------------------------------------------------------


def _hints() -> Mapping[str, str]:
    """What to write where nothing is written, as in the portal's own form."""
    asked = {name: str(field.help_text) for name, field in ProofForm.base_fields.items()}
    return asked | {
        "measures": _("Was wird gemessen, ab welchem Wert ist es gelungen, und wie wird gemessen?"),
        "ends_on": _("Bis wann wird erprobt?"),
        "result_number": _("Welcher Wert wurde gemessen? Erreicht oder nicht erreicht?"),
        "decision": _("Beenden, wiederholen, einführen oder ausweiten?"),
        "decision_reason": _("Warum? Auch ein Nein hilft anderen."),
    }


def _label(name: str) -> str:
    return _("Ende") if name == "ends_on" else str(LABELS[name])


def _said(source: Source, name: str) -> str:
    """What is written, as Markdown."""
    text, trial = source.text, source.trial
    if text is None:
        return ""
    if name == "measures":
        known = measure.current(text.measures)
        return "\n\n".join(lines_of(known)) if known else ""
    if name == "ends_on":
        return date_format(trial.ends_on, "j. F Y") if trial and trial.ends_on else ""
    if name == "result_number":
        found = outcome_of(text)
        return f"{found['value']}: {_('erreicht') if found['is_met'] else _('nicht erreicht')}" if found else ""
    if name == "decision":
        return str(dict(Decision.choices).get(text.decision, ""))
    return str(getattr(text, name))


def _chapter(source: Source, names: Sequence[str]) -> Iterator[tuple[str, list[Block], bool]]:
    """Heading, blocks, and whether they are a hint only. A published text has no hints."""
    hints = _hints()
    for name in names:
        if said := blocks.of_markdown(_said(source, name)).blocks:
            yield _label(name), list(said), False
        elif source.issue is None:
            yield _label(name), [Block(hints[name])], True


# -- Word ------------------------------------------------------------------------------------------


def document(source: Source) -> bytes:
    """One page or a few, with a heading for each part."""
    made = empty_document()
    made.add_heading(blocks.clean(source.title), 1)
    team = ", ".join(filter(None, (source.team, source.contact))) or _("Team und Ansprechperson")
    made.add_paragraph(blocks.clean(f"{team} · {source.origin}"))
    for names in _CHAPTERS:
        for label, told, is_hint in _chapter(source, names):
            made.add_heading(label, 2)
            for block in told:
                style = "List Bullet" if block.kind == Kind.POINT else None
                run = made.add_paragraph(style=style).add_run(block.text)
                run.italic = is_hint
    if source.address:
        made.add_paragraph(source.address)
    _describe(made.core_properties, source)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _describe(properties: Any, source: Source) -> None:
    """The properties of the file; nothing of whoever made the template stays in them."""
    properties.title = source.title[:200]
    properties.author = properties.last_modified_by = source.team[:200]
    properties.subject, properties.comments, properties.language = source.origin[:200], "", "de-DE"
    properties.created = properties.modified = timezone.localtime(clock.now()).replace(tzinfo=None)


# -- slides ----------------------------------------------------------------------------------------


def slides(source: Source) -> bytes:
    """A slide for each chapter, on the template in use."""
    template = templates.in_use()
    deck = template.open()
    _opening(deck, template, source)
    for names in _CHAPTERS:
        _chapter_slides(deck, template, source, names)
    _describe(deck.core_properties, source)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _opening(deck: Any, template: Template, source: Source) -> None:
    page = Page(deck, template, template.opening)
    page.title(blocks.clean(source.title))
    [slot] = template.opening.slots
    question = source.text.question if source.text else _hints()["question"]
    lines = [Block(blocks.clean(text)) for text in (question, source.team) if text]
    page.text(slot, lines, page.room(slot).largest(lines, (20.0, 18.0, 16.0, 14.0)))
    _close(page, source)


def _chapter_slides(deck: Any, template: Template, source: Source, names: Sequence[str]) -> None:
    """The parts of a chapter below each other, on as many slides as they need."""
    parts = list(_chapter(source, names))
    told = [block for label, said, _hint in parts for block in (Block(label, Kind.HEADING), *said)]
    if not told:
        return
    title = " · ".join(label.rstrip("?") for label, _said, _hint in parts)
    [slot] = template.content.slots
    room = Room(*slot.room, template.spread)
    pages, _is_cut = room.pages(told, room.largest(told, _SIZES), _MOST_SLIDES)
    for shown in pages:
        page = Page(deck, template, template.content)
        page.title(title)
        page.text(slot, shown, page.room(slot).largest(shown, _SIZES))
        _close(page, source)


def _close(page: Page, source: Source) -> None:
    mark = _("ENTWURF – nicht freigegeben") if source.is_draft else ""
    page.close(footer=source.origin, draft_mark=mark, notes="")
