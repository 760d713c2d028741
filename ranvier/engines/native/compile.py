"""Compiles the texts of one program side by side, the first while others are still written."""

from __future__ import annotations

from collections.abc import Iterator
from queue import PriorityQueue

from ..setting import threads as thread_count
from .machine import Machine, compile_object
from .threads import share

#: More threads would wait: a step has few texts.
_MOST = 8
_END = (1, 0, "")


def compile_all(texts: Iterator[str], machine: Machine) -> list[bytes]:
    """Return the object code of each text, in their order."""
    threads = min(thread_count(), _MOST)
    if threads == 1:
        return [compile_object(text, machine) for text in texts]
    work = _Work(texts, machine)
    share(work.run, threads)
    if work.errors:
        raise work.errors[0]
    return [code for _, code in sorted(work.codes)]


class _Work:
    """Texts that wait, the longest first, and the code of those that are done."""

    def __init__(self, texts: Iterator[str], machine: Machine) -> None:
        self.texts, self.machine = texts, machine
        self.codes: list[tuple[int, bytes]] = []
        self.errors: list[BaseException] = []
        self._waiting: PriorityQueue[tuple[int, int, str]] = PriorityQueue()

    def run(self, thread: int, threads: int) -> None:
        """Compile until nothing more comes or one has failed; the first thread writes before."""
        try:
            if thread == 0:
                self._write(threads)
            self._compile()
        except BaseException as error:
            self.errors.append(error)
            if thread == 0:
                raise

    def _write(self, threads: int) -> None:
        try:
            for number, text in enumerate(self.texts):
                self._waiting.put((-len(text), number, text))
                if self.errors:
                    break
        finally:  # also where it is interrupted: the others wait
            for _ in range(threads):
                self._waiting.put(_END)

    def _compile(self) -> None:
        while not self.errors:
            order, number, text = self._waiting.get()
            if order > 0:
                break
            self.codes.append((number, compile_object(text, self.machine)))
