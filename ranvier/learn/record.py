"""The folder of a search: what was asked, and one line for each training that is done."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from ranvier.errors import ArgumentError

from .candidate import CUT, Candidate, Outcome


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
        self.asked = self._agree(asked, seed_given)
        self.known: dict[tuple[int, int], tuple[dict[str, Any], Outcome]] = {}
        self._read()

    def _agree(self, asked: dict[str, Any], seed_given: bool) -> dict[str, Any]:
        path = self.folder / "search.json"
        if not path.exists():
            part = path.with_suffix(".part")
            part.write_text(json.dumps(asked, indent=1), encoding="utf-8")
            os.replace(part, path)
            return asked
        try:
            before: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ArgumentError(
                f"{self.place}, `folder`: {path} is not what a search writes ({error}). Give "
                "another folder, or delete this one to begin anew."
            ) from error
        if not seed_given:
            asked = {**asked, "seed": before["seed"]}
        for name, value in json.loads(json.dumps(asked)).items():
            if before.get(name) != value:
                raise ArgumentError(
                    f"{self.place}, `folder`: {self.folder} holds a search with {name}="
                    f"{before.get(name)!r}, but now it is {value!r}. Give another folder, or "
                    "delete this one to begin anew."
                )
        return before

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
                outcome = Outcome(one["number"], one["rung"], one["state"], one["curves"],
                                  one["seconds"], one["error"])  # fmt: skip
                params = one["params"]
            except (ValueError, KeyError, TypeError) as error:
                raise ArgumentError(
                    f"{self.place}, `folder`: {self._lines} holds a line that is none of a search "
                    f"({error!r}). Delete the folder to begin anew."
                ) from error
            if outcome.state != CUT:
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
        return outcome if params == written(candidate.params) else None

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
        for other in self.folder.glob("candidate-*.keras"):
            if other != kept:
                other.unlink()


def named(value: Any) -> str:
    """Return a name for what JSON does not know: the same in the next process."""
    return str(getattr(value, "__name__", None) or re.sub(r" at 0x[0-9a-f]+", "", repr(value)))


def written(value: Any) -> Any:
    """Return a value as a folder has it: what JSON does not know by name, tuples as lists."""
    return json.loads(json.dumps(value, default=named))


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
