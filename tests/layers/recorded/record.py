"""Writes keras.json: what Keras on TensorFlow gives for each case. Needs both installed.

Run `KERAS_BACKEND=tensorflow python tests/layers/recorded/record.py`.
"""

import json
from pathlib import Path

import numpy as np
from cases import CASES


def plain(value):
    if isinstance(value, bytes):
        return value.decode()
    return [plain(v) for v in value] if isinstance(value, list) else value


def made(keras, name, arguments, data, inputs):
    layer = getattr(keras.layers, name)(**arguments)
    if data is not None:
        layer.adapt(np.array(data))
    values = [np.array(x) for x in inputs] if name == "HashedCrossing" else np.array(inputs)
    out = layer(values)
    if hasattr(out, "to_tensor"):
        print("ragged:", name, arguments)
        out = out.to_tensor()
    out = np.asarray(out)
    words = [w if isinstance(w, str) else int(w) for w in layer.get_vocabulary()] if hasattr(
        layer, "get_vocabulary") else None  # fmt: skip
    return {"values": plain(out.tolist()), "shape": list(out.shape), "dtype": str(out.dtype),
            "vocabulary": words}  # fmt: skip


if __name__ == "__main__":
    import keras

    found = [made(keras, *case) for case in CASES]
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in found)
    Path(__file__).with_name("keras.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
