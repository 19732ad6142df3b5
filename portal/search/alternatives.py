"""What a word may be found by: its base form, the words inside it, and whatever else is meant by it."""

from __future__ import annotations

from dataclasses import dataclass

from portal.language.analysis import Part, Word


@dataclass(frozen=True)
class Alternative:
    """A term that a concept is found by: what a match counts, and how much of the concept it covers (0 to 1)."""

    term: str
    weight: float
    covers: float
    # Of which synonym it is, as the committee wrote it; empty for what was typed.
    synonym: str = ""
    # Whether it is one of the smallest parts of that synonym, instead of a word of it.
    in_parts: bool = False

    @property
    def way(self) -> tuple[str, bool]:
        """Of the ways to say a concept, which one this belongs to; all of a way together cover the concept."""
        return self.synonym, self.in_parts


def alternatives_of(word: Word) -> tuple[Alternative, ...]:
    """The whole word, all words inside it, and what else it may be (see `Word.also`)."""
    atoms = [part.term for part in atoms_of(word)]
    found = [Alternative(word.whole, 1.0, 1.0)]
    # The smallest parts together cover the word; one that holds others (Hundesteuer) covers as much as they do.
    for part in word.parts:
        covered = [atom for atom in atoms if atom in part.term] or [part.term]
        found.append(Alternative(part.term, part.share, len(covered) / max(1, len(atoms))))
    found += [Alternative(other.term, other.share, 1.0) for other in word.also]
    return tuple(found)


def atoms_of(word: Word) -> tuple[Part, ...]:
    """The parts of a word that hold no smaller ones."""
    return tuple(part for part in word.parts if not any(_holds(part, other) for other in word.parts))


def _holds(part: Part, other: Part) -> bool:
    return other.term != part.term and other.term in part.term
