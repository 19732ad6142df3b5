"""Prints the commands of docs/betrieb.md as one shell script, to be followed to the letter on a fresh machine.

tools/follow_betrieb.py [--from 'Einrichten'] [--until 'Sichern'] WORD=VALUE ...     replaces what stands in capitals
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "betrieb.md"


def script(page: str, begin: str, end: str, words: dict[str, str]) -> str:
    """All blocks between two headings of the second level; a word in capitals is replaced where it stands alone."""
    part = page.partition(f"\n## {begin}\n")[2]
    part = part.partition(f"\n## {end}\n")[0] if end else part
    blocks = re.findall(r"^```sh\n(.*?)^```", part, re.MULTILINE | re.DOTALL)
    text = "".join(blocks)
    for word, value in sorted(words.items(), key=lambda pair: -len(pair[0])):
        text = re.sub(rf"(?<![A-Z_]){re.escape(word)}(?![A-Z_=])", lambda _found, put=value: put, text)
    return f"set -eux\n{text}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="begin", default="Einrichten")
    parser.add_argument("--until", dest="end", default="Sichern")
    parser.add_argument("words", nargs="*", metavar="WORT=WERT")
    given = parser.parse_args()
    print(script(PAGE.read_text(), given.begin, given.end, dict(word.split("=", 1) for word in given.words)))


if __name__ == "__main__":
    main()
