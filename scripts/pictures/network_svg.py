"""The network picture, laid out: the internet above, the tiers in rows, what is outside at the side."""

from __future__ import annotations

from scripts.pictures.network import INTERNET, Flow, Network, Node, Way
from scripts.pictures.svg import Box, Drawing

_MARGIN = 24
_NODE = (190, 82)
_GAP = 56
_TIER_HEAD = 54
_TIER_HEIGHT = 190
_SIDE = 230
_FILL = {"public": "#fff7e6", "app": "#eaf4ff", "data": "#eafaf1"}
_FEWEST_COLUMNS = 3


def draw_network(picture: Network) -> str:
    """The picture as an SVG document; the same picture is always the same text."""
    by_tier = {tier: [node for node in picture.nodes if node.tier == tier] for tier in picture.tiers}
    columns = max(_FEWEST_COLUMNS, *(len(nodes) for nodes in by_tier.values()))
    inner = columns * _NODE[0] + (columns + 1) * _GAP
    vpc = Box(_MARGIN, 170, inner + 2 * _MARGIN, 40 + len(by_tier) * (_TIER_HEIGHT + 20))
    outside = [node for node in picture.nodes if not node.tier and node.key != INTERNET]
    drawing = Drawing(picture.title)
    drawing.text(_MARGIN, 34, picture.title, style="head")
    drawing.text(
        _MARGIN,
        56,
        "An arrow: security groups at both ends let it through. Broken: one end only.",
        style="small",
    )
    drawing.box(vpc, "#fafbfc", radius=10)
    drawing.text(vpc.x + 14, vpc.y + 24, f"VPC {picture.cidr}", style="bold")
    places = {}
    for row, (tier, nodes) in enumerate(by_tier.items()):
        area = Box(vpc.x + _MARGIN, vpc.y + 40 + row * (_TIER_HEIGHT + 20), inner, _TIER_HEIGHT)
        _draw_tier(drawing, picture, tier, area)
        step = area.width / (len(nodes) + 1)
        for place, node in enumerate(nodes, 1):
            corner = area.x + place * step - _NODE[0] / 2
            places[node.key] = Box(corner, area.y + _TIER_HEAD + 28, *_NODE)
    if any(node.key == INTERNET for node in picture.nodes):
        places[INTERNET] = Box(vpc.middle[0] - _NODE[0] / 2, 76, _NODE[0], 44)
    side = vpc.right + _SIDE - _NODE[0]
    app_row = vpc.y + 40 + (list(by_tier).index("app") if "app" in by_tier else 0) * (_TIER_HEIGHT + 20)
    for place, node in enumerate(outside):
        places[node.key] = Box(side, app_row + place * 72, _NODE[0], 52)
    for flow in picture.flows:
        _draw_flow(drawing, flow, places[flow.source], places[flow.target])
    for node in picture.nodes:
        _draw_node(drawing, node, places[node.key])
    for flow in picture.flows:
        _label_flow(drawing, flow, places[flow.source], places[flow.target])
    lowest = max([vpc.bottom, *(box.bottom for box in places.values())])
    return drawing.document(vpc.right + (_SIDE + _MARGIN if outside else _MARGIN), lowest + _MARGIN)


def _draw_tier(drawing: Drawing, picture: Network, tier: str, area: Box) -> None:
    drawing.box(area, _FILL.get(tier, "#f4f4f4"))
    drawing.text(area.x + 12, area.y + 20, f"{tier} tier", style="bold")
    subnets = picture.tiers[tier]
    ways = sorted({subnet.way_out for subnet in subnets})
    words = {Way.INTERNET: "route to the internet", Way.NAT: "route out by NAT", Way.NOWHERE: "no route out"}
    drawing.text(
        area.right - 12, area.y + 20, ", ".join(words[way] for way in ways), style="small", anchor="end"
    )
    width = area.width / len(subnets)
    for place, subnet in enumerate(subnets):
        cell = Box(area.x + place * width, area.y + 28, width, area.height - 28)
        drawing.box(cell, "none", stroke="#d5dbe1", radius=0)
        drawing.text(cell.x + 10, cell.y + 16, f"{subnet.zone}  {subnet.cidr}", style="small")


def _draw_node(drawing: Drawing, node: Node, box: Box) -> None:
    is_internet = node.key == INTERNET
    drawing.box(
        box, "#fde8c8" if is_internet else "#ffffff", stroke="#52606d", radius=20 if is_internet else 6
    )
    lines = (node.title, *node.details)
    top = box.middle[1] - (len(lines) - 1) * 8 + 4
    for place, line in enumerate(lines):
        drawing.text(
            box.middle[0], top + place * 16, line, style="small" if place else "bold", anchor="middle"
        )


def _ends(source: Box, target: Box) -> list[tuple[float, float]]:
    """Where an arrow starts and ends: from side to side in one row and out of the VPC, or below and above."""
    if (
        source.right + _NODE[0] < target.x
        and target.y - _TIER_HEIGHT < source.y < target.bottom + _TIER_HEIGHT
    ):
        return [(source.right, source.middle[1]), (target.x, target.middle[1])]
    if source.bottom <= target.y:
        return [(source.middle[0], source.bottom), (target.middle[0], target.y)]
    if target.bottom <= source.y:
        return [(source.middle[0], source.y), (target.middle[0], target.bottom)]
    if source.x < target.x:
        return [(source.right, source.middle[1]), (target.x, target.middle[1])]
    return [(source.x, source.middle[1]), (target.right, target.middle[1])]


def _draw_flow(drawing: Drawing, flow: Flow, source: Box, target: Box) -> None:
    style = "broken" if not flow.is_whole else "enters" if flow.source == INTERNET else ""
    (x, y), (to_x, to_y) = _ends(source, target)
    is_far = source.bottom <= target.y or target.bottom <= source.y
    bends = (
        [(x, (y + to_y) / 2), (to_x, (y + to_y) / 2)] if is_far else [((x + to_x) / 2, y - _bend(x, to_x))]
    )
    drawing.arrow(
        [(x, y), *bends, (to_x, to_y)], style=style, label=f"{flow.source} → {flow.target}: {_ports(flow)}"
    )


def _label_flow(drawing: Drawing, flow: Flow, source: Box, target: Box) -> None:
    (x, y), (to_x, to_y) = _ends(source, target)
    is_far = source.bottom <= target.y or target.bottom <= source.y
    height = (y + to_y) / 2 + 4 if is_far else y - _bend(x, to_x) / 2 - 3
    drawing.text((x + to_x) / 2, height, _ports(flow), style="small halo", anchor="middle")


def _bend(x: float, to_x: float) -> float:
    """How high an arrow inside a row swings, so that it passes above what stands between."""
    return 0 if abs(to_x - x) <= 2 * _GAP else 90


def _ports(flow: Flow) -> str:
    return ", ".join(flow.ports)
