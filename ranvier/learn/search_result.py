"""SearchResult: what `search` found, candidate by candidate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ranvier.errors import NotBuiltError

from . import text_table
from .candidate import CUT, FAILED, WAITING, Candidate


class SearchResult:
    """Every candidate of a search, the best first in its tables.

    Attributes:
        candidates: in the order in which they were made: `params`, `value`, `history`, `seed`,
            `state`, ...
        objective: the name of what was compared.
        best_model: the trained model of the best candidate; with `cv`, where it has several, the
            one trained anew on all rows; None with `refit=False` or after Ctrl-C. It has the
            weights of its last epoch, while `best_value` is of its best one, unless
            EarlyStopping(restore_best_weights=True) among the callbacks brought those back.
        best_transformer: the fitted preprocessing of the rows that it takes, if there is any.
        interrupted: whether Ctrl-C ended the search.
    """

    def __init__(
        self,
        candidates: Sequence[Candidate],
        objective: str,
        sign: float,
        interrupted: bool = False,
        best_model: Any = None,
    ) -> None:
        self.candidates = [one for one in candidates if one.state != WAITING]
        self.objective, self.interrupted = objective, interrupted
        self.best_model = best_model
        self.best_transformer: Any = None
        self._sign = sign

    @property
    def ranked(self) -> list[Candidate]:
        """The candidates from the best to the worst; those without a value at the end."""
        return sorted(
            self.candidates,
            key=lambda one: (
                not one.counts,
                -self._sign * one.value if one.counts else one.state == FAILED,
                one.number,
            ),
        )

    @property
    def best(self) -> Candidate:
        """The best candidate.

        Raises:
            NotBuiltError: if none has a value.
        """
        ranked = self.ranked
        if not ranked or not ranked[0].counts:
            raise NotBuiltError(f"search: no candidate came to a value of {self.objective!r}.")
        return ranked[0]

    @property
    def best_params(self) -> dict[str, Any]:
        """The parameters of the best candidate."""
        return self.best.params

    @property
    def best_value(self) -> float:
        """The objective of the best candidate, in its best epoch."""
        return self.best.value

    def __len__(self) -> int:
        return len(self.candidates)

    def _table(self, candidates: Sequence[Candidate]) -> tuple[list[str], list[list[Any]]]:
        names = list(dict.fromkeys(n for one in self.candidates for n in one.params))
        head = ["candidate", *names, self.objective, "epoch", "epochs", "state"]
        rows: list[list[Any]] = [
            [one.number, *(one.params.get(name) for name in names), one.value, one.epoch,
             one.epochs, one.state]
            for one in candidates
        ]  # fmt: skip
        return head, rows

    def to_frame(self) -> Any:
        """Return a pandas frame with a row a candidate, the best first (without pandas: a dict).

        The column `history` holds each one's learning curve, `seed`, `seconds` and `error` the
        rest.
        """
        head, rows = self._table(self.ranked)
        extra = ["seconds", "seed", "error", "history"]
        full = [
            [*row, *(getattr(one, name) for name in extra)]
            for row, one in zip(rows, self.ranked, strict=True)
        ]
        return text_table.frame([*head, *extra], full)

    def curves(self) -> Any:
        """Return the objective by epoch (rows) and candidate (columns), as a pandas frame.

        Without pandas it is a dict of lists, filled up with NaN.
        """
        lines = {one.number: one.history.get(self.objective, []) for one in self.candidates}
        longest = max(map(len, lines.values()), default=0)
        table = [
            [k + 1, *(line[k] if k < len(line) else float("nan") for line in lines.values())]
            for k in range(longest)
        ]
        found = text_table.frame(["epoch", *map(str, lines)], table)
        return found.set_index("epoch") if hasattr(found, "set_index") else found

    def __repr__(self) -> str:
        ranked = self.ranked
        lines = [text_table.text(*self._table(ranked[:10]))] if ranked else ["no candidates"]
        if len(ranked) > 10:
            lines.append(f"... and {len(ranked) - 10} more")
        cut = sum(one.state == CUT for one in ranked)
        if cut or self.interrupted:
            lines.append(f"({'interrupted' if self.interrupted else 'out of time'}: {cut} cut off)")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return text_table.html(*self._table(self.ranked))
