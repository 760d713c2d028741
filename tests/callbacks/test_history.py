"""What fit returns."""

from __future__ import annotations

import copy
import pickle

import pytest

from ranvier.callbacks import Callback, CallbackList, History
from ranvier.graph.errors import ArgumentError, NameMissingError


def test_a_second_fit_goes_on(model, train):
    calls = CallbackList([], add_history=True, model=model)
    for _ in range(2):
        train(calls, model, [{"loss": 1.0}, {"loss": 0.5, "val_loss": 2.0}])
    history = calls.history
    assert history.history == {"loss": [1, 0.5] * 2, "val_loss": [2, 2]}
    assert history.epoch == [0, 1]


def test_learning_curves():
    pytest.importorskip("matplotlib").use("Agg")
    import matplotlib.pyplot as plt

    history = History()
    history.epoch = [0, 1, 2, 3]
    history.history = {"accuracy": [0.1, 0.2, 0.3, 0.4], "loss": [4.0, 3.0, 2.0, 1.0],
                       "val_loss": [3.5, 1.5]}  # fmt: skip
    loss, accuracy = history.plot()
    assert [axis.get_title() for axis in (loss, accuracy)] == ["loss", "accuracy"]
    curves = {line.get_label(): line.get_xydata().tolist() for line in loss.get_lines()}
    assert curves == {
        "training": [[1, 4], [2, 3], [3, 2], [4, 1]], "validation": [[2, 3.5], [4, 1.5]],
    }  # fmt: skip
    assert len(accuracy.get_lines()) == 1
    (same,) = history.plot("loss", axes=accuracy)
    assert same is accuracy
    with pytest.raises(ArgumentError, match="got 1 for 2 metrics"):
        history.plot(axes=accuracy)
    with pytest.raises(ArgumentError, match="got 'los'.*Did you mean 'loss'"):
        history.plot(["los"])
    with pytest.raises(ArgumentError, match="Call fit first"):
        History().plot()
    plt.close("all")


def test_a_name_that_is_not_there_is_told_with_the_nearest(model, train):
    class Ratio(Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(logs)

    seen: list[dict] = []
    calls = CallbackList([Ratio()], add_history=True, model=model)
    train(calls, model, [{"loss": 1.0, "accuracy": 0.5}])
    for kept in (calls.history.history, seen[0]):
        with pytest.raises(KeyError, match="^got 'acc', .* Did you mean 'accuracy'.$"):
            kept["acc"]
        with pytest.raises(NameMissingError, match="'val_loss'.* need validation_data or"):
            kept["val_loss"]
        assert kept.get("acc") is None and "acc" not in kept
        assert type(pickle.loads(pickle.dumps(kept))) is dict and copy.copy(kept) == kept
    assert repr(seen[0]) == "{'accuracy': 0.5, 'loss': 1.0}"


def test_what_the_model_has_is_told_to_be_there(model):
    history = History()
    with pytest.raises(AttributeError, match="^'History' object has no attribute 'predict'.$"):
        history.predict()
    history.set_model(model)
    history.history["loss"] = [0.5]
    type(model).summary = None
    try:
        with pytest.raises(AttributeError, match=r"The model has it: .* and model.summary after"):
            history.summary()
    finally:
        del type(model).summary
    with pytest.raises(AttributeError, match=r"Write history.history\['loss'\].$"):
        history.loss  # noqa: B018
    assert copy.deepcopy(history).history == {"loss": [0.5]} and not hasattr(history, "_x")
