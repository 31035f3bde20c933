"""The resource picture, laid out: a column a layer, what is needed at the left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scripts.pictures.parts import Part
from scripts.pictures.svg import Box, Drawing

_MARGIN = 24
_WIDTH = 290
_COLUMN = 390
_LINE = 15
_HEAD = 26
_GAP = 22
_TOP = 80
_MOST_TYPES = 8


def draw_parts(parts: Sequence[Part], title: str) -> str:
    """The picture as an SVG document; the same parts are always the same text."""
    drawing = Drawing(title)
    drawing.text(_MARGIN, 34, title, style="head")
    drawing.text(
        _MARGIN,
        56,
        "A box: a component and what it made. An arrow leads to what it needs first.",
        style="small",
    )
    boxes = _boxes(parts)
    for part in parts:
        for needed in sorted(part.needs):
            source, target = boxes[part.name], boxes[needed]
            (x, y), (to_x, to_y) = (source.x, source.middle[1]), (target.right, target.middle[1])
            half = max((x - to_x) / 2, 40)
            bends = [(x - half, y), (to_x + half, to_y)]
            drawing.arrow([(x, y), *bends, (to_x, to_y)], label=f"{part.name} needs {needed}")
    for part in parts:
        _draw_part(drawing, part, boxes[part.name])
    return drawing.document(
        max(box.right for box in boxes.values()) + _MARGIN,
        max(box.bottom for box in boxes.values()) + _MARGIN,
    )


def _boxes(parts: Sequence[Part]) -> dict[str, Box]:
    """A place for each part, near the middle of what it needs."""
    boxes: dict[str, Box] = {}
    for layer in range(1 + max(part.layer for part in parts)):
        members = [part for part in parts if part.layer == layer]
        top = float(_TOP)
        for part in sorted(members, key=lambda each: (_height_of_needs(each, boxes), each.name)):
            height = _HEAD + 8 + _LINE * len(_lines(part))
            boxes[part.name] = Box(_MARGIN + layer * _COLUMN, top, _WIDTH, height)
            top += height + _GAP
    return boxes


def _height_of_needs(part: Part, boxes: Mapping[str, Box]) -> float:
    heights = [boxes[needed].middle[1] for needed in part.needs if needed in boxes]
    return sum(heights) / len(heights) if heights else 0.0


def _lines(part: Part) -> list[str]:
    """What a box says: the types, those that there are most of first, and how many are left out."""
    types = sorted(part.types.items(), key=lambda item: (-item[1], item[0]))
    lines = [f"{count}x {name}" for name, count in types[:_MOST_TYPES]]
    left_out = len(types) - _MOST_TYPES
    return [*lines, f"and {left_out} more types"] if left_out > 0 else lines


def _draw_part(drawing: Drawing, part: Part, box: Box) -> None:
    drawing.box(box, "#f5f9ff", stroke="#7b93ad")
    drawing.text(box.x + 10, box.y + 18, part.name, style="bold")
    drawing.text(box.right - 10, box.y + 18, str(part.count), style="small", anchor="end")
    for place, line in enumerate(_lines(part)):
        drawing.text(box.x + 10, box.y + _HEAD + 12 + place * _LINE, line, style="small")
