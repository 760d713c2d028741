"""GradientTape: gradients of what is computed inside a `with` block, eagerly or in a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import reduce
from typing import Any

import numpy as np

from ..graph.errors import ArgumentError, TapeError
from ..graph.live import LiveTrace, Recording, Watched, alive, watch
from ..graph.node import Node, cast, const_node
from ..graph.structure import flatten, packed
from ..graph.trace import Trace, current, untraced
from ..graph.variable import Variable
from ..ops.elementwise import add
from ..ops.index import zeros_like
from .grad import slopes
from .jacobian import Pull, by_row, nothing, stacked


class GradientTape:
    """Remembers what is computed inside a `with` block, and gives gradients of it.

    Inside, layers, `ranvier.ops` and operators on variables return values that know how they
    were made; they print and convert like arrays. Variables that are trainable are watched by
    themselves. In a `train_step` that is traced into a compiled step, the same code builds the
    gradient into the step. Tapes nest, which gives gradients of gradients.

    Args:
        persistent: whether `gradient` may be asked more than once; default False.
        watch_accessed_variables: whether trainable variables are watched by themselves.

    Raises:
        TapeError: if a gradient is asked for before the block, or a second time.

    Example:
        >>> w = Variable([1.0, 2.0])
        >>> with GradientTape() as tape:
        ...     loss = 3 * w[0] ** 2 + w[1]
        >>> tape.gradient(loss, w)
        array([6., 1.], dtype=float32)

    Source: tf.GradientTape.
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:
        self.persistent = bool(persistent)
        self._watches_variables = bool(watch_accessed_variables)
        self._asked = False
        self._reset(None)

    def _reset(self, trace: Trace | None) -> None:
        self._trace = trace
        self._own: Recording | None = None
        self._before: dict[Variable, Node] = {}
        self._watched: dict[int, Any] = {}

    def __enter__(self) -> GradientTape:
        if self._own is not None and current() is self._own:
            raise TapeError("GradientTape: it is recording already. Make another one inside.")
        running = current()
        self._reset(running)
        self._asked = False
        if running is None:
            self._trace = self._own = Recording()
            self._own.__enter__()
        elif not isinstance(running, Recording):
            self._before = dict(running.updates)
        return self

    def __exit__(self, *error: object) -> None:
        if self._own is not None:
            self._own.__exit__(*error)

    # --- what is watched ----------------------------------------------------------------------
    def watch(self, tensor: Any) -> None:
        """Let gradients be asked for a variable or array, or for several in lists and dicts.

        Raises:
            TraceError: for a plain NumPy array; make it one of ours by `ops.convert_to_tensor`.
        """
        trace = self._recorded("watch")
        for one in flatten(tensor):
            if not isinstance(one, (Node, Variable)):
                watch(one, trace)
            self._watched[id(one)] = one

    def watched_variables(self) -> tuple[Variable, ...]:
        """Return the variables that gradients can be asked for, in the order of their first use."""
        read = getattr(self._trace, "reads", None)
        seen = self._trace._leaves if read is None and self._trace is not None else read or {}
        return tuple(v for v in seen if self._is_watched(v))

    def _is_watched(self, variable: Variable) -> bool:
        return id(variable) in self._watched or (self._watches_variables and variable.trainable)

    def stop_recording(self) -> AbstractContextManager[None]:
        """Return a context in which nothing is recorded."""
        return untraced() if isinstance(current(), LiveTrace) else nullcontext()

    def reset(self) -> None:
        """Forget what was recorded so far, and go on recording."""
        if self._own is not None:
            self._own.reads.clear()
            self._own._leaves.clear()
        self._watched.clear()
        self._asked = False

    # --- gradients ----------------------------------------------------------------------------
    def gradient(
        self,
        target: Any,
        sources: Any,
        output_gradients: Any = None,
        unconnected_gradients: str = "none",
    ) -> Any:
        """Return the gradient of `target` (the sum of its numbers) for each of the sources.

        Args:
            target: what was computed, or a list or dict of several, whose sum counts.
            sources: variables, watched arrays or values computed on the way; one, or a list,
                tuple or dict of them.
            output_gradients: what to weigh the numbers of each target with; default 1.
            unconnected_gradients: "none" gives None where target does not depend on a source,
                "zero" zeros.

        Returns: arrays in the structure of `sources`; inside another tape, or in a trace, values
            that can be derived again.
        """
        zero = _zero("gradient", unconnected_gradients)
        if target is None:
            raise ArgumentError(
                "gradient, `target`: got None, expected what was computed inside the `with` block, "
                "for instance a loss. A function without a `return` gives None."
            )
        targets = flatten(target)
        if output_gradients is None:
            seeds = [None] * len(targets)
        else:  # of one target a list is its numbers
            several = isinstance(target, (list, tuple, dict))
            seeds = flatten(output_gradients) if several else [output_gradients]
        return self._answered(
            "gradient", sources, lambda flat: self._slopes(targets, flat, seeds),
            zeros_like if zero else None,
        )  # fmt: skip

    def jacobian(
        self,
        target: Any,
        sources: Any,
        unconnected_gradients: str = "none",
        parallel_iterations: Any = None,
        experimental_use_pfor: bool = True,
    ) -> Any:
        """Return the gradient of each number of `target` for each of the sources.

        jacobian[i..., j...] = d target[i...] / d source[j...]; one gradient is computed for each
        number of the target.

        Args:
            target: one value that was computed, of known shape.
            sources: variables, watched arrays or values computed on the way; one, or a list,
                tuple or dict of them.
            unconnected_gradients: "none" gives None where target does not depend on a source,
                "zero" zeros.
            parallel_iterations, experimental_use_pfor: accepted; nothing depends on them.

        Returns: arrays of the target's sizes followed by the source's, in the structure of
            `sources`.

        Raises:
            OpenBatchError: in a trace, if the number of rows is open; a step is then compiled for
                the rows that its batch has.

        Example:
            >>> x = Variable([1.0, 2.0])
            >>> with GradientTape() as tape:
            ...     y = x**2
            >>> tape.jacobian(y, x)
            array([[2., 0.],
                   [0., 4.]], dtype=float32)

        Source: tf.GradientTape.jacobian.
        """
        zero = _zero("jacobian", unconnected_gradients)
        return self._answered(
            "jacobian", sources,
            lambda flat: stacked(target, flat, self._pull(target, flat)),
            (lambda source: nothing(target, source)) if zero else None,
        )  # fmt: skip

    def batch_jacobian(
        self,
        target: Any,
        source: Any,
        unconnected_gradients: str = "none",
        parallel_iterations: Any = None,
        experimental_use_pfor: bool = True,
    ) -> Any:
        """Return the Jacobian of each row of `target` for the same row of `source`.

        jacobian[b, i..., j...] = d target[b, i...] / d source[b, j...], where rows do not depend on
        each other; one gradient is computed for each number of a row.

        Args:
            target: a value that was computed, (batch, ...).
            source: a variable, a watched array or a value computed on the way, (batch, ...).
            unconnected_gradients: accepted; what does not depend on the source gives zeros.
            parallel_iterations, experimental_use_pfor: accepted; nothing depends on them.

        Returns: an array of the target's sizes followed by those of a row of the source.

        Raises:
            ShapeError: if target and source have not as many rows.

        Example:
            >>> x = Variable([[1.0, 2.0], [3.0, 4.0]])
            >>> with GradientTape() as tape:
            ...     y = x**2
            >>> tape.batch_jacobian(y, x)[1]
            array([[6., 0.],
                   [0., 8.]], dtype=float32)

        Source: tf.GradientTape.batch_jacobian.
        """
        _zero("batch_jacobian", unconnected_gradients)
        return self._answered(
            "batch_jacobian", source,
            lambda flat: [by_row(target, source, self._pull(target, flat))],
        )  # fmt: skip

    def _answered(
        self,
        what: str,
        sources: Any,
        compute: Callable[[list[Any]], list[Any]],
        missing: Callable[[Any], Any] | None = None,
    ) -> Any:
        """Return what `compute` finds for the sources, as values or for further derivatives."""
        trace = self._recorded(what)
        if self._asked and not self.persistent:
            raise TapeError(
                f"GradientTape.{what}: this tape has given its gradients. For more than one "
                "call write GradientTape(persistent=True)."
            )
        self._asked = True
        flat, going_on = flatten(sources), current() is not None
        with _running(trace):
            found = compute(flat)
            if missing is not None:
                found = [missing(x) if g is None else g for g, x in zip(found, flat, strict=True)]
            if isinstance(trace, LiveTrace):
                found = [alive(g) if isinstance(g, Node) else g for g in found]
        if not going_on:
            found = [g.value if isinstance(g, Node) else g for g in found]
        return packed(sources, found)

    def _pull(self, target: Any, sources: list[Any]) -> Pull:
        return lambda seed: self._slopes([target], sources, [seed])

    def _slopes(self, targets: list[Any], sources: list[Any], seeds: list[Any]) -> list[Any]:
        if len(seeds) != len(targets):
            raise ArgumentError(
                f"gradient, `output_gradients`: got {len(seeds)} for {len(targets)} targets."
            )
        known = [
            (t, None if s is None else cast(_node(s), t.dtype))
            for t, s in zip(targets, seeds, strict=True) if isinstance(t, Node)
        ]  # fmt: skip
        of = [self._nodes(source) for source in sources]
        wrt = [node for nodes in of for node in nodes]
        given = iter(slopes([t for t, _ in known], wrt, [s for _, s in known]))
        found = []
        for nodes in of:
            parts = [g for g in (next(given) for _ in nodes) if g is not None]
            found.append(reduce(add, parts) if parts else None)
        return found

    def _nodes(self, source: Any) -> Sequence[Node]:
        """Return the nodes that stand for a source."""
        assert self._trace is not None
        if isinstance(source, Node):
            return [source]
        if isinstance(source, Variable):
            if not self._is_watched(source):
                return []
            if isinstance(self._trace, Recording):
                return self._trace.reads.get(source, [])
            held = self._before.get(source)
            return [self._trace.leaf(source) if held is None else held]
        if isinstance(source, Watched):
            held_array = self._trace.watched.get(id(source))
            return [] if held_array is None else [held_array[1]]
        return []

    def _recorded(self, what: str) -> Trace:
        if self._trace is None:
            raise TapeError(
                f"GradientTape.{what}: nothing was recorded yet. Write `with GradientTape() as "
                "tape:` around what is to be derived."
            )
        return self._trace


@contextmanager
def _running(trace: Trace) -> Iterator[None]:
    if current() is trace:
        yield
    else:
        with trace:
            yield


def _zero(what: str, unconnected: Any) -> bool:
    """Tell whether gradients that are not there are zeros; TensorFlow has an enumeration."""
    word = getattr(unconnected, "value", unconnected)
    if word not in ("none", "zero"):
        raise ArgumentError(
            f"GradientTape.{what}, `unconnected_gradients`: got {unconnected!r}, expected 'none' "
            "or 'zero'."
        )
    return bool(word == "zero")


def _node(x: Any) -> Node:
    return x if isinstance(x, Node) else const_node(np.asarray(x))
