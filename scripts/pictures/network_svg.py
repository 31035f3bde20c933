"""The network picture, laid out: the internet above, the tiers in rows, what is outside at the side."""

from __future__ import annotations

from collections.abc import Sequence

from scripts.pictures.network import INTERNET, Flow, Network, Node, Subnet, Way
from scripts.pictures.svg import Box, Drawing

_MARGIN = 24
_NODE = (190, 82)
_GAP = 32
_TIER_HEAD = 54
_TIER_FOOT = 26
_LANE = 24
_STUB = 24
_SIDE = 260
_FILL = {"public": "#fff7e6", "app": "#eaf4ff", "data": "#eafaf1"}
_FEWEST_COLUMNS = 3


def draw_network(picture: Network) -> str:
    """The picture as an SVG document; the same picture is always the same text."""
    return _Plan(picture).drawn()


class _Plan:
    """Where everything stands.

    Between tiers an arrow goes down or up. What many nodes of a tier speak to (its endpoints, what is outside
    of the network) is reached by a lane above those nodes, so that no arrow passes behind one.
    """

    def __init__(self, picture: Network) -> None:
        self._picture = picture
        tier = {node.key: node.tier for node in picture.nodes}
        self._lane_flows = [
            flow
            for flow in picture.flows
            if INTERNET not in (flow.source, flow.target)
            and tier[flow.source]
            and tier[flow.target] in ("", tier[flow.source])
        ]
        self._lanes = list(dict.fromkeys(flow.target for flow in self._lane_flows))
        self._places: dict[str, Box] = {}
        rows = {tier: [node for node in picture.nodes if node.tier == tier] for tier in picture.tiers}
        for nodes in rows.values():
            nodes.sort(key=lambda node: node.key in self._lanes)
        columns = max(_FEWEST_COLUMNS, *(len(nodes) for nodes in rows.values()))
        inner = columns * _NODE[0] + (columns + 1) * _GAP
        self._areas: dict[str, Box] = {}
        self._lane_heights: dict[str, float] = {}
        top = 210.0
        for name, nodes in rows.items():
            top = self._place_tier(name, nodes, Box(2 * _MARGIN, top, inner, 0)) + 20
        self._vpc = Box(_MARGIN, 170, inner + 2 * _MARGIN, top - 170)
        if any(node.key == INTERNET for node in picture.nodes):
            self._places[INTERNET] = Box(self._vpc.middle[0] - _NODE[0] / 2, 76, _NODE[0], 44)
        self._place_outside()

    def _place_tier(self, tier: str, nodes: list[Node], area: Box) -> float:
        """Place a tier and its nodes, and say where it ends."""
        keys = {node.key for node in nodes}
        lanes = [
            target
            for target in self._lanes
            if any(flow.source in keys for flow in self._lane_flows if flow.target == target)
        ]
        # the lowest lane is that of the last node, so that it need not cross the others
        for place, target in enumerate(lanes):
            self._lane_heights[target] = area.y + _TIER_HEAD + (place + 1) * _LANE - 8
        below_lanes = area.y + _TIER_HEAD + (len(lanes) + 1) * _LANE
        height = max([_NODE[1], *(30 + 16 * (1 + len(node.details)) for node in nodes)])
        step = area.width / max(len(nodes), 1)
        for place, node in enumerate(nodes):
            left = area.x + (place + 0.5) * step - _NODE[0] / 2
            self._places[node.key] = Box(left, below_lanes, _NODE[0], height)
        bottom = below_lanes + height + _TIER_FOOT
        self._areas[tier] = Box(area.x, area.y, area.width, bottom - area.y)
        return bottom

    def _place_outside(self) -> None:
        side = self._vpc.right + _SIDE - _NODE[0]
        lowest = 0.0
        for node in self._picture.nodes:
            if not node.tier and node.key != INTERNET:
                wanted = self._lane_heights.get(node.key, self._vpc.y + 26) - 26
                self._places[node.key] = Box(side, max(wanted, lowest), _NODE[0], 52)
                lowest = self._places[node.key].bottom + 20

    def drawn(self) -> str:
        picture, drawing = self._picture, Drawing(self._picture.title)
        drawing.text(_MARGIN, 34, picture.title, style="head")
        drawing.text(
            _MARGIN,
            56,
            "An arrow: security groups at both ends let it through. Broken: one end only.",
            style="small",
        )
        drawing.box(self._vpc, "#fafbfc", radius=10)
        drawing.text(self._vpc.x + 14, self._vpc.y + 24, f"VPC {picture.cidr}", style="bold")
        for tier, area in self._areas.items():
            _draw_tier(drawing, len(picture.tiers[tier]), tier, area)
        for flow in picture.flows:
            drawing.arrow(
                self._way(flow),
                style=_style(flow),
                label=f"{flow.source} → {flow.target}: {_ports(flow)}",
                is_straight=flow in self._lane_flows,
            )
        for tier, area in self._areas.items():
            _label_tier(drawing, picture.tiers[tier], tier, area)
        for node in picture.nodes:
            _draw_node(drawing, node, self._places[node.key])
        for flow in picture.flows:
            drawing.text(*self._label_place(flow), _ports(flow), style="small halo", anchor="middle")
        outside = any(not node.tier and node.key != INTERNET for node in picture.nodes)
        lowest = max(box.bottom for box in (self._vpc, *self._places.values()))
        return drawing.document(self._vpc.right + _MARGIN + (_SIDE if outside else 0), lowest + _MARGIN)

    def _way(self, flow: Flow) -> list[tuple[float, float]]:
        source, target = self._places[flow.source], self._places[flow.target]
        if flow not in self._lane_flows:
            (x, y), (to_x, to_y) = _ends(source, target)
            return [(x, y), (x, (y + to_y) / 2), (to_x, (y + to_y) / 2), (to_x, to_y)]
        height, x = self._lane_heights[flow.target], self._stub(flow)
        if target.x > self._vpc.right:
            corner = target.x - _STUB
            return [
                (x, source.y),
                (x, height),
                (corner, height),
                (corner, target.middle[1]),
                (target.x, target.middle[1]),
            ]
        return [(x, source.y), (x, height), (target.middle[0], height), (target.middle[0], target.y)]

    def _stub(self, flow: Flow) -> float:
        """Where a flow leaves its source upwards: beside the middle, where arrows from above arrive."""
        return self._places[flow.source].middle[0] + (self._lanes.index(flow.target) + 1) * _STUB

    def _label_place(self, flow: Flow) -> tuple[float, float]:
        source, target = self._places[flow.source], self._places[flow.target]
        if flow in self._lane_flows:
            return self._stub(flow), source.y - 8
        (x, y), (to_x, to_y) = _ends(source, target)
        # a quarter of the way along the curve, where arrows that end in one place are still apart
        return 0.84 * x + 0.16 * to_x, 0.7 * y + 0.3 * to_y + 4


