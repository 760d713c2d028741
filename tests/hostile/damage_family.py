"""Good files damaged by chance: cut off, one bit turned, pieces replaced, doubled, left out."""

from __future__ import annotations

import random
import struct

from tests.hostile.trial import FORMS, Trial, good


def _twins() -> list[Trial]:
    return [Trial(f"{file} whole", lambda f=file: good(f), "loaded", file, f"same {loader}")
            for file, loader in FORMS.items()]  # fmt: skip


def truncations() -> list[Trial]:
    """Each form cut off at some 120 places."""
    trials = _twins()
    for file, loader in FORMS.items():
        data = good(file)
        for at in range(0, len(data), max(1, len(data) // 120)):
            trials.append(
                Trial(f"{file}[:{at}]", lambda d=data, n=at: d[:n], "refused", file, loader)
            )
    return trials


def flips() -> list[Trial]:
    """Each form with one bit turned round: the same numbers, or the error."""
    trials = _twins()
    for file, loader in FORMS.items():
        data = good(file)
        for bit in range(3, 8 * len(data), max(1, 8 * len(data) // 450)):
            trials.append(
                Trial(f"{file} bit {bit}", lambda d=data, n=bit: _flipped(d, n), "either", file,
                      f"same {loader}")
            )  # fmt: skip
    return trials


def _flipped(data: bytes, bit: int) -> bytes:
    out = bytearray(data)
    out[bit // 8] ^= 1 << bit % 8
    return bytes(out)


def splices() -> list[Trial]:
    """Each form with up to four pieces replaced, put in, left out, or copied from elsewhere."""
    trials = _twins()
    for file, loader in FORMS.items():
        data = good(file)
        for seed in range(250):
            trials.append(
                Trial(f"{file} splice {seed}", lambda d=data, s=seed: spliced(d, s), "either",
                      file, loader)
            )  # fmt: skip
    return trials


def spliced(data: bytes, seed: int) -> bytes:
    """Return damaged bytes, the same for the same seed."""
    rng = random.Random(seed)
    out = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4])):
        if not out:
            break
        at, size = rng.randrange(len(out)), rng.choice([1, 2, 4, 8, 8, 16, 64])
        other = rng.randrange(len(out))
        number = rng.choice([1, 1 << 31, 1 << 62, len(out)])
        word = rng.choice(
            [b"\xff" * size, bytes(size), bytes(out[other : other + size]),
             struct.pack("<Q", number)]
        )  # fmt: skip
        kind = rng.random()
        if kind < 0.7:
            out[at : at + len(word)] = word
        elif kind < 0.85:
            out[at:at] = word
        else:
            del out[at : at + size]
    return bytes(out)
