"""Pictures as Mermaid, which code hosts draw inside Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scripts.pictures.network import INTERNET, Network, Node
from scripts.pictures.parts import Part


def draw_network(picture: Network) -> str:
    """The network as a flow chart: a box a tier, an arrow for who may speak to whom."""
    return "\n".join(_network(picture)) + "\n"


def draw_parts(parts: Sequence[Part]) -> str:
    """The components as a flow chart: an arrow leads to what is needed."""
    lines = ["flowchart RL"]
    for part in parts:
        types = "<br/>".join(f"{count}x {name}" for name, count in part.types.items())
        lines.append(f'  {_id(part.name)}["<b>{_text(part.name)}</b><br/>{_text(types)}"]')
    for part in parts:
        lines += [f"  {_id(part.name)} --> {_id(other)}" for other in sorted(part.needs)]
    return "\n".join(lines) + "\n"


def _network(picture: Network) -> Iterator[str]:
    yield "flowchart TB"
    yield from (f"  {_node(node)}" for node in picture.nodes if not node.tier)
    yield f'  subgraph vpc["VPC {picture.cidr}"]'
    for tier, subnets in picture.tiers.items():
        ways = ", ".join(dict.fromkeys(str(subnet.way_out) for subnet in subnets))
        zones = "; ".join(f"{subnet.zone} {subnet.cidr}" for subnet in subnets)
        yield f'    subgraph tier_{_id(tier)}["{tier} tier: {zones}; out by: {ways}"]'
        inside = [node for node in picture.nodes if node.tier == tier]
        yield from (f"      {_node(node)}" for node in inside)
        if not inside:
            yield f"      {_id(tier)}_empty[nothing yet]"
        yield "    end"
    yield "  end"
    for flow in picture.flows:
        arrow = "-->" if flow.is_whole else "-.->"
        label = ", ".join(flow.ports) + ("" if flow.is_whole else " (one end only)")
        yield f'  {_id(flow.source)} {arrow}|"{label}"| {_id(flow.target)}'


def _node(node: Node) -> str:
    text = _text("<br/>".join((f"<b>{node.title}</b>", *node.details)))
    return f'{_id(node.key)}(["{text}"])' if node.key == INTERNET else f'{_id(node.key)}["{text}"]'


def _id(name: str) -> str:
    """A name as Mermaid takes it; `end` and the like are words of its own."""
    return "n_" + re.sub(r"\W", "_", name)


def _text(text: str) -> str:
    return text.replace('"', "#quot;")
