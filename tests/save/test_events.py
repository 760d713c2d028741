"""Event files: their frames, and what is in them."""

from __future__ import annotations

import numpy as np

from ranvier.save.events import EventFile, masked_crc32c, record
from tests.save.read_events import crc32c, events


def test_checksums_are_those_of_crc32c():
    # The check value of the catalogue of CRC algorithms, and one of RFC 3720, B.4.
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(bytes(range(32))) == 0x46DD794E
    for data in (b"", b"a", bytes(range(256)) * 3):
        rotated = (crc32c(data) >> 15 | crc32c(data) << 17) & 0xFFFFFFFF
        assert masked_crc32c(data) == (rotated + 0xA282EAD8) & 0xFFFFFFFF
    assert len(record(b"abc")) == 8 + 4 + 3 + 4


def test_what_is_written_is_read(tmp_path):
    file = EventFile(str(tmp_path / "run"))
    file.scalar("loss", 0.1, 3)
    file.scalar("nan", float("nan"), 2**40)
    values = np.random.default_rng(0).normal(size=(40, 25))
    file.histogram("kernel", values, 1)
    file.histogram("zero", np.zeros(7), 1)
    file.histogram("empty", np.array([np.nan]), 1)
    file.keras_model("keras", '{"name": "네트"}')
    first, loss, nan, kernel, zero, empty, model = events(file.path)
    assert first["version"] == "brain.Event:2" and first["time"] > 1.7e9
    assert (loss["tag"], loss["step"], loss["plugin"]) == ("loss", 3, "scalars")
    assert loss["value"] == np.float32(0.1) and loss["value"].shape == ()
    assert nan["step"] == 2**40 and np.isnan(nan["value"])
    rows = kernel["value"]
    assert kernel["plugin"] == "histograms" and rows.shape == (30, 3)
    assert rows[:, 2].sum() == 1000 and rows[0, 0] == values.min() and rows[-1, 1] == values.max()
    inside = (values >= rows[7, 0]) & (values < rows[7, 1])
    assert rows[7, 2] == inside.sum()
    assert zero["value"].tolist() == [[-0.5, 0.5, 7]]
    assert empty["value"].shape == (0, 3)
    assert (model["plugin"], model["content"]) == ("graph_keras_model", b"1")
    assert model["value"] == '{"name": "네트"}'


def test_each_file_has_a_name_of_its_own(tmp_path):
    paths = {EventFile(str(tmp_path)).path for _ in range(3)}
    assert len(paths) == 3 and all("events.out.tfevents." in path for path in paths)
