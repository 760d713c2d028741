"""The progress bar on a terminal, in a notebook, in a pipe."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import types

import numpy as np
import pytest

from ranvier.callbacks import CallbackList, Progbar, progress, screen


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


class Clock:
    """A clock that goes when told."""

    def __init__(self, monkeypatch):
        self.now = 100.0
        monkeypatch.setattr(progress, "time", types.SimpleNamespace(monotonic=lambda: self.now))


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def terminal(monkeypatch):
    for name in ("NO_COLOR", "PYCHARM_HOSTED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    stream = Terminal()
    # Not sys.stdout itself: the capturing of output puts its own there between fixture and test.
    monkeypatch.setattr(
        screen, "sys", types.SimpleNamespace(stdout=stream, modules={**sys.modules})
    )
    return stream


def fit(clock, verbose=1, epochs=2, steps=4, seconds=0.1, **more):
    calls = CallbackList([], add_progbar=True, verbose=verbose, epochs=epochs, steps=steps)
    calls.on_train_begin()
    for epoch in range(epochs):
        calls.on_epoch_begin(epoch)
        for batch in range(4):
            clock.now += seconds
            calls.on_train_batch_end(batch, {"loss": 0.44, "accuracy": 0.85})
        calls.on_test_begin()
        calls.on_test_batch_end(0, {"loss": 9.0})
        calls.on_test_end({"loss": 9.0})
        calls.on_epoch_end(epoch, {"loss": 0.44, "accuracy": 0.85, **more})
    calls.on_train_end()


def plain(text):
    return re.sub(r"\x1b\[\d+m", "", text)


LINE = "4/4 ━━━━━━━━━━━━━━━━━━━━ 0s 100ms/step - accuracy: 0.8500 - loss: 0.4400"


def test_a_pipe_gets_one_line_an_epoch(clock, capsys):
    fit(clock)
    assert capsys.readouterr().out == f"Epoch 1/2\n{LINE}\nEpoch 2/2\n{LINE}\n"
    fit(clock, epochs=1, val_loss=1e-5)
    assert capsys.readouterr().out == f"{LINE} - val_loss: 1.0000e-05\n"
    fit(clock, verbose=0)
    assert capsys.readouterr().out == ""


def test_verbose_2_is_one_line(clock, capsys):
    fit(clock, verbose=2, epochs=1, seconds=2.0)
    assert capsys.readouterr().out == "4/4 - 8s - 2s/step - accuracy: 0.8500 - loss: 0.4400\n"


def test_a_terminal_is_updated_in_place(clock, terminal):
    fit(clock, epochs=1)
    text = terminal.getvalue()
    assert text.count("\r") == 5 and text.count("\n") == 1 and text.endswith("\n")
    lines = plain(text).split("\r")
    assert lines[1].startswith("1/4 ━━━━━━━━━━━━━━━━━━━━ 0s 100ms/step - accuracy: 0.8500")
    assert lines[-1].rstrip() == LINE
    assert "\x1b[32m━━━━━━━━━━\x1b[0m\x1b[37m━━━━━━━━━━\x1b[0m" in text


def test_no_more_than_20_drawings_a_second(clock, terminal):
    calls = CallbackList([], add_progbar=True, verbose=1, epochs=1, steps=1000)
    calls.on_train_begin()
    calls.on_epoch_begin(0)
    reads = []
    for batch in range(1000):
        clock.now += 0.001
        calls.on_train_batch_end(batch, lambda: reads.append(1) or {"loss": 1.0})
    assert 15 <= terminal.getvalue().count("\r") <= 21
    assert len(reads) == terminal.getvalue().count("\r")


def test_a_shorter_line_leaves_nothing_behind(clock, terminal):
    bar = Progbar(10)
    clock.now += 100
    bar.update(1, [("loss", 123456.0)])
    clock.now += 1
    bar.update(2, [("loss", 1.0)])
    first, second = plain(terminal.getvalue()).split("\r")[1:]
    assert len(second) >= len(first)


def test_a_narrow_terminal_is_not_overrun(clock, terminal, monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    bar = Progbar(10)
    bar.update(1, [("정확도" * 10, 1.0)])
    assert screen.columns_of(plain(terminal.getvalue()).lstrip("\r")) <= 49


@pytest.mark.parametrize(
    ("seconds", "unit"), [(3.0, "3s/step"), (2e-3, "2ms/step"), (7e-5, "70us/step")]
)
def test_units_of_time(clock, capsys, seconds, unit):
    fit(clock, epochs=1, seconds=seconds)
    assert unit in capsys.readouterr().out


def test_time_left(clock, terminal):
    for step, left in ((1.0, "9s"), (10.0, "1:30"), (1000.0, "2:30:00")):
        bar = Progbar(10)
        clock.now += step
        bar.update(1)
        assert f" {left} " in plain(terminal.getvalue())


def test_steps_not_known(clock, terminal, capsys):
    fit(clock, epochs=1, steps=None)
    assert "      1/Unknown" in plain(terminal.getvalue())
    assert plain(terminal.getvalue()).split("\r")[-1].startswith("4/4 ━")


def test_steps_not_known_in_a_pipe(clock, capsys):
    fit(clock, epochs=1, steps=None)
    assert capsys.readouterr().out == LINE + "\n"


def test_evaluate_and_predict(clock, capsys):
    calls = CallbackList([], add_progbar=True, verbose=1, epochs=1, steps=2)
    calls.on_test_begin()
    calls.on_test_batch_end(1, {"loss": 1.0})
    clock.now += 1
    calls.on_test_end({"loss": 0.5})
    calls.on_predict_begin()
    calls.on_predict_batch_end(1, {"outputs": np.zeros(3)})
    calls.on_predict_end()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("1s 500ms/step - loss: 0.5000") and lines[1].endswith("0s 0s/step")


def test_characters_that_the_stream_lacks(clock, monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    fit(clock, epochs=1, **{"정확도": 1.0})
    text = raw.getvalue().decode("ascii")
    assert text.startswith("4/4 ==================== 0s") and " - ???: 1.0000\n" in text


def test_a_notebook_is_updated_in_place(clock, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ipykernel", types.ModuleType("ipykernel"))
    fit(clock, epochs=1)
    assert capsys.readouterr().out.count("\r") == 5


def test_no_colours_on_request(clock, terminal, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    fit(clock, epochs=1)
    assert "\x1b" not in terminal.getvalue() and "━━━━━──" in terminal.getvalue()


@pytest.mark.parametrize("stream", [None, "closed", "broken"])
def test_a_lost_output_never_stops_training(clock, monkeypatch, stream):
    class Broken(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    closed = io.StringIO()
    closed.close()
    chosen = {None: None, "closed": closed, "broken": Broken()}[stream]
    monkeypatch.setattr(sys, "stdout", chosen)
    fit(clock)
    fit(clock, verbose=2)


def test_a_closed_pipe_and_the_c_locale():
    script = (
        "from ranvier.callbacks import CallbackList\n"
        "c = CallbackList([], add_progbar=True, verbose=1, epochs=1, steps=1)\n"
        "c.on_train_begin(); c.on_epoch_begin(0); c.on_epoch_end(0, {'loss': 1})\n"
    )
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" -c "$1" >&-', sys.executable, script], env=environment,
        capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0 and done.stderr == b""
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True,
                          timeout=60)  # fmt: skip
    assert done.returncode == 0 and b"\x1b" not in done.stdout
    assert done.stdout.decode("ascii").startswith("1/1 ====================")


def test_averages_of_its_own(capsys):
    bar = Progbar(3, verbose=2, stateful_metrics=["now"])
    bar.update(1, [("mean", 1.0), ("now", 1.0)])
    bar.add(1, [("mean", 3.0), ("now", 3.0)])
    bar.update(3, finalize=True)
    assert "mean: 2.0000 - now: 3.0000" in capsys.readouterr().out


def test_a_metric_of_several_numbers_shows_their_mean(clock, capsys):
    Progbar(2, verbose=2).update(2, [("f1_score", np.float32([0.5, 1.0]))], finalize=True)
    assert "f1_score: 0.7500" in plain(capsys.readouterr().out)


@pytest.mark.oracle
def test_the_last_line_is_that_of_keras(capsys):
    os.environ.setdefault("KERAS_BACKEND", "jax")
    keras = pytest.importorskip("keras")
    capsys.readouterr()
    texts = []
    for kind in (Progbar, keras.utils.Progbar):
        for verbose in (1, 2):
            bar = kind(1500, verbose=verbose, stateless_metrics=set())
            bar.update(1500, [("accuracy", 0.85), ("loss", 3.25e-4), ("big", 12345.678),
                              ("edge", 1e-3)], finalize=True)  # fmt: skip
            text = plain(capsys.readouterr().out).replace("\b", "").replace("\r", "").strip("\n")
            texts.append(re.sub(r"\d+us/step", "us/step", text).strip())
    assert texts[:2] == texts[2:]


def test_wide_characters_take_two_columns():
    assert screen.columns_of("abc") == 3
    assert screen.columns_of("출력층") == 6
    assert screen.columns_of("e\u0301") == 1
