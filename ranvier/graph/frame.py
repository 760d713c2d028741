"""What comes from a library of frames, told without loading one."""

from __future__ import annotations

from typing import Any


def of_frames(x: Any) -> bool:
    """Tell whether x is of pandas or polars."""
    return type(x).__module__.partition(".")[0] in ("pandas", "polars")


def no_frame(x: Any, place: str) -> str:
    """Return what to say of what is no frame and no series, but comes from their library."""
    return (
        f"{place}: got a {type(x).__name__}, expected a frame or a series. Of groups and windows "
        "give what is computed from them, for instance their mean()."
    )
