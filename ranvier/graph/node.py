"""Immutable nodes, `apply` (the only way to make one), and their order."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from . import budget
from . import dtype as dt
from .array import Array
from .errors import DTypeError, ShapeError, TraceError
from .mask import mask_of, set_mask
from .op import Aval, Op
from .shape import Shape

_SERIAL = itertools.count()

#: Python's operators by the name of their op ("add": ops.add, ...). The table lies here because
#: nodes need operators while the room of graphs must not know the room of ops, which fills it.
OPERATORS: dict[str, Callable[..., Any]] = {}


class Value:
    """A constant array that hashes and compares by content, so that it can be an attribute."""

    __slots__ = ("array", "dtype", "_content")

    def __init__(self, array: np.ndarray, dtype: str) -> None:
        self.array = np.array(array, dtype, order="C")
        self.array.setflags(write=False)
        self.dtype = dtype
        self._content: tuple[Any, ...] = ()

    @property
    def content(self) -> tuple[Any, ...]:
        """What equal values share: dtype, shape and the bytes, or a digest of many bytes."""
        if not self._content:
            data = self.array.tobytes()
            if len(data) > 64:
                data = hashlib.sha256(data).digest()[:12]
            self._content = (self.dtype, self.array.shape, data)
        return self._content

    def __hash__(self) -> int:
        return hash(self.content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Value) and self.content == other.content

    def __repr__(self) -> str:
        if self.array.ndim == 0:
            return repr(self.array.item())
        digest = hashlib.sha256(self.array.tobytes()).hexdigest()[:24]
        return f"{self.dtype}{list(self.array.shape)}#{digest}"


class Operators:
    """Python's operators for nodes and variables, each one a call of the op of that name."""

    __slots__ = ()
    __array_priority__ = 1000

    # fmt: off
    def __add__(self, y: Any) -> Any: return OPERATORS["add"](self, y)
    def __radd__(self, y: Any) -> Any: return OPERATORS["add"](y, self)
    def __sub__(self, y: Any) -> Any: return OPERATORS["subtract"](self, y)
    def __rsub__(self, y: Any) -> Any: return OPERATORS["subtract"](y, self)
    def __mul__(self, y: Any) -> Any: return OPERATORS["multiply"](self, y)
    def __rmul__(self, y: Any) -> Any: return OPERATORS["multiply"](y, self)
    def __truediv__(self, y: Any) -> Any: return OPERATORS["divide"](self, y)
    def __rtruediv__(self, y: Any) -> Any: return OPERATORS["divide"](y, self)
    def __floordiv__(self, y: Any) -> Any: return OPERATORS["floor_divide"](self, y)
    def __rfloordiv__(self, y: Any) -> Any: return OPERATORS["floor_divide"](y, self)
    def __mod__(self, y: Any) -> Any: return OPERATORS["mod"](self, y)
    def __rmod__(self, y: Any) -> Any: return OPERATORS["mod"](y, self)
    def __pow__(self, y: Any) -> Any: return OPERATORS["power"](self, y)
    def __rpow__(self, y: Any) -> Any: return OPERATORS["power"](y, self)
    def __matmul__(self, y: Any) -> Any: return OPERATORS["matmul"](self, y)
    def __rmatmul__(self, y: Any) -> Any: return OPERATORS["matmul"](y, self)
    def __neg__(self) -> Any: return OPERATORS["negative"](self)
    def __pos__(self) -> Any: return self
    def __abs__(self) -> Any: return OPERATORS["absolute"](self)
    def __lt__(self, y: Any) -> Any: return OPERATORS["less"](self, y)
    def __le__(self, y: Any) -> Any: return OPERATORS["less_equal"](self, y)
    def __gt__(self, y: Any) -> Any: return OPERATORS["greater"](self, y)
    def __ge__(self, y: Any) -> Any: return OPERATORS["greater_equal"](self, y)
    def __and__(self, y: Any) -> Any: return OPERATORS["logical_and"](self, y)
    def __rand__(self, y: Any) -> Any: return OPERATORS["logical_and"](y, self)
    def __or__(self, y: Any) -> Any: return OPERATORS["logical_or"](self, y)
    def __ror__(self, y: Any) -> Any: return OPERATORS["logical_or"](y, self)
    def __xor__(self, y: Any) -> Any: return OPERATORS["logical_xor"](self, y)
    def __invert__(self) -> Any: return OPERATORS["logical_not"](self)
    def __getitem__(self, key: Any) -> Any: return OPERATORS["getitem"](self, key)
    # fmt: on

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """Let `np.exp(node)` and `array * node` mean the op of that name."""
        function = OPERATORS.get(ufunc.__name__)
        if method != "__call__" or kwargs or function is None:
            raise TraceError(
                f"np.{ufunc.__name__} cannot be traced. Use the function of that purpose in "
                "ranvier.ops, so that it compiles with the rest of the step."
            )
        return function(*inputs)


