"""Every op in ONNX's words: the file is checked, and ONNX Runtime computes what `eval` says."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest

from ranvier import ops
from ranvier.graph import Graph, Node, Variable, input_node
from ranvier.graph.errors import ArgumentError, EngineError
from ranvier.graph.trace import Trace
from ranvier.ops.recur import recur
from ranvier.save.onnx import OPSET, file, onnx_bytes
from ranvier.transform.dedupe import dedupe
from ranvier.transform.fold import fold
from tests.cases import PRIMITIVES
from tests.cases.case import Case
from tests.cases.engine import step, values
from tests.engines.random_graph import random_graph

ROWS = 5

#: rtol, atol, and what to call a result that is further off.
Tolerance = tuple[float, float, str]

#: Ops that no file holds, and why.
WITHOUT = {"philox": "random bits: a file keeps no state between calls, so they would never differ"}


def names(kind: str, nodes: Sequence[Node]) -> list[str]:
    return [f"{kind}{i}" for i in range(len(nodes))]


def single(content: bytes) -> Any:
    """Return a session on one thread: pools of threads take longer to make than these graphs."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def computed(graph: Graph, data: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return what ONNX Runtime makes of a graph, after a check of the file."""
    inputs = names("in", graph.inputs)
    content = onnx_bytes(graph, inputs, names("out", graph.outputs), "g", "1.2.3")
    onnx.checker.check_model(onnx.load_from_string(content), full_check=True)
    session = single(content)
    assert [x.name for x in session.get_inputs()] == inputs
    return list(session.run(None, dict(zip(inputs, data, strict=True))))


def agree(
    graph: Graph, data: Sequence[np.ndarray], tolerances: Sequence[Tolerance], rows: int = ROWS
) -> None:
    wanted, found = values(graph, data, rows), computed(graph, data)
    for got, want, (rtol, atol, label) in zip(found, wanted, tolerances, strict=True):
        assert (got.dtype, got.shape) == (want.dtype, want.shape), label
        if got.dtype.kind == "f":
            np.testing.assert_allclose(got, want, rtol=rtol, atol=atol, err_msg=label)
        else:
            np.testing.assert_array_equal(got, want, err_msg=label)


def tolerance(case: Case, kind: str) -> Tolerance:
    """A runtime's own exp, tanh and the like are a few units in the last place from NumPy's."""
    scale = 1.0 if kind == "float32" else 1e-7 * case.exact
    return max(case.rtol, 2e-6) * scale, max(case.atol, 2e-6) * scale, f"{case.id} {kind}"


@pytest.mark.parametrize("op", [name for name in ops.ALL if name not in WITHOUT])
def test_an_op_is_what_it_is_here(op: str) -> None:
    """All rows and shapes of an op in the table stand in one file."""
    inputs: list[Node] = []
    outputs: list[Node] = []
    data: list[np.ndarray] = []
    tolerances: list[Tolerance] = []
    cases = [case for case in PRIMITIVES if case.op == op]
    for case, kind in itertools.product(cases, ("float32", "float64")):
        for signature in case.signatures:
            nodes = case.nodes(signature, kind)
            result = case.apply(*nodes)
            made = result if isinstance(result, (list, tuple)) else [result]
            inputs += nodes
            outputs += made
            data += case.draw(signature, kind, ROWS)
            tolerances += [tolerance(case, kind)] * len(made)
    assert outputs
    with np.errstate(all="ignore"):
        agree(step(outputs, inputs), data, tolerances)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("seed", [17, 129, 145, 149])
