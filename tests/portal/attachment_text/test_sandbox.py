"""Hostile files meet a process of their own, and its limits hold: real processes, real kills."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from governance import apart
from governance.limits import Limits
from portal.attachment_text import sandbox
from portal.attachment_text.reading import Reason
from portal.attachment_text.sandbox import Outcome
from tests.portal.attachment_text import files

MB = 2**20
LIMITS = Limits(seconds=10, memory=300 * MB, characters=200_000)
QUICK = Limits(seconds=1, memory=300 * MB, characters=200_000)
WAIT = 10.0


def run(data: bytes, media_type: str, limits: Limits = LIMITS) -> Outcome:
    return sandbox.run(io.BytesIO(data), media_type, limits)


def endless() -> bytes:
    """Five million empty cells: nothing to keep, and much to look at."""
    return files.sheet_of(b"<c/>", rows=5000)


@contextmanager
def being_read() -> Iterator[tuple[int, list[Outcome]]]:
    """The process that reads an endless file at this moment, and where the outcome will be."""
    results: list[Outcome] = []
    reader = threading.Thread(target=lambda: results.append(run(endless(), files.XLSX)))
    reader.start()
    yield child(), results
    reader.join(WAIT)
    assert not reader.is_alive()


def child() -> int:
    """The reading process among our children, once it has begun."""
    ticks = threading.Event()
    for _attempt in range(int(WAIT * 100)):
        for path in Path("/proc").glob("[0-9]*"):
            try:
                mine = f"PPid:\t{os.getpid()}\n" in (path / "status").read_text()
                if mine and b"portal.attachment_text" in (path / "cmdline").read_bytes():
                    return int(path.name)
            except OSError:
                continue
        ticks.wait(0.01)
    raise AssertionError("nobody reads")


def test_a_text_comes_back_whatever_letters_it_has() -> None:
    assert run(files.docx("Straße – „Ł“ 🐕"), files.DOCX) == Outcome("Straße – „Ł“ 🐕")


def test_a_reason_comes_back() -> None:
    assert run(files.pdf_with_password("x"), files.PDF) == Outcome(reason=Reason.ENCRYPTED)


def test_the_longest_text_comes_back_whole() -> None:
    short = Limits(seconds=10, memory=300 * MB, characters=1000)
    assert run(("🐕" * 3000).encode(), files.TXT, short) == Outcome("🐕" * 1000)


def test_a_text_of_five_million_cells_is_cut_and_the_rest_is_not_read() -> None:
    outcome = run(files.sheet_of(b"<c><v>1</v></c>", rows=5000), files.XLSX)
    assert (len(outcome.text), outcome.reason) == (LIMITS.characters, None)


@pytest.mark.parametrize("make", [endless, files.pdf_without_end], ids=["sheet", "pdf"])
def test_what_takes_too_long_is_ended(make: Callable[[], bytes]) -> None:
    media_type = files.XLSX if make is endless else files.PDF
    assert run(make(), media_type, QUICK) == Outcome(reason=Reason.TOO_SLOW)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit of memory")
def test_what_unpacks_to_far_more_gets_no_more_memory_than_the_limit() -> None:
    data = files.docx_bomb()
    assert len(data) < MB
    assert run(data, files.DOCX) == Outcome(reason=Reason.TOO_MUCH_MEMORY)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit of memory")
def test_the_process_really_has_its_limits() -> None:
    asks = (
        "import resource as r; from governance.limits import Limits; Limits(7, 10**9, 5)"
        ".take_upon_this_process(); print([r.getrlimit(n) for n in (r.RLIMIT_CPU, r.RLIMIT_AS, r.RLIMIT_FSIZE)])"
    )
    done = subprocess.run([sys.executable, "-c", asks], cwd=apart.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[(8, 8), (1000000000, 1000000000), (1084, 1084)]"


def test_the_process_knows_no_django_and_nothing_of_our_environment() -> None:
    asks = "import sys, portal.attachment_text.__main__; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asks], cwd=apart.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    with being_read() as (pid, _results):
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        os.kill(pid, signal.SIGKILL)
    assert {line.split(b"=")[0] for line in environment if line} <= {name.encode() for name in apart.ENVIRONMENT}


def test_a_reader_that_is_killed_is_a_reason_and_no_error() -> None:
    with being_read() as (pid, results):
        os.kill(pid, signal.SIGKILL)
    assert results == [Outcome(reason=Reason.CRASHED)]


def test_a_type_that_nobody_reads_and_an_answer_that_is_none_are_reasons_too() -> None:
    assert run(b"x", "image/png") == Outcome(reason=Reason.CRASHED)
    assert sandbox._outcome(0, b"[1", LIMITS) == Outcome(reason=Reason.CRASHED)
    assert sandbox._outcome(0, b'["text"]', LIMITS) == Outcome(reason=Reason.CRASHED)
