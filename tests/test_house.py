"""The rules of the house that nobody sees being broken: who imports whom, and what is listed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import ranvier

ROOT = Path(__file__).parent.parent
PUBLIC = set(ranvier.__all__)
PACKAGE = ROOT / "ranvier"
FILES = sorted(PACKAGE.rglob("*.py"))

_WEST = {"graph", "ops"}
_LAYERS = _WEST | {"activations", "initializers", "regularizers", "constraints", "random"}
_ROOF = _LAYERS | {
    "layers", "losses", "metrics", "optimizers", "schedules", "data", "callbacks", "save",
    "transform", "plan", "engines", "config",
}  # fmt: skip

#: Which rooms a room may import besides itself. A room or porch that is not here fails by name.
MAY_IMPORT: dict[str, set[str]] = {
    "graph": set(),
    "ops": {"graph"},
    "transform": {"graph", "ops"},
    "plan": {"graph"},
    "engines": {"graph", "plan", "engines/native"},
    "engines/native": {"graph", "plan", "engines"},
    "random": _WEST,
    "activations": _WEST,
    "initializers": _WEST | {"random"},
    "regularizers": _WEST,
    "constraints": _WEST,
    "schedules": _WEST,
    "losses": _WEST,
    "metrics": _WEST | {"losses"},
    "layers": _LAYERS,
    "optimizers": _WEST | {"schedules", "constraints"},
    "data": {"graph"},
    "datasets": {"graph"},
    "callbacks": {"graph", "save"},
    "save": _LAYERS | {"layers", "losses", "metrics", "optimizers", "schedules"},
    "folders": {"graph", "data", "ops", "layers"},
    "model": _ROOF | {"__init__"},  # its version
    "config": {"graph", "engines", "__init__"},
    "cli": set(),
    "learn": set(),
    # The faces: what Keras has at names where this house has nothing of its own.
    "__init__": {"graph"},
    "backend": _WEST | {"config", "random"},
    "errors": {"graph"},
    "models": {"graph", "model"},
    "preprocessing": {"graph", "data", "folders"},
    "saving": {"graph", "model", "save"},
    "wrappers": {"graph", "learn"},
    "utils": {
        "graph",
        "random",
        "data",
        "callbacks",
        "layers",
        "model",
        "datasets",
        "save",
        "folders",
    },
}

#: Rooms that use what any user may import, by `from ranvier import ...`.
PORCHES = {"cli", "learn"}

#: Imported at first use, so that nobody waits for what is not used.
HEAVY = (
    "PIL", "click", "distributed", "h5py", "jax", "joblib", "keras", "llvmlite", "matplotlib",
    "onnx", "optuna", "pandas", "polars", "pooch", "rich", "scipy", "sklearn",
)  # fmt: skip

#: The room, and what all that it lists extend.
CATALOGS = {
    "callbacks": "Callback", "constraints": "Constraint", "initializers": "Initializer",
    "layers": "Layer", "losses": "Loss", "metrics": "Metric", "optimizers": "Optimizer",
    "regularizers": "Regularizer", "schedules": "LearningRateSchedule",
}  # fmt: skip

#: Classes that nobody makes by name: operations on KerasTensors stand in models as OpLayers, and
#: Keras shows what its random initializers extend.
UNLISTED = {
    "initializers": {"RandomInitializer"},
    "layers": {"ConvLSTMCell", "OpLayer", "SpatialDropout"},
}


def module_of(path: Path) -> tuple[str, ...]:
    """Return the parts of a file's module name: ("ranvier", "ops", "index")."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts


def room_of(module: tuple[str, ...]) -> str:
    """Return the room of a module; each engine with a folder of its own is a room."""
    if len(module) < 2:
        return "__init__"
    if module[1] == "engines" and len(module) > 2:
        if (PACKAGE / "engines" / module[2]).is_dir():
            return f"engines/{module[2]}"
    return module[1]


