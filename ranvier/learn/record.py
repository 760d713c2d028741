"""The folder of a search: what was asked, and one line for each training that is done."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ranvier.errors import ArgumentError

from .candidate import CUT, FAILED, STATES, Candidate, Outcome


class Record:
    """Keeps outcomes on disk, so that a search goes on after the process was killed.

    Lines are only ever added, each in one write that reaches the disk before the search goes on;
    the part of a line that a kill may leave at the end is left out when the file is read.

    Args:
        folder: made if it is not there.
        asked: what the search is: another one in the same folder is refused.
        place: how messages call the caller.
        seed_given: whether the user gave the seed; else the one drawn when it began goes on.

    Raises:
        ArgumentError: if the folder holds another search.
    """

    def __init__(
        self, folder: str | os.PathLike[str], asked: dict[str, Any], place: str, seed_given: bool
    ) -> None:
        self.folder, self.place = Path(folder), place
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lines = self.folder / "records.jsonl"
        before = self._before()
        self.known: dict[tuple[int, int], tuple[dict[str, Any], Outcome]] = {}
        self._read()
        #: What the search is: where nothing is done yet, it may become another one.
        self.asked = before if self.known else {}
        if not seed_given:
            asked = {**asked, "seed": self.asked.get("seed", asked["seed"])}
        self.agree(asked)

    def _before(self) -> dict[str, Any]:
        """Return what is written down of the search in the folder."""
        path = self.folder / "search.json"
        try:
            return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}
        except (ValueError, TypeError, RecursionError) as error:
            raise ArgumentError(
                f"{self.place}, `folder`: {path} is not what a search writes ({error}). Give "
                "another folder, or delete this one to begin anew."
            ) from error

    def agree(self, asked: dict[str, Any]) -> None:
        """Refuse what is asked if it is not what the folder holds; what it lacks is written down.

        Raises:
            ArgumentError: with what differs.
        """
        asked = written(asked)
        before, self.asked = self.asked, {**asked, **self.asked}
        for name, value in asked.items():
            different = difference(self.asked[name], value, name)
            if different is not None:
                place, old, new = different
                raise ArgumentError(
                    f"{self.place}, `folder`: {self.folder} holds a search with {place}={old!r}, "
                    f"but now it is {new!r}. Give another folder, or delete this one to begin anew."
                )
        if self.asked != before:
            path = self.folder / "search.json"
            part = path.with_suffix(".part")
            part.write_text(json.dumps(self.asked, indent=1), encoding="utf-8")
            os.replace(part, path)

    def _read(self) -> None:
        if not self._lines.exists():
            return
        content = self._lines.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.truncate(self._lines, whole)
        for line in content[:whole].splitlines():
            try:
                one = json.loads(line)
                outcome, params = _outcome(one), dict(one["params"])
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise ArgumentError(
                    f"{self.place}, `folder`: {self._lines} holds a line that is none of a search "
                    f"({error!r}). Delete the folder to begin anew."
                ) from error
            if outcome.state not in (CUT, FAILED):  # what failed may do so no more
                self.known[outcome.number, outcome.rung] = params, outcome

    def add(self, candidate: Candidate, outcome: Outcome) -> None:
        """Write an outcome down; when this returns, no kill undoes it."""
        line = json.dumps({
            "number": outcome.number, "rung": outcome.rung, "params": candidate.params,
            "seed": candidate.seed, "state": outcome.state, "curves": outcome.curves,
            "seconds": outcome.seconds, "error": outcome.error,
        }, default=named)  # fmt: skip
        with open(self._lines, "ab", buffering=0) as file:
            file.write(line.encode() + b"\n")
            os.fsync(file.fileno())

    def find(self, candidate: Candidate, rung: int) -> Outcome | None:
        """Return what is written down of a candidate's training."""
        params, outcome = self.known.get((candidate.number, rung), (None, None))
        return outcome if text(params) == text(candidate.params) else None

    def params(self, number: int) -> dict[str, Any] | None:
        """Return the parameters of a candidate that is written down."""
        return self.known[number, 0][0] if (number, 0) in self.known else None

    def model_file(self, number: int) -> Path:
        """Return where the model of a candidate lies, if it is the best one."""
        return self.folder / f"candidate-{number}.keras"

    def keep_model(self, number: int, model: Any) -> None:
        """Save the model of the best candidate, and delete that of the one before."""
        kept = self.model_file(number)
        model.save(kept)
        for other in self.folder.glob("candidate-[0-9]*.keras"):
            if other != kept:
                other.unlink()


