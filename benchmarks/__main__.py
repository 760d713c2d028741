"""Run the claims, print the table, and write `benchmarks/RESULTS.md`."""

import argparse
import datetime
import time
from pathlib import Path

import ranvier
from benchmarks import environment, machine, table
from benchmarks.claims import (
    families,
    layers,
    library,
    many,
    memory,
    one_row,
    regression,
    startup,
    steps,
    threads,
)
from benchmarks.run import Run

CLAIMS = {
    "steps": steps,
    "regression": regression,
    "layers": layers,
    "families": families,
    "one_row": one_row,
    "startup": startup,
    "threads": threads,
    "memory": memory,
    "many": many,
    "library": library,
}
RESULTS = Path(__file__).parent / "RESULTS.md"


def main() -> None:
    """Make the peers' environments, measure, report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=CLAIMS, default=list(CLAIMS))
    parser.add_argument("--turns", type=int, default=5, help="how often each is measured")
    parser.add_argument("--peers", nargs="*", default=list(environment.PACKAGES))
    parser.add_argument("--quick", action="store_true", help="little data, nothing written")
    options = parser.parse_args()
    started = time.perf_counter()
    peers = {name for name in options.peers if environment.make(name)}
    run = Run(peers, options.turns, options.quick, table.Report())
    for name in options.only:
        CLAIMS[name].measure(run)
    minutes = (time.perf_counter() - started) / 60
    whole = not options.quick and options.only == list(CLAIMS)
    page = _page(run, minutes, options)
    print("\n" + page)
    if whole:
        RESULTS.write_text(page)
        print(f"Written to {RESULTS.relative_to(environment.ROOT)}.")


def _page(run: Run, minutes: float, options: argparse.Namespace) -> str:
    about = machine.describe() | {"Ranvier": ranvier.__version__} | run.report.versions
    today = datetime.datetime.now(datetime.UTC).date()
    facts = "\n".join(f"- {name}: {value}" for name, value in about.items())
    return (
        f"# Results\n\nMeasured on {today} with `make bench` (python -m benchmarks --turns "
        f"{options.turns}) in {minutes:.0f} minutes. All figures are of one run: every worker is "
        "a process of its own, and they take turns. Tables have the medians; ratios and shares "
        "are taken turn by turn, and the median of these is kept. Goals are those of the "
        "project's features; a row that is missed says so.\n\n"
        f"{facts}\n\n{table.text(run.report)}"
    )


if __name__ == "__main__":
    main()
