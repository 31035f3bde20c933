"""Filter patterns of CloudWatch Logs, built from parts (user guide, "Filter pattern syntax").

Two formats: CloudTrail writes JSON, and flow logs write fields with spaces between them.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence

# The API reference of PutMetricFilter: a pattern has at most 1024 characters. A log group takes five filters
# with regular expressions, and a pattern two of them.
LONGEST_PATTERN = 1024
MOST_REGEX_FILTERS = 5
# The default format ("Flow log records", VPC user guide).
FLOW_FIELDS = (
    "version",
    "account",
    "interface",
    "srcaddr",
    "dstaddr",
    "srcport",
    "dstport",
    "protocol",
    "packets",
    "bytes",
    "start",
    "end",
    "action",
    "status",
)
_ISSUER = "$.userIdentity.sessionContext.sessionIssuer.arn"


def json_pattern(*conditions: str) -> str:
    """A pattern for JSON in which every condition holds. Raises ValueError if it is too long."""
    return _checked("{ " + " && ".join(conditions) + " }")


def is_in(selector: str, values: Sequence[str]) -> str:
    """The value at a selector is one of these; a `*` stands for any characters."""
    return "(" + " || ".join(f'{selector} = "{value}"' for value in values) + ")"


def not_by(role_arns: Sequence[str]) -> str:
    """The caller acts in none of these roles. Who acts in no role at all is not in them either.

    Said in two parts, since a comparison does not speak of a field that is not there.
    """
    others = " && ".join(f'{_ISSUER} != "{arn}"' for arn in role_arns)
    return f"({_ISSUER} NOT EXISTS || ({others}))"


def flow_pattern(conditions: Mapping[str, str]) -> str:
    """A pattern for flow log lines; a condition is what follows the field's name. Raises ValueError if it is
    too long.
    """
    fields = [f"{name}{conditions.get(name, '')}" for name in FLOW_FIELDS]
    return _checked("[" + ", ".join(fields) + "]")


def within(cidr: str) -> str:
    """A condition: the address lies in a range. A regular expression, without the parentheses that filter
    patterns do not know.
    """
    network = ipaddress.IPv4Network(cidr)
    first, last = network.network_address.packed, network.broadcast_address.packed
    place = min(network.prefixlen // 8, 3)
    before = "".join(rf"{octet}\." for octet in first[:place])
    after = r"\." if place < 3 else "$"
    each = [f"^{before}{number}{after}" for number in _numbers(first[place], last[place])]
    return "=%" + "|".join(each) + "%"


def outside(cidr: str) -> str:
    """A condition: the address shares not even the whole octets of a range."""
    network = ipaddress.IPv4Network(cidr)
    octets = str(network.network_address).split(".")[: network.prefixlen // 8]
    return f"!={'.'.join(octets)}.*"


def _numbers(first: int, last: int) -> list[str]:
    """Regular expressions, one for each ten, that match the numbers from first to last."""
    each = []
    for tens in range(first // 10, last // 10 + 1):
        lowest, highest = max(first, 10 * tens) % 10, min(last, 10 * tens + 9) % 10
        each.append(f"{tens or ''}[{lowest}-{highest}]")
    return each


def _checked(pattern: str) -> str:
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(
            f"a filter pattern has at most {LONGEST_PATTERN} characters, got {len(pattern)}; "
            f"name fewer roles in {pattern[:70]}..."
        )
    return pattern
