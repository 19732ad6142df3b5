"""Runs the processes of the demo side by side, starts again what ends by itself, and stops them together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
STOP_WITHIN = 15
# Who ran that long had started well; its next start waits as short as the first.
STEADY_AFTER = 60.0
LONGEST_PAUSE = 30.0


class Stopped(Exception):
    """Ctrl-C or SIGTERM."""


def stop_on_signals() -> None:
    """Turn both signals into an exception, so that everything is cleaned up in one place."""

    def stop(signum: int, frame: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not interrupt the clean-up
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@dataclass
class _Child:
    command: Sequence[str]
    process: subprocess.Popen[bytes]
    started: float
    # How often in a row it ended soon after its start.
    short_lives: int = 0
    # When to start it again; None while it runs.
    due: float | None = None


class Processes:
    """Children by name. Each has a session of its own: Ctrl-C reaches us alone, and we tell them."""

    def __init__(self) -> None:
        self._running: dict[str, _Child] = {}

    def start(self, name: str, arguments: Sequence[str]) -> None:
        command = [sys.executable, *arguments]
        self._running[name] = _Child(command, _launch(command), time.monotonic())

    def ended(self) -> str | None:
        """The name of a process that ended by itself."""
        return next((name for name, child in self._running.items() if child.process.poll() is not None), None)

    def revive(self) -> list[str]:
        """Start again what ended by itself; returns the names. Who keeps ending waits longer each time."""
        return [name for name, child in self._running.items() if _revive(child, time.monotonic())]

    def stop(self) -> None:
        running = [child.process for child in self._running.values()]
        for process in running:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._running.clear()


def _launch(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=ROOT, env=os.environ, stdin=subprocess.DEVNULL, start_new_session=True)


def _revive(child: _Child, now: float) -> bool:
    """Whether the child had ended, its pause was over, and it was started again."""
    if child.process.poll() is None:
        return False
    if child.due is None:
        child.short_lives = child.short_lives + 1 if now - child.started < STEADY_AFTER else 0
        child.due = now + min(2.0**child.short_lives, LONGEST_PAUSE)
    if now < child.due:
        return False
    child.process, child.started, child.due = _launch(child.command), now, None
    return True


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
