"""No hostile weights file loads, hangs, takes memory or reaches for another file."""

import json
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from ranvier.graph.errors import ModelFileError
from ranvier.save.weights import WeightsFile
from tests.hostile import hdf5_corpus as corpus


def read(data, slots=corpus.SLOTS):
    return WeightsFile(data, "file").read(corpus.PATH, slots)


@pytest.mark.parametrize("case", corpus.CASES, ids=lambda case: case.name)
def test_refused_with_bounded_time_and_memory(case, tmp_path):
    data = case.make(tmp_path)
    before = sorted(tmp_path.iterdir())
    tracemalloc.start()
    start = time.process_time()
    try:
        with pytest.raises(ModelFileError, match=f"^file: .*({case.words})"):
            read(data, case.slots)
        assert time.process_time() - start < 2
        assert tracemalloc.get_traced_memory()[1] < len(data) + (4 << 20)
    finally:
        tracemalloc.stop()
    assert sorted(tmp_path.iterdir()) == before


def test_the_twin_loads():
    for found, wanted in zip(read(corpus.good(Path())), (corpus.KERNEL, corpus.BIAS), strict=True):
        np.testing.assert_array_equal(found, wanted)


def fill_compressed(group):
    group.create_dataset("0", data=corpus.KERNEL, compression="gzip", shuffle=True, fletcher32=True)


def fill_with_neighbours(group):
    """What lies beside the path is not looked at."""
    group["0"] = corpus.KERNEL
    group.file["other"] = corpus.h5py.SoftLink("/nowhere")
    group.file["loop"] = group.file["layers"]


def fill_attributes(group):
    group["0"] = corpus.KERNEL
    for i in range(5):
        group.attrs[f"note {i}"] = "x" * 1000


@pytest.mark.parametrize("fill", [fill_compressed, fill_with_neighbours, fill_attributes])
def test_near_twins_load(fill):
    np.testing.assert_array_equal(read(corpus.built(fill))[0], corpus.KERNEL)


def test_no_file_is_opened_and_nothing_imported(tmp_path):
    """A hook sees every file, import, process and socket: there must be none."""
    files = []
    for i, case in enumerate(corpus.CASES):
        path = tmp_path / f"{i}.h5"
        path.write_bytes(case.make(tmp_path))
        files.append(str(path))
    code = """
        import json, sys
        from ranvier.save.weights import WeightsFile, Slot
        import numpy as np
        contents = [open(path, "rb").read() for path in json.load(sys.stdin)]
        watched = ("open", "import", "exec", "compile", "subprocess", "socket", "os.", "ctypes")
        events = []
        slots = [Slot("kernel", (2, 3), np.dtype("f4")), Slot("bias", (3,), np.dtype("f4"))]
        sys.addaudithook(lambda name, args: events.append((name, str(args)))
                         if name.startswith(watched) else None)
        for data in contents:
            try:
                WeightsFile(data, "file").read("layers/dense", slots)
            except ValueError as error:
                assert type(error).__name__ == "ModelFileError"
        print(json.dumps(events))
    """
    import textwrap

    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], input=json.dumps(files), text=True,
        capture_output=True, cwd=Path(__file__).parents[2], check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == []
