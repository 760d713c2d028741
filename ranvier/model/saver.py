"""What a model can do with files; each method hands over to `load`."""

from __future__ import annotations

from typing import Any

from ..graph.structure import packed


class Saver:
    """The files of a model: written whole, read with care."""

    def save(self, filepath: Any, overwrite: bool = True, **kwargs: Any) -> None:
        """Write the model to a `.keras` file: layers, weights, and what `compile` was given.

        The file appears whole or not at all, and opens in Keras 3 too.

        Args:
            filepath: a path that ends in ".keras" (or ".h5", the form of Keras 2, with a warning),
                or a binary file to write to.
            overwrite: whether a file of that name is replaced; default True.
            **kwargs: for ".h5" alone `include_optimizer`, default True.

        Raises:
            ArgumentError: for a path with another ending, or parts that have no config.
            OSError: if the file cannot be written; the old one stays as it was.

        Source: keras.Model.save.
        """
        from .store import save_model

        with self._busy.between_steps():  # type: ignore[attr-defined]
            save_model(self, filepath, overwrite, **kwargs)

    def to_json(self, **kwargs: Any) -> str:
        """Return layers, connections and what `compile` was given as JSON text, without weights.

        Args:
            **kwargs: for `json.dumps`, for instance indent=2.

        Source: keras.Model.to_json.
        """
        from .architecture import to_json

        return to_json(self, **kwargs)

    def get_build_config(self) -> dict[str, Any] | None:
        """Return the shapes of the inputs, so that a model read from a file can be built."""
        shapes = [tuple(tensor.shape) for tensor in self.given_inputs()]  # type: ignore[attr-defined]
        form = self._input_form  # type: ignore[attr-defined]
        if not shapes:
            return None
        return {"input_shape": shapes[0] if form is None else packed(form, shapes)}

    def save_weights(self, filepath: Any, overwrite: bool = True) -> None:
        """Write the weights, and the state of the optimizer, to a `.weights.h5` file.

        Args:
            filepath: a path that ends in ".weights.h5"; or in ".safetensors" or ".npz", which hold
                the weights alone, by names such as "layers/dense/kernel".
            overwrite: whether a file of that name is replaced; default True.

        Source: keras.Model.save_weights.
        """
        from .store import save_weights

        with self._busy.between_steps():  # type: ignore[attr-defined]
            save_weights(self, filepath, overwrite)

    def load_weights(self, filepath: Any, skip_mismatch: bool = False, **kwargs: Any) -> None:
        """Read weights from a `.weights.h5`, `.keras`, `.h5`, `.safetensors` or `.npz` file.

        All of them are read, or none.

        Args:
            filepath: a path, or a binary file to read from.
            skip_mismatch: whether layers that do not fit are left as they are, with a warning.
            **kwargs: `by_name`, whether layers take the weights saved under their names, and the
                others stay as they are: for files in the form of Keras 2 (`.h5`) only.

        Raises:
            ModelFileError: if the file is missing, damaged, or of another model.

        Source: keras.Model.load_weights.
        """
        from .load import load_weights

        load_weights(self, filepath, skip_mismatch, **kwargs)

    def export(
        self, filepath: Any, format: str | None = None, verbose: Any = None, **kwargs: Any
    ) -> None:
        """Write what the model predicts to a file that runs without Ranvier.

        Args:
            filepath: where to write; its ending tells the format, if `format` does not.
            format: "onnx" (`.onnx`, for ONNX Runtime and others), "object" (`.o` and a C header) or
                "shared" (`.so` and a C header).
            verbose: whether to print what was written; default no.
            **kwargs: what the format takes besides; see docs/export.md. `input_signature` closes
                open axes: `[(None, 20, 3)]` for a model that begins with `Input((None, 3))`.

        Raises:
            ArgumentError: for an unknown format, or a model that the format cannot hold.
            OSError: if the file cannot be written; the old one stays as it was.

        Source: keras.Model.export; with formats of Ranvier's own.
        """
        from .export import export_model

        with self._busy.between_steps():  # type: ignore[attr-defined]
            export_model(self, filepath, format, verbose, **kwargs)
