"""Code in the manner of Hon-gong's chapter 8 and Hands-On's chapter 14, and its figures."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

import ranvier as keras
from tests.books.text import rows, text

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (64, 28, 28), dtype=np.uint8)
LABELS = RNG.integers(0, 10, 64).astype(np.uint8)
PHOTOS = RNG.integers(0, 256, (2, 85, 128, 3), dtype=np.uint8)
CLASSIFY = "sparse_categorical_crossentropy"


@pytest.fixture(autouse=True)
def session():
    keras.backend.clear_session()
    keras.utils.set_random_seed(42)


@pytest.fixture(scope="module")
def convnet():
    """The network of Hon-gong 8-2, not yet trained."""
    keras.backend.clear_session()
    model = keras.Sequential()
    model.add(keras.layers.Input(shape=(28, 28, 1)))
    model.add(keras.layers.Conv2D(32, kernel_size=3, activation="relu", padding="same"))
    model.add(keras.layers.MaxPooling2D(2))
    model.add(keras.layers.Conv2D(64, kernel_size=(3, 3), activation="relu", padding="same"))
    model.add(keras.layers.MaxPooling2D(2))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(100, activation="relu"))
    model.add(keras.layers.Dropout(0.4))
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile(optimizer="adam", loss=CLASSIFY, metrics=["accuracy"])
    return model


def test_summary_of_the_convnet(convnet):
    assert rows(convnet) == [
        ("Conv2D", "(None, 28, 28, 32)", "320"),
        ("MaxPooling2D", "(None, 14, 14, 32)", "0"),
        ("Conv2D", "(None, 14, 14, 64)", "18,496"),
        ("MaxPooling2D", "(None, 7, 7, 64)", "0"),
        ("Flatten", "(None, 3136)", "0"),
        ("Dense", "(None, 100)", "313,700"),
        ("Dropout", "(None, 100)", "0"),
        ("Dense", "(None, 10)", "1,010"),
    ]
    assert " Total params: 333,526 (1.27 MB)" in text(convnet)
    assert " Trainable params: 333,526 (1.27 MB)" in text(convnet)
    names = ["conv2d", "max_pooling2d", "conv2d_1", "max_pooling2d_1", "flatten", "dense",
             "dropout", "dense_1"]  # fmt: skip
    assert [layer.name for layer in convnet.layers] == names
    assert repr(convnet.layers[0]) == "<Conv2D name=conv2d, built=True>"


def test_the_convnet_trains_is_saved_and_shows_its_maps(convnet, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scaled = IMAGES.reshape(-1, 28, 28, 1) / 255.0
    checkpoint_cb = keras.callbacks.ModelCheckpoint("best-cnn-model.keras", save_best_only=True)
    early_stopping_cb = keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    held_out = (scaled[32:], LABELS[32:])
    convnet.fit(scaled[:32], LABELS[:32], epochs=1, validation_data=held_out, verbose=0,
                callbacks=[checkpoint_cb, early_stopping_cb])  # fmt: skip
    model = keras.models.load_model("best-cnn-model.keras")
    assert model.evaluate(*held_out, verbose=0) == convnet.evaluate(*held_out, verbose=0)
    conv = model.layers[0]
    assert conv.weights[0].shape == (3, 3, 1, 32) and conv.weights[1].shape == (32,)
    assert conv.weights[0].numpy()[:, :, 0, 31].shape == (3, 3)
    start = conv.weights[0].numpy().std()  # 0.0846 in the book: glorot_uniform, hardly trained
    assert start == pytest.approx(0.0846, abs=0.01)
    shown = "<KerasTensor shape=(None, 28, 28, 1), dtype=float32, sparse=False"
    assert repr(model.inputs).startswith(f"[{shown}")
    conv_acti = keras.Model(model.inputs, model.layers[0].output)
    maps = conv_acti.predict(scaled[0:1], verbose=0)
    assert maps.shape == (1, 28, 28, 32) and (maps >= 0).all()
    conv2_acti = keras.Model(model.inputs, model.layers[2].output)
    assert conv2_acti.predict(scaled[0:1], verbose=0).shape == (1, 14, 14, 64)
    keras.utils.plot_model(model, show_shapes=True, to_file="cnn-architecture.svg", dpi=300)
    assert (tmp_path / "cnn-architecture.svg").stat().st_size > 0


def test_layers_on_photographs():
    images = keras.layers.CenterCrop(height=70, width=120)(PHOTOS)
    images = keras.layers.Rescaling(scale=1 / 255)(images)
    assert images.shape == (2, 70, 120, 3)
    maps = keras.layers.Conv2D(filters=32, kernel_size=7)(images)
    assert maps.shape == (2, 64, 114, 32)
    same = keras.layers.Conv2D(filters=32, kernel_size=7, padding="same", strides=2)
    assert same(images).shape == (2, 35, 60, 32)
    kernels, biases = same.get_weights()
    assert (kernels.shape, biases.shape) == ((7, 7, 3, 32), (32,))
    assert keras.layers.MaxPool2D(pool_size=2)(images).shape == (2, 35, 60, 3)
    assert keras.layers.GlobalAvgPool2D()(images).shape == (2, 3)
    mean = keras.layers.Lambda(lambda x: keras.ops.mean(x, axis=[1, 2]))(images)
    np.testing.assert_allclose(keras.layers.GlobalAvgPool2D()(images), mean, rtol=1e-5)
    resized = keras.layers.Resizing(height=32, width=32, crop_to_aspect_ratio=True)(PHOTOS)
    augment = keras.Sequential(
        [
            keras.layers.RandomFlip(mode="horizontal", seed=42),
            keras.layers.RandomRotation(factor=0.05, seed=42),
            keras.layers.RandomContrast(factor=0.2, seed=42),
        ]
    )
    out = augment(resized, training=True).numpy()
    assert out.shape == (2, 32, 32, 3) and (out != resized.numpy()).any()


def test_pooling_over_channels():
    class DepthPool(keras.layers.Layer):
        def __init__(self, pool_size=2, **kwargs):
            super().__init__(**kwargs)
            self.pool_size = pool_size

        def call(self, inputs):
            shape = keras.ops.shape(inputs)
            groups = shape[-1] // self.pool_size
            return keras.ops.max(keras.ops.reshape(inputs, (*shape[:-1], groups, self.pool_size)),
                                 axis=-1)  # fmt: skip

    pictures = RNG.random((3, 4, 4, 6)).astype("float32")
    model = keras.Sequential([keras.layers.Input((4, 4, 6)), DepthPool(3)])
    expected = pictures.reshape(3, 4, 4, 2, 3).max(axis=-1)
    assert np.array_equal(model.predict(pictures, verbose=0), expected)
    assert np.array_equal(DepthPool(3)(pictures), expected)


def test_residual_net_of_layers_in_lists():
    DefaultConv2D = partial(keras.layers.Conv2D, kernel_size=3, strides=1, padding="same",
                            kernel_initializer="he_normal", use_bias=False)  # fmt: skip

    class ResidualUnit(keras.layers.Layer):
        def __init__(self, filters, strides=1, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.activations.get(activation)
            self.main_layers = [
                DefaultConv2D(filters, strides=strides), keras.layers.BatchNormalization(),
                self.activation, DefaultConv2D(filters), keras.layers.BatchNormalization(),
            ]  # fmt: skip
            self.skip_layers = []
            if strides > 1:
                self.skip_layers = [DefaultConv2D(filters, kernel_size=1, strides=strides),
                                    keras.layers.BatchNormalization()]  # fmt: skip

        def call(self, inputs):
            z = skip = inputs
            for layer in self.main_layers:
                z = layer(z)
            for layer in self.skip_layers:
                skip = layer(skip)
            return self.activation(z + skip)

    model = keras.Sequential(
        [
            DefaultConv2D(8, kernel_size=7, strides=2, input_shape=[32, 32, 3]),
            keras.layers.BatchNormalization(),
            keras.layers.Activation("relu"),
            keras.layers.MaxPool2D(pool_size=3, strides=2, padding="same"),
        ]
    )
    for filters, strides in ((8, 1), (16, 2)):
        model.add(ResidualUnit(filters, strides=strides))
    model.add(keras.layers.GlobalAvgPool2D())
    model.add(keras.layers.Dense(10, activation="softmax"))
    # A unit has 9 * filters * (before + filters), 4 * filters twice, and what the skip needs.
    assert [layer.count_params() for layer in model.layers] == [
        1_176, 32, 0, 0, 1_216, 3_776, 0, 170]  # fmt: skip
    assert len(model.trainable_weights) == 20 and len(model.weights) == 32
    model.compile(loss=CLASSIFY, optimizer="nadam", metrics=["accuracy"])
    x = RNG.random((32, 32, 32, 3))
    assert model.fit(x, LABELS[:32], epochs=2, verbose=0).history["loss"][-1] > 0


def test_a_new_head_upon_a_frozen_base():
    base = keras.Sequential([keras.Input((12, 12, 3)), keras.layers.Conv2D(4, 3)], name="base")
    avg = keras.layers.GlobalAveragePooling2D()(base.output)
    class_output = keras.layers.Dense(5, activation="softmax")(avg)
    loc_output = keras.layers.Dense(4)(avg)
    model = keras.Model(inputs=base.input, outputs=[class_output, loc_output])
    for layer in base.layers:
        layer.trainable = False
    model.compile(loss=[CLASSIFY, "mse"], loss_weights=[0.8, 0.2],
                  optimizer=keras.optimizers.SGD(learning_rate=0.1, momentum=0.9),
                  metrics=["accuracy", "mse"])  # fmt: skip
    before = base.get_weights()
    y = [LABELS % 5, RNG.random((64, 4))]
    found = model.fit(RNG.random((64, 12, 12, 3)), y, verbose=0).history
    assert sorted(found) == ["dense_1_loss", "dense_1_mse", "dense_accuracy", "dense_loss", "loss"]
    assert all(map(np.array_equal, before, base.get_weights()))


@pytest.mark.parametrize(
    "ask",
    [
        lambda: keras.applications.ResNet50(weights="imagenet"),
        lambda: keras.applications.resnet50.preprocess_input(PHOTOS),
        lambda: keras.applications.resnet50.decode_predictions(PHOTOS, top=3),
        lambda: keras.applications.xception.Xception(weights="imagenet", include_top=False),
        lambda: keras.applications.xception.preprocess_input(PHOTOS),
        lambda: keras.layers.TFSMLayer("my_mnist_model"),
    ],
    ids=["ResNet50", "preprocess", "decode", "Xception", "preprocess-xception", "TFSMLayer"],
)
def test_what_is_not_here_says_what_to_use(ask):
    with pytest.raises(AttributeError, match=r"ranvier\.models\.load_model"):
        ask()
