"""The arithmetic behind the benchmark's shares and ratios."""

from benchmarks.claims.steps import flops
from benchmarks.table import Report, figure, ratio, text


def test_the_operations_of_a_step_are_counted_by_hand() -> None:
    # Forward 78,400 + 1,000 products, weight gradients as many, one gradient of activations 1,000;
    # two operations each, 32 rows.
    assert flops((784, 100, 10)) == 2 * 32 * (2 * 79_400 + 1_000) == 10_227_200
    assert flops((784, 300, 100, 10)) == 2 * 32 * (2 * 266_200 + 31_000)


def test_a_missing_figure_is_never_a_met_goal() -> None:
    report = Report()
    report.at_least("a", 20, ratio(None, 70.0))
    report.at_least("b", 20, ratio(1400.0, 70.0))
    report.at_most("c", 10, 10.5, " ms")
    report.holds("d", None)
    assert [goal.met for goal in report.goals] == [None, True, False, None]
    drawn = text(report)
    assert "**missed**" in drawn and "not measured" in drawn and "at most 10 ms" in drawn


def test_figures_have_three_digits_that_matter() -> None:
    assert [figure(v) for v in (None, 1234.5, 68.42, 0.0345)] == ["-", "1,234", "68.4", "0.0345"]
