"""The required alarms of each kind of resource, as data.

Somebody is woken for what customers feel or are about to: for objectives (`slo.py`), and here for what no
objective sees in time. All else waits for the morning. Metrics and dimensions are those of each service's
page "CloudWatch metrics"; where AWS recommends a threshold ("Recommended alarms", CloudWatch user guide), it
is taken.
"""

from __future__ import annotations

from infra.alarms.data import DATA
from infra.alarms.serving import SERVING
from infra.alarms.spec import AlarmSpec, Kind

CATALOGUE: tuple[AlarmSpec, ...] = (*SERVING, *DATA)


def alarms_of(kind: Kind) -> tuple[AlarmSpec, ...]:
    """The alarms that each resource of a kind gets."""
    return tuple(spec for spec in CATALOGUE if spec.kind is kind)
