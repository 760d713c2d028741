"""`--hidden 300 100`: an option that takes as many numbers as follow it."""

from __future__ import annotations

import re
from typing import Any

import click

_NUMBER = re.compile(r"[-+]?[\d.,]+")


class WidthsCommand(click.Command):
    """A command whose option --hidden takes all the numbers that follow it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Join the numbers into one value, which `Widths` takes apart."""
        return super().parse_args(ctx, _join(args, "--hidden"))


class Widths(click.ParamType):
    """Widths of hidden layers: "300 100" or "300,100"; the empty text is no hidden layer."""

    name = "widths"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Return the widths as ints."""
        if isinstance(value, tuple):
            return value
        words = str(value).replace(",", " ").split()
        for word in words:
            if not word.isdecimal() or int(word) < 1:
                self.fail(
                    f"got {word!r}, expected positive ints, one for each hidden layer, "
                    "for instance --hidden 300 100.",
                    param,
                    ctx,
                )
        return tuple(int(word) for word in words)


def _join(args: list[str], option: str) -> list[str]:
    joined: list[str] = []
    rest = list(args)
    while rest:
        word = rest.pop(0)
        if word == option or word.startswith(option + "="):
            numbers = [word[len(option) + 1 :]] if "=" in word else []
            while rest and _NUMBER.fullmatch(rest[0]):
                numbers.append(rest.pop(0))
            joined += [f"{option}={' '.join(numbers)}"]
        else:
            joined.append(word)
    return joined
