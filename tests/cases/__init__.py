"""The op table."""

from tests.cases import arithmetic, composed, function, structure

#: One row or more for every primitive.
PRIMITIVES = (*arithmetic.CASES, *function.CASES, *structure.CASES)
CASES = (*PRIMITIVES, *composed.COMPOSED)
