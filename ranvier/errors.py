"""A face: the errors and warnings that a user can meet, to be caught by name."""

from .graph.errors import (
    ArgumentError,
    ArgumentTypeError,
    BusyError,
    DataError,
    DatasetError,
    DataTextError,
    DataTypeError,
    DataWarning,
    DTypeError,
    EngineError,
    GradientError,
    LossError,
    ModelFileError,
    ModelFileMissingError,
    NotBuiltError,
    NotCalledError,
    OpenBatchError,
    RanvierError,
    ShapeError,
    TraceError,
)
