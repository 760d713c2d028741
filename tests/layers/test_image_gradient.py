"""Layers of pictures: their gradients against differences, along one direction."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ranvier import GradientTape, layers, ops

CASES: list[tuple[str, dict[str, Any]]] = [
    ("CenterCrop", {"height": 2, "width": 7}),
    ("RandomBrightness", {"factor": 0.3, "value_range": (-9, 9)}),
    ("RandomContrast", {"factor": 0.3, "value_range": (-9, 9)}),
    ("RandomFlip", {}),
    ("RandomRotation", {"factor": 0.2, "fill_mode": "reflect"}),
    ("RandomTranslation", {"height_factor": 0.3, "width_factor": 0.3, "interpolation": "nearest"}),
    ("RandomZoom", {"height_factor": 0.3, "width_factor": 0.2}),
    ("Resizing", {"height": 3, "width": 7, "interpolation": "bicubic"}),
    ("Resizing", {"height": 2, "width": 2, "antialias": True, "crop_to_aspect_ratio": True}),
    ("UpSampling2D", {"size": 2, "interpolation": "bilinear"}),
]


@pytest.mark.parametrize(("name", "arguments"), CASES, ids=[name for name, _ in CASES])
def test_a_gradient_is_the_slope_along_a_direction(name: str, arguments: dict[str, Any]) -> None:
    rng = np.random.default_rng(0)
    x, along = rng.normal(size=(2, 3, 4, 5, 2))  # two times: 3 pictures of 4 x 5
    seed = {"seed": 5} if name.startswith("Random") else {}

    def value(pictures: Any) -> Any:
        layer = getattr(layers, name)(**arguments, **seed, dtype="float64")
        return ops.sum(layer(pictures, training=True) ** 2)

    with GradientTape() as tape:
        watched = ops.convert_to_tensor(x)
        tape.watch(watched)
        total = value(watched)
    slope = np.sum(tape.gradient(total, watched) * along)
    step = 1e-5
    wanted = (float(value(x + step * along)) - float(value(x - step * along))) / (2 * step)
    assert slope == pytest.approx(wanted, rel=1e-6)
