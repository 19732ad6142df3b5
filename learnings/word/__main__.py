"""The process that meets the file: `python -m learnings.word <limits>`, the file on stdin, one line of JSON as answer.

It takes its limits upon itself before it touches the first byte, and knows neither Django nor database nor secrets.
"""

from __future__ import annotations

import json
import sys

from governance.limits import Limits
from learnings.word import reading
from learnings.word.reading import Reason, Unreadable


def main(*numbers: str) -> int:
    Limits(*map(int, numbers)).take_upon_this_process()
    try:
        answer = reading.read(sys.stdin.buffer.read())
    except Unreadable as error:
        answer = {"reason": error.reason}
    except (MemoryError, RecursionError):
        answer = {"reason": Reason.TOO_LARGE}
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
