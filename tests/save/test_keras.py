"""The .keras container: what was packed is unpacked, and any zip tool can read it."""

import io
import json
import zipfile

from ranvier.save.keras import KERAS_VERSION, Contents, pack_keras, unpack_keras

CONFIG = {"class_name": "Sequential", "config": {"name": "모델", "layers": [], "x": [1.5, None]}}


def test_round_trip():
    data = pack_keras(CONFIG, b"weights")
    assert unpack_keras(data, "m.keras") == Contents(CONFIG, b"weights", {}, KERAS_VERSION)


def test_members_as_keras_writes_them():
    with zipfile.ZipFile(io.BytesIO(pack_keras(CONFIG, b"weights"))) as archive:
        assert archive.namelist() == ["metadata.json", "config.json", "model.weights.h5"]
        assert {m.compress_type for m in archive.infolist()} == {zipfile.ZIP_STORED}
        note = json.loads(archive.read("metadata.json"))
        assert note["keras_version"].startswith("3.") and note["date_saved"][4] == "-"
