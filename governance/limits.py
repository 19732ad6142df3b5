"""How much a process that meets a foreign file may take; read without Django."""

from __future__ import annotations

import sys
from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes of memory for the reading process, characters of the text that is kept."""

    seconds: int
    memory: int
    characters: int

    @property
    def answer(self) -> int:
        """Bytes of the longest answer: each character escaped twice over, and what stands around them."""
        return self.characters * 12 + 1024

    def arguments(self) -> list[str]:
        return [str(number) for number in astuple(self)]

    def take_upon_this_process(self) -> None:
        """From now on the system holds this process to the limits; there is no way back.

        The clock is watched from outside; processor time ends the process also when nobody watches any more.
        """
        import resource

        wanted = {
            resource.RLIMIT_CPU: self.seconds + 1,
            resource.RLIMIT_FSIZE: self.answer,
            resource.RLIMIT_CORE: 0,
        }
        # macOS knows the limit of memory and does not keep it.
        if sys.platform == "linux":
            wanted[resource.RLIMIT_AS] = self.memory
        for which, value in wanted.items():
            resource.setrlimit(which, (value, value))
