"""Networks of many kinds, written once for Keras and for Ranvier: what books and tables need.

Each entry of `FAMILIES` says what rows look like, how many words they are numbers of (0 for
pictures, series and tables), the batch, and what makes the network's output of its input.
"""

import numpy as np

BATCHES = 20
CLASSES = 10


def _pictures(layers, x):
    """Three blocks of two convolutions, batch normalization, pooling and dropout."""
    for filters in (32, 64, 128):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.Dropout(0.2)(layers.MaxPooling2D()(x))
    return layers.Dense(128, activation="relu")(layers.Flatten()(x))


def _separable(layers, x):
    x = layers.Conv2D(32, 3, strides=2, padding="same")(x)
    for filters in (64, 128, 128):
        x = layers.SeparableConv2D(filters, 3, padding="same")(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    return layers.GlobalAveragePooling2D()(x)


def _residual(layers, x):
    x = layers.Conv2D(32, 3, padding="same")(x)
    for filters, strides in ((32, 1), (64, 2), (128, 2)):
        y = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
        y = layers.ReLU()(layers.BatchNormalization()(y))
        y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
        y = layers.BatchNormalization()(y)
        if strides > 1:
            x = layers.Conv2D(filters, 1, strides=strides, use_bias=False)(x)
        x = layers.ReLU()(layers.Add()([x, y]))
    return layers.GlobalAveragePooling2D()(x)


def _transposed(layers, x):
    for filters in (16, 32):
        x = layers.Conv2D(filters, 3, strides=2, padding="same", activation="selu")(x)
    for filters in (16, 1):
        x = layers.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="selu")(x)
    return layers.GlobalAveragePooling2D()(x)


def _text(layers, x):
    x = layers.Conv1D(128, 5, activation="relu")(layers.Embedding(5000, 50)(x))
    x = layers.Conv1D(128, 5, activation="relu")(layers.MaxPooling1D(5)(x))
    return layers.GlobalMaxPooling1D()(x)


def _deep_recurrent(layers, x):
    return layers.LSTM(128)(layers.LSTM(128, return_sequences=True)(x))


def _both_ways(layers, x):
    x = layers.Embedding(5000, 32, mask_zero=True)(x)
    return layers.Bidirectional(layers.GRU(32))(x)


def _attention(layers, x):
    x = layers.Embedding(5000, 64)(x)
    for _ in range(2):
        y = layers.MultiHeadAttention(4, 16)(x, x)
        x = layers.LayerNormalization()(layers.Add()([x, y]))
        y = layers.Dense(64)(layers.Dense(128, activation="gelu")(x))
        x = layers.LayerNormalization()(layers.Add()([x, y]))
    return layers.GlobalAveragePooling1D()(x)


def _table(layers, x):
    for _ in range(3):
        x = layers.BatchNormalization()(layers.Dense(128, use_bias=False)(x))
        x = layers.Dropout(0.3)(layers.Activation("swish")(x))
    return x


#: Name: shape of a row, words, rows of a batch, network.
FAMILIES = {
    "pictures, 32 x 32 x 3": ((32, 32, 3), 0, 32, _pictures),
    "separable convolutions": ((32, 32, 3), 0, 32, _separable),
    "residual blocks, 28 x 28": ((28, 28, 1), 0, 32, _residual),
    "transposed convolutions": ((28, 28, 1), 0, 32, _transposed),
    "convolutions of 200 words": ((200,), 5000, 32, _text),
    "two LSTM 128, 50 steps": ((50, 64), 0, 32, _deep_recurrent),
    "GRU 32 both ways, 80 words": ((80,), 5000, 32, _both_ways),
    "attention, 64 words": ((64,), 5000, 32, _attention),
    "table of 60 columns": ((60,), 0, 512, _table),
}


def build(keras, job):
    """Build and compile the job's network: a classifier of ten classes."""
    shape, _, _, network = FAMILIES[job["family"]]
    inputs = keras.layers.Input(shape)
    x = network(keras.layers, inputs)
    outputs = keras.layers.Dense(CLASSES, activation="softmax")(x)
    model = keras.Model(inputs, outputs)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def load(job):
    """Return random rows for the job's network, and a class for each."""
    shape, words, batch, _ = FAMILIES[job["family"]]
    rng, rows = np.random.default_rng(0), BATCHES * batch
    x = rng.integers(1, words, (rows, *shape)) if words else rng.random((rows, *shape))
    return x.astype("int32" if words else "float32"), rng.integers(0, CLASSES, rows)
