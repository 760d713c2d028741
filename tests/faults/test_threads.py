"""Several Python threads around one model, and an end of the process in the middle."""

from __future__ import annotations

from tests.faults.process import run


def test_the_process_ends_while_a_thread_trains(tmp_path):
    out = run(
        """
        model = net()
        when_training(model, lambda: None)
        threading.Thread(target=model.fit, args=(X, Y), daemon=True,
                         kwargs={"epochs": 10**6, "verbose": 0}).start()
        while model.history is None or len(model.history.epoch) < 2:
            time.sleep(0.01)
        print("bye")
        """,
        tmp_path,
        timeout=60,
    )
    assert out == "bye\n"


def test_a_model_is_dropped_while_it_trains(tmp_path):
    run(
        """
        import gc
        trains = threading.Thread(target=lambda: net(200).fit(X, Y, epochs=20, verbose=0))
        trains.start()
        while trains.is_alive():
            gc.collect()
        """,
        tmp_path,
    )


def test_weights_read_while_training_are_those_of_a_whole_step(tmp_path):
    """Every step adds the same to each weight, so a half-done one would show."""
    run(
        """
        model = keras.Sequential([keras.layers.Dense(400, use_bias=False, input_shape=(50,),
                                                     kernel_initializer="zeros")])
        def down(y_true, y_pred):
            return -y_pred

        model.compile(keras.optimizers.SGD(1.0), down)
        ones = np.ones((320, 50), "float32")
        trains = threading.Thread(daemon=True, target=model.fit, args=(ones, np.zeros((320, 400))),
                                  kwargs={"epochs": 10**6, "verbose": 0})
        trains.start()
        while model.history is None or len(model.history.epoch) < 2:
            time.sleep(0.01)
        seen = set()
        for _ in range(300):
            kernel = model.get_weights()[0]
            assert (kernel == kernel[0, 0]).all(), "a step done by halves"
            seen.add(float(kernel[0, 0]))
        model.save("m.keras")
        model.stop_training = True
        trains.join()
        assert len(seen) > 1
        kernel = keras.models.load_model("m.keras", {"down": down}).get_weights()[0]
        assert (kernel == kernel[0, 0]).all()
        """,
        tmp_path,
    )


def test_jobs_within_jobs(tmp_path):
    run(
        """
        from joblib import Parallel, delayed

        X, Y = X[:1000], Y[:1000]

        def work(units):
            model = keras.Sequential([
                keras.layers.Dense(units, activation="relu", input_shape=(50,),
                                   kernel_initializer=keras.initializers.GlorotUniform(seed=1)),
                keras.layers.Dense(3, activation="softmax",
                                   kernel_initializer=keras.initializers.GlorotUniform(seed=2)),
            ])
            model.compile("sgd", "sparse_categorical_crossentropy")
            model.fit(X, Y, shuffle=False, verbose=0)
            return [w.tobytes() for w in model.get_weights()]

        def pair(units):
            return Parallel(n_jobs=2, prefer="threads")(delayed(work)(u) for u in (units, units))

        alone = work(64)
        for two in Parallel(n_jobs=3, prefer="threads")(delayed(pair)(64) for _ in range(3)):
            assert two == [alone, alone]
        """,
        tmp_path,
    )
