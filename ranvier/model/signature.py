"""The shapes and types of the inputs that an exported file takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..graph.errors import ArgumentError, ArgumentTypeError
from .step import Spec


def signature_of(model: Any, names: Sequence[str], given: Any = None) -> tuple[Spec, ...]:
    """Return what goes into the exported step, an entry for each input.

    Args:
        model: a model whose inputs are known.
        names: of the inputs.
        given: None for the model's own shapes; or an `InputSpec`, a tensor or a shape for each
            input, as a list, a dict by name, or alone: it closes the axes that the model left open.

    Raises:
        ArgumentError: if a shape does not fit the model, or leaves more open than the rows.
    """
    tensors = model.known_inputs()
    if given is None:
        shapes = [tuple(tensor.shape) for tensor in tensors]
    else:
        shapes = [_shape(one) for one in _flat(names, given)]
        _check_fit(model, tensors, shapes)
    for name, shape in zip(names, shapes, strict=True):
        if None in shape[1:]:
            sizes = ", ".join("20" if size is None else str(size) for size in shape[1:])
            raise ArgumentError(
                f"export: input '{name}' of model '{model.name}' has shape {shape}, and a "
                "file is made for sizes that are known, all but the number of rows. Say for which, "
                f"for instance input_signature=[(None, {sizes})]."
            )
    return tuple(
        Spec(shape[1:], str(tensor.dtype)) for tensor, shape in zip(tensors, shapes, strict=True)
    )


def _flat(names: Sequence[str], given: Any) -> list[Any]:
    """Return one entry for each input, in the order of the model's."""
    if isinstance(given, dict):
        if set(given) != set(names):
            raise ArgumentError(
                f"export, `input_signature`: got shapes of {', '.join(map(str, given))}, expected "
                f"one for each input: {', '.join(names)}."
            )
        return [given[name] for name in names]
    alone = not isinstance(given, list | tuple) or all(
        size is None or isinstance(size, int) for size in given
    )
    return [given] if alone else list(given)


def _shape(given: Any) -> tuple[int | None, ...]:
    shape = getattr(given, "shape", given)
    if not isinstance(shape, Sequence) or isinstance(shape, str):
        raise ArgumentTypeError(
            f"export, `input_signature`: got {given!r:.60}, expected an InputSpec with a shape, or "
            "a shape such as (None, 20, 3), for each input."
        )
    return tuple(shape)


def _check_fit(
    model: Any, tensors: Sequence[Any], shapes: Sequence[tuple[int | None, ...]]
) -> None:
    wanted = [tuple(tensor.shape) for tensor in tensors]
    if len(shapes) == len(wanted) and all(map(_fits, shapes, wanted)):
        return
    raise ArgumentError(
        f"export, `input_signature`: got {_list(shapes)}, expected shapes that fit the inputs of "
        f"model '{model.name}', {_list(wanted)}, with None first: any number of rows."
    )


def _fits(shape: Sequence[int | None], wanted: Sequence[int | None]) -> bool:
    if len(shape) != len(wanted) or shape[0] not in (None, wanted[0]):
        return False
    return all(
        size is None or isinstance(size, int) and size > 0 and own in (None, size)
        for size, own in zip(shape[1:], wanted[1:], strict=True)
    )


def _list(shapes: Sequence[tuple[int | None, ...]]) -> str:
    return " and ".join(str(shape) for shape in shapes)
