"""`--hidden` and the numbers after it."""

import click
import pytest
from click.testing import CliRunner

from ranvier.cli.widths import Widths, WidthsCommand


@click.command(cls=WidthsCommand)
@click.argument("word")
@click.option("--hidden", type=Widths(), default="100")
@click.option("--seed", type=int, default=0)
def command(word: str, hidden: tuple[int, ...], seed: int) -> None:
    click.echo(f"{word} {hidden} {seed}")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["a"], "a (100,) 0"),
        (["a", "--hidden", "300", "100"], "a (300, 100) 0"),
        (["--hidden", "300", "100", "a", "--seed", "3"], "a (300, 100) 3"),
        (["--hidden=300", "100", "--seed", "3", "a"], "a (300, 100) 3"),
        (["--hidden", "300,100", "a"], "a (300, 100) 0"),
        (["a", "--hidden"], "a () 0"),
    ],
)
def test_takes_all_numbers_that_follow(args: list[str], said: str) -> None:
    assert CliRunner().invoke(command, args).output == said + "\n"


@pytest.mark.parametrize("bad", ["0", "-5", "1.5"])
def test_refuses_what_is_no_width(bad: str) -> None:
    result = CliRunner().invoke(command, ["a", "--hidden", "3", bad])
    assert result.exit_code == 2
    assert f"got '{bad}', expected positive ints" in result.output
