"""How near a training must come to another: by float type, and by how many steps it took."""

from __future__ import annotations

import numpy as np

from tests.training.row import Row
from tests.training.train import Numbers

#: After the first step, and after all. float32 rounds to 6e-8; sums over rows and features run in
#: another order, and updates start from reciprocal estimates (2e-7). Rules that divide a gradient
#: by its own size (Adam's first steps) carry the rounding of small gradients into the weights:
#: 2e-6 was the most that 20 steps showed. float64 rounds to 1e-16, and 200 steps of a stable
#: training let that grow to 1e-13 at most.
TOLERANCE = {"float32": (2e-6, 1e-5), "float64": (1e-13, 1e-11)}


def differences(found: Numbers, expected: Numbers, dtype: str, row: Row) -> list[str]:
    """Return one line for each result that differs, in the order in which they came to be."""
    loose = row.loose[dtype == "float64"]
    lines = []
    if list(found) != list(expected):
        lines.append(f"results {list(found)}, expected {list(expected)}")
    for key, want in expected.items():
        if key in found:
            kind = "float32" if any(word in key for word in row.rounded) else dtype
            tolerance = loose * TOLERANCE[kind][not key.startswith("first/")]
            difference = distance(found[key], want)
            if not difference <= tolerance:
                lines.append(f"{key}: off by {difference:.1e}, {found[key]} for {want}"[:300])
    return lines


def distance(found: np.ndarray, expected: np.ndarray) -> float:
    """Return the largest difference, relative for numbers above 1; infinite if not comparable."""
    if found.shape != expected.shape or found.dtype.kind in "US":
        return 0.0 if found.shape == expected.shape and (found == expected).all() else np.inf
    a, b = found.astype("float64"), expected.astype("float64")
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    apart = np.where(same, 0.0, np.abs(a - b) / (1 + np.abs(b)))
    apart = np.where(np.isnan(apart), np.inf, apart)
    return float(apart.max(initial=0.0))


def same_bits(found: Numbers, expected: Numbers) -> None:
    """Check that all results are equal to the last bit, NaN included."""
    assert list(found) == list(expected)
    for key, want in expected.items():
        assert found[key].dtype == want.dtype, key
        assert found[key].tobytes() == want.tobytes(), f"{key} differs in its bits"
