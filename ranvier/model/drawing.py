"""Drawings of boxes, words and arrows, as SVG written by hand or as pixels by matplotlib."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from .layout import Point

_FONT = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif"
#: Arrow heads: how long and how wide.
_HEAD = 7.0


@dataclass(frozen=True)
class Rect:
    """A rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    fill: str = "none"
    dashed: bool = False


@dataclass(frozen=True)
class Text:
    """A word in the middle of a place."""

    x: float
    y: float
    text: str
    size: float
    color: str = "black"
    bold: bool = False


@dataclass(frozen=True)
class Arrow:
    """A line through points, with a head at its end."""

    points: tuple[Point, ...]


@dataclass(repr=False)
class Drawing:
    """Marks on a sheet, measured in points of 1/72 inch from the upper left corner."""

    width: float = 0.0
    height: float = 0.0
    marks: list[Rect | Text | Arrow] = field(default_factory=list)

    def put(self, other: Drawing, x: float, y: float) -> None:
        """Put another drawing on this one."""
        self.marks += [_moved(mark, x, y) for mark in other.marks]

    def __repr__(self) -> str:
        return f"<Drawing of {self.width:.0f} x {self.height:.0f} points>"

    def _repr_svg_(self) -> str:
        return self.svg()

    def svg(self) -> str:
        """Return the drawing as the text of an SVG file."""
        size = f'width="{self.width:.1f}pt" height="{self.height:.1f}pt"'
        box = f'viewBox="0 0 {self.width:.1f} {self.height:.1f}"'
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} font-family="{_FONT}">\n'
            '<rect width="100%" height="100%" fill="white"/>\n'
        )
        return head + "".join(f"{line}\n" for m in self.marks for line in _svg(m)) + "</svg>\n"

    def image(self, dpi: float, form: str) -> bytes:
        """Return the drawing as the bytes of a file that matplotlib can write, such as png."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(figsize=(self.width / 72, self.height / 72), facecolor="white")
        FigureCanvasAgg(figure)
        axes: Any = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_xlim(0, self.width)
        axes.set_ylim(self.height, 0)
        axes.axis("off")
        for mark in self.marks:
            _plot(axes, mark)
        out = io.BytesIO()
        figure.savefig(out, dpi=dpi, format=form)
        return out.getvalue()


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return about how wide a text is; wide letters of the East count double."""
    letters = sum(0.62 if ord(letter) < 0x1100 else 1.0 for letter in text)
    return letters * size * (1.1 if bold else 1.0)


def _moved(mark: Rect | Text | Arrow, x: float, y: float) -> Rect | Text | Arrow:
    if isinstance(mark, Arrow):
        return Arrow(tuple((px + x, py + y) for px, py in mark.points))
    return replace(mark, x=mark.x + x, y=mark.y + y)


def _head(points: tuple[Point, ...]) -> tuple[Point, Point, Point]:
    """Return the corners of an arrow head at the end of a line."""
    (x, y), (tx, ty) = points[-2:]
    length = max(((tx - x) ** 2 + (ty - y) ** 2) ** 0.5, 1e-9)
    ux, uy = (tx - x) / length * _HEAD, (ty - y) / length * _HEAD
    return (tx, ty), (tx - ux - uy / 2, ty - uy + ux / 2), (tx - ux + uy / 2, ty - uy - ux / 2)


def _svg(mark: Rect | Text | Arrow) -> Iterator[str]:
    if isinstance(mark, Rect):
        dashes = ' stroke-dasharray="5 3"' if mark.dashed else ""
        yield (
            f'<rect x="{mark.x:.1f}" y="{mark.y:.1f}" width="{mark.width:.1f}" '
            f'height="{mark.height:.1f}" fill="{mark.fill}" stroke="black"{dashes}/>'
        )
    elif isinstance(mark, Text):
        weight = ' font-weight="bold"' if mark.bold else ""
        yield (
            f'<text x="{mark.x:.1f}" y="{mark.y + mark.size * 0.36:.1f}" text-anchor="middle" '
            f'font-size="{mark.size:g}" fill="{mark.color}"{weight}>{escape(mark.text)}</text>'
        )
    else:
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in mark.points)
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in _head(mark.points))
        yield f'<polyline points="{line}" fill="none" stroke="black"/>'
        yield f'<polygon points="{corners}"/>'


def _plot(axes: Any, mark: Rect | Text | Arrow) -> None:
    from matplotlib.patches import Polygon, Rectangle

    if isinstance(mark, Rect):
        axes.add_patch(Rectangle(
            (mark.x, mark.y), mark.width, mark.height, facecolor=mark.fill, edgecolor="black",
            linewidth=1, linestyle="--" if mark.dashed else "-",
        ))  # fmt: skip
    elif isinstance(mark, Text):
        axes.text(
            mark.x, mark.y, mark.text.replace("$", r"\$"), fontsize=mark.size, color=mark.color,
            ha="center", va="center", fontweight="bold" if mark.bold else "normal",
        )  # fmt: skip
    else:
        axes.plot(*zip(*mark.points, strict=True), color="black", linewidth=1)
        axes.add_patch(Polygon(_head(mark.points), closed=True, color="black", linewidth=0))