def _outcome(one: dict[str, Any]) -> Outcome:
    """Return the outcome in a line; what is none raises what reading it as one raises."""
    if one["state"] not in STATES:
        raise ValueError(f"state {one['state']!r}")
    curves = [
        {name: [float(value) for value in line] for name, line in curve.items()}
        for curve in one["curves"]
    ]
    return Outcome(int(one["number"]), int(one["rung"]), one["state"], curves,
                   float(one["seconds"]), one["error"])  # fmt: skip


def named(value: Any) -> str:
    """Return a name for what JSON does not know: the same in the next process."""
    return str(getattr(value, "__name__", None) or re.sub(r" at 0x[0-9a-f]+", "", repr(value)))


def text(value: Any) -> str:
    """Return a value in JSON: what that does not know by its name, tuples as lists."""
    return json.dumps(value, default=named)


def written(value: Any) -> Any:
    """Return a value as a folder gives it back."""
    return json.loads(text(value))


def difference(before: Any, now: Any, place: str) -> tuple[str, Any, Any] | None:
    """Return where two values, as a folder has them, differ first, and both; None if they do not.

    Example:
        >>> difference({"layers": [{"units": 8}]}, {"layers": [{"units": 9}]}, "model")
        ('model.layers.0.units', 8, 9)
    """
    inner = isinstance(now, list) and any(isinstance(one, (dict, list)) for one in now)
    if inner and isinstance(before, list) and len(before) == len(now):
        before, now = dict(enumerate(before)), dict(enumerate(now))
    if isinstance(before, dict) and isinstance(now, dict) and before.keys() == now.keys():
        found = (difference(before[key], now[key], f"{place}.{key}") for key in now)
        return next((one for one in found if one is not None), None)
    return None if before == now else (place, before, now)


def described(model: Any) -> Any:
    """Return what a compiled model is, as a folder has it: the same for another like it.

    Names that were given out to its layers in the order in which they were made are left out.
    Functions are known by their names; a class of the user's own by its config and its weights.
    """
    words = written({
        "class": type(model).__name__, "config": model.get_config(),
        "compile": model.get_compile_config(),
        "weights": [list(one.shape) for one in model.weights],
    })  # fmt: skip
    names = {name: f"name {number}" for number, name in enumerate(dict.fromkeys(_names(words)))}
    return _renamed(words, names)


def _names(words: Any) -> Iterator[str]:
    """Yield the names in configs, but those of element types."""
    if isinstance(words, dict):
        inner = words.get("config")
        if isinstance(inner, dict) and words.get("class_name") != "DTypePolicy":
            yield from (one for one in [inner.get("name")] if isinstance(one, str))
        words = list(words.values())
    if isinstance(words, list):
        for one in words:
            yield from _names(one)


def _renamed(words: Any, names: dict[str, str]) -> Any:
    if isinstance(words, dict):
        return {key: _renamed(one, names) for key, one in words.items()}
    if isinstance(words, list):
        return [_renamed(one, names) for one in words]
    return names.get(words, words) if isinstance(words, str) else words


def fingerprint(*data: Any) -> str:
    """Return a word for data: another for others, and the same in the next process."""
    from joblib import hash as hash_of

    return str(hash_of(_plain(data)))


def _plain(data: Any) -> Any:
    if isinstance(data, (list, tuple)):
        return [_plain(one) for one in data]
    if isinstance(data, dict):
        return {name: _plain(one) for name, one in data.items()}
    return data.to_numpy() if hasattr(data, "to_numpy") else data
