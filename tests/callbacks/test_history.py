"""What fit returns."""

from __future__ import annotations

from ranvier.callbacks import CallbackList


def test_a_second_fit_goes_on(model, train):
    calls = CallbackList([], add_history=True, model=model)
    for _ in range(2):
        train(calls, model, [{"loss": 1.0}, {"loss": 0.5, "val_loss": 2.0}])
    history = calls.history
    assert history.history == {"loss": [1, 0.5] * 2, "val_loss": [2, 2]}
    assert history.epoch == [0, 1]
