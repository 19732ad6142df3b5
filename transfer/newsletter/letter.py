"""An issue as plain values: what the page and every file of it show. Reads published texts, or those of the release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import kinds, short_texts
from governance.addresses import absolute
from governance.models import Record
from governance.text import blocks
from governance.text.blocks import Block
from governance.text.clean import slugify_de
from governance.text.markdown import render
from transfer import published
from transfer.models import NewsletterIssue, NewsletterPiece
from transfer.published import Told


@dataclass(frozen=True)
class Piece:
    """A record, whose words are plain paragraphs; or a text of one's own (`text` in Markdown) without a number."""

    key: int
    title: str
    paragraphs: Sequence[str] = ()
    text: str = ""
    short_number: str = ""
    address: str = ""
    url: str = ""
    length: str = ""
    is_archived: bool = False
    # Not published (any more), so that the issue cannot be released with it.
    is_missing: bool = False

    @property
    def html(self) -> str:
        """The own text, rendered and cleaned."""
        return render(self.text)

    @property
    def blocks(self) -> Sequence[Block]:
        """The words for pages that are no web pages."""
        if self.text:
            return blocks.of_markdown(self.text).blocks
        return [Block(blocks.clean(paragraph)) for paragraph in self.paragraphs]

    @property
    def heading(self) -> str:
        """The title, marked where the record is archived."""
        return f"{self.title} ({_('archiviert')})" if self.is_archived else self.title

    @property
    def more(self) -> str:
        """What leads to the record."""
        return _("Mehr dazu unter %s:") % self.short_number if self.short_number else ""


@dataclass(frozen=True)
class Letter:
    """One issue."""

    title: str
    newsletter: str
    line: str
    intro: str
    pieces: Sequence[Piece]
    address: str
    team: str
    is_released: bool

    @property
    def intro_html(self) -> str:
        return render(self.intro)

    @property
    def intro_blocks(self) -> Sequence[Block]:
        return blocks.of_markdown(self.intro).blocks

    @property
    def foot(self) -> str:
        """Who sends it, and where it can be read."""
        return _("%(team)s · im Wissensportal zu lesen unter") % {"team": self.team}


def of(issue: NewsletterIssue) -> Letter:
    """The issue as it is read: after the release with the words of then."""
    rows = list(issue.pieces.select_related("record"))
    told = {} if issue.is_released else published.told(row.record_id for row in rows)
    return Letter(
        title=issue.title,
        newsletter=issue.format.name,
        line=line_of(issue),
        intro=issue.intro,
        pieces=[_piece(row, told.get(row.record_id or 0), issue.is_released) for row in rows],
        address=absolute(issue.get_absolute_url()),
        team=issue.format.team.name,
        is_released=issue.is_released,
    )


def line_of(issue: NewsletterIssue) -> str:
    """Such as: Ausgabe 3, 5. Mai 2026, für: Steueramt. A preview says that it is one."""
    readers = _("für: %s") % issue.department.name if issue.department else _("für alle Bereiche")
    if issue.released_at is None:
        return ", ".join([_("Vorschau, nicht freigegeben"), readers])
    day = date_format(timezone.localdate(issue.released_at), "j. F Y")
    return ", ".join([_("Ausgabe %d") % issue.number, day, readers])


def _piece(row: NewsletterPiece, told: Told | None, is_released: bool) -> Piece:
    record = row.record
    if record is None:
        return Piece(row.pk, row.title, text=row.text)
    about: dict[str, Any] = {
        "short_number": record.short_number,
        "address": published.address_of(record.short_number),
        "length": row.length,
        "is_archived": record.state == Record.State.ARCHIVED,
    }
    if is_released:
        url = kinds.get(record.kind).record_url(record.number, slugify_de(row.title))
        return Piece(row.pk, row.title, short_texts.paragraphs(row.text), url=url, **about)
    if told is None:
        return Piece(row.pk, record.short_number, is_missing=True, **about)
    words = [told.texts.teaser] if row.length == NewsletterPiece.Length.TEASER else told.texts.paragraphs
    return Piece(row.pk, told.title, words, url=told.entry.url, **about)
