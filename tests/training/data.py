"""The data of the training table: rows of 13 features, and targets for every loss."""

from __future__ import annotations

import numpy as np

#: Of 70 rows, a row of the table uses all or the first 66: see `row.PARTIAL`.
ROWS, FEATURES, CLASSES = 70, 13, 5
_RNG = np.random.default_rng(29)

X = _RNG.normal(size=(ROWS, FEATURES))
_SIGNAL = X[:, :CLASSES] + 0.5 * _RNG.normal(size=(ROWS, CLASSES))

#: Class numbers, and the same as rows of 0 and 1.
LABELS = np.argmax(_SIGNAL, axis=1)
ONE_HOT = np.eye(CLASSES)[LABELS]
#: One question with two answers, and several.
BIT = (X[:, :1] + X[:, 1:2] > 0.2).astype("int64")
BITS = (_SIGNAL > 0.3).astype("float64")
SIGNS = 2 * BITS - 1
#: One number, several, above 0, whole, and shares of a whole.
NUMBER = np.sin(X[:, :1]) + 0.5 * X[:, 1:2] ** 2
NUMBERS = np.tanh(_SIGNAL) + 0.3 * X[:, 5:10]
POSITIVE = np.exp(0.5 * NUMBERS)
COUNTS = np.floor(POSITIVE * 2)
SHARES = POSITIVE / POSITIVE.sum(axis=1, keepdims=True)
#: What rows count; one counts nothing.
WEIGHTS = _RNG.uniform(0.2, 2.0, ROWS)
WEIGHTS[4] = 0.0
#: Pictures of bytes, and a second input.
PICTURES = _RNG.integers(0, 256, (ROWS, 3, 5)).astype("uint8")
MORE = _RNG.normal(size=(ROWS, 3))
#: Each class at least three times in every batch of seven.
PAIRED = np.tile([0, 1, 0, 1, 0, 1, 0], 9)
