"""Every name of Keras that the books use is here, or says what to use instead."""

from __future__ import annotations

import pytest

import ranvier

#: All 103, by place; tests/books and the rooms' own tests run them.
NAMES = {
    "layers": """Dense Flatten BatchNormalization Conv1D Dropout SimpleRNN Layer Conv2D
        Normalization LSTM Input Embedding MaxPool2D concatenate Activation AlphaDropout GRU Lambda
        MaxPooling2D InputLayer LeakyReLU LayerNormalization GlobalAvgPool2D Resizing
        GlobalAveragePooling2D Add Concatenate CenterCrop Rescaling RandomFlip RandomRotation
        RandomContrast SimpleRNNCell RNN""",
    "": "Sequential Model",
    "models": "Sequential load_model clone_model",
    "optimizers": "SGD Nadam RMSprop Adam Adagrad Adamax AdamW schedules",
    "optimizers.schedules": "InverseTimeDecay ExponentialDecay PiecewiseConstantDecay",
    "utils": """set_random_seed timeseries_dataset_from_array plot_model to_categorical
        get_file""",
    "datasets": """fashion_mnist.load_data fashion_mnist imdb.load_data mnist.load_data
        cifar10.load_data""",
    "callbacks": """EarlyStopping ModelCheckpoint TensorBoard Callback LearningRateScheduler
        ReduceLROnPlateau""",
    "backend": "clear_session get_value square transpose constant",
    "preprocessing.sequence": "pad_sequences",
    "losses": "sparse_categorical_crossentropy Huber MeanAbsoluteError Loss MeanSquaredError",
    "activations": "get serialize sigmoid relu",
    "metrics": """sparse_categorical_accuracy Mean MeanAbsoluteError SparseCategoricalAccuracy
        Precision Metric sparse_top_k_categorical_accuracy""",
    "regularizers": "l2 Regularizer",
    "constraints": "max_norm",
    "initializers": "VarianceScaling",
}
ABSENT = {
    "layers": "TFSMLayer",
    "applications": "ResNet50 resnet50.preprocess_input resnet50.decode_predictions "
    "xception.Xception xception.preprocess_input",
}


def found(path):
    """Return what a dotted name stands for."""
    value = ranvier
    for part in path.split("."):
        value = getattr(value, part)
    return value


@pytest.mark.parametrize("place", NAMES)
def test_each_name_is_there(place):
    for name in NAMES[place].split():
        assert found(f"{place}.{name}".lstrip(".")) is not None


@pytest.mark.parametrize("place", ABSENT)
def test_each_other_name_says_what_to_use(place):
    for name in ABSENT[place].split():
        with pytest.raises(AttributeError, match="load_model"):
            found(f"{place}.{name}")


def test_names_are_imported_as_the_books_import_them():
    from ranvier import datasets, layers, models  # noqa: F401
    from ranvier.callbacks import EarlyStopping  # noqa: F401
    from ranvier.datasets import fashion_mnist, imdb  # noqa: F401
    from ranvier.layers import Dense  # noqa: F401
    from ranvier.models import Sequential  # noqa: F401
    from ranvier.optimizers.schedules import ExponentialDecay  # noqa: F401
    from ranvier.preprocessing.sequence import pad_sequences  # noqa: F401
    from ranvier.utils import plot_model, to_categorical  # noqa: F401
