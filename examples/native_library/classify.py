"""Calls fashion.so through ctypes: it needs neither Ranvier nor NumPy.

python classify.py [folder of fashion.so]
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

CLASSES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker",
           "Bag", "Ankle boot")  # fmt: skip


class Tensor(ctypes.Structure):
    """What the library says of an input or an output; see fashion.h."""

    _fields_ = (
        ("name", ctypes.c_char_p), ("dtype", ctypes.c_char_p), ("rank", ctypes.c_int64),
        ("shape", ctypes.POINTER(ctypes.c_int64)), ("size", ctypes.c_int64),
    )  # fmt: skip


def main() -> None:
    """Classify one picture: a light square on black."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    library = ctypes.CDLL(str((folder / "fashion.so").resolve()))
    for side in (library.fashion_input, library.fashion_output):
        side.argtypes, side.restype = [ctypes.c_int64], ctypes.POINTER(Tensor)
    library.fashion_predict.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]

    pixels = library.fashion_input(0).contents.size
    x, y = (ctypes.c_float * pixels)(), (ctypes.c_float * len(CLASSES))()
    for i in range(pixels):
        row, column = divmod(i, 28)
        x[i] = 200.0 if 5 < row < 22 and 5 < column < 22 else 0.0
    if library.fashion_predict(x, y, 1):
        raise SystemExit("fashion_predict refused its arguments")
    best = max(range(len(CLASSES)), key=lambda c: y[c])
    print(f"{CLASSES[best]} {y[best]:.6f}")


if __name__ == "__main__":
    main()
