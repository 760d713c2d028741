"""What a benchmark reports: rows of figures, and each claim beside its goal; as plain text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Goal:
    """One claim: what was wanted, what was measured; `met` is None where it was not measured."""

    claim: str
    wanted: str
    measured: str
    met: bool | None


@dataclass
class Report:
    """All figures of one run."""

    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    goals: list[Goal] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def row(self, table: str, **cells: str) -> None:
        """Add a row to a table; the keys are its columns."""
        self.tables.setdefault(table, []).append(cells)

    def at_least(self, claim: str, goal: float, value: float | None, unit: str = "x") -> None:
        """Record a claim whose measured value must reach the goal."""
        self._goal(claim, f"at least {goal:g}{unit}", goal, value, unit, lambda v: v >= goal)

    def at_most(self, claim: str, goal: float, value: float | None, unit: str) -> None:
        """Record a claim whose measured value must not pass the goal."""
        self._goal(claim, f"at most {goal:g}{unit}", goal, value, unit, lambda v: v <= goal)

    def holds(self, claim: str, value: bool | None) -> None:
        """Record a claim that is true or not."""
        self.goals.append(Goal(claim, "yes", {None: "-", True: "yes", False: "no"}[value], value))

    def _goal(
        self,
        claim: str,
        wanted: str,
        goal: float,
        value: float | None,
        unit: str,
        test: Callable[[float], bool],
    ) -> None:
        measured = "-" if value is None else f"{figure(value)}{unit}"
        self.goals.append(Goal(claim, wanted, measured, None if value is None else test(value)))


def figure(value: float | None) -> str:
    """Write a number with three digits that matter, or - where there is none."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def ratio(slow: float | None, fast: float | None) -> float | None:
    """Return how many times longer `slow` takes, or None where one is missing."""
    return slow / fast if slow is not None and fast else None


def text(report: Report) -> str:
    """Draw all tables as Markdown that reads well as plain text too."""
    parts = []
    for title, rows in report.tables.items():
        columns = list(dict.fromkeys(name for row in rows for name in row))
        cells = [[row.get(name, "-") for name in columns] for row in rows]
        parts.append(f"## {title}\n\n{_grid(columns, cells)}")
    verdict = {None: "not measured", True: "met", False: "**missed**"}
    goals = [[g.claim, g.wanted, g.measured, verdict[g.met]] for g in report.goals]
    parts.append("## Goals\n\n" + _grid(["claim", "goal", "measured", ""], goals))
    parts += [f"- {note}" for note in report.notes]
    return "\n\n".join(parts) + "\n"


def _grid(columns: list[str], rows: list[list[str]]) -> str:
    widths = [max(len(line[i]) for line in [columns, *rows]) for i in range(len(columns))]

    def line(cells: list[str]) -> str:
        first, *rest = (
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "| " + " | ".join([first, *rest]) + " |"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([line(columns), line(rule), *(line(row) for row in rows)])
