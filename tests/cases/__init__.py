"""The op table: one row or more for every primitive."""

from tests.cases import arithmetic, function, structure

CASES = (*arithmetic.CASES, *function.CASES, *structure.CASES)
