"""ONNX: the graph of a step, op by op, as a file for other runtimes."""

from .file import OPSET, onnx_bytes
