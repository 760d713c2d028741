"""No hostile archive is unpacked."""

import time
import tracemalloc
import zipfile

import pytest

from ranvier.graph.errors import ModelFileError
from ranvier.save.keras import unpack_keras
from tests.hostile import zip_corpus as corpus


@pytest.mark.parametrize("case", corpus.CASES, ids=lambda case: case.name)
def test_refused_with_bounded_time_and_memory(case):
    data = case.make()
    tracemalloc.start()
    start = time.process_time()
    try:
        with pytest.raises(ModelFileError, match=f"^m.keras.*({case.words})"):
            unpack_keras(data, "m.keras")
        assert time.process_time() - start < 2
        assert tracemalloc.get_traced_memory()[1] < 3 * len(data) + (4 << 20)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("note", [True, False])
def test_near_twins_load(method, note):
    members = dict(corpus.MEMBERS)
    if not note:
        del members["metadata.json"]
    contents = unpack_keras(corpus.packed(members, method), "m.keras")
    assert contents.weights == corpus.WEIGHTS and contents.config["class_name"] == "Sequential"


def test_random_bytes_give_the_contents_or_the_one_error():
    import random

    data = corpus.packed()
    for seed in range(300):
        rng = random.Random(seed)
        damaged = bytearray(data)
        for _ in range(rng.choice([1, 2, 8])):
            damaged[rng.randrange(len(data))] = rng.choice([0, 255, rng.randrange(256)])
        try:
            assert unpack_keras(bytes(damaged), "m.keras").weights == corpus.WEIGHTS
        except ModelFileError as error:
            assert str(error).startswith("m.keras")
