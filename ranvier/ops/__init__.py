"""The ops. `ALL` names every primitive; the functions here are what users call.

They work on arrays (and return arrays) and while a step is traced (and build its graph).
"""

# isort: off
from typing import TYPE_CHECKING
from ..graph.catalog import listing as _listing
from ..graph.errors import absent as _absent
from ..graph.node import OPERATORS, cast
from . import activation, contract, elementwise, image, index, reduce, special, window
from . import reshape as _moves
from .activation import (
    celu, elu, gelu, glu, hard_shrink, hard_sigmoid, hard_silu, hard_tanh, leaky_relu,
    log_sigmoid, log_softmax, mish, relu, relu6, selu, silu, soft_shrink, softmax, softplus,
    softsign, sparse_plus, sparse_sigmoid, sparsemax, squareplus, tanh_shrink, threshold,
)  # fmt: skip
from .attention import dot_product_attention
from .contract import dot, einsum, matmul, outer, tensordot
from .conv import conv, conv_transpose, depthwise_conv, separable_conv
from .convert import (
    array, convert_to_numpy, convert_to_tensor, copy, dtype, is_tensor, saturate_cast, size,
)  # fmt: skip
from .crossentropy import (
    binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy,
)  # fmt: skip
from .depth import depth_to_space, space_to_depth
from .elementwise import (
    absolute, add, arccos, arccosh, arcsin, arcsinh, arctan, arctan2, arctanh, bitwise_and,
    bitwise_or, bitwise_xor, ceil, clip, cos, cosh, divide, equal, exp, expm1, floor,
    floor_divide, greater, greater_equal, isfinite, isinf, isnan, less, less_equal, log, log1p,
    logaddexp, logical_and, logical_not, logical_or, logical_xor, maximum, minimum, mod,
    multiply, negative, not_equal, power, reciprocal, rint, rsqrt, sigmoid, sign, sin, sinh,
    square, stop_gradient, subtract, tan, tanh, trunc, where,
)  # fmt: skip
from .elementwise import sqrt_ as sqrt
from .index import (
    arange, argpartition, argsort, empty_like, eye, full, full_like, in_top_k, iota, one_hot, ones,
    ones_like, sort, take, take_along_axis, top_k, unravel_index, zeros, zeros_like,
)  # fmt: skip
from .matrix import (
    cdist, corrcoef, cross, diag, diagflat, empty, identity, inner, kron, trace, tri, tril,
    triu, vander, vdot,
)  # fmt: skip
from .normalization import (
    batch_normalization, layer_normalization, moments, normalize, rms_normalization,
)  # fmt: skip
from .numeric import (
    allclose, array_equal, bitwise_not, cbrt, cond, deg2rad, divide_no_nan, exp2, fmax, fmin,
    fmod, fori_loop, heaviside, hypot, isclose, isin, isneginf, isposinf, ldexp, left_shift,
    log2, log10, logaddexp2, nan_to_num, rad2deg, right_shift, round, select, signbit, sinc,
    switch,
)  # fmt: skip
from .pad import pad
from .patch import fold, unfold
from .pool import adaptive_average_pool, adaptive_max_pool, average_pool, max_pool
from .random import next_state, random_bits, random_normal, random_uniform
from .rearrange import rearrange
from .recording import recording
from .reduce import (
    all, any, argmax, argmin, cumsum, logsumexp, max, mean, min, norm, prod, std, sum, var,
)  # fmt: skip
from .reshape import (
    broadcast_to, concatenate, diagonal, expand_dims, flip, getitem, moveaxis, ndim, ravel, repeat,
    reshape, shape, split, squeeze, stack, swapaxes, tile, transpose,
)  # fmt: skip
from .scatter import (
    multi_hot, scatter, scatter_update, segment_max, segment_min, segment_prod, segment_sum,
    slice, slice_update,
)  # fmt: skip
from .sequence import (
    append, array_split, cumprod, diff, dsplit, dstack, fliplr, flipud, geomspace, hsplit, hstack,
    linspace, logspace, meshgrid, roll, rot90, trapezoid, unstack, vsplit, vstack,
)  # fmt: skip
from .signal import bartlett, blackman, correlate, hamming, hanning, kaiser, psnr
from .special import erf, erfc, erfinv
from .statistics import (
    average, bincount, count_nonzero, digitize, histogram, median, nanargmax,
    nanargmin, nancumprod, nancumsum, nanmax, nanmean, nanmedian, nanmin, nanpercentile, nanprod,
    nanquantile, nanstd, nansum, nanvar, percentile, ptp, quantile, searchsorted,
)  # fmt: skip

abs = absolute
bitwise_invert = bitwise_not
bitwise_left_shift, bitwise_right_shift = left_shift, right_shift
swish = silu
hard_swish = hard_silu
fabs = absolute
amax = max
amin = min
true_divide = divide
get_item = getitem

ALL = {
    op.name: op
    for family in (elementwise, special, activation, reduce, _moves, contract, index, window)
    for op in family.OPS
}

OPERATORS.update(
    add=add, subtract=subtract, multiply=multiply, divide=divide, true_divide=divide,
    floor_divide=floor_divide, mod=mod, remainder=mod, power=power, matmul=matmul,
    negative=negative, absolute=absolute, less=less, less_equal=less_equal, greater=greater,
    greater_equal=greater_equal, equal=equal, not_equal=not_equal, logical_and=logical_and,
    logical_or=logical_or, logical_xor=logical_xor, logical_not=logical_not, getitem=getitem,
    exp=exp, expm1=expm1, log=log, log1p=log1p, sqrt=sqrt, square=square, tanh=tanh, sin=sin,
    cos=cos, tan=tan, arctan=arctan, logaddexp=logaddexp, log2=log2, log10=log10, exp2=exp2,
    arcsinh=arcsinh, arccosh=arccosh, arctanh=arctanh, hypot=hypot, cbrt=cbrt, fmax=fmax,
    fmin=fmin, fmod=fmod, deg2rad=deg2rad, rad2deg=rad2deg, float_power=power, fabs=absolute,
    arcsin=arcsin, arccos=arccos, sinh=sinh, cosh=cosh, arctan2=arctan2, sign=sign,
    maximum=maximum, minimum=minimum, floor=floor, ceil=ceil, rint=rint, trunc=trunc,
    isnan=isnan, isinf=isinf, isfinite=isfinite, reciprocal=reciprocal,
)  # fmt: skip

globals().update(recording(globals()))

if not TYPE_CHECKING:  # a checker would take any name for known
    __dir__ = _listing(globals())
    __getattr__ = _absent(__name__, globals())
