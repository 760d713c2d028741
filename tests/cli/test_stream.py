"""Streams whose reader has gone."""

import os

from ranvier.cli.stream import PatientStream


def test_writing_goes_on_when_the_reader_has_gone() -> None:
    reader, writer = os.pipe()
    stream = PatientStream(os.fdopen(writer, "wb"), encoding="utf-8")
    os.close(reader)
    with stream:
        for _ in range(3):
            assert stream.write("x" * 100_000) == 100_000
            stream.flush()
