"""An issue as .eml: a draft without recipients, to be opened in the house's mail program and sent from there."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP

from governance.mail import one_line
from governance.text import blocks
from governance.text.blocks import Block, Kind
from transfer.newsletter import html
from transfer.newsletter.letter import Letter, Piece


def message(letter: Letter) -> bytes:
    """Text and HTML. Without sender, recipients and date: they are the house's own."""
    made = EmailMessage(policy=SMTP)
    made["Subject"] = one_line(f"{letter.newsletter}: {letter.title}")
    # Outlook opens what is unsent as a draft.
    made["X-Unsent"] = "1"
    made.set_content(plain(letter), cte="quoted-printable")
    made.add_alternative(html.page(letter), subtype="html", cte="quoted-printable")
    return made.as_bytes()


def plain(letter: Letter) -> str:
    """The issue as plain text."""
    parts = [letter.newsletter, letter.title, letter.line, "", *_lines(letter.intro_blocks)]
    for piece in letter.pieces:
        parts += _piece(piece)
    parts += ["", "-- ", f"{letter.foot} {letter.address}", ""]
    return blocks.clean("\n".join(parts))


def _piece(piece: Piece) -> list[str]:
    lines = ["", ""]
    if piece.title:
        lines += [piece.heading, "=" * min(len(piece.heading), 72), ""]
    lines += _lines(piece.blocks)
    if piece.short_number:
        lines += ["", f"{piece.more} {piece.address}"]
    return lines


def _lines(told: Sequence[Block]) -> list[str]:
    lines: list[str] = []
    for block in told:
        if block.kind == Kind.POINT:
            mark = f"{block.number}." if block.number else "-"
            lines.append(f"{'  ' * block.level}{mark} {block.text}")
        else:
            lines += [block.text, ""]
    return lines
