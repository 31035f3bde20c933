"""Condition operators: "IAM JSON policy elements: Condition operators", and those for many values."""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt

from sandbox.iam.matching import Context, as_meant, fill_in, is_arn_like, is_like

_IF_EXISTS = "IfExists"
_ALL, _ANY = "ForAllValues:", "ForAnyValue:"
_NULL = "Null"


@dataclass(frozen=True, kw_only=True)
class Operator:
    """`holds(wanted, given)` for one of each; a negated operator wants that it holds for none."""

    holds: Callable[[str, str], bool]
    negated: bool = False


def _exact(wanted: str, given: str) -> bool:
    return as_meant(wanted) == given


def _in_any_case(wanted: str, given: str) -> bool:
    return as_meant(wanted).lower() == given.lower()


def _compared(
    read: Callable[[str], float], compare: Callable[[float, float], bool]
) -> Callable[[str, str], bool]:
    """What cannot be read is like none. `compare` gets what is given first."""

    def holds(wanted: str, given: str) -> bool:
        with suppress(ValueError):
            return compare(read(given), read(wanted))
        return False

    return holds


def _seconds(text: str) -> float:
    """A date of ISO 8601, or the seconds since 1970."""
    with suppress(ValueError):
        return float(text)
    date = datetime.fromisoformat(text)
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()


def _in_network(wanted: str, given: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(given) in ipaddress.ip_network(wanted, strict=False)
    return False


def _same_bytes(wanted: str, given: str) -> bool:
    with suppress(binascii.Error):
        return base64.b64decode(wanted, validate=True) == base64.b64decode(given, validate=True)
    return False


def _ordered(kind: str, read: Callable[[str], float]) -> dict[str, Operator]:
    """The six operators of what has an order: NumericLessThan, DateEquals."""
    return {
        f"{kind}Equals": Operator(holds=_compared(read, eq)),
        f"{kind}NotEquals": Operator(holds=_compared(read, eq), negated=True),
        f"{kind}LessThan": Operator(holds=_compared(read, lt)),
        f"{kind}LessThanEquals": Operator(holds=_compared(read, le)),
        f"{kind}GreaterThan": Operator(holds=_compared(read, gt)),
        f"{kind}GreaterThanEquals": Operator(holds=_compared(read, ge)),
    }


OPERATORS: Mapping[str, Operator] = {
    "StringEquals": Operator(holds=_exact),
    "StringNotEquals": Operator(holds=_exact, negated=True),
    "StringEqualsIgnoreCase": Operator(holds=_in_any_case),
    "StringNotEqualsIgnoreCase": Operator(holds=_in_any_case, negated=True),
    "StringLike": Operator(holds=is_like),
    "StringNotLike": Operator(holds=is_like, negated=True),
    **_ordered("Numeric", float),
    **_ordered("Date", _seconds),
    "Bool": Operator(holds=_in_any_case),
    "BinaryEquals": Operator(holds=_same_bytes),
    "IpAddress": Operator(holds=_in_network),
    "NotIpAddress": Operator(holds=_in_network, negated=True),
    # "ArnEquals and ArnLike behave identically", says their page.
    "ArnEquals": Operator(holds=is_arn_like),
    "ArnLike": Operator(holds=is_arn_like),
    "ArnNotEquals": Operator(holds=is_arn_like, negated=True),
    "ArnNotLike": Operator(holds=is_arn_like, negated=True),
    # It looks whether the key is there, and not at values: see `holds`.
    _NULL: Operator(holds=_in_any_case),
}


def base_of(operator: str) -> str:
    """An operator without what stands before and after it: `ForAnyValue:StringLikeIfExists` is StringLike."""
    return operator.removeprefix(_ALL).removeprefix(_ANY).removesuffix(_IF_EXISTS)


def holds(operator: str, key: str, wanted: Sequence[str], context: Context, *, has_variables: bool) -> bool:
    """Whether one line of a condition holds. Raises MissingVariableError for a variable without a value."""
    given = context.get(key.lower(), ())
    name = base_of(operator)
    if name == _NULL:
        return str(not given).lower() in [each.lower() for each in wanted]
    wanted = [fill_in(each, context) for each in wanted] if has_variables else wanted
    known = OPERATORS[name]
    if not given:
        if operator.startswith(_ANY):
            return False
        return known.negated or operator.startswith(_ALL) or operator.endswith(_IF_EXISTS)
    answers = _answers(known, wanted, given)
    if operator.startswith(_ALL):
        return all(answers)
    if operator.startswith(_ANY):
        return any(answers)
    # A key with one value gives one answer; for one with more, AWS tells policies to say which is meant.
    return all(answers) if known.negated else any(answers)


def _answers(known: Operator, wanted: Sequence[str], given: Sequence[str]) -> Iterable[bool]:
    """For each value of the call, whether it is as one of the wanted, or for a negated operator as none."""
    return [any(known.holds(each, value) for each in wanted) != known.negated for value in given]
