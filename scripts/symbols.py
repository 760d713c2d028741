"""Which public names of Keras 3 work here: writes docs/keras/symbols.md from the code itself.

    python scripts/symbols.py             write the table
    python scripts/symbols.py --names     write docs/keras/names.tsv anew from an installed Keras

`names.tsv` lists each name with its parameters. `remarks.tsv` says by hand what the code cannot:
how a name differs although its parameters are the same. Why a name is not here, the library says
itself where it is asked for (`ranvier/graph/absent.tsv`).
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "keras"
STATES = ("works", "differs", "not here")
#: Keras has its operations a second time in modules of their own.
_SECOND = ("keras.ops.numpy.", "keras.ops.nn.", "keras.ops.linalg.", "keras.ops.image.")
_OPEN = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)

HEAD = """# Keras 3.15, name by name

Written by `python scripts/symbols.py`; `tests/docs/test_symbols.py` fails when this table and the
code disagree.

- **works**: the name is here, and takes every parameter that Keras' has.
- **differs**: the name is here, and the row says what is otherwise.
- **not here**: the row says why, and what to use.

"""


# --- what Keras has -------------------------------------------------------------------------------
def keras_names() -> dict[str, list[str]]:
    """Return every public name of the installed Keras with its parameters."""
    import keras

    return dict(sorted(_walk(keras, "keras", set())))


def _walk(module: ModuleType, prefix: str, seen: set[str]) -> Iterator[tuple[str, list[str]]]:
    for name, value in sorted(vars(module).items()):
        full = f"{prefix}.{name}"
        if name.startswith("_") or full in seen:
            continue
        seen.add(full)
        if not isinstance(value, ModuleType):
            yield full, _named(value)
        elif value.__name__.startswith("keras.") and ".src" not in value.__name__:
            yield from _walk(value, full, seen)


def _named(value: Any) -> list[str]:
    """Return the parameters that have names, without those every object has."""
    try:
        taken = inspect.signature(value).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p.name for p in taken if p.kind not in _OPEN and p.name != "self"]


def by_position(value: Any) -> list[str]:
    """Return the names of the parameters that may come by position, in their order."""
    try:
        taken = inspect.signature(value).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p.name for p in taken if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]


def read_names() -> dict[str, list[str]]:
    """Return the names that are kept in the repository."""
    lines = (FOLDER / "names.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("\t") for line in lines)
    return {name: parameters.split() for name, _, parameters in pairs}


# --- what is here ---------------------------------------------------------------------------------
def read_remarks() -> list[tuple[str, str, str]]:
    """Return (pattern, state, text), the first that fits holds."""
    from ranvier.graph.errors import reasons

    lines = (FOLDER / "remarks.tsv").read_text(encoding="utf-8").splitlines()
    missing = [(pattern, "not here", text) for pattern, text in reasons()]
    return missing + [tuple(line.split("\t")) for line in lines if line]  # type: ignore[misc]


def rows() -> dict[str, tuple[str, str]]:
    """Return the state of each name, and what there is to say of it."""
    remarks = read_remarks()
    return {name: _state(name, wanted, remarks) for name, wanted in read_names().items()}


def _state(
    name: str, wanted: list[str], remarks: list[tuple[str, str, str]]
) -> tuple[str, str]:  # fmt: skip
    said = next(((s, text) for pattern, s, text in remarks if fnmatchcase(name, pattern)), None)
    value = found(name)
    if value is None:
        second = next((p for p in _SECOND if name.startswith(p)), None)
        short = f"keras.ops.{name.rpartition('.')[2]}"
        if second and found(short) is not None:
            return "differs", f"at `{short}`"
        if second and said is None and name != short:
            return _state(short, wanted, remarks)
        return ("not here", said[1]) if said and said[0] == "not here" else ("not here", "not yet")
    if said and said[0] != "not here":
        return said
    if said and said[1].startswith("(says so)"):  # the name only tells what to use instead
        return said[0], said[1][10:]
    lacking = [] if _takes_all(value) else [p for p in wanted if p not in _parameters(value)]
    if lacking:
        return "differs", "does not take " + ", ".join(f"`{p}`" for p in lacking)
    return "works", ""


def found(name: str) -> Any:
    """Return what has the name of Keras here, or None."""
    import ranvier

    value: Any = ranvier
    for part in name.split(".")[1:]:
        try:
            value = getattr(value, part)
        except Exception:  # some names are there to say what to use instead
            return None
    return value


def _takes_all(value: Any) -> bool:
    if not callable(value) or type(value).__name__ == "Op":
        return True
    if inspect.isclass(value):
        return False
    try:
        kinds = [p.kind for p in inspect.signature(value).parameters.values()]
    except (TypeError, ValueError):
        return True
    return inspect.Parameter.VAR_KEYWORD in kinds


def _parameters(value: Any) -> set[str]:
    from ranvier.graph.config import parameters

    if inspect.isclass(value):
        if value.__init__ is object.__init__:
            return set(_named(value))
        return {*parameters(value), *_named(value)}
    return set(_named(value))


# --- the table ------------------------------------------------------------------------------------
def table() -> str:
    """Return the text of docs/keras/symbols.md."""
    found = rows()
    groups: dict[str, list[str]] = {}
    for name in found:
        groups.setdefault(name.rpartition(".")[0], []).append(name)
    counts = [sum(state == s for state, _ in found.values()) for s in STATES]
    lines = [HEAD, "| module | " + " | ".join(STATES) + " |", "|---|--:|--:|--:|"]
    for group, names in sorted(groups.items()):
        each = [sum(found[n][0] == s for n in names) for s in STATES]
        lines.append(f"| `{group}` | " + " | ".join(map(str, each)) + " |")
    lines.append("| all | " + " | ".join(map(str, counts)) + " |")
    for group, names in sorted(groups.items()):
        lines += ["", f"## {group}", "", "| name | state | |", "|---|---|---|"]
        lines += [f"| `{n.rpartition('.')[2]}` | {found[n][0]} | {found[n][1]} |" for n in names]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> None:
    """Write the files."""
    FOLDER.mkdir(exist_ok=True)
    if "--names" in arguments:
        text = "".join(f"{n}\t{' '.join(p)}\n" for n, p in keras_names().items())
        (FOLDER / "names.tsv").write_text(text, encoding="utf-8")
    (FOLDER / "symbols.md").write_text(table(), encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main(sys.argv[1:])
