"""Arrays in rows with headers that lie, beside ones that do not: IDX, safetensors, `.npz`."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.hostile.trial import Trial, good

_MOST = (1 << 32) - 1


# --- IDX ----------------------------------------------------------------------------------------
def _idx(shape: tuple[int, ...], body: bytes, kind: int = 8, axes: int | None = None) -> bytes:
    count = len(shape) if axes is None else axes
    return bytes((0, 0, kind, count)) + struct.pack(f">{len(shape)}I", *shape) + body


def idx() -> list[Trial]:
    """IDX files of data sets."""
    rows = [
        ("vector", "loaded", _idx((3,), b"abc")), ("matrix", "loaded", _idx((2, 2), b"abcd")),
        ("doubles", "loaded", _idx((1,), bytes(8), 14)), ("empty", "loaded", _idx((0, 28), b"")),
        ("no axes", "loaded", _idx((), b"a")),
        ("too short", "refused", _idx((4,), b"abc")), ("too long", "refused", _idx((2,), b"abc")),
        ("huge", "refused", _idx((_MOST,) * 8, b"abc")),
        ("huge and empty", "refused", _idx((0, *(_MOST,) * 7), b"")),
        ("empty and huge", "refused", _idx((*(_MOST,) * 7, 0), b"")),
        ("doubles, huge and empty", "refused", _idx((*(_MOST,) * 3, 0), b"", 14)),
        ("no type", "refused", _idx((3,), b"abc", 7)),
        ("255 axes", "refused", _idx((1,) * 255, b"a")),
        ("axes cut off", "refused", _idx((1,), b"", axes=8)),
        ("nothing", "refused", b""), ("pickle", "refused", b"\x80\x04cos\nsystem\n(S'true'\ntR."),
        ("packed", "refused", zlib.compress(b"abc")),
    ]  # fmt: skip
    return [Trial(name, lambda d=data: d, wanted, "idx", "idx") for name, wanted, data in rows]


# --- safetensors --------------------------------------------------------------------------------
def _safetensors(change: Callable[[dict[str, Any]], Any], more: bytes = b"") -> bytes:
    data = good("m.safetensors")
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    header.pop("__metadata__", None)
    changed = change(header)
    text = changed if isinstance(changed, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data[8 + size :] + more


def _first(header: dict[str, Any]) -> dict[str, Any]:
    return next(iter(header.values()))


def _set(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda header: _first(header).update(changes)


def _shared(header: dict[str, Any]) -> None:
    one, two = list(header.values())[:2]
    two["data_offsets"] = one["data_offsets"]


def _again(header: dict[str, Any]) -> bytes:
    name, text = next(iter(header)), json.dumps(header)
    return f'{text[:-1]}, "{name}": {json.dumps(_first(header))}}}'.encode()


def _many(header: dict[str, Any]) -> None:
    for i in range(120_000):
        header[f"n{i}"] = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}


def safetensors() -> list[Trial]:
    """Files of weights by name."""
    rows: list[tuple[str, str, Callable[[], bytes]]] = [
        ("as written", "loaded", lambda: good("m.safetensors")),
        ("without notes", "loaded", lambda: _safetensors(lambda h: None)),
        ("bytes after the end", "refused", lambda: _safetensors(lambda h: None, b"more")),
        ("negative place", "refused", lambda: _safetensors(_set(data_offsets=[-8, 40]))),
        ("place beyond all", "refused",
         lambda: _safetensors(_set(data_offsets=[1 << 63, (1 << 63) + 48]))),
        ("places turned round", "refused", lambda: _safetensors(_set(data_offsets=[48, 0]))),
        ("place of a float", "refused", lambda: _safetensors(_set(data_offsets=[0.0, 48.0]))),
        ("shape that overflows", "refused", lambda: _safetensors(_set(shape=[1 << 62, 4]))),
        ("shape of zeros and more", "refused",
         lambda: _safetensors(_set(shape=[0, 1 << 70], data_offsets=[0, 0]))),
        ("100 axes", "refused", lambda: _safetensors(_set(shape=[1] * 100))),
        ("shape of text", "refused", lambda: _safetensors(_set(shape="43"))),
        ("objects", "refused", lambda: _safetensors(_set(dtype="O"))),
        ("a list for a type", "refused", lambda: _safetensors(_set(dtype=["F32"]))),
        ("two arrays in one place", "refused", lambda: _safetensors(_shared)),
        ("one name twice", "either", lambda: _safetensors(_again)),
        ("120,000 names", "refused", lambda: _safetensors(_many)),
        ("notes of numbers", "either",
         lambda: _safetensors(lambda h: h.update(__metadata__=[1, 2]))),
        ("nested", "refused", lambda: _safetensors(lambda h: b'{"a":' * 9000 + b"}" * 9000)),
        ("no JSON", "refused", lambda: _safetensors(lambda h: b"{" + b"\xff" * 90)),
        ("header beyond the end", "refused", lambda: b"\xff" * 7 + b"\x7f" + b"{}" * 9),
    ]  # fmt: skip
    return [Trial(n, make, wanted, "m.safetensors", "weights") for n, wanted, make in rows]


# --- npz ----------------------------------------------------------------------------------------
def _npz(change: Callable[[bytes], bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(good("m.npz"))) as old,
        zipfile.ZipFile(out, "w", method) as new,
    ):
        for place, member in enumerate(old.infolist()):
            content = old.read(member)
            new.writestr(member.filename, content if place else change(content))
    return out.getvalue()


def _npy(array: np.ndarray, **arguments: Any) -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array(out, array, **arguments)
    return out.getvalue()


def _header(text: bytes) -> Callable[[bytes], bytes]:
    return lambda old: b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little") + text + old[-48:]


def npz() -> list[Trial]:
    """NumPy's archives of arrays."""
    plain = b"{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }\n"
    pickle = b"\x80\x04cos\nsystem\n(S'true'\ntR."
    rows: list[tuple[str, str, Callable[[], bytes]]] = [
        ("as written", "loaded", lambda: good("m.npz")),
        ("packed", "loaded", lambda: _npz(lambda old: old, zipfile.ZIP_DEFLATED)),
        ("doubles by columns", "loaded", lambda: _npz(lambda old: _npy(np.asfortranarray(
            np.load(io.BytesIO(old)).astype("f8"))))),
        ("objects", "refused",
         lambda: _npz(lambda _: _npy(np.array([{}, 1], object), allow_pickle=True))),
        ("a pickle", "refused", lambda: _npz(lambda _: pickle)),
        ("a pickle behind a header", "refused", lambda: _npz(lambda _: _header(
            b"{'descr': '|O', 'fortran_order': False, 'shape': (4, 3), }\n")(pickle * 9))),
        ("code in the header", "refused", lambda: _npz(_header(
            b"{'descr': __import__('os').system('true'), 'fortran_order': False, 'shape': ()}\n"))),
        ("records", "refused", lambda: _npz(lambda _: _npy(np.zeros((4, 3), "f4,f4")))),
        ("shape that overflows", "refused", lambda: _npz(_header(plain % b"4611686018427387904, 4"))
         ),
        ("negative shape", "refused", lambda: _npz(_header(plain % b"-4, 3"))),
        ("shape of thousands of digits", "refused", lambda: _npz(_header(plain % (b"9" * 5000)))),
        ("32,000 axes", "refused", lambda: _npz(_header(plain % (b"1, " * 20_000)))),
        ("type of 99 bytes", "refused", lambda: _npz(lambda old: old.replace(b"'<f4'", b"'<f9'"))),
        ("header beyond the end", "refused",
         lambda: _npz(lambda old: old[:6] + b"\3\0\xff\xff\xff\x7f" + old[12:])),
        ("numbers that lack", "refused", lambda: _npz(lambda old: old[:-4])),
        ("compressed zeros", "refused",
         lambda: _npz(lambda old: old + bytes(64 << 20), zipfile.ZIP_DEFLATED)),
    ]  # fmt: skip
    return [Trial(name, make, wanted, "m.npz", "weights") for name, wanted, make in rows]