def _zones(area: Box, count: int) -> list[Box]:
    width = area.width / count
    return [Box(area.x + place * width, area.y + 28, width, area.height - 28) for place in range(count)]


def _draw_tier(drawing: Drawing, zones: int, tier: str, area: Box) -> None:
    drawing.box(area, _FILL.get(tier, "#f4f4f4"))
    for cell in _zones(area, zones):
        drawing.box(cell, "none", stroke="#d5dbe1", radius=0)


def _label_tier(drawing: Drawing, subnets: Sequence[Subnet], tier: str, area: Box) -> None:
    drawing.text(area.x + 12, area.y + 20, f"{tier} tier", style="bold")
    ways = sorted({subnet.way_out for subnet in subnets})
    words = {Way.INTERNET: "route to the internet", Way.NAT: "route out by NAT", Way.NOWHERE: "no route out"}
    drawing.text(
        area.right - 12, area.y + 20, ", ".join(words[way] for way in ways), style="small", anchor="end"
    )
    for subnet, cell in zip(subnets, _zones(area, len(subnets)), strict=True):
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


def _ends(source: Box, target: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where an arrow between tiers starts and ends."""
    if source.bottom <= target.y:
        return (source.middle[0], source.bottom), (target.middle[0], target.y)
    return (source.middle[0], source.y), (target.middle[0], target.bottom)


def _style(flow: Flow) -> str:
    return "broken" if not flow.is_whole else "enters" if flow.source == INTERNET else ""


def _ports(flow: Flow) -> str:
    return ", ".join(flow.ports)
