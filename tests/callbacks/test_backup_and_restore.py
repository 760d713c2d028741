"""Training that is cut off and goes on."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest

import ranvier as keras
from ranvier.callbacks import BackupAndRestore, Callback
from ranvier.data import PyDataset
from ranvier.graph.errors import ArgumentError, ModelFileError
from tests.faults.process import start

X = np.random.default_rng(0).normal(size=(70, 4)).astype("float32")
Y = np.random.default_rng(1).integers(0, 3, 70)


class Parts(PyDataset):
    def __len__(self):
        return 5

    def __getitem__(self, index):
        rows = slice(index * 16, index * 16 + 16)
        return X[rows], Y[rows]


class Cut(Callback):
    """Ends training at a batch of an epoch, or at its end, as a fault would."""

    def __init__(self, epoch, batch=None):
        super().__init__()
        self.at, self.batch, self.epochs = epoch, batch, []

    def watches_batches(self, mode):
        return self.batch is not None

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        self.epochs.append(epoch)

    def on_train_batch_end(self, batch, logs=None):
        if (self.epoch, batch) == (self.at, self.batch):
            raise OSError("cut")

    def on_epoch_end(self, epoch, logs=None):
        if self.batch is None and epoch == self.at:
            raise OSError("cut")


def net():
    model = keras.Sequential([
        keras.layers.Dense(8, activation="relu", input_shape=(4,)),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(3, activation="softmax"),
    ])  # fmt: skip
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def trained(*callbacks, data=(X, Y), **options):
    keras.utils.set_random_seed(3)
    model = net()
    history = model.fit(*data, epochs=4, batch_size=16, verbose=0, callbacks=list(callbacks),
                        **options)  # fmt: skip
    return model, history.history


DATA = [{}, {"steps_per_epoch": 3}, {"data": (Parts(),)}]


@pytest.mark.parametrize("options", DATA, ids=["arrays", "steps_per_epoch", "PyDataset"])
@pytest.mark.parametrize("cut", [(0, None), (2, None), (2, 1), (2, 2), (0, 0)], ids=str)
@pytest.mark.filterwarnings("ignore:steps_per_epoch")
def test_goes_on_as_if_nothing_had_been(options, cut, tmp_path):
    backup = tmp_path / "new" / "backup"
    whole, history = trained(**options)
    every = "epoch" if cut[1] is None else 2
    with pytest.raises(OSError, match="cut"):
        trained(BackupAndRestore(backup, save_freq=every), Cut(*cut), **options)
    watch = Cut(9)
    model, rest = trained(BackupAndRestore(backup, save_freq=every), watch, **options)
    for a, b in zip(whole.get_weights(), model.get_weights(), strict=True):
        assert a.tobytes() == b.tobytes()
    assert [v.numpy().tolist() for v in whole.optimizer.variables] == [
        v.numpy().tolist() for v in model.optimizer.variables
    ]
    count = len(watch.epochs)
    assert rest == {name: values[-count:] for name, values in history.items()}
    assert not backup.exists()


def test_a_process_that_is_killed(tmp_path):
    script = """
    class Kill(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if not os.path.exists("killed") and self.model.optimizer.iterations == 60:
                open("killed", "w").close()
                os.kill(os.getpid(), signal.SIGKILL)

    def run(*callbacks):
        model = net(16)
        model.fit(X[:500], Y[:500], epochs=7, verbose=0, callbacks=list(callbacks))
        return [w.tobytes() for w in model.get_weights()]

    begun = os.path.exists("killed")
    found = run(keras.callbacks.BackupAndRestore("backup", save_freq=5), Kill())
    print(begun, found == run(), os.path.exists("backup"))
    """
    assert start(script, tmp_path).returncode == -9
    assert (tmp_path / "backup" / "training_metadata.json").exists()
    again = start(script, tmp_path)
    assert again.stdout == "True True False\n", again.stderr


def test_files(tmp_path):
    backup = BackupAndRestore(tmp_path / "b", save_freq=2, delete_checkpoint=False,
                              double_checkpoint=True)  # fmt: skip
    with pytest.raises(OSError, match="cut"):
        trained(backup, Cut(1, 3))
    names = sorted(os.listdir(tmp_path / "b"))
    assert names == [
        "epoch-1-batch-1.weights.h5", "epoch-1-batch-3.weights.h5", "training_metadata.json",
        "training_metadata.json.bkp",
    ]  # fmt: skip
    # The last one is damaged: the one before is taken.
    (tmp_path / "b" / names[1]).write_bytes(b"no weights")
    whole, _ = trained()
    model, _ = trained(backup)
    assert all(
        np.array_equal(a, b) for a, b in zip(whole.get_weights(), model.get_weights(), strict=True)
    )
    assert "training_metadata.json" in os.listdir(tmp_path / "b")
    (tmp_path / "b" / "mine.txt").write_text("kept")
    BackupAndRestore(tmp_path / "b").on_train_end()
    assert os.listdir(tmp_path / "b") == ["mine.txt"]


def test_a_backup_of_keras_tells_the_epoch(tmp_path):
    whole, _ = trained()
    whole.save_weights(tmp_path / "latest.weights.h5")
    (tmp_path / "training_metadata.json").write_text(json.dumps({"epoch": 3, "batch": 0}))
    watch = Cut(9)
    trained(BackupAndRestore(tmp_path), watch)
    assert watch.epochs == [3]


def test_backups_that_cannot_be_used(tmp_path):
    note = tmp_path / "training_metadata.json"
    for text, words in (("{", "is damaged"), ("[]", "is no note of a backup"),
                        ('{"epoch": 1}', "latest.weights.h5")):  # fmt: skip
        note.write_text(text)
        with pytest.raises(ModelFileError, match=words):
            trained(BackupAndRestore(tmp_path))
    net().save_weights(tmp_path / "latest.weights.h5")
    note.write_text('{"epoch": "x"}')
    with pytest.raises(ModelFileError, match="no state of a training"):
        trained(BackupAndRestore(tmp_path))
    with pytest.raises(ArgumentError, match="`backup_dir`: got ''"):
        BackupAndRestore("")
    for wrong in ("batch", 0, True):
        with pytest.raises(ArgumentError, match="`save_freq`: got"):
            BackupAndRestore("b", save_freq=wrong)
