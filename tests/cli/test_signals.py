"""Signals and what they may not stop."""

import os
import signal

import pytest

from ranvier.cli import signals


def test_sigterm_is_raised_where_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGTERM)
    signals.listen()
    try:
        with pytest.raises(signals.Terminated) as caught:
            os.kill(os.getpid(), signal.SIGTERM)
        assert signals.status(caught.value) == 143
    finally:
        signal.signal(signal.SIGTERM, before)


def test_nothing_stops_what_is_held() -> None:
    before = [signal.getsignal(kind) for kind in (signal.SIGINT, signal.SIGTERM)]
    with signals.held():
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
    assert [signal.getsignal(kind) for kind in (signal.SIGINT, signal.SIGTERM)] == before
