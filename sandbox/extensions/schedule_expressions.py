"""The expressions that say when something happens: `at(...)`, `rate(...)` and `cron(...)`.

EventBridge Scheduler user guide, "Schedule types": one instant, an interval, or six fields of minutes, hours,
day of month, month, day of week and year. Auto Scaling and Secrets Manager write them the same way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_RATE = re.compile(r"rate\((?P<value>[1-9][0-9]*) (?P<unit>minute|hour|day)(?P<plural>s?)\)")


@dataclass(frozen=True, kw_only=True)
class _Field:
    """One field of a cron expression: its limits, the names of its values, and the special forms it has."""

    name: str
    lowest: int
    highest: int
    names: tuple[str, ...] = ()
    special: str = r"(?!)"

    def takes(self, text: str) -> bool:
        return bool(text) and all(self._takes_part(part.upper()) for part in text.split(","))

    def _takes_part(self, part: str) -> bool:
        if re.fullmatch(self.special, part):
            return True
        span, slash, step = part.partition("/")
        if slash and not (step.isdigit() and int(step) > 0):
            return False
        if span == "*":
            return True
        numbers = [self._number(each) for each in span.split("-")]
        known = [number for number in numbers if number is not None]
        return len(known) == len(numbers) <= 2 and all(
            self.lowest <= number <= self.highest for number in known
        )

    def _number(self, text: str) -> int | None:
        if text in self.names:
            return self.names.index(text) + self.lowest
        return int(text) if text.isdigit() else None


_FIELDS = (
    _Field(name="minutes", lowest=0, highest=59),
    _Field(name="hours", lowest=0, highest=23),
    _Field(name="day of month", lowest=1, highest=31, special=r"\?|L|LW|([1-9]|[12][0-9]|3[01])W"),
    _Field(name="month", lowest=1, highest=12, names=_MONTHS),
    _Field(name="day of week", lowest=1, highest=7, names=_DAYS, special=r"\?|L|[1-7]L|[1-7]#[1-5]"),
    _Field(name="year", lowest=1970, highest=2199),
)


def problem_with(expression: str) -> str:
    """Why AWS does not take the expression, or nothing."""
    kind = expression.partition("(")[0]
    if kind == "at":
        return _problem_with_instant(expression)
    if kind == "rate":
        return _problem_with_rate(expression)
    if kind == "cron":
        return _problem_with_cron(expression)
    return "it is none of at(...), rate(...) and cron(...)"


def is_time_zone(name: str) -> bool:
    """Whether a name is one of the IANA's, such as `Europe/Berlin`."""
    return name in available_timezones()


def _problem_with_instant(expression: str) -> str:
    try:
        datetime.strptime(expression, "at(%Y-%m-%dT%H:%M:%S)")  # noqa: DTZ007 - the zone is said beside it
    except ValueError:
        return "an instant is at(yyyy-mm-ddThh:mm:ss)"
    return ""


def _problem_with_rate(expression: str) -> str:
    match = _RATE.fullmatch(expression)
    if match is None:
        return "a rate is rate(value unit), with minutes, hours or days"
    if (match["value"] == "1") == bool(match["plural"]):
        return f"{match['value']} goes with {match['unit']}{'' if match['value'] == '1' else 's'}"
    return ""


def _problem_with_cron(expression: str) -> str:
    fields = expression.removeprefix("cron(").removesuffix(")").split()
    if len(fields) != len(_FIELDS) or not expression.endswith(")"):
        return "a cron expression has six fields: minutes hours day-of-month month day-of-week year"
    for field, text in zip(_FIELDS, fields, strict=True):
        if not field.takes(text):
            return f"{text} is no {field.name}"
    if (fields[2] == "?") == (fields[4] == "?"):
        return "one of day of month and day of week, and not both, has to be ?"
    return ""
