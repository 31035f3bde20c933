from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import botocore.session
import jmespath
import pytest
from botocore import xform_name
from botocore.exceptions import UnknownServiceError

from infra.alarms.alarm import Alert
from infra.alarms.catalogue import CATALOGUE
from infra.alarms.events import AWS_MESSAGES, EVENTS
from infra.components.alarms import rollback_alerts
from infra.components.configuration_recorder import RULE_BROKEN
from infra.components.quota_alarms import QUOTAS
from infra.components.slo_alarms import RELEASING
from infra.components.worker_alarms import worker_alerts
from infra.outputs import StackOutputs
from scripts.cli import cli
from tests.infra.conftest import ROOT
from tests.infra.observed import DETECTIONS, SLOS, observed

FOLDER = ROOT / "docs" / "runbooks"
HEADINGS = ["Meaning", "Impact", "Diagnosis", "Mitigation", "Owner"]
ALERTS: tuple[Alert, ...] = (
    *CATALOGUE,
    *AWS_MESSAGES,
    *EVENTS,
    *QUOTAS,
    *DETECTIONS,
    RELEASING,
    RULE_BROKEN,
    *rollback_alerts(0.05, 2),
    *worker_alerts(0.2),
    *(slo.alert(severity) for slo in SLOS for severity in slo.severities),
)
_SERVICES = {"configservice": "config", "s3api": "s3"}  # where it names a service otherwise than the SDK
# Options of the command line itself, and those that it adds where an operation has pages.
_GLOBAL = {"query", "output", "region", "profile"}
_PAGES = {"max-items", "page-size", "starting-token"}
# Commands that the command line has beside the operations of an API, with the options used here.
_OWN = {("logs", "tail"): {"since", "filter-pattern", "format", "follow"}}
each_alert = pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.role)


def _text(alert: Alert) -> str:
    return (FOLDER / f"{alert.role}.md").read_text(encoding="utf-8")


def _commands(text: str) -> Iterator[tuple[str, str, set[str]]]:
    """Each call of the AWS command line in a text: service, operation, options."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    quoted = re.findall(r"`(aws [^`]+)`", re.sub(r"```sh\n.*?```", "", text, flags=re.DOTALL))
    waiting = ["\n".join([*blocks, *(" ".join(call.split()) for call in quoted)])]
    # A quoted text may hold anything.
    waiting[0] = re.sub(r"'[^'\n]*'", "text", waiting[0])
    while waiting:
        part = waiting.pop()
        while inner := re.search(r"\$\(([^()]*)\)", part):
            waiting.append(inner[1])
            part = part.replace(inner[0], "value")
        for service, operation, rest in re.findall(r"\baws ([a-z0-9-]+) ([a-z0-9-]+)([^\n;|]*)", part):
            yield service, operation, set(re.findall(r" --([a-z0-9-]+)", rest))


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def _options(service: str, operation: str) -> set[str]:
    """The options that the command line takes. Raises an error for an operation that there is not."""
    if (service, operation) in _OWN:
        return _OWN[service, operation]
    model = _session().get_service_model(_SERVICES.get(service, service))
    names = {xform_name(name, "-"): name for name in model.operation_names}
    assert operation in names, f"aws {service} has no {operation}"
    shape = model.operation_model(names[operation]).input_shape
    options = {xform_name(member, "-") for member in (shape.members if shape else ())}
    with suppress(ValueError, UnknownServiceError):
        _session().get_paginator_model(model.service_name).get_paginator(names[operation])
        options |= _PAGES
    return options | _GLOBAL


def test_every_runbook_belongs_to_an_alarm() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == {"README", *(alert.role for alert in ALERTS)}


def test_no_two_alarms_share_a_role() -> None:
    assert len({alert.role for alert in ALERTS}) == len(ALERTS)


@each_alert
def test_every_alarm_has_a_runbook_with_what_somebody_at_night_needs(alert: Alert) -> None:
    text = _text(alert)
    assert text.startswith(f"# {alert.role}\n")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    for part in re.split(r"^## .+$", text, flags=re.MULTILINE)[1:]:
        assert part.strip()
    owner = text.partition("## Owner\n\n")[2]
    assert owner.startswith(f"{alert.owner}:")


@each_alert
def test_a_runbook_says_whether_it_wakes_somebody(alert: Alert) -> None:
    meaning = _text(alert).partition("## Impact")[0]
    wakes = "It wakes somebody." in " ".join(meaning.split())
    assert wakes == (alert.severity == "page")


@each_alert
def test_a_diagnosis_begins_with_commands_to_paste(alert: Alert) -> None:
    diagnosis = _text(alert).partition("## Diagnosis\n\n")[2]
    assert diagnosis.startswith("```sh\n")
    assert re.search(r"^ *aws ", diagnosis.partition("## Mitigation")[0], re.MULTILINE)


@each_alert
def test_every_command_is_one_that_aws_has(alert: Alert) -> None:
    found = list(_commands(_text(alert)))
    assert found
    for service, operation, given in found:
        assert given <= _options(service, operation), f"aws {service} {operation}"


@each_alert
def test_every_query_can_be_read(alert: Alert) -> None:
    for query in re.findall(r"--query ('[^']*'|\"[^\"]*\"|\S+)", _text(alert)):
        jmespath.compile(query.strip("'\""))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_every_command_and_output_of_slipway_is_one_that_it_has(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"\bslipway ([a-z]+)\b", text)) <= {each.name for each in cli.registered_commands}
    assert set(re.findall(r"jq -r '?\.(\w+)", text)) <= StackOutputs.model_fields.keys()


@each_alert
def test_no_variable_of_a_command_is_one_that_bash_keeps_for_itself(alert: Alert) -> None:
    taken = {"GROUPS", "UID", "PATH", "HOME", "SECONDS", "RANDOM"}
    assert not taken & set(re.findall(r"^(\w+)=", _text(alert), re.MULTILINE))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_every_link_between_runbooks_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
        assert (FOLDER / target).is_file(), target


def test_every_alarm_that_is_made_names_its_owner_and_a_runbook() -> None:
    made = observed().of("cloudwatch/metricAlarm:MetricAlarm", "cloudwatch/compositeAlarm:CompositeAlarm")
    assert made
    roles = {alert.role: alert for alert in ALERTS}
    for alarm in made:
        found = re.fullmatch(
            r".+\. Owner: (\w+)\. Runbook: docs/runbooks/([a-z0-9-]+)\.md", alarm.inputs["alarmDescription"]
        )
        assert found, alarm.name
        assert roles[found[2]].owner == found[1]