class Node(Operators):
    """One value in a graph: an op applied to other nodes. Immutable."""

    __slots__ = ("op", "inputs", "attrs", "shape", "dtype", "serial", "_keras_mask")

    def __init__(self, op: Op, inputs: tuple[Node, ...], attrs: dict[str, Any], aval: Aval) -> None:
        self.op, self.inputs, self.attrs = op, inputs, attrs
        self.shape, self.dtype = aval
        self.serial = next(_SERIAL)
        self._keras_mask: Any = None  # no part of the computation; see graph/mask.py

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> Any:
        if isinstance(other, (Node, int, float, np.ndarray, np.generic)):
            return self is other or OPERATORS["equal"](self, other)
        return NotImplemented

    def __ne__(self, other: object) -> Any:
        if isinstance(other, (Node, int, float, np.ndarray, np.generic)):
            return self is not other and OPERATORS["not_equal"](self, other)
        return NotImplemented

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def __len__(self) -> int:
        if not self.shape or self.shape[0] is None:
            raise TraceError(
                "len() of a traced value: the number of rows is known only when the step runs. "
                "Use ranvier.ops.shape(x)[0]."
            )
        return self.shape[0]

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self)))

    def __setitem__(self, place: Any, value: Any) -> None:
        raise TraceError(
            "A traced value cannot be changed in place. Make a new one: ranvier.ops.where("
            "condition, a, b), ranvier.ops.slice_update(x, start, values) or "
            "ranvier.ops.scatter_update(x, indices, values)."
        )

    def __bool__(self) -> bool:
        raise TraceError(_NO_VALUE.format("a truth value (`if`, `while`, `and`, `assert`)")
                         + " Use ranvier.ops.where(condition, a, b).")  # fmt: skip

    def __float__(self) -> float:
        raise TraceError(_NO_VALUE.format("float()"))

    def __int__(self) -> int:
        raise TraceError(_NO_VALUE.format("int()"))

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise TraceError(_NO_VALUE.format("a NumPy array")
                         + " Use the function of the same name in ranvier.ops.")  # fmt: skip

    __jax_array__ = __array__  # so that functions of JAX, and of Keras on it, say the same

    def numpy(self) -> Any:
        raise TraceError(_NO_VALUE.format(".numpy()"))

    def __format__(self, spec: str) -> str:
        if spec:
            raise TraceError(_NO_VALUE.format("text"))
        return repr(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        function = {"T": "transpose", "astype": "cast", "dot": "matmul"}.get(name, name)
        raise AttributeError(
            f"A traced value has no {name!r}. Write ranvier.ops.{function}(x, ...) in place of "
            f"x.{name}, so that it works on arrays and in compiled steps alike."
        )

    def __repr__(self) -> str:
        return f"<Node {self.op.name} shape={self.shape} dtype={self.dtype}>"


_NO_VALUE = (
    "This function is being traced into a compiled step, so its values have no numbers yet and "
    "cannot become {}. Write it with ranvier.ops, or compile with run_eagerly=True."
)


def _leaf(name: str) -> Op:
    return Op(name, "leaf", lambda *, shape, dtype, **_: Aval(shape, dtype), _no_eval,
              no_gradient="a leaf has no inputs")  # fmt: skip


def _no_eval(**_: Any) -> Any:
    raise TraceError("A graph's input has no value of its own; an engine supplies it.")


INPUT = _leaf("input")
VARIABLE = _leaf("variable")
ROWS = _leaf("rows")
CONST = Op("const", "leaf", lambda *, value: Aval(value.array.shape, value.dtype),
           lambda *, value: value.array, no_gradient="a constant")  # fmt: skip


def _cast_eval(x: np.ndarray, *, dtype: str) -> np.ndarray:
    return dt.converted(np.asarray(x), dtype)


def _cast_vjp(g: Node, out: Node, x: Node, *, dtype: str) -> tuple[Node | None]:
    return (cast(g, x.dtype) if dt.is_float(x.dtype) else None,)


CAST = Op("cast", "map", lambda x, *, dtype: Aval(x.shape, dtype), _cast_eval, _cast_vjp,
          scalar=lambda w, x, *, dtype: w.cast(x, dtype))  # fmt: skip


def cast(x: Any, dtype: object) -> Any:
    """Return `x` with elements of another type; a float becomes an integer by truncation.

    Where a float lies beyond all integers of the type it becomes the nearest, and NaN becomes 0.
    """
    name = dt.canonical(dtype)
    if isinstance(x, Node) and x.dtype == name:
        return x
    made = apply(CAST, (x,), {"dtype": name})
    return set_mask(made, mask_of(x)) if getattr(x, "dtype", None) == name else made


def input_node(name: str, shape: Shape, dtype: str, zeros: bool = False) -> Node:
    """Return a graph input: data, one array a batch; `zeros` where most of its numbers are zero."""
    attrs = {"name": name, "shape": shape, "dtype": dtype, **({"zeros": True} if zeros else {})}
    return Node(INPUT, (), attrs, Aval(shape, dtype))


def rows_node() -> Node:
    """Return the number of rows of the running batch, an int32 scalar."""
    return Node(ROWS, (), {"shape": (), "dtype": "int32"}, Aval((), "int32"))


def const_node(value: Any, dtype: str | None = None) -> Node:
    """Return a constant. Float64 arrays become the default float type unless `dtype` says else."""
    array = np.asarray(value)
    if dtype is None:
        dtype = _constant_dtype(array)
    held = Value(array, dtype)
    return Node(CONST, (), {"value": held}, Aval(held.array.shape, dtype))


def _constant_dtype(array: np.ndarray) -> str:
    return dt.floatx() if array.dtype.kind == "f" else dt.canonical(array.dtype)


def as_value(x: Any) -> Any:
    """Return `x` as a Node or an ndarray; Python numbers stay as they are."""
    if isinstance(x, (Node, bool, int, float)):
        return x
    reader = getattr(x, "__ranvier_value__", None)
    if reader is not None:
        x = reader()
        if isinstance(x, Node):
            return x
    if x is None:
        raise DTypeError(
            "None cannot enter a computation. It is what a function without `return` gives, and "
            "x.shape[0] while a step is compiled for any number of rows: write "
            "ranvier.ops.shape(x)[0] there."
        )
    try:
        array = np.asarray(x)
    except ValueError:
        raise ShapeError(f"Rows of unequal length make no array (got {x!r:.60}).") from None
    if array.dtype.kind not in "biuf":
        raise DTypeError(
            f"Values of type {array.dtype} cannot enter a computation (got {x!r:.60}). "
            "Give numbers or booleans."
        )
    if isinstance(x, (list, tuple)):
        if array.dtype == "float64":
            return array.astype(dt.floatx())
        if array.dtype == "int64" and array.size and (abs(array) < 2**31).all():
            return array.astype("int32")
    return array


def promoted(values: Sequence[Any], symbolic: bool) -> str | None:
    """Return the type of operands together; Python numbers never widen their neighbours."""
    strong, plain = [], []
    for v in values:
        if isinstance(v, (bool, int, float)):
            plain.append(v)
        elif symbolic and isinstance(v, (np.ndarray, np.generic)):
            strong.append(_constant_dtype(np.asarray(v)))
        else:
            strong.append(dt.canonical(v.dtype))
    target = dt.promote(*strong) if strong else None
    for v in plain:
        target = dt.promote(dt.of_scalar(v, target), target or "bool")
    return target


def typed(v: Any, dtype: str | None, symbolic: bool) -> Any:
    """Return a value of `as_value` in an element type: a constant keeps all its digits till then.

    Without a dtype it keeps its own.

    Raises:
        DTypeError: for a Python int that lies beyond those of the type.
    """
    if isinstance(v, Node) or hasattr(v, "__ranvier_apply__"):
        return v if dtype is None else cast(v, dtype)
    if isinstance(v, (bool, int, float)):
        dtype = dt.of_scalar(v, None) if dtype is None else dtype
        if dt.is_integer(dtype):
            _check_fits(v, dtype)
    return const_node(v, dtype) if symbolic else np.asarray(v, dtype)


def _check_fits(number: float, dtype: str) -> None:
    limits = np.iinfo(dtype)
    if not limits.min <= number <= limits.max:
        raise DTypeError(
            f"The number {number} is none of {dtype}, which holds {limits.min} to {limits.max}. "
            "Cast its neighbours first, as in ranvier.ops.cast(x, 'int64'), or write it as a float."
        )


def is_symbolic(x: Any) -> bool:
    """Tell whether using `x` makes a node: it is one, or a variable while a trace runs."""
    return isinstance(x, Node) or bool(getattr(x, "__ranvier_traced__", False))


def operand_type(op: Op, values: Sequence[Any], symbolic: bool) -> str | None:
    """Return the dtype that an op's operands are brought to, None where they stay as they are."""
    if op.operands == "free":
        return None
    target = promoted(values, symbolic)
    if op.operands == "float" and target is not None and not dt.is_float(target):
        return dt.floatx()
    return "int32" if op.operands == "number" and target == "bool" else target


def apply(op: Op, inputs: Sequence[Any], attrs: dict[str, Any]) -> Any:
    """Apply an op: build a Node if any input is symbolic, evaluate with NumPy otherwise."""
    budget.step()
    kinds = {x.dtype if type(x) is Node else None for x in inputs}
    if inputs and None not in kinds:  # the common case, made fast
        if op.operands == "free" or (
            len(kinds) == 1 and (op.operands == "same" or dt.is_float(inputs[0].dtype))
        ):
            return Node(op, tuple(inputs), attrs, op.infer(*inputs, **attrs))
    for x in inputs:
        taker = getattr(type(x), "__ranvier_apply__", None)
        if taker is not None:
            return taker(op, inputs, attrs)
    symbolic = any(is_symbolic(x) for x in inputs)
    values = [as_value(x) for x in inputs]
    for v in values if symbolic else ():  # what a variable is read as may have its own way
        taker = getattr(type(v), "__ranvier_apply__", None)
        if taker is not None:
            return taker(op, values, attrs)
    target = operand_type(op, values, symbolic)
    values = [typed(v, target, symbolic) for v in values]
    aval = op.infer(*values, **attrs)
    if symbolic:
        return Node(op, tuple(values), attrs, aval)
    with np.errstate(all="ignore"):
        return Array.of(op.eval(*values, **attrs))


def order(outputs: Iterable[Node]) -> list[Node]:
    """Return every node that `outputs` need, inputs before users, in the order of making."""
    seen: dict[int, Node] = {}
    stack = list(outputs)
    while stack:
        node = stack.pop()
        if node.serial not in seen:
            seen[node.serial] = node
            stack.extend(node.inputs)
    return [seen[s] for s in sorted(seen)]
