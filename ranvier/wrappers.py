"""A face: what Keras has at `keras.wrappers`. scikit-learn is imported at the first use."""

from typing import Any

from .graph.errors import absent as _absent

_PUBLIC = ("SKLearnClassifier", "SKLearnRegressor", "SKLearnTransformer")

__all__ = [*_PUBLIC]


_GONE = {
    "scikit_learn": "for its KerasClassifier write ranvier.wrappers.SKLearnClassifier, for its "
    "KerasRegressor ranvier.wrappers.SKLearnRegressor.",
}


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        return _absent(__name__, dict.fromkeys(_PUBLIC), _GONE)(name)
    from .learn import keras_wrapper

    return getattr(keras_wrapper, name)


def __dir__() -> list[str]:
    return list(_PUBLIC)
