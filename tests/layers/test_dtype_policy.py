"""The types that layers compute in."""

import numpy as np
import pytest

from ranvier.graph.dtype import set_floatx
from ranvier.graph.errors import (
    ArgumentError,
    DTypeError,
)  # fmt: skip
from ranvier.layers import Dense


def test_float64_layers_keep_float64() -> None:
    layer = Dense(2, dtype="float64")
    assert layer(np.ones((1, 3), np.float32)).dtype == np.float64
    assert layer.dtype == layer.kernel.dtype == "float64"
    set_floatx("float64")
    try:
        assert Dense(2)(np.ones((1, 3))).dtype == np.float64
    finally:
        set_floatx("float32")


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "flot32", "complex64"])
def test_types_that_nothing_computes_in_are_refused(dtype: str) -> None:
    with pytest.raises((ArgumentError, DTypeError), match="dtype"):
        Dense(2, dtype=dtype)
