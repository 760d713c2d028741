"""Saves that are killed, or meet a full disk: the old file or the new one, and nothing beside."""

import errno
import os
import random
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from ranvier.layers import Dense, Input
from ranvier.model import Sequential
from ranvier.model.load import load_model
from tests.faults.process import ROOT

#: Each form by its ending, and whether it holds a whole model.
FORMS = {".keras": True, ".h5": True, ".weights.h5": False, ".safetensors": False, ".npz": False}

#: Takes times in seconds: for each, lets a child save again and again, and kills it then.
SAVES = """
import os, signal, sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np
from ranvier.layers import Dense, Input
from ranvier.model import Sequential
path, whole = sys.argv[1], sys.argv[2] == "True"
model = Sequential([Input((20,)), Dense(50), Dense(1)])
save = model.save if whole else model.save_weights
def saves(number):
    model.set_weights([np.full_like(w, number) for w in model.get_weights()])
    save(path)
saves(0)  # so that children find everything loaded
for number, line in enumerate(sys.stdin):
    child = os.fork()
    while not child:
        number += 1
        saves(number)
    time.sleep(float(line))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    print("killed", flush=True)
"""

LIMITED = """
import resource, sys, warnings
warnings.simplefilter("ignore")
from ranvier.layers import Dense, Input
from ranvier.model import Sequential
path, whole = sys.argv[1], sys.argv[2] == "True"
model = Sequential([Input((20,)), Dense(5000), Dense(1)])
if sys.argv[3] == "limit":
    resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))
try:
    (model.save if whole else model.save_weights)(path)
except OSError as error:
    print(error.errno, error.filename == path)
"""


def net():
    return Sequential([Input((20,)), Dense(50), Dense(1)])


def run(code, *args, **kwargs):
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, args)], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, **kwargs,
    )  # fmt: skip


def save(model, path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (model.save if FORMS["".join(path.suffixes)] else model.save_weights)(path)


def load(path):
    if FORMS["".join(path.suffixes)]:
        return load_model(path)
    model = net()
    model.load_weights(path)
    return model


def is_whole(model):
    """Whether all weights are those of one save: all the same number."""
    numbers = {float(n) for w in model.get_weights() for n in np.unique(w)}
    return len(numbers) == 1


@pytest.mark.slow
@pytest.mark.parametrize("ending", FORMS)
def test_killed_at_random_moments(tmp_path, ending):
    """Forty kills a form, 200 in all, at moments spread over several saves."""
    path = tmp_path / f"m{ending}"
    moments = random.Random(ending)
    numbers = set()
    with run(SAVES, path, FORMS[ending], stdin=subprocess.PIPE) as killer:
        for _ in range(40):
            killer.stdin.write(f"{moments.uniform(0, 0.1)}\n")
            killer.stdin.flush()
            assert killer.stdout.readline() == "killed\n"
            found = load(path)
            assert is_whole(found)
            numbers.add(float(found.get_weights()[0].flat[0]))
            save(found, path)
            assert os.listdir(tmp_path) == [path.name]
        killer.stdin.close()
    assert len(numbers) > 1, "no child came to save"


@pytest.mark.parametrize("ending", FORMS)
def test_disk_full(tmp_path, ending):
    path = tmp_path / f"m{ending}"
    save(net(), path)
    before = path.read_bytes()
    with run(LIMITED, path, FORMS[ending], "limit") as child:
        assert child.stdout.read().split() == [str(errno.EFBIG), "True"]
    assert path.read_bytes() == before and os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("ending", FORMS)
def test_missing_folder(tmp_path, ending):
    path = tmp_path / "missing" / f"m{ending}"
    with pytest.raises(FileNotFoundError) as caught:
        save(net(), path)
    assert caught.value.filename == str(path) and os.listdir(tmp_path) == []


@pytest.mark.parametrize("ending", FORMS)
def test_read_only_folder(tmp_path, ending):
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    tmp_path.chmod(0o555)
    with pytest.raises(PermissionError):
        save(net(), tmp_path / f"m{ending}")


def test_small_file_system(tmp_path):
    """On a disk that is really full, where one can be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no small file system can be mounted here")
    try:
        for ending, whole in FORMS.items():
            path = Path(disk) / f"m{ending}"
            save(net(), path)
            before = path.read_bytes()
            with run(LIMITED, path, whole, "") as child:
                assert child.stdout.read().split() == [str(errno.ENOSPC), "True"]
            assert path.read_bytes() == before and os.listdir(disk) == [path.name]
            path.unlink()
    finally:
        subprocess.run(["umount", str(disk)], check=True)
