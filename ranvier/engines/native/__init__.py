"""The native engine: LLVM IR written at run time, compiled through llvmlite."""

from .program import NativeEngine, NativeProgram

__all__ = ["NativeEngine", "NativeProgram"]
