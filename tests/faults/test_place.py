"""Where a process runs: outputs without letters or closed, odd paths, full disks, little memory."""

from __future__ import annotations

import os
import sys

import pytest

from tests.faults.process import run

EVERYTHING = """
model = net(20)
model.name = "패션 MNIST"
model.summary()
model.fit(X[:200], Y[:200], epochs=2, validation_split=0.2)
model.evaluate(X[:200], Y[:200])
model.predict(X[:200])
os.makedirs("모델 둘", exist_ok=True)
model.save("모델 둘/내 모델.keras")
model.save_weights("모델 둘/내 모델.weights.h5")
again = keras.models.load_model("모델 둘/내 모델.keras")
again.load_weights("모델 둘/내 모델.weights.h5")
assert again.name == "패션 MNIST" and loss_of(again) == loss_of(model)
"""
PLAIN = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize("environment", [{}, PLAIN, {"PYTHONIOENCODING": "ascii:strict"}], ids=str)
def test_any_locale_and_a_pipe(tmp_path, environment):
    folder = tmp_path / "with spaces 한글"
    folder.mkdir()
    script = EVERYTHING
    if environment is PLAIN:  # Python itself has no such names for files there
        script = script.replace("모델 둘", "two models").replace("내 모델", "my model")
    out = run(script, folder, **{"PYTHONIOENCODING": "", **environment})
    assert "Epoch 2/2" in out and "Total params:" in out
    assert "\x1b" not in out and "\r" not in out and "\b" not in out


@pytest.mark.parametrize("lost", ["sys.stdout.close()", "sys.stdout = None", "os.close(1)"])
def test_an_output_that_is_gone(tmp_path, lost):
    # What Python itself says when it cannot flush at its end is not ours.
    run(f"{lost}\n{EVERYTHING}\nos._exit(0)", tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of POSIX")
def test_a_full_disk_keeps_the_old_file_and_the_model(tmp_path):
    run(
        """
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        model = net()
        each = keras.callbacks.ModelCheckpoint("each.keras")
        model.fit(X, Y, verbose=0, callbacks=[each])
        model.save_weights("m.weights.h5")
        files = {name: open(name, "rb").read() for name in os.listdir(".")}
        least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, most))
        for name, act in (
            ("each.keras", lambda: model.fit(X, Y, epochs=3, verbose=0, callbacks=[each])),
            ("each.keras", lambda: model.save("each.keras")),
            ("m.weights.h5", lambda: model.save_weights("m.weights.h5")),
            ("missing/m.keras", lambda: model.save("missing/m.keras")),
            ("missing/log.csv", lambda: model.fit(X, Y, verbose=0, callbacks=[
                keras.callbacks.CSVLogger("missing/log.csv")])),
        ):
            try:
                act()
            except OSError as error:
                assert name in str(error), error
            else:
                raise AssertionError(f"{name} was written")
        resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))
        assert files == {name: open(name, "rb").read() for name in os.listdir(".")}
        keras.models.load_model("each.keras")
        assert len(model.fit(X, Y, epochs=2, verbose=0, callbacks=[each]).epoch) == 2
        """,
        tmp_path,
    )


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="needs limits of Linux")
def test_too_little_memory_is_an_error_and_the_next_fit_works(tmp_path):
    run(
        """
        import resource

        model = net()
        model.fit(X, Y, verbose=0)
        resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, resource.RLIM_INFINITY))
        wide = keras.Sequential([keras.layers.Dense(30_000, input_shape=(50,)),
                                 keras.layers.Dense(3)])
        wide.compile("adam", "mse")
        for act in (
            lambda: keras.layers.Dense(10**7)(np.ones((1, 5000))),
            lambda: wide.fit(np.zeros((20_000, 50)), np.zeros((20_000, 3)), batch_size=20_000),
        ):
            try:
                act()
            except MemoryError:
                pass
            else:
                raise AssertionError("more memory than there is")
        assert len(model.fit(X, Y, verbose=0).history["loss"]) == 1
        """,
        tmp_path,
    )


def test_data_that_change_while_they_are_used(tmp_path):
    """Told if it is seen before the first step; compiled code never reads beside a row."""
    run(
        """
        model, x, y, ends = net(), X.copy(), Y.copy(), []
        kept = model.get_weights()

        def change():
            while not ends:
                x[rng.integers(0, len(x), 100)] = rng.normal(size=(100, 50))
                y[rng.integers(0, len(y), 10)] = 2**31 - 1

        other = threading.Thread(target=change)
        try:
            model.fit(x, y, verbose=0)
            other.start()
            print(model.fit(x, y, epochs=50, verbose=0).history["loss"][-1])
        except ValueError as error:
            assert "2147483647" in str(error), error
        finally:
            ends.append(1)
            other.join()
        model.set_weights(kept)
        assert np.isfinite(model.fit(X, Y, verbose=0).history["loss"]).all()
        """,
        tmp_path,
    )
