"""A face: what Keras has at `keras.utils`."""

from typing import TYPE_CHECKING

from .callbacks import Progbar
from .data import (
    PyDataset,
    normalize,
    pack_x_y_sample_weight,
    pad_sequences,
    timeseries_dataset_from_array,
    to_categorical,
    unpack_x_y_sample_weight,
)
from .data import PyDataset as Sequence
from .datasets import get_file
from .folders import (
    array_to_img,
    image_dataset_from_directory,
    img_to_array,
    load_img,
    save_img,
    text_dataset_from_directory,
)
from .graph.dtype import canonical as standardize_dtype
from .graph.errors import absent as _absent
from .graph.naming import reset_names as clear_session
from .graph.registry import (
    custom_object_scope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)
from .graph.registry import custom_object_scope as CustomObjectScope
from .layers.keras_tensor import is_keras_tensor
from .model.feature_space import FeatureSpace
from .model.load import deserialize_keras_object
from .model.plot import model_to_dot, plot_model
from .random import set_random_seed
from .save.config import serialize as serialize_keras_object

# Files in which Keras 2 had its tools.
_GONE = {
    "data_utils": "write ranvier.utils.get_file.",
    "generic_utils": "its get_custom_objects, custom_object_scope and Progbar are in ranvier.utils "
    "itself.",
    "np_utils": "write ranvier.utils.to_categorical.",
    "vis_utils": "write ranvier.utils.plot_model.",
}

if not TYPE_CHECKING:  # a checker would take any name for known
    __getattr__ = _absent(__name__, globals(), _GONE)
