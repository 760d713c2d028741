"""Layers: functions from arrays to arrays, with weights of their own."""

from typing import TYPE_CHECKING

from ..graph.catalog import listing as _listing
from ..graph.errors import absent as _absent
from .activation import Activation
from .activity_regularization import ActivityRegularization
from .adaptive_pooling import (
    AdaptiveAveragePooling1D,
    AdaptiveAveragePooling2D,
    AdaptiveAveragePooling3D,
    AdaptiveMaxPooling1D,
    AdaptiveMaxPooling2D,
    AdaptiveMaxPooling3D,
)
from .add import Add, add
from .additive_attention import AdditiveAttention
from .alpha_dropout import AlphaDropout
from .attention import Attention
from .average import Average, average
from .average_pooling import AveragePooling1D, AveragePooling2D, AveragePooling3D
from .batch_normalization import BatchNormalization
from .bidirectional import Bidirectional
from .category_encoding import CategoryEncoding
from .center_crop import CenterCrop
from .concatenate import Concatenate, concatenate
from .conv import Conv1D, Conv2D, Conv3D
from .conv_lstm import ConvLSTM1D, ConvLSTM2D, ConvLSTM3D
from .conv_transpose import Conv1DTranspose, Conv2DTranspose, Conv3DTranspose
from .cropping import Cropping1D, Cropping2D, Cropping3D
from .dense import Dense
from .depthwise_conv import DepthwiseConv1D, DepthwiseConv2D
from .description import deserialize, serialize
from .discretization import Discretization
from .dot import Dot, dot
from .dropout import Dropout
from .dtype_policy import DTypePolicy
from .einsum_dense import EinsumDense
from .elu import ELU
from .embedding import Embedding
from .flatten import Flatten
from .function import Function
from .gaussian_dropout import GaussianDropout
from .gaussian_noise import GaussianNoise
from .global_pooling import (
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
)
from .group_normalization import GroupNormalization
from .group_query_attention import GroupQueryAttention
from .gru import GRU
from .gru_cell import GRUCell
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
from .lstm import LSTM
from .lstm_cell import LSTMCell
from .masking import Masking
from .max_pooling import MaxPooling1D, MaxPooling2D, MaxPooling3D
from .maximum import Maximum, maximum
from .minimum import Minimum, minimum
from .multi_head_attention import MultiHeadAttention
from .multiply import Multiply, multiply
from .normalization import Normalization
from .permute import Permute
from .prelu import PReLU
from .random_brightness import RandomBrightness
from .random_contrast import RandomContrast
from .random_crop import RandomCrop
from .random_flip import RandomFlip
from .random_rotation import RandomRotation
from .random_translation import RandomTranslation
from .random_zoom import RandomZoom
from .relu import ReLU
from .repeat_vector import RepeatVector
from .rescaling import Rescaling
from .reshape import Reshape
from .resizing import Resizing
from .rms_normalization import RMSNormalization
from .rnn import RNN
from .separable_conv import SeparableConv1D, SeparableConv2D
from .simple_rnn import SimpleRNN
from .simple_rnn_cell import SimpleRNNCell
from .softmax import Softmax
from .spatial_dropout import SpatialDropout1D, SpatialDropout2D, SpatialDropout3D
from .spectral_normalization import SpectralNormalization
from .stacked_rnn_cells import StackedRNNCells
from .string_lookup import StringLookup
from .subtract import Subtract, subtract
from .text_vectorization import TextVectorization
from .time_distributed import TimeDistributed
from .unit_normalization import UnitNormalization
from .up_sampling import UpSampling1D, UpSampling2D, UpSampling3D
from .zero_padding import ZeroPadding1D, ZeroPadding2D, ZeroPadding3D

