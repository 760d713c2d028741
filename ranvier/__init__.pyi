"""The public names, for type checkers; `_PUBLIC` in `__init__.py` resolves them."""

from . import activations as activations
from . import backend as backend
from . import callbacks as callbacks
from . import config as config
from . import constraints as constraints
from . import datasets as datasets
from . import errors as errors
from . import initializers as initializers
from . import layers as layers
from . import learn as learn
from . import losses as losses
from . import metrics as metrics
from . import models as models
from . import ops as ops
from . import optimizers as optimizers
from . import preprocessing as preprocessing
from . import random as random
from . import regularizers as regularizers
from . import saving as saving
from . import utils as utils
from . import wrappers as wrappers
from .config import version as version
from .graph import Variable as Variable
from .initializers import Initializer as Initializer
from .layers import Function as Function
from .layers import Input as Input
from .layers import InputSpec as InputSpec
from .layers import KerasTensor as KerasTensor
from .layers import Layer as Layer
from .losses import Loss as Loss
from .metrics import Metric as Metric
from .model import Functional as Functional
from .model import Model as Model
from .model import Sequential as Sequential
from .model import fit_many as fit_many
from .model import function as function
from .optimizers import Optimizer as Optimizer
from .random import SeedGenerator as SeedGenerator
from .regularizers import Regularizer as Regularizer
from .transform import GradientTape as GradientTape
from .transform import grad as grad
from .transform import value_and_grad as value_and_grad

__version__: str
