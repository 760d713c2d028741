"""A face: what Keras has at `keras.backend`, and the functions that Keras 2 had there."""

# isort: off
from typing import TYPE_CHECKING
from .graph.errors import absent as _absent
from .config import epsilon, floatx, image_data_format, set_epsilon, set_floatx
from .graph import Variable
from .graph.dtype import canonical as standardize_dtype
from .graph.naming import reset_names as clear_session
from .ops import (
    abs, all, any, arange, argmax, argmin, binary_crossentropy, cast, categorical_crossentropy,
    clip, concatenate, cos, cumprod, cumsum, dot, elu, equal, exp, expand_dims, eye, flip,
    greater, greater_equal, hard_sigmoid, less, less_equal, log, logsumexp, max, maximum, mean,
    min, minimum, ndim, not_equal, one_hot, ones, ones_like, prod, relu, repeat, reshape, round,
    shape, sigmoid, sign, sin, size, softmax, softplus, softsign,
    sparse_categorical_crossentropy, sqrt, square, squeeze, stack, std, stop_gradient, sum,
    tanh, tile, transpose, var, zeros, zeros_like,
)  # fmt: skip
from .ops import convert_to_numpy as eval
from .ops import convert_to_numpy as get_value
from .ops import convert_to_tensor as constant
from .ops import flip as reverse
from .ops import power as pow
from .ops import shape as int_shape
from .ops import take as gather
from .ops import transpose as permute_dimensions
from .ops import where as switch
from .random import normal as random_normal
from .random import uniform as random_uniform

variable = Variable
set_value = update = Variable.assign
update_add, update_sub = Variable.assign_add, Variable.assign_sub

if not TYPE_CHECKING:  # a checker would take any name for known
    __getattr__ = _absent(__name__, globals())
