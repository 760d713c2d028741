"""KerasTensor: a value of the functional interface, known by its shape and dtype alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..graph import dtype as dt
from ..graph.copied import Slotted
from ..graph.errors import TraceError
from ..graph.naming import auto_name
from ..graph.node import OPERATORS

if TYPE_CHECKING:
    from .call import Call

_OPERATORS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "pow": "power",
    "floordiv": "floor_divide", "mod": "mod", "matmul": "matmul", "and": "logical_and",
    "or": "logical_or", "xor": "logical_xor",
}  # fmt: skip
_COMPARISONS = {
    "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal",
    "neg": "negative", "abs": "absolute", "invert": "logical_not", "getitem": "getitem",
}  # fmt: skip


class KerasTensor(Slotted):
    """A symbolic value: what `Input` returns and what layers return when called on one.

    Args:
        shape: sizes, None where open.
        dtype: element type, default the default float type.
        name: default "keras_tensor", numbered.

    Attributes:
        history: (the call that made it, its place among the outputs), or None.
        mask_shape: the shape of the mask that such values carry; None where they carry none.

    Example:
        >>> KerasTensor((None, 3), name="x")
        <KerasTensor shape=(None, 3), dtype=float32, sparse=False, ragged=False, name=x>

    Source: keras.KerasTensor.
    """

    __slots__ = ("shape", "dtype", "name", "history", "mask_shape", "__weakref__")
    __array_priority__ = 1100

    def __init__(
        self, shape: Sequence[int | None], dtype: object = None, *, name: str | None = None
    ) -> None:
        self.shape = tuple(None if s is None else int(s) for s in shape)
        self.dtype = element_type(dtype)
        self.name = name or auto_name("keras_tensor")
        self.history: tuple[Call, int] | None = None
        self.mask_shape: tuple[int | None, ...] | None = None

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def sparse(self) -> bool:
        return False

    @property
    def ragged(self) -> bool:
        return False

    @staticmethod
    def __ranvier_apply__(op: Any, inputs: Sequence[Any], attrs: dict[str, Any]) -> Any:
        return recorded(op, tuple(inputs), attrs)

    @staticmethod
    def __ranvier_record__(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Record a whole function of `ranvier.ops` as one operation."""
        return recorded(function, args, kwargs)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        function = OPERATORS.get(ufunc.__name__)
        if method != "__call__" or kwargs or function is None:
            raise TraceError(
                f"np.{ufunc.__name__} does not work on a KerasTensor. Use the function of that "
                "purpose in ranvier.ops, or call it inside a Layer."
            )
        return recorded(function, inputs, {})

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __len__(self) -> int:
        raise TraceError(_SYMBOLIC.format("length"))

    def __iter__(self) -> Any:
        raise TraceError(_SYMBOLIC.format("items to loop over"))

    def __bool__(self) -> bool:
        raise TraceError(_SYMBOLIC.format("truth value"))

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise TraceError(_SYMBOLIC.format("NumPy values"))

    __jax_array__ = __array__

    def __float__(self) -> float:
        raise TraceError(_SYMBOLIC.format("single number"))

    def __setitem__(self, place: Any, value: Any) -> None:
        raise TraceError(_SYMBOLIC.format("places to write to"))

    __int__ = __float__  # type: ignore[assignment]

    def __repr__(self) -> str:
        return (
            f"<KerasTensor shape={self.shape}, dtype={self.dtype}, sparse=False, ragged=False, "
            f"name={self.name}>"
        )


def element_type(dtype: object) -> str:
    """Return the name of an element type; an Input may also be of type "string"."""
    if dtype is str or getattr(dtype, "name", dtype) == "string":
        return "string"
    return dt.canonical(dtype)


_SYMBOLIC = (
    "A KerasTensor is a placeholder in the plan of a model and has no numbers yet, so it has no "
    "{}. Use functions of ranvier.ops or layers on it, and give numbers to the finished model."
)


def recorded(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Return the KerasTensor (or several) of an operation whose arguments hold KerasTensors."""
    from .op_layer import OpLayer  # a layer records calls, which hold KerasTensors

    if getattr(function, "name", "") == "cast" and str(args[0].dtype) == kwargs.get("dtype"):
        return args[0]
    return OpLayer(function)(*args, **kwargs)


def _install() -> None:
    def unary_or_comparison(name: str) -> Any:
        return lambda *xs: recorded(OPERATORS[name], xs, {})

    def reflected(name: str) -> Any:
        return lambda y, x: recorded(OPERATORS[name], (x, y), {})

    for word, name in {**_OPERATORS, **_COMPARISONS}.items():
        setattr(KerasTensor, f"__{word}__", unary_or_comparison(name))
        if word in _OPERATORS:
            setattr(KerasTensor, f"__r{word}__", reflected(name))


_install()


def is_keras_tensor(x: Any) -> bool:
    """Tell whether x is symbolic: what `Input` and layers called on it give.

    Example:
        >>> is_keras_tensor([1.0])
        False

    Source: keras.utils.is_keras_tensor.
    """
    return isinstance(x, KerasTensor)