def test_random_graphs(seed: int, dtype: str) -> None:
    """Among them numbers without an axis, and factors that a runtime makes part of a product."""
    graph, data = random_graph(seed, dtype)
    graph = dedupe(fold(Graph(graph.inputs, (*graph.outputs, *(y for _, y in graph.updates)))))
    close = 1e-3 if dtype == "float32" else 1e-10  # sums of products of sums, in another order
    with np.errstate(all="ignore"):
        agree(graph, data, [(close, close, "")] * len(graph.outputs), len(data[0]))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_recurrence_is_one_scan(dtype: str) -> None:
    rng = np.random.default_rng(3)
    x = input_node("x", (None, 6, 2), dtype)
    s, m = input_node("s", (None, 3), dtype), input_node("m", (None, 2, 2), dtype)
    weight = Variable(rng.normal(size=(2, 3)), dtype=dtype, name="weight")

    def turn(slices: list, states: list) -> tuple[list, list]:
        one, square = states
        new = ops.tanh(ops.add(one, ops.matmul(slices[0], weight)))
        return [new, ops.sum(square, 1), slices[0]], [new, ops.add(square, slices[0][:, None])]

    with Trace():
        (a, b, c), finals = recur(turn, [x], [s, m])
    graph = step([a, b, c, *finals, ops.flip(a, 1), a[:, 2:4]], [x, s, m])
    data = [rng.normal(size=(ROWS, *n.shape[1:])).astype(dtype) for n in graph.inputs]
    close = (2e-6, 2e-6, "") if dtype == "float32" else (1e-12, 1e-12, "")
    agree(graph, data, [close] * len(graph.outputs))
    content = onnx_bytes(graph, ["x", "s", "m"], names("out", graph.outputs), "g", "")
    found = onnx.load_from_string(content)
    assert [node.op_type for node in found.graph.node].count("Scan") == 1
    assert "weight" in {array.name for array in found.graph.initializer}


def test_the_value_of_a_recurrence_as_a_whole() -> None:
    x, s = input_node("x", (None, 4, 2), "float32"), input_node("s", (None, 2), "float32")

    def turn(slices: list, states: list) -> tuple[list, list]:
        new = ops.multiply(ops.add(states[0], slices[0]), states[0])
        return [ops.exp(new)], [new]

    (_,), (last,) = recur(turn, [x], [s])
    loop = last
    while loop.op.name != "recur":
        loop = loop.inputs[0]
    rng = np.random.default_rng(0)
    data = [rng.normal(size=(ROWS, *n.shape[1:])).astype("float32") / 2 for n in (x, s)]
    agree(Graph((x, s), (loop, ops.sum(loop, 2))), data, [(2e-6, 2e-6, "")] * 2)


def test_inputs_numbers_and_equal_outputs_are_copied_to_their_names() -> None:
    x = input_node("x", (None, 2), "float32")
    y = ops.exp(x)
    graph = Graph((x,), (x, y, y, ops.add(y, 1.0)))
    agree(graph, [np.ones((ROWS, 2), np.float32)], [(2e-6, 0, "")] * 4)


def test_the_file_says_who_wrote_it_and_in_what() -> None:
    x = input_node("x", (None, 2), "float32")
    graph = Graph((x,), (ops.exp(x),))
    content = onnx_bytes(graph, ["a"], ["a"], "net", "1.2.3")
    found = onnx.load_from_string(content)
    assert (found.producer_name, found.producer_version) == ("ranvier", "1.2.3")
    assert [(one.domain, one.version) for one in found.opset_import] == [("", OPSET)]
    assert found.graph.name == "net"
    shape = found.graph.input[0].type.tensor_type.shape.dim
    assert [d.dim_param or d.dim_value for d in shape] == ["batch", 2]
    assert [found.graph.input[0].name, found.graph.output[0].name] == ["a", "a_1"]
    assert content == onnx_bytes(graph, ["a"], ["a"], "net", "1.2.3")


def test_too_many_weights_for_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "_MOST_BYTES", 7)
    x = input_node("x", (None, 2), "float32")
    graph = Graph((x,), (ops.add(x, np.ones(2, np.float32)),))
    with pytest.raises(ArgumentError, match="of weights, but one file holds less than 2 GB"):
        onnx_bytes(graph, ["x"], ["y"], "g", "")


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    x = input_node("x", (None, 2), "float32")
    with pytest.raises(EngineError, match=r"pip install 'ranvier\[onnx\]'"):
        onnx_bytes(Graph((x,), (ops.exp(x),)), ["x"], ["y"], "g", "")
