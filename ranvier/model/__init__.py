"""Models: the roof, where layers, losses and optimizers become one compiled step."""

from .architecture import model_from_json
from .clone import clone_model
from .function import function
from .functional import Functional
from .load import load_model
from .many import fit_many
from .model import Model
from .sequential import Sequential
from .store import save_model

__all__ = [
    "Functional",
    "Model",
    "Sequential",
    "clone_model",
    "fit_many",
    "function",
    "load_model",
    "model_from_json",
    "save_model",
]