def is_module(parts: tuple[str, ...]) -> bool:
    path = ROOT.joinpath(*parts)
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def imported(path: Path, everywhere: bool = True) -> Iterator[tuple[str, ...]]:
    """Yield the modules of the package that a file imports, or only those at its top level."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    home = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(tree) if everywhere else tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "ranvier":
                    yield tuple(alias.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            base = home[: len(home) - node.level + 1] if node.level else ()
            base += tuple((node.module or "").split(".")) if node.module else ()
            if base[:1] == ("ranvier",):
                for alias in node.names:
                    deeper = (*base, alias.name)
                    yield deeper if is_module(deeper) else base


def test_rooms_import_only_what_lies_below_them() -> None:
    wrong = []
    for path in FILES:
        room = room_of(module_of(path))
        assert room in MAY_IMPORT, f"{room} is no room that the house knows"
        for module in imported(path):
            other = room_of(module)
            public = room in PORCHES and (len(module) == 1 or ".".join(module[1:]) in PUBLIC)
            if other != room and other not in MAY_IMPORT[room] and not public:
                wrong.append(f"{path.relative_to(ROOT)} imports {'.'.join(module)}")
    assert not wrong, "\n".join(wrong)


def test_the_rooms_rest_on_each_other_without_a_cycle() -> None:
    rest = {room: set(below) for room, below in MAY_IMPORT.items()}
    rest["engines"].discard("engines/native")  # made when it is first chosen
    for face in ("__init__", *PORCHES):
        rest.pop(face)
    while rest:
        ground = [room for room, below in rest.items() if not below & rest.keys()]
        assert ground, f"a cycle among {sorted(rest)}"
        for room in ground:
            del rest[room]


def test_no_file_imports_itself_by_way_of_others() -> None:
    below = {module_of(p): set(imported(p, everywhere=False)) for p in FILES}
    # The package's own face loads nothing, and a room's face is whole before others see it.
    below.pop(("ranvier", "__init__"), None)
    done: set[tuple[str, ...]] = set()

    def visit(module: tuple[str, ...], path: list[tuple[str, ...]]) -> None:
        assert module not in path, " -> ".join(".".join(m) for m in [*path, module])
        if module not in done:
            for other in sorted(below.get(module, ())):
                if other != module:
                    visit(other, [*path, module])
            done.add(module)

    for module in below:
        visit(module, [])


def test_nobody_takes_a_private_name_from_another_file() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {alias.name}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "")[:7] == "ranvier")
        for alias in node.names
        if alias.name.startswith("_") and not alias.name.startswith("__")
    ]
    assert not wrong, "\n".join(wrong)


def loaded(code: str) -> set[str]:
    """Return the heavy packages in memory after some code, in a fresh process."""
    code += f"\nimport sys\nprint(*(m for m in {HEAVY!r} if m in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_import_loads_no_heavy_package() -> None:
    assert loaded("import ranvier") == set()


def test_the_public_names_load_no_heavy_package() -> None:
    assert loaded("import ranvier\nfor n in ranvier.__all__: getattr(ranvier, n)") == set()


@pytest.mark.parametrize("room", CATALOGS)
def test_the_catalog_lists_the_classes_of_its_room(room: str) -> None:
    home = import_module(f"ranvier.{room}")
    base = getattr(home, CATALOGS[room])
    listed = {v for v in home.CATALOG.values() if isinstance(v, type)}
    found = set()
    for path in (PACKAGE / room).rglob("*.py"):
        module = import_module(".".join(module_of(path)))
        found |= {
            v for v in vars(module).values()
            if isinstance(v, type) and issubclass(v, base) and v.__module__ == module.__name__
            and not v.__name__.startswith("_")
        }  # fmt: skip
    # What is not listed must be a base that others extend, and that users do not see.
    hidden = {
        v for v in found
        if any(v in other.__mro__[1:] for other in found) and not hasattr(home, v.__name__)
    }  # fmt: skip
    missing = {v.__name__ for v in found - listed - hidden - {base}} - UNLISTED.get(room, set())
    assert not missing, f"add them to CATALOG in ranvier/{room}/__init__.py"
    assert all(v.__module__.startswith(f"ranvier.{room}.") for v in listed)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_file_and_public_name_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert first_line(tree)[-1:] in (".", ":"), "no line at the top"
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            assert first_line(node), f"{node.name} has no docstring"


def first_line(node: ast.Module | ast.FunctionDef | ast.ClassDef) -> str:
    return (ast.get_docstring(node) or "").partition("\n")[0]
