"""The resources of a state in words that are the same in every environment."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import pytest

from scripts.diff_resources import Surroundings, Told, tell
from scripts.diff_rows import Pair

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}


def surroundings(environment: str = "prod", **changes: str) -> Surroundings:
    known = {
        "environment": environment,
        "account_id": "333333333333" if environment == "prod" else "222222222222",
        "region": "eu-west-1",
        "domain": "example.com" if environment == "prod" else f"{environment}.example.com",
        "cost_center": f"costs-of-{environment}",
        "cidr": "10.30.0.0/16" if environment == "prod" else "10.20.0.0/16",
    }
    return Surroundings(**{**known, **changes})


class State:
    """A state that is written resource by resource."""

    def __init__(self, environment: str = "prod") -> None:
        self.environment = environment
        self.resources: list[dict[str, Any]] = []
        self.stack = self.component("pulumi:pulumi:Stack", f"slipway-{environment}", parent=None)

    def component(self, kind: str, name: str, parent: str | None = "") -> str:
        return self._add(kind, name, parent=self.stack if parent == "" else parent, custom=False)

    def resource(self, kind: str, name: str, inputs: dict[str, Any], **more: Any) -> str:
        made_from = more.pop("made_from", {})
        urns = sorted({urn for each in made_from.values() for urn in each})
        return self._add(
            kind,
            name,
            inputs=inputs,
            propertyDependencies=made_from,
            dependencies=urns,
            **{"parent": self.stack, "custom": True, **more},
        )

    def _add(self, kind: str, name: str, **more: Any) -> str:
        urn = f"urn:pulumi:{self.environment}::slipway::{kind}::{name}"
        self.resources.append({"urn": urn, "type": kind, **more})
        return urn

    def tell(self, **changes: str) -> list[Told]:
        return list(tell(self.resources, surroundings(self.environment, **changes)).values())


def words(value: Any, environment: str = "prod", **changes: str) -> Any:
    """A value of a property, as it is told."""
    state = State(environment)
    state.resource("aws:x/y:Y", "one", {"value": value})
    (told,) = state.tell(**changes)
    return told.properties["value"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("slipway-prod-service", "slipway-{environment}-service"),
        ("/slipway/prod/service", "/slipway/{environment}/service"),
        ("production", "production"),
        ("https://example.com/health", "https://{domain}/health"),
        (
            "arn:aws:iam::333333333333:role/slipway-prod-x",
            "arn:aws:iam::{account}:role/slipway-{environment}-x",
        ),
        ("eu-west-1c", "{region}c"),
        ("com.amazonaws.eu-west-1.s3", "com.amazonaws.{region}.s3"),
        ("10.30.64.0/20", "{cidr}+0.0.64.0/20"),
        ("10.30.0.0/16", "{cidr}+0.0.0.0/16"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("10.99.0.0/16", "10.99.0.0/16"),
        ("999.0.0.0/16", "999.0.0.0/16"),
        ("costs-of-prod", "{cost center}"),
        (SECRET, "[secret]"),
        ({"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "hash": "abc"}, "abc"),
        (["eu-west-1a", 5, True], ["{region}a", 5, True]),
        (3, 3),
        ({}, {}),
    ],
)
def test_what_each_environment_has_of_its_own_is_told_by_what_it_stands_for(value: Any, told: Any) -> None:
    assert words(value) == told


def test_the_name_of_the_environment_in_its_domain_is_the_domains() -> None:
    assert words("a.staging.example.com", "staging") == "a.{domain}"


def test_nested_values_and_written_json_are_told_leaf_by_leaf() -> None:
    state = State()
    containers = [
        {"name": "triage", "environment": [{"name": "LEVEL", "value": "info"}], "ports": [{"p": 1}]}
    ]
    state.resource("aws:x/y:Y", "one", {"definitions": json.dumps(containers), "tags": {"Team": "a"}})
    (told,) = state.tell()
    assert told.properties == {
        "protect": False,
        "definitions.triage.name": "triage",
        "definitions.triage.environment.LEVEL.name": "LEVEL",
        "definitions.triage.environment.LEVEL.value": "info",
        "definitions.triage.ports.0.p": 1,
        "tags.Team": "a",
    }


def test_text_that_only_looks_like_json_stays_text() -> None:
    assert words("{not json") == "{not json"


def test_what_aws_made_up_is_told_by_the_resource_that_has_it_even_when_passed_on() -> None:
    state = State()
    certificate = state.resource(
        "aws:acm/certificate:Certificate",
        "cert",
        {},
        id="x",
        outputs={"arn": "arn:aws:acm:::certificate/630784b2"},
    )
    proof = state.resource(
        "aws:acm/validation:Validation",
        "issued",
        {"certificateArn": "arn:aws:acm:::certificate/630784b2"},
        id="2026-11-25",
        made_from={"certificateArn": [certificate]},
        outputs={"certificateArn": "arn:aws:acm:::certificate/630784b2"},
    )
    listener = {"certificateArn": "arn:aws:acm:::certificate/630784b2", "port": 443}
    state.resource("aws:lb/listener:Listener", "https", listener, made_from={"certificateArn": [proof]})
    assert state.tell()[2].properties["certificateArn"] == "{cert.arn}"


def test_what_a_property_is_not_made_from_is_not_replaced_in_it() -> None:
    state = State()
    state.resource("aws:x/y:Y", "one", {}, id="id-of-one", outputs={"status": "available"})
    state.resource("aws:x/y:Y", "two", {"value": "available, id-of-one"})
    assert state.tell()[1].properties["value"] == "available, id-of-one"


def test_a_name_that_was_cut_is_told_whole() -> None:
    whole = "slipway-staging-entrance-something-long"
    digest = hashlib.sha256(whole.encode()).hexdigest()[:8]
    state = State("staging")
    state.resource("aws:x/y:Y", "one", {"name": f"slipway-staging-entr-{digest}", "tags": {"Name": whole}})
    assert state.tell()[0].properties["name"] == "slipway-{environment}-entrance-something-long"


def test_a_name_that_the_engine_made_up_is_told_as_such() -> None:
    state = State()
    state.resource("aws:x/y:Y", "one", {"name": "one-1a2b3c4"})
    assert state.tell()[0].properties["name"] == "{named by the engine}"


def test_what_is_left_to_others_and_what_the_provider_adds_is_not_told() -> None:
    state = State()
    inputs = {"actions": [1], "tagsAll": {"a": "b"}, "__defaults": [], "port": 1}
    state.resource("aws:x/y:Y", "one", inputs, ignoreChanges=["actions"], protect=True)
    assert state.tell()[0].properties == {"protect": True, "port": 1}


def test_a_resource_belongs_to_its_outermost_component_and_only_resources_are_told() -> None:
    state = State()
    outer = state.component("slipway:service:Service", "service")
    inner = state.component("slipway:log_group:LogGroup", "service-logs", parent=outer)
    state.resource("aws:x/y:Y", "service-logs-group", {}, parent=inner)
    state.resource("pulumi:providers:aws", "default", {})
    (told,) = state.tell()
    assert (told.component, told.name) == ("service", "service-logs-group")


def rows(left: State, right: State) -> Sequence[tuple[str, tuple[str, ...], str, Any, Any]]:
    pair = Pair(left=left.environment, right=right.environment, allowances=())
    told = [{f"{each.type}::{each.name}": each for each in state.tell()} for state in (left, right)]
    return [
        (row.group, row.names, row.property, row.difference.left, row.difference.right)
        for row in pair.resource_rows(*told)
    ]


def test_the_same_difference_of_several_resources_of_a_component_is_one_row() -> None:
    states = State("staging"), State("prod")
    for state, days in zip(states, (90, 365), strict=True):
        part = state.component("slipway:a:A", "a")
        for name in ("a-one", "a-two"):
            state.resource("aws:logs/g:G", name, {"days": days, "kept": True}, parent=part)
    assert rows(*states) == [("a", ("a-one", "a-two"), "days", 90, 365)]


def test_a_resource_that_only_one_has_is_one_row() -> None:
    left, right = State("staging"), State("prod")
    right.resource("aws:x/y:Y", "one", {"a": 1, "b": 2})
    ((_, names, path, _, there),) = rows(left, right)
    assert (names, path, there) == (("one",), "", "there")


def test_what_is_written_alike_is_alike_though_it_reads_like_the_name_of_one_of_them() -> None:
    states = State("staging"), State("prod")
    for state in states:
        state.resource("aws:x/y:Y", "one", {"bucket": "prod-layers"})
    assert rows(*states) == []


def test_the_larger_environment_may_come_first() -> None:
    states = State("prod"), State("staging")
    for state, days in zip(states, (365, 90), strict=True):
        state.resource("aws:x/y:Y", "one", {"days": days})
    assert rows(*states) == [("one", ("one",), "days", 365, 90)]
