"""Shapes as SVG: boxes, lines of text, arrows. Pictures are laid out elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2933; }
  .small { font-size: 11px; fill: #52606d; }
  .head { font-size: 18px; font-weight: 600; }
  .bold { font-weight: 600; }
  .halo { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round; }
  .arrow { fill: none; stroke: #3e4c59; stroke-width: 1.5; marker-end: url(#tip); }
  .broken { stroke: #c0392b; stroke-dasharray: 5 4; }
  .enters { stroke: #b7791f; stroke-width: 2.5; }
"""


@dataclass(frozen=True)
class Box:
    """A rectangle: its upper left corner and its size, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


class Drawing:
    """An SVG document that grows from back to front."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._shapes: list[str] = []

    def box(self, box: Box, fill: str, *, stroke: str = "#9aa5b1", radius: int = 6) -> None:
        self._shapes.append(
            f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="{radius}" '
            f'fill="{fill}" stroke="{stroke}"/>'
        )

    def text(self, x: float, y: float, text: str, *, style: str = "", anchor: str = "start") -> None:
        self._shapes.append(
            f'<text x="{x:g}" y="{y:g}" class="{style}" text-anchor="{anchor}">{escape(text)}</text>'
        )

    def arrow(
        self,
        points: Sequence[tuple[float, float]],
        *,
        style: str = "",
        label: str = "",
        is_straight: bool = False,
    ) -> None:
        """A way from the first point to the last; hovering shows the label.

        It passes through the points between in straight lines, or is a curve that at most two of them bend.
        """
        (x, y), *bends = points
        curve = "L" if is_straight else {1: "L", 2: "Q", 3: "C"}[len(bends)]
        way = " ".join(f"{to_x:g} {to_y:g}" for to_x, to_y in bends)
        self._shapes.append(
            f'<path class="arrow {style}" d="M {x:g} {y:g} {curve} {way}">'
            f"<title>{escape(label)}</title></path>"
        )

    def document(self, width: float, height: float) -> str:
        """The whole as a file, which needs no other."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(self._title)}">'
        )
        tip = (
            '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" '
            'markerHeight="10" markerUnits="userSpaceOnUse" '
            'orient="auto-start-reverse"><path d="M 0 0 L 10 5 L 0 10 z" fill="#3e4c59"/></marker></defs>'
        )
        paper = '<rect width="100%" height="100%" fill="#ffffff"/>'
        return "\n".join([head, f"<style>{_STYLE}</style>", tip, paper, *self._shapes, "</svg>"]) + "\n"
