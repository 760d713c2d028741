"""Parameters of a function that makes models, searched like an estimator's own."""

from __future__ import annotations

from typing import Any

_OWN = "model__"


class ModelParameters:
    """Lets `model__units=64` set an argument of the function given as `model`.

    So `GridSearchCV(RanvierClassifier(build), {"model__units": [16, 32]}, ...)` searches them.
    They are kept in `model_kwargs`.
    """

    model_kwargs: dict[str, Any] | None

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters by name; deep ones include those of the function."""
        found: dict[str, Any] = super().get_params(deep=deep)  # type: ignore[misc]
        if deep and isinstance(self.model_kwargs, dict):
            found |= {_OWN + name: value for name, value in self.model_kwargs.items()}
        return found

    def set_params(self, **params: Any) -> Any:
        """Set parameters by name, and return the estimator."""
        own = {n[len(_OWN) :]: params.pop(n) for n in list(params) if n.startswith(_OWN)}
        super().set_params(**params)  # type: ignore[misc]
        if own:
            self.model_kwargs = {**(self.model_kwargs or {}), **own}
        return self
