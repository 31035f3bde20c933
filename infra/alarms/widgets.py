"""Parts of a CloudWatch dashboard as data (API reference, "Dashboard body structure and syntax")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

PERIOD_SECONDS = 60
# "Alarm widget": at most a hundred alarms in one.
MOST_ALARMS_IN_WIDGET = 100
_COLUMNS = 24
_HEIGHT = 6

Widget = dict[str, Any]


def placed(rows: Sequence[Sequence[Widget]]) -> list[Widget]:
    """Each row fills the width, in equal parts."""
    widgets: list[Widget] = []
    for number, row in enumerate(row for row in rows if row):
        width = _COLUMNS // len(row)
        widgets += [
            {**widget, "x": place * width, "y": number * _HEIGHT, "width": width, "height": _HEIGHT}
            for place, widget in enumerate(row)
        ]
    return widgets


def alarm_widgets(alarm_arns: Sequence[pulumi.Input[str]]) -> list[Widget]:
    """The alarms that are not well, the newest first."""
    parts = range(0, len(alarm_arns), MOST_ALARMS_IN_WIDGET)
    return [
        {
            "type": "alarm",
            "properties": {
                "title": "Alarms",
                "alarms": list(alarm_arns[start : start + MOST_ALARMS_IN_WIDGET]),
                "sortBy": "stateUpdatedTimestamp",
                "states": ["ALARM", "INSUFFICIENT_DATA"],
            },
        }
        for start in parts
    ]


def graph(region: str, title: str, metrics: Sequence[list[Any]], **properties: Any) -> Widget:
    """Lines over time, unless the properties say otherwise."""
    return {
        "type": "metric",
        "properties": {
            "title": title,
            "view": "timeSeries",
            "region": region,
            "period": PERIOD_SECONDS,
            "metrics": list(metrics),
            **properties,
        },
    }


def metric(
    namespace: str, name: str, dimensions: Mapping[str, pulumi.Input[str]], **options: Any
) -> list[Any]:
    """A metric as a dashboard writes it: its names and values in one flat list."""
    flat = [part for dimension in dimensions.items() for part in dimension]
    return [namespace, name, *flat, options]
