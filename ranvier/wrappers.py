"""A face: what Keras has at `keras.wrappers`. scikit-learn is imported at the first use."""

from typing import Any

_PUBLIC = ("SKLearnClassifier", "SKLearnRegressor", "SKLearnTransformer")

__all__ = [*_PUBLIC]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(
            f"ranvier.wrappers has no {name!r}. Known names: {', '.join(_PUBLIC)}."
        )
    from .learn import keras_wrapper

    return getattr(keras_wrapper, name)


def __dir__() -> list[str]:
    return list(_PUBLIC)
