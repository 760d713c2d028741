"""Standard output and error that neither a vanished reader nor a foreign letter stops."""

from __future__ import annotations

import io
import os
import sys


class PatientStream(io.TextIOWrapper):
    """A text stream that goes on into nothing once its reader is gone (`ranvier train | head`)."""

    def write(self, text: str, /) -> int:
        """Write, or drop the text where nobody reads."""
        try:
            return super().write(text)
        except BrokenPipeError:
            self._let_go()
            return len(text)

    def flush(self) -> None:
        """Flush, or drop the text where nobody reads."""
        try:
            super().flush()
        except BrokenPipeError:
            self._let_go()

    def _let_go(self) -> None:
        # What is buffered still has to go somewhere, now and when Python ends.
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, self.fileno())
        os.close(nothing)


def settle() -> None:
    """Put patient streams in place of both standard streams.

    A letter that the encoding lacks is written as an escape; a stream that is closed from the
    start (`ranvier info >&-`) becomes one into nothing, so that no file gets its number.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            patient = PatientStream(
                stream.buffer,
                encoding=stream.encoding,
                errors="backslashreplace",
                line_buffering=stream.line_buffering or name == "stderr",
            )
            setattr(sys, name, patient)
