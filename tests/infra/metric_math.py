"""A tiny evaluator of CloudWatch's metric maths and of composite alarms' rules, for what the stack writes."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping

from infra.alarms.slo import Slo

Minute = tuple[float, float]  # all events and bad ones


def evaluate(expression: str, values: Mapping[str, float | None]) -> float:
    """One expression over one data point of each metric; None is a metric without data."""
    return _value(ast.parse(expression.replace(" AND ", " and "), mode="eval").body, values)


def burn(slo: Slo, values: Mapping[str, float | None]) -> float:
    """What an alarm of one window compares with its threshold."""
    known = dict(values)
    for query_id, expression in slo.expressions().items():
        known[query_id] = evaluate(expression, known)
    result = known["burn"]
    assert result is not None
    return result


def is_alarm(rule: str, alarms: set[str]) -> bool:
    """A composite rule, given which alarms are in ALARM."""
    words = re.sub(r'ALARM\("([^"]+)"\)', lambda found: str(found[1] in alarms), rule)
    tree = ast.parse(words.replace("AND", "and").replace("OR", "or"), mode="eval")
    return bool(_value(tree.body, {}))


def _value(node: ast.expr, values: Mapping[str, float | None]) -> float:
    match node:
        case ast.Constant(value=number):
            assert isinstance(number, int | float)
            return number
        case ast.Name(id=name):
            value = values[name]
            assert value is not None, f"{name} has no data and no FILL around it"
            return value
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_value(part, values) for part in parts)
        case ast.BoolOp(op=ast.Or(), values=parts):
            return any(_value(part, values) for part in parts)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            first, second = _value(left, values), _value(right, values)
            return first >= second if isinstance(operator, ast.GtE) else first > second
        case ast.BinOp(left=left, op=operator, right=right):
            first, second = _value(left, values), _value(right, values)
            if isinstance(operator, ast.Div):
                return first / second if second else math.nan
            if isinstance(operator, ast.Mult):
                return first * second
            return first - second if isinstance(operator, ast.Sub) else first + second
        case ast.Call(func=ast.Name(id="IF"), args=[condition, then, otherwise]):
            return _value(then if _value(condition, values) else otherwise, values)
        case ast.Call(func=ast.Name(id="FILL"), args=[ast.Name(id=name), default]):
            filled = values[name]
            return _value(default, values) if filled is None else filled
    raise AssertionError(f"not known to this evaluator: {ast.unparse(node)}")
