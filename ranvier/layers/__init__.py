"""Layers: functions from arrays to arrays, with weights of their own."""

from .activation import Activation
from .activity_regularization import ActivityRegularization
from .add import Add, add
from .alpha_dropout import AlphaDropout
from .average import Average, average
from .batch_normalization import BatchNormalization
from .category_encoding import CategoryEncoding
from .concatenate import Concatenate, concatenate
from .dense import Dense
from .discretization import Discretization
from .dot import Dot, dot
from .dropout import Dropout
from .dtype_policy import DTypePolicy
from .elu import ELU
from .flatten import Flatten
from .function import Function
from .gaussian_dropout import GaussianDropout
from .gaussian_noise import GaussianNoise
from .group_normalization import GroupNormalization
from .hashed_crossing import HashedCrossing
from .hashing import Hashing
from .identity import Identity
from .input_layer import Input, InputLayer
from .input_spec import InputSpec
from .integer_lookup import IntegerLookup
from .keras_tensor import KerasTensor
from .lambda_layer import Lambda
from .layer import Layer
from .layer_normalization import LayerNormalization
from .leaky_relu import LeakyReLU
from .maximum import Maximum, maximum
from .minimum import Minimum, minimum
from .multiply import Multiply, multiply
from .normalization import Normalization
from .permute import Permute
from .prelu import PReLU
from .relu import ReLU
from .repeat_vector import RepeatVector
from .rescaling import Rescaling
from .reshape import Reshape
from .rms_normalization import RMSNormalization
from .softmax import Softmax
from .spatial_dropout import SpatialDropout1D, SpatialDropout2D, SpatialDropout3D
from .string_lookup import StringLookup
from .subtract import Subtract, subtract
from .text_vectorization import TextVectorization
from .unit_normalization import UnitNormalization

#: Every layer by its class name.
CATALOG: dict[str, type[Layer]] = {
    "Activation": Activation,
    "ActivityRegularization": ActivityRegularization,
    "Add": Add,
    "AlphaDropout": AlphaDropout,
    "Average": Average,
    "BatchNormalization": BatchNormalization,
    "CategoryEncoding": CategoryEncoding,
    "Concatenate": Concatenate,
    "Dense": Dense,
    "Discretization": Discretization,
    "Dot": Dot,
    "Dropout": Dropout,
    "ELU": ELU,
    "Flatten": Flatten,
    "GaussianDropout": GaussianDropout,
    "GaussianNoise": GaussianNoise,
    "GroupNormalization": GroupNormalization,
    "HashedCrossing": HashedCrossing,
    "Hashing": Hashing,
    "Identity": Identity,
    "InputLayer": InputLayer,
    "IntegerLookup": IntegerLookup,
    "Lambda": Lambda,
    "LayerNormalization": LayerNormalization,
    "LeakyReLU": LeakyReLU,
    "Maximum": Maximum,
    "Minimum": Minimum,
    "Multiply": Multiply,
    "Normalization": Normalization,
    "Permute": Permute,
    "PReLU": PReLU,
    "ReLU": ReLU,
    "RepeatVector": RepeatVector,
    "Rescaling": Rescaling,
    "Reshape": Reshape,
    "RMSNormalization": RMSNormalization,
    "Softmax": Softmax,
    "SpatialDropout1D": SpatialDropout1D,
    "SpatialDropout2D": SpatialDropout2D,
    "SpatialDropout3D": SpatialDropout3D,
    "StringLookup": StringLookup,
    "Subtract": Subtract,
    "TextVectorization": TextVectorization,
    "UnitNormalization": UnitNormalization,
}

#: Layers that Keras also offers as functions of a list of inputs.
FUNCTIONS = {
    "Input": Input,
    "add": add,
    "average": average,
    "concatenate": concatenate,
    "dot": dot,
    "maximum": maximum,
    "minimum": minimum,
    "multiply": multiply,
    "subtract": subtract,
}
