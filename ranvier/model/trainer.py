"""Trainer: what a model can do once it is compiled; each method hands over to its own file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data import unpack_x_y_sample_weight
from ..graph import Variable, current
from ..graph.errors import ArgumentError, NotBuiltError
from ..graph.knowing import knowing
from ..layers.inventory import Inventory, latest
from . import own
from .busy import Busy
from .compiled import Compiled
from .frozen import Frozen
from .own import OwnLogs
from .program import ProgramCache


class Trainer:
    """The training half of a model."""

    compiled_step: Any
    name: str

    def _prepare_model(self) -> None:
        """Set what a model has beyond a layer."""
        self.compiled_step = None
        self._programs = ProgramCache()
        self._busy = Busy()
        self._input_form: Any = None
        #: Which inputs of the data that it was trained on are mostly zeros.
        self._zeros: tuple[bool, ...] = ()
        #: Which weights, in which state, were found to be numbers; see `feed.hides_lost_weights`.
        self._finite: list[tuple[int, int]] = []
        self.output_form: Any = None
        self._entry: Any = None
        self._entering = False
        self._listed: Inventory | None = None
        self.target_form: Any = None
        self.predicted_form: Any = None
        self.own_logs = OwnLogs()
        self.stop_training = self.stop_evaluating = self.stop_predicting = False
        self.history: Any = None
        self.position: Any = None
        self._one_row: Any = None

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy keeps, layers first: from the output back, copying would nest deep."""
        state = {**vars(self), "_one_row": None, "_listed": None}
        first: dict[str, Any] = {key: state[key] for key in ("_stack", "_members") if key in state}
        return {**first, **state}

    # --- compile ----------------------------------------------------------------------------
    @knowing
    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: Any = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Say how the model is trained.

        Args:
            optimizer: a name or an optimizer; default "rmsprop".
            loss: a name, a loss, a function of (y_true, y_pred), or a list or dict with one an
                output (None where an output has no loss), nested where the outputs are.
            loss_weights: what each output's loss counts in the total; default 1.
            metrics: names, metrics or functions: a bare name, a list, or a list or dict with an
                entry an output. "accuracy" fits itself to the output.
            weighted_metrics: the same, for metrics that take the sample weights.
            run_eagerly: run each step with NumPy, so that prints and breakpoints work.
            steps_per_execution: steps between two calls of batch-level callbacks; default 1.
            jit_compile: accepted; steps are always compiled.
            auto_scale_loss: accepted; float32 needs no scaling.

        Raises:
            ArgumentError: for a name that is unknown, or an argument of the wrong form.

        Source: keras.Model.compile. A list of metrics that has not one entry an output counts for
            every output, as in Keras 2.
        """
        self.compiled_step = Compiled(
            optimizer, loss, loss_weights, metrics, weighted_metrics, run_eagerly,
            steps_per_execution, jit_compile,
        )  # fmt: skip
        self.compiled_step.frozen = Frozen(self)
        self.stop_training = False
        self.forget_programs()

    @property
    def compiled(self) -> bool:
        """Whether `compile` was called."""
        return self.compiled_step is not None

    @property
    def optimizer(self) -> Any:
        """The optimizer given to `compile`, or None."""
        return None if self.compiled_step is None else self.compiled_step.optimizer

    @property
    def loss(self) -> Any:
        """The loss given to `compile`, as it was given."""
        return None if self.compiled_step is None else self.compiled_step.loss

    @property
    def run_eagerly(self) -> bool:
        """Whether steps run one by one with NumPy."""
        return bool(self.compiled_step and self.compiled_step.run_eagerly)

    @run_eagerly.setter
    def run_eagerly(self, value: bool) -> None:
        self._assert_compiled("run_eagerly").run_eagerly = bool(value)
        self.forget_programs()

    @property
    def jit_compile(self) -> bool:
        """Whether steps are compiled."""
        return not self.run_eagerly

    @property
    def steps_per_execution(self) -> int:
        """Steps between two calls of batch-level callbacks."""
        return 1 if self.compiled_step is None else int(self.compiled_step.steps_per_execution)

    def forget_programs(self) -> None:
        """Drop compiled steps: the layers or what `compile` was given changed."""
        self._programs.clear()
        self._one_row = None

    def _assert_compiled(self, what: str) -> Compiled:
        if self.compiled_step is None:
            raise NotBuiltError(
                f"{what}: model '{self.name}' was not compiled, so it has no loss and no "
                "optimizer. Call model.compile(optimizer='adam', loss=...) first."
            )
        compiled: Compiled = self.compiled_step
        return compiled

    @property
    def compiled_metrics(self) -> own.CompiledMetrics:
        """The metrics that `compile` was given, once they are made; a name of Keras 2.

        For a `train_step` written for it they also have `update_state(y, y_pred)` together.
        """
        return own.CompiledMetrics(self)

    def compiled_loss(
        self, y: Any, y_pred: Any, sample_weight: Any = None, regularization_losses: Any = None
    ) -> Any:
        """Return the compiled loss, and take it into its mean; a name of Keras 2.

        Args:
            y, y_pred, sample_weight: targets, outputs and weights.
            regularization_losses: numbers to add, for instance `self.losses`.
        """
        return own.compiled_loss(self, y, y_pred, sample_weight, regularization_losses)

    # --- weights ----------------------------------------------------------------------------
    def get_weights(self) -> list[np.ndarray]:
        """Return copies of the weights as NumPy arrays, in the order of `weights`.

        Another thread may ask while `fit` runs: it gets what a whole step left.
        """
        with self._busy.between_steps():
            found: list[np.ndarray] = super().get_weights()  # type: ignore[misc]
        return found

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Set all weights from arrays, in the order of `weights`; sets all of them or none.

        Raises:
            ShapeError: if their number or a shape differs.
        """
        with self._busy.between_steps():
            super().set_weights(weights)  # type: ignore[misc]

    # --- what layers hold -------------------------------------------------------------------
    @property
    def variables(self) -> list[Variable]:
        """The weights and the states of seed generators."""
        return list(self._inventory().variables)

    @property
    def metrics(self) -> list[Any]:
        """The running loss, the compiled metrics, and those of layers."""
        compiled = [] if self.compiled_step is None else self.compiled_step.all_metrics
        return compiled + self._metrics_of_layers()

    def _metrics_of_layers(self) -> list[Any]:
        """The metrics that layers keep."""
        return list(self._inventory().metrics)

    def _inventory(self) -> Inventory:
        """What was found in the layers, looked for again where one was changed."""
        listed = self._listed
        if listed is None or not listed.holds:
            edit, layers = latest(), self._flat_layers()  # type: ignore[attr-defined]
            found = super().variables, super().metrics  # type: ignore[misc]
            listed = vars(self)["_listed"] = Inventory(edit, layers, *found)  # which is no edit
        return listed

    @property
    def metrics_names(self) -> list[str]:
        """The names of the values that `evaluate` lists, in its order.

        Source: keras.Model.metrics_names of Keras 2; Keras 3 hides the metrics behind one name.
        """
        from .evaluate import ordered_names

        return [] if self.compiled_step is None else ordered_names(self, self.get_metrics_result())

    def reset_metrics(self) -> None:
        """Start all running values anew."""
        if self.compiled_step is not None:
            self.compiled_step.reset()
        for metric in self._metrics_of_layers():
            metric.reset_state()

    def get_metrics_result(self) -> dict[str, Any]:
        """Return the running values by name."""
        compiled, traced = self.compiled_step, current() is not None
        results: dict[str, Any] = {}
        if compiled is not None:
            results = compiled.results() if traced else compiled.logs()
        for metric in self._metrics_of_layers():
            value = metric.result()
            results[metric.name] = value if traced else float(np.asarray(value))
        return results

    def step_logs(self, kind: str) -> dict[str, Any]:
        """Return what a run reports: the running values, or what steps of its own returned."""
        return self.own_logs.read(kind) if own.is_own(self, kind) else self.get_metrics_result()

    @property
    def prediction_form(self) -> Any:
        """The structure of what `predict` returns: the outputs, or what a `predict_step` gives."""
        return self.predicted_form if own.is_own(self, "predict") else self.output_form

    # --- steps of the user's own ----------------------------------------------------------------
    def train_step(self, data: Any) -> dict[str, Any]:
        """Train on one batch, and return what is reported, by name; a subclass may write it.

        It is traced into the compiled step like `call`: written with layers, `ranvier.ops`, a
        `ranvier.GradientTape` and `optimizer.apply(gradients, variables)`.

        Args:
            data: x, (x, y) or (x, y, sample_weight); see `utils.unpack_x_y_sample_weight`.

        Source: keras.Model.train_step on TensorFlow; the number of steps between two reports is
            the library's choice, and they tell what the last one returned.
        """
        return own.train_step(self, data)

    def test_step(self, data: Any) -> dict[str, Any]:
        """Evaluate one batch, and return what is reported, by name; a subclass may write it."""
        return own.test_step(self, data)

    def predict_step(self, data: Any) -> Any:
        """Return the outputs for one batch; a subclass may write it."""
        x, _, _ = unpack_x_y_sample_weight(data)
        return self(x, training=False)  # type: ignore[operator]

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None,
        training: bool = True,
    ) -> Any:  # fmt: skip
        """Return the total loss of one batch: the compiled one, and what layers added.

        A subclass may write it; the rest of the step stays as it is.

        Source: keras.Model.compute_loss.
        """
        return own.compute_loss(self, y, y_pred, sample_weight, training)

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Take one batch into the compiled metrics, and return what is reported, by name.

        A subclass may write it; the rest of the step stays as it is.

        Source: keras.Model.compute_metrics.
        """
        return own.compute_metrics(self, y, y_pred, sample_weight)

    # --- runs -------------------------------------------------------------------------------
    @knowing
    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool | str = True,
        class_weight: Any = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: Any = 1,
    ) -> Any:
        """Train the model, and return the History.

        Args:
            x: the inputs: an array, a frame, a list of numbers; a list, tuple or dict of them for
                several inputs; or a generator or data set of (x, y) batches.
            y: the targets, in the same forms.
            batch_size: rows a step; default 32, with `steps_per_epoch` what shares the rows out.
            epochs: the number of the last epoch, counted from 1; default 1.
            verbose: 0 silent, 1 a progress bar, 2 a line an epoch, "auto" 1.
            callbacks: one or a list of Callbacks.
            validation_split: the share of the last rows to validate on instead of training.
            validation_data: (x, y) or (x, y, sample_weight) to validate on after each epoch; or a
                generator or data set of such batches.
            shuffle: whether each epoch has a new order of rows; default True.
            class_weight: {class: weight}, what a row of each class counts in the loss.
            sample_weight: what each row counts in the loss.
            initial_epoch: epochs that an earlier run has done; default 0.
            steps_per_epoch: batches an epoch; default all rows once.
            validation_steps: batches a validation, the first ones each time; default all. Those
                that a generator gives are kept in memory.
            validation_batch_size: default batch_size, else as there with `validation_steps`.
            validation_freq: validate every so many epochs, or after the epochs of a list.

        Returns: a History; its `history` holds a list an entry of the logs.

        Raises:
            DataError, DataTypeError, ShapeError: if the data cannot be trained on.
            BusyError: if the model is being trained already.

        Source: keras.Model.fit.
        """
        from .fit import fit

        self._assert_compiled("fit")
        arguments = dict(locals())
        for name in ("self", "fit", "x", "y", "sample_weight"):
            arguments.pop(name)
        with self._busy.training("fit", self.name):
            return fit(self, x, y, sample_weight, **arguments)

    @knowing
    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: Any = "auto",
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """Return the loss and the metrics on data, without training.

        Args:
            x, y, sample_weight: data as for `fit`.
            batch_size: rows a step; default 32, with `steps` what shares the rows out.
            verbose: 0 silent, 1 a progress bar, 2 a line, "auto" 1.
            steps: batches to take; default all.
            callbacks: one or a list of Callbacks.
            return_dict: whether to return {name: value} instead of a list.

        Returns: the loss alone, or [loss, metric, ...] in Keras' order.

        Source: keras.Model.evaluate, whose list has a metric twice if a weighted one has its name.
        """
        from .evaluate import evaluate

        self._assert_compiled("evaluate")
        with self._busy.reading("evaluate", self.name):
            return evaluate(
                self, x, y, batch_size, verbose, sample_weight, steps, callbacks, return_dict
            )

    @knowing
    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: Any = "auto",
        steps: int | None = None,
        callbacks: Any = None,
    ) -> Any:
        """Return the outputs for x, computed in batches.

        Args:
            x: inputs as for `fit`.
            batch_size: rows a step; default 32, and for one row alone code made for just that: its
                last bits may differ from those of the row in a batch. Give a size where every row
                must come out the same in any company. With `steps`, what shares the rows out.
            verbose: 0 silent, 1 a progress bar, 2 a line, "auto" 1.
            steps: batches to take; default all.
            callbacks: one or a list of Callbacks.

        Returns: an array, or arrays in the structure of the outputs. An output that is one number
            a batch comes as such from one batch, as a row of numbers from several.

        Source: keras.Model.predict on TensorFlow; on JAX, Keras refuses outputs without rows.
        """
        fast = self._one_row
        plain = batch_size is None and steps is None and callbacks is None
        if fast is not None and plain and verbose == 0:
            result = fast(x)
            if result is not None:
                return result
        from .predict import predict

        with self._busy.reading("predict", self.name):
            return predict(self, x, batch_size, verbose, steps, callbacks)

    def predict_classes(self, x: Any, batch_size: int | None = 32, verbose: Any = 0) -> np.ndarray:
        """Return the number of the likeliest class of each row, as Keras 2 did."""
        scores = np.asarray(self.predict(x, batch_size=batch_size, verbose=verbose))
        if scores.shape[-1] > 1:
            return scores.argmax(axis=-1)
        return (scores > 0.5).astype("int32")

    def train_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, class_weight: Any = None,
        return_dict: bool = False,
    ) -> Any:  # fmt: skip
        """Train on one batch, and return its loss and metrics.

        Source: keras.Model.train_on_batch.
        """
        from .on_batch import train_on_batch

        self._assert_compiled("train_on_batch")
        with self._busy.training("train_on_batch", self.name):
            return train_on_batch(self, x, y, sample_weight, class_weight, return_dict)

    def test_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """Return the loss and the metrics of one batch.

        Source: keras.Model.test_on_batch.
        """
        from .on_batch import test_on_batch

        self._assert_compiled("test_on_batch")
        with self._busy.reading("test_on_batch", self.name):
            return test_on_batch(self, x, y, sample_weight, return_dict)

    def predict_on_batch(self, x: Any) -> Any:
        """Return the outputs for one batch.

        Source: keras.Model.predict_on_batch.
        """
        from .predict import predict_on_batch

        with self._busy.reading("predict_on_batch", self.name):
            return predict_on_batch(self, x)

    # --- description ------------------------------------------------------------------------
    def get_compile_config(self) -> dict[str, Any]:
        """Return the arguments of `compile` as plain data; empty before it was called."""
        from .compile_config import compile_config

        return {} if self.compiled_step is None else compile_config(self.compiled_step)

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compile with the result of `get_compile_config`."""
        from .compile_config import compile_arguments

        if not isinstance(config, dict):
            raise ArgumentError(
                f"compile_from_config, `config`: got {config!r:.60}, expected a dict."
            )
        self.compile(**compile_arguments(config))
        if getattr(self, "built", False):
            self.optimizer.build(self.trainable_variables)  # type: ignore[attr-defined]
