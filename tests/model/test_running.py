"""Models in a running process: interruptions, threads, callbacks together, memory."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from ranvier import random
from ranvier.callbacks import (
    CSVLogger,
    EarlyStopping,
    LearningRateScheduler,
    ReduceLROnPlateau,
    TerminateOnNaN,
)
from ranvier.layers import Dense, Input
from ranvier.model import Sequential

ROOT = Path(__file__).parents[2]


def net(optimizer="sgd"):
    model = Sequential([Input((4,)), Dense(6, activation="relu"), Dense(1)])
    model.compile(optimizer, "mse")
    return model


# --- interruption -------------------------------------------------------------------------------
@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="needs POSIX signals")
def test_control_c_is_prompt_and_harmless():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(5000, 4)), rng.normal(size=5000)
    model = net()
    model.fit(x, y, verbose=0)
    pressed = []

    def press():
        time.sleep(0.15)
        pressed.append(time.perf_counter())
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        model.fit(x, y, epochs=10**6, verbose=0)
    late = time.perf_counter() - pressed[0]
    thread.join()
    assert late < 1.0  # 0.02 s on a quiet machine
    assert all(np.isfinite(w).all() for w in model.get_weights())
    assert len(model.history.epoch) == len(model.history.history.get("loss", []))
    assert len(model.fit(x, y, verbose=0).history["loss"]) == 1


# --- threads ------------------------------------------------------------------------------------
def test_two_models_in_two_threads_train_as_alone(numbers):
    x, y = numbers

    def train(model, found, place):
        model.fit(x, y, epochs=20, shuffle=False, verbose=0)
        found[place] = model.get_weights()

    models = [net("adam"), net("adam")]
    copies = [net("adam"), net("adam")]
    for model, copy in zip(models, copies, strict=True):
        copy.set_weights(model.get_weights())
    together, alone = {}, {}
    threads = [threading.Thread(target=train, args=(m, together, i)) for i, m in enumerate(models)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i, copy in enumerate(copies):
        train(copy, alone, i)
    for i in range(2):
        assert all(np.array_equal(a, b) for a, b in zip(together[i], alone[i], strict=True))


# --- callbacks ----------------------------------------------------------------------------------
def test_early_stopping_restores_the_best_weights(numbers):
    x, y = numbers
    model = net("adam")
    stop = EarlyStopping(patience=2, restore_best_weights=True)
    rates = LearningRateScheduler(lambda epoch: 0.01 if epoch < 3 else 1.0)
    history = model.fit(x, y, epochs=30, validation_data=(x, y), callbacks=[rates, stop], verbose=0)
    losses = history.history["val_loss"]
    assert len(losses) < 30
    assert model.evaluate(x, y, verbose=0) == pytest.approx(np.nanmin(losses), rel=1e-6)


def test_callbacks_together(numbers, tmp_path):
    x, y = numbers
    model = net()
    history = model.fit(
        x, y, epochs=6, validation_split=0.2, verbose=0,
        callbacks=[ReduceLROnPlateau(patience=1, min_delta=100.0, factor=0.5),
                   CSVLogger(str(tmp_path / "log.csv"))],
    ).history  # fmt: skip
    assert float(model.optimizer.learning_rate) < 0.01
    lines = (tmp_path / "log.csv").read_text().splitlines()
    assert lines[0].split(",")[:3] == ["epoch", "learning_rate", "loss"]
    assert len(lines) == 7
    assert "learning_rate" in history


def test_terminate_on_nan_stops_at_the_batch(numbers):
    x, y = numbers
    y = y.copy()
    y[40] = 3e38
    model = net()
    with pytest.warns(RuntimeWarning, match="at batch 6 of 9"):
        history = model.fit(x, y, batch_size=8, epochs=5, shuffle=False, verbose=0,
                            callbacks=[TerminateOnNaN()])  # fmt: skip
    assert len(history.epoch) <= 1
    assert int(model.optimizer.iterations.numpy()) == 6


# --- memory -------------------------------------------------------------------------------------
@pytest.mark.slow
def test_memory_stays_flat_over_many_models(numbers):
    if not os.path.exists("/proc/self/statm"):
        pytest.skip("needs /proc")
    x, y = numbers

    def resident():
        gc.collect()
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def use():
        model = net("adam")
        model.fit(x[:32], y[:32], verbose=0)
        model.predict(x[:1], verbose=0)

    for _ in range(200):
        use()
    before = resident()
    for _ in range(500):
        use()
    assert resident() - before < 8.0


# --- the same bits ------------------------------------------------------------------------------
SCRIPT = """
import numpy as np
import ranvier as keras
keras.utils.set_random_seed(5)
rng = np.random.default_rng(0)
x, y = rng.normal(size=(300, 20)), rng.integers(0, 4, 300)
model = keras.Sequential([keras.layers.Dense(64, activation="relu", input_shape=(20,)),
                          keras.layers.Dropout(0.2), keras.layers.Dense(4, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=3, validation_split=0.2, verbose=0)
print(history.history, [w.tobytes().hex() for w in model.get_weights()])
"""


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_the_same_bits_in_each_process_and_at_each_thread_count():
    found = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT], cwd=ROOT, check=True, capture_output=True, text=True,
            env=os.environ | {"RANVIER_ENGINE": "native", "RANVIER_THREADS": threads},
        ).stdout
        for threads in ("1", "2", "1", "3")
    }  # fmt: skip
    assert len(found) == 1


def test_seeds_differ_without_one():
    random.set_random_seed(1)
    first = net().get_weights()[0]
    assert not np.array_equal(first, net().get_weights()[0])
