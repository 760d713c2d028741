"""The parts of a model that keep variables, under the paths that Keras gives them in files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..graph.naming import snake_case
from ..graph.variable import Variable
from ..layers.layer import Layer
from ..optimizers import Optimizer
from ..random import SeedGenerator
from .feature import Feature


@dataclass(frozen=True)
class Owner:
    """A layer, model, optimizer or seed generator: where a file keeps its variables, and which.

    Keras writes no seed generators, so a file may lack them.
    """

    path: str
    name: str
    variables: list[Variable]
    is_optimizer: bool = False
    layer: Any = None
    is_seed: bool = False


def owners(model: Layer, as_keras_2: bool = False) -> list[Owner]:
    """Return the model, what lies in it, and its optimizer, each once, in Keras' order.

    A path is made of attribute names; in a list or dict it is the class in snake case, numbered
    from the second on. Names that users give do not count, so that two instances of one model
    agree. Where a part lies under two paths, the first one holds: `layers` of Sequential and
    Functional, then attributes by name, private ones last.

    Args:
        model: a model.
        as_keras_2: whether attributes are visited from the last name to the first, and parts that
            were met before are not counted in lists, as in Keras 2.
    """
    return list(_visit(model, "", set(), as_keras_2))


def _visit(part: Any, path: str, seen: set[int], as_keras_2: bool) -> Iterator[Owner]:
    if id(part) in seen:
        return
    seen.add(id(part))
    if isinstance(part, Optimizer):
        yield Owner(path, part.name, list(part.variables), is_optimizer=True)
        return
    if isinstance(part, SeedGenerator):
        yield Owner(path, part.name, [part.state], is_seed=True)
        return
    if isinstance(part, Feature):
        yield from _visit_child(part.preprocessor, f"{path}/preprocessor", seen, as_keras_2)
        return
    own = [*part._trainable_variables, *part._non_trainable_variables]
    yield Owner(path, part.name, own, layer=part)
    children = list(_children(part))
    for name, child in sorted(children, reverse=True, key=_first) if as_keras_2 else children:
        yield from _visit_child(child, f"{path}/{name}" if path else name, seen, as_keras_2)


def _first(pair: tuple[str, Any]) -> str:
    return pair[0]


def _visit_child(child: Any, path: str, seen: set[int], as_keras_2: bool) -> Iterator[Owner]:
    if _is_part(child):
        yield from _visit(child, path, seen, as_keras_2)
    elif isinstance(child, (list, tuple, dict)):
        used: Counter[str] = Counter()
        for one in child.values() if isinstance(child, dict) else child:
            is_container = isinstance(one, (list, tuple, dict))
            if not is_container and not _is_part(one):
                continue
            if as_keras_2 and id(one) in seen:
                continue
            word = "container" if is_container else snake_case(_word(one))
            name = f"{word}_{used[word]}" if used[word] else word
            used[word] += 1
            yield from _visit_child(one, f"{path}/{name}", seen, as_keras_2)


def _word(part: Any) -> str:
    """Return what Keras calls the part's class: seldom another name than the public one."""
    return getattr(part, "_word_in_files", "") or type(part).__name__


def _is_part(value: Any) -> bool:
    return isinstance(value, (Layer, Optimizer, SeedGenerator, Feature))


def _children(part: Any) -> Iterator[tuple[str, Any]]:
    """Give the attributes that may hold parts: those of the user's class, and `layers`."""
    from .functional import Functional
    from .sequential import Sequential

    found: dict[str, Any] = {k: v for k, v in vars(part).items() if k not in _internal(part)}
    if hasattr(part, "compiled_step"):
        found["optimizer"] = part.optimizer
    if hasattr(part, "layers"):
        found["layers"] = part.layers
    if isinstance(part, (Sequential, Functional)):
        yield "layers", found.pop("layers")
    for name in sorted(found, key=lambda n: f"~{n}" if n.startswith("_") else n):
        yield name, found[name]


def _internal(part: Any) -> Mapping[str, Any] | frozenset[str]:
    """Return the attributes in which a layer or model keeps its own affairs."""
    return part._unheld | {
        "_function", "_members", "_stack", "_programs", "_busy", "_entry", "_input_form",
        "_one_row", "_front", "_build_shapes", "_kept", "_wide",
    }  # fmt: skip
