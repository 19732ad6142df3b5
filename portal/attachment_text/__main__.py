"""The process that meets the file: `python -m portal.attachment_text <media type> <limits>`, the file on stdin.

It takes its limits upon itself before it touches the first byte, knows neither Django nor database nor secrets, and
answers with one line of JSON: the text, or why there is none.
"""

from __future__ import annotations

import json
import sys

from governance.limits import Limits
from portal.attachment_text import reading
from portal.attachment_text.reading import Reason, Unreadable


def main(media_type: str, *numbers: str) -> int:
    limits = Limits(*map(int, numbers))
    limits.take_upon_this_process()
    try:
        answer = {"text": reading.read(sys.stdin.buffer.read(), media_type, limits.characters)}
    except Unreadable as error:
        answer = {"reason": error.reason}
    except (MemoryError, RecursionError):
        answer = {"reason": Reason.TOO_MUCH_MEMORY}
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