#: Every layer by its class name.
CATALOG: dict[str, type[Layer]] = {
    "Activation": Activation,
    "ActivityRegularization": ActivityRegularization,
    "AdaptiveAveragePooling1D": AdaptiveAveragePooling1D,
    "AdaptiveAveragePooling2D": AdaptiveAveragePooling2D,
    "AdaptiveAveragePooling3D": AdaptiveAveragePooling3D,
    "AdaptiveMaxPooling1D": AdaptiveMaxPooling1D,
    "AdaptiveMaxPooling2D": AdaptiveMaxPooling2D,
    "AdaptiveMaxPooling3D": AdaptiveMaxPooling3D,
    "Add": Add,
    "AdditiveAttention": AdditiveAttention,
    "AlphaDropout": AlphaDropout,
    "Attention": Attention,
    "Average": Average,
    "AveragePooling1D": AveragePooling1D,
    "AveragePooling2D": AveragePooling2D,
    "AveragePooling3D": AveragePooling3D,
    "BatchNormalization": BatchNormalization,
    "Bidirectional": Bidirectional,
    "CategoryEncoding": CategoryEncoding,
    "CenterCrop": CenterCrop,
    "Concatenate": Concatenate,
    "Conv1D": Conv1D,
    "Conv1DTranspose": Conv1DTranspose,
    "Conv2D": Conv2D,
    "Conv2DTranspose": Conv2DTranspose,
    "Conv3D": Conv3D,
    "Conv3DTranspose": Conv3DTranspose,
    "ConvLSTM1D": ConvLSTM1D,
    "ConvLSTM2D": ConvLSTM2D,
    "ConvLSTM3D": ConvLSTM3D,
    "Cropping1D": Cropping1D,
    "Cropping2D": Cropping2D,
    "Cropping3D": Cropping3D,
    "Dense": Dense,
    "DepthwiseConv1D": DepthwiseConv1D,
    "DepthwiseConv2D": DepthwiseConv2D,
    "Discretization": Discretization,
    "Dot": Dot,
    "Dropout": Dropout,
    "EinsumDense": EinsumDense,
    "ELU": ELU,
    "Embedding": Embedding,
    "Flatten": Flatten,
    "GaussianDropout": GaussianDropout,
    "GaussianNoise": GaussianNoise,
    "GlobalAveragePooling1D": GlobalAveragePooling1D,
    "GlobalAveragePooling2D": GlobalAveragePooling2D,
    "GlobalAveragePooling3D": GlobalAveragePooling3D,
    "GlobalMaxPooling1D": GlobalMaxPooling1D,
    "GlobalMaxPooling2D": GlobalMaxPooling2D,
    "GlobalMaxPooling3D": GlobalMaxPooling3D,
    "GroupNormalization": GroupNormalization,
    "GroupQueryAttention": GroupQueryAttention,
    "GRU": GRU,
    "GRUCell": GRUCell,
    "HashedCrossing": HashedCrossing,
    "Hashing": Hashing,
    "Identity": Identity,
    "InputLayer": InputLayer,
    "IntegerLookup": IntegerLookup,
    "Lambda": Lambda,
    "LayerNormalization": LayerNormalization,
    "LeakyReLU": LeakyReLU,
    "LSTM": LSTM,
    "LSTMCell": LSTMCell,
    "Masking": Masking,
    "Maximum": Maximum,
    "MaxPooling1D": MaxPooling1D,
    "MaxPooling2D": MaxPooling2D,
    "MaxPooling3D": MaxPooling3D,
    "Minimum": Minimum,
    "MultiHeadAttention": MultiHeadAttention,
    "Multiply": Multiply,
    "Normalization": Normalization,
    "Permute": Permute,
    "PReLU": PReLU,
    "RandomBrightness": RandomBrightness,
    "RandomContrast": RandomContrast,
    "RandomCrop": RandomCrop,
    "RandomFlip": RandomFlip,
    "RandomRotation": RandomRotation,
    "RandomTranslation": RandomTranslation,
    "RandomZoom": RandomZoom,
    "ReLU": ReLU,
    "RepeatVector": RepeatVector,
    "Rescaling": Rescaling,
    "Reshape": Reshape,
    "Resizing": Resizing,
    "RMSNormalization": RMSNormalization,
    "RNN": RNN,
    "SeparableConv1D": SeparableConv1D,
    "SeparableConv2D": SeparableConv2D,
    "SimpleRNN": SimpleRNN,
    "SimpleRNNCell": SimpleRNNCell,
    "Softmax": Softmax,
    "SpatialDropout1D": SpatialDropout1D,
    "SpatialDropout2D": SpatialDropout2D,
    "SpatialDropout3D": SpatialDropout3D,
    "SpectralNormalization": SpectralNormalization,
    "StackedRNNCells": StackedRNNCells,
    "StringLookup": StringLookup,
    "Subtract": Subtract,
    "TextVectorization": TextVectorization,
    "TimeDistributed": TimeDistributed,
    "UnitNormalization": UnitNormalization,
    "UpSampling1D": UpSampling1D,
    "UpSampling2D": UpSampling2D,
    "UpSampling3D": UpSampling3D,
    "ZeroPadding1D": ZeroPadding1D,
    "ZeroPadding2D": ZeroPadding2D,
    "ZeroPadding3D": ZeroPadding3D,
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

# Other names that Keras has for layers.
Convolution1D, Convolution2D, Convolution3D = Conv1D, Conv2D, Conv3D
Convolution1DTranspose, Convolution2DTranspose = Conv1DTranspose, Conv2DTranspose
Convolution3DTranspose = Conv3DTranspose
SeparableConvolution1D, SeparableConvolution2D = SeparableConv1D, SeparableConv2D
MaxPool1D, MaxPool2D, MaxPool3D = MaxPooling1D, MaxPooling2D, MaxPooling3D
AvgPool1D, AvgPool2D, AvgPool3D = AveragePooling1D, AveragePooling2D, AveragePooling3D
GlobalMaxPool1D, GlobalMaxPool2D = GlobalMaxPooling1D, GlobalMaxPooling2D
GlobalMaxPool3D = GlobalMaxPooling3D
GlobalAvgPool1D, GlobalAvgPool2D = GlobalAveragePooling1D, GlobalAveragePooling2D
GlobalAvgPool3D = GlobalAveragePooling3D

# Files in which Keras 2 had its layers.
_FILES = (
    "advanced_activations", "convolutional", "convolutional_recurrent", "core", "embeddings",
    "local", "noise", "preprocessing", "recurrent", "wrappers",
)  # fmt: skip
_GONE = {
    **dict.fromkeys(
        _FILES, "all layers are in ranvier.layers itself: write `from ranvier.layers import Dense`."
    ),
    "TFSMLayer": "it runs TensorFlow's own files. Save the model as '.keras' in Keras, and open it "
    "here with ranvier.models.load_model.",
    "experimental": "its layers, as Rescaling and RandomFlip, are in ranvier.layers itself.",
}

if not TYPE_CHECKING:  # a checker would take any name for known
    __dir__ = _listing(globals())
    __getattr__ = _absent(__name__, globals(), _GONE)
