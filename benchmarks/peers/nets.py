"""The networks of the jobs, written once for Keras and for Ranvier."""


def build(keras, job):
    """Build and compile the job's network."""
    return {
        "classify": _dense,
        "regress": _dense,
        "convnet": _convnet,
        "normalized": _normalized,
        "recurrent": _recurrent,
    }[job["kind"]](keras, job)


def _dense(keras, job):
    """Dense layers with ReLU, softmax or nothing behind them."""
    width, *hidden, outputs = job["net"]
    dense = [keras.layers.Dense(units, activation="relu") for units in hidden]
    last = "softmax" if job["kind"] == "classify" else None
    model = keras.Sequential(
        [keras.layers.Input((width,)), *dense, keras.layers.Dense(outputs, activation=last)]
    )
    if job["kind"] == "classify":
        return _classifier(model, job)
    model.compile(keras.optimizers.SGD(learning_rate=1e-3), "mse")
    return model


def _convnet(keras, job):
    """Two convolutions with pooling, then 100 units: the shape of Hon-gong 8-2."""
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu", padding="same"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu", padding="same"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(100, activation="relu"),
            layers.Dropout(0.4),
            layers.Dense(10, activation="softmax"),
        ]
    )
    return _classifier(model, job)


def _normalized(keras, job):
    """Batch normalization before each dense layer: the shape of Hands-On chapter 11."""
    layers = keras.layers
    stack = [layers.Input((28, 28)), layers.Flatten(), layers.BatchNormalization()]
    for units in (300, 100):
        stack += [layers.Dense(units, activation="relu"), layers.BatchNormalization()]
    return _classifier(keras.Sequential([*stack, layers.Dense(10, activation="softmax")]), job)


def _recurrent(keras, job):
    """An embedding of 500 words, one recurrent layer of 8 units, one sigmoid: Hon-gong 9."""
    layers = keras.layers
    cell = getattr(layers, job["layer"])
    model = keras.Sequential(
        [
            layers.Input((100,)),
            layers.Embedding(500, 16),
            cell(8),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(job["optimizer"], "binary_crossentropy", metrics=["accuracy"])
    return model


def _classifier(model, job):
    model.compile(job["optimizer"], "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
