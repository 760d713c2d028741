"""Callbacks: what to do while a model trains, and the progress bar."""

from typing import TYPE_CHECKING

from ..graph.catalog import listing as _listing
from ..graph.errors import absent as _absent
from .backup_and_restore import BackupAndRestore
from .callback import Callback, path_written
from .callback_list import CallbackList
from .csv_logger import CSVLogger
from .early_stopping import EarlyStopping
from .history import History
from .lambda_callback import LambdaCallback
from .learning_rate import LearningRateScheduler, ReduceLROnPlateau
from .model_checkpoint import ModelCheckpoint
from .monitor import MonitorCallback
from .one_cycle_scheduler import OneCycleScheduler
from .progbar_logger import ProgbarLogger
from .progress import Progbar
from .swap_ema_weights import SwapEMAWeights
from .tensorboard import TensorBoard
from .terminate_on_nan import TerminateOnNaN

CATALOG = {
    "BackupAndRestore": BackupAndRestore,
    "Callback": Callback,
    "CallbackList": CallbackList,
    "CSVLogger": CSVLogger,
    "EarlyStopping": EarlyStopping,
    "History": History,
    "LambdaCallback": LambdaCallback,
    "LearningRateScheduler": LearningRateScheduler,
    "ModelCheckpoint": ModelCheckpoint,
    "MonitorCallback": MonitorCallback,
    "OneCycleScheduler": OneCycleScheduler,
    "ProgbarLogger": ProgbarLogger,
    "ReduceLROnPlateau": ReduceLROnPlateau,
    "SwapEMAWeights": SwapEMAWeights,
    "TensorBoard": TensorBoard,
    "TerminateOnNaN": TerminateOnNaN,
}

__all__ = ["CATALOG", "Progbar", "path_written", *CATALOG]

if not TYPE_CHECKING:  # a checker would take any name for known
    __dir__ = _listing(globals())
    __getattr__ = _absent(__name__, globals())
