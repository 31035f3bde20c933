"""What the official provider or AWS would refuse is refused before anything is made, and nothing else is."""

from __future__ import annotations

import ipaddress
import json
import time
from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as some

from awsmodel import checks, relations, validation
from awsmodel.catalogue import resource_types
from awsmodel.clients import Clients
from awsmodel.resource import ResourceType, Scope
from awsmodel.rule import Check, Rule, TypeRules
from awsmodel.rulebook import rulebook
from awsmodel.schema import Kind, Property, known_tokens, type_schema
from awsmodel.service_rules import python_pattern
from awsmodel.validation import Validator

QUEUE = "aws:sqs/queue:Queue"
INSTANCE = "aws:rds/instance:Instance"
REGION = "eu-west-1"
RULES = [pytest.param(known, id=token) for token, known in rulebook().items()]
TYPES = [pytest.param(resource, id=token) for token, resource in resource_types().items()]


class Later:
    """What only a deployment knows, whatever an example does with it."""

    def __add__(self, other: object) -> Later:
        return self

    def __getitem__(self, key: object) -> Later:
        return self

    def rstrip(self, characters: str) -> Later:
        return self


LATER = Later()


def later(token: str, name: str, /, **changes: Any) -> Any:
    """Another resource's property, as an example of a type asks for it."""
    return LATER


@pytest.fixture(scope="module")
def models() -> Clients:
    """Clients that lend their service models; a call with them would go nowhere."""
    session = boto3.Session(region_name=REGION, aws_access_key_id="none", aws_secret_access_key="none")
    scope = Scope(account_id="000000000000", region=REGION)
    return Clients(session, scope, endpoint_url="http://127.0.0.1:9")


def faults(models: Clients, token: str, **inputs: Any) -> dict[str, str]:
    """What is wrong with the inputs: path → text."""
    return {fault.path: fault.text for fault in Validator(token, models).faults(inputs)}


# each kind of check: what it takes, and the nearest that it does not
CASES: list[tuple[Check, list[Any], list[Any]]] = [
    (checks.OneOf(("standard", "advanced")), ["standard"], ["Standard", "", "basic"]),
    (checks.OneOf((0, 60, 600)), [0, 60, "600"], [59, 601, "sixty"]),
    (checks.Range(0, 900), [0, 900, "900"], [-1, 901, "901"]),
    (checks.Range(1, None), [1, 10**9], [0]),
    (checks.Multiple(60, (10, 30)), [10, 30, 60, 3600], [20, 59, 61]),
    (checks.Length(1, 3), ["a", "abc"], ["", "abcd"]),
    (checks.Items(1, 2), [["a"], ["a", "b"], {"a": 1}], [[], ["a", "b", "c"], {}]),
    (checks.Pattern(r"\Aalias/", "begin with alias/"), ["alias/x"], ["Alias/x", ""]),
    (checks.Pattern("^sg-", "not begin with sg-", forbidden=True), ["asg-1", "sg"], ["sg-1"]),
    (checks.Json(), ["{}", "[1]", '"text"', ""], ["{", " ", "{'a': 1}"]),
    (checks.Json(is_object=True, most=9), ['{"a": 12}', '{ "a":\n 12 }'], ["[]", "1", "", '{"a": 1234}']),
    (
        checks.Arn(),
        [
            *(
                "",
                "arn:aws:iam::111111111111:role/x",
                "arn:aws-cn:s3:::bucket",
                "arn:aws:iam::aws:policy/Read",
            ),
            *("arn:aws:automate:eu-west-1:ec2:stop", "arn:aws-eusc:kms:eusc-de-east-1:111111111111:key/1"),
        ],
        ["role/x", "arn:aws:iam", "arn:aws:iam::1:role/x", "arn:aws:sns:Europe:111111111111:topic"],
    ),
    (
        checks.Arn("sns"),
        ["arn:aws:sns:eu-west-1:111111111111:topic"],
        ["arn:aws:sqs:eu-west-1:111111111111:queue"],
    ),
    (
        checks.Cidr(4),
        ["10.0.0.0/16", "0.0.0.0/0"],
        ["10.0.0.1/16", "10.0.0.0", "2001:db8::/56", "10.0.0.0/33"],
    ),
    (checks.Cidr(6), ["2001:db8::/56", "::/0"], ["2001:db8::1/56", "10.0.0.0/16"]),
    (checks.Cidr(), ["2001:db8::/56", "10.0.0.0/16"], ["ten"]),
    (checks.Distinct(), [["a", "b"], []], [["a", "b", "a"]]),
    (checks.Distinct("name"), [[{"name": "a"}, {"name": "b"}]], [[{"name": "a"}, {"name": "a"}]]),
    (relations.Exclusive(("a", "b")), [{"a": 1}, {}, {"a": LATER, "b": 1}], [{"a": 1, "b": False}]),
    (relations.ExactlyOneOf(("a", "b")), [{"a": 1}, {"a": LATER}], [{}, {"a": 1, "b": 2}, {"a": []}]),
    (relations.AtLeastOneOf(("a", "b")), [{"a": 1, "b": 2}, {"b": LATER}, {"a": {}}], [{}, {"c": 1}]),
    (
        relations.Requires("a", needs=("b",)),
        [{}, {"b": 1}, {"a": 1, "b": LATER}],
        [{"a": 1}, {"a": 1, "b": None}],
    ),
    (relations.Requires("a", needs=("b|c",)), [{"a": 1, "c": 1}, {"a": LATER}], [{"a": 1}]),
    (
        relations.Requires("a", ("x",), needs=("b",), forbids=("c",), absent_as="x"),
        [{"a": "y"}, {"b": 1}, {"a": "y", "c": 1}],
        [{}, {"a": "x"}, {"b": 1, "c": 1}],
    ),
    (relations.NotAbove("a", "b"), [{"a": 1, "b": 1}, {"a": 2}, {"a": 2, "b": LATER}], [{"a": 2, "b": 1}]),
    (relations.NotAbove("a", "b"), [{"a": 2, "b": 0}, {"a": 0, "b": 0}], [{"a": 2, "b": "1"}]),
    (relations.NotAbove("a", "b", 90), [{"a": 1, "b": 91}, {"a": 0, "b": 35}], [{"a": 1, "b": 90}]),
    (
        relations.NotAbove("a", "b", where="c", values=("x",)),
        [{"a": 2, "b": 1}, {"a": 2, "b": 1, "c": "y"}, {"a": 2, "b": 1, "c": LATER}],
        [{"a": 2, "b": 1, "c": "x"}],
    ),
]


@pytest.mark.parametrize(("check", "right", "wrong"), CASES, ids=[repr(case[0]) for case in CASES])
def test_a_check_takes_what_is_right_and_tells_the_nearest_that_is_not(
    check: Check, right: list[Any], wrong: list[Any]
) -> None:
    for value in right:
        assert check.given(value) is None, value
    for value in wrong:
        assert check.given(value), value
    assert check.kind
    assert not check.allowed.endswith(".")


def test_each_kind_of_check_has_a_case() -> None:
    kinds = {
        value
        for module in (checks, relations)
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    }
    assert kinds == {type(case[0]) for case in CASES}
    assert {type(rule.check) for known in rulebook().values() for rule in known.rules} <= kinds


def _at(fields: Mapping[str, Property], steps: tuple[str, ...]) -> Mapping[str, Property] | None:
    """The fields of what a rule's path leads to; None where there is no such property."""
    current: Property | None = None
    for step in steps:
        if step in ("[]", "*"):
            wanted = Kind.LIST if step == "[]" else Kind.MAP
            if current is None or current.kind is not wanted or current.item is None:
                return None
            current = current.item
        elif step in fields:
            current = fields[step]
        else:
            return None
        fields = current.fields
    return fields


def _names(check: Check) -> tuple[str, ...]:
    """The properties that a check compares."""
    match check:
        case relations.Requires(name=name, needs=needs, forbids=forbids):
            return (name, *(each for names in needs for each in names.split("|")), *forbids)
        case relations.NotAbove(smaller=smaller, larger=larger):
            return (smaller, larger)
        case relations.Exclusive(names=names) | relations.ExactlyOneOf(names=names):
            return names
        case relations.AtLeastOneOf(names=names):
            return names
    return ()


@pytest.mark.parametrize("known", RULES)
def test_each_rule_names_a_type_and_properties_that_the_sdk_has(known: TypeRules) -> None:
    assert known.of in known_tokens()
    for rule in known.rules:
        fields = _at(type_schema(known.of).inputs, rule.steps)
        assert fields is not None, f"{rule.path} is no property"
        for name in _names(rule.check):
            assert _at(fields, tuple(name.split("."))) is not None, f"{name} is no property at {rule.path!r}"


@pytest.mark.parametrize("known", RULES)
def test_each_rule_says_once_what_it_demands_and_who_says_so(known: TypeRules) -> None:
    assert known.source.startswith(("internal/service/", "pulumi-aws SDK, aws."))
    seen = [(rule.path, rule.check, rule.source) for rule in known.rules]
    assert all(seen.count(each) == 1 for each in seen)
    for rule in known.sourced:
        assert rule.source.startswith(("internal/service/", "pulumi-aws SDK, aws.", "AWS: "))
        assert not rule.source.endswith((": ", "AWS: "))


@pytest.mark.parametrize("resource", TYPES)
def test_the_example_of_each_type_passes(resource: ResourceType, models: Clients) -> None:
    example = resource.example.inputs(later)
    assert faults(models, resource.token, **example) == {}
    if resource.example.update:
        assert faults(models, resource.token, **{**example, **resource.example.update(later)}) == {}


def test_a_fault_names_the_path_what_was_given_what_is_allowed_and_the_source(models: Clients) -> None:
    assert faults(models, QUEUE, visibilityTimeoutSeconds=50000) == {
        "visibilityTimeoutSeconds": "visibilityTimeoutSeconds is 50000; it must be 0 to 43200 "
        "(internal/service/sqs/queue.go: validation.IntBetween(0, 43200))"
    }


def _wrong(check: Check) -> list[Any]:
    """The nearest values that a check refuses, if it is one that a service model could say as well."""
    match check:
        case checks.OneOf(values=values) if isinstance(values[0], str):
            return ["no such value"]
        case checks.Length(most=int(most)):
            return ["a" * (most + 1)]
        case checks.Range(least=least, most=most):
            below = [] if least is None else [least - 1]
            return below if most is None else [*below, most + 1]
    return []


def _inputs(steps: tuple[str, ...], value: Any) -> Any:
    """Inputs with a value at a rule's path, and nothing else."""
    if not steps:
        return value
    inner = _inputs(steps[1:], value)
    return [inner] if steps[0] == "[]" else {"key" if steps[0] == "*" else steps[0]: inner}


@pytest.mark.parametrize("known", RULES)
def test_what_a_service_model_says_is_not_written_down_again(
    known: TypeRules, models: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validation, "rules_of", lambda token: ())
    service = Validator(known.of, models)
    for rule in known.rules:
        wrong = _wrong(rule.check)
        said = [
            {fault.allowed for fault in service.faults(_inputs(rule.steps, value)) if fault.path != ""}
            for value in wrong
        ]
        assert not wrong or not all(rule.check.allowed in allowed for allowed in said), (
            f"{rule.path} must {rule.check.allowed}: botocore says so"
        )


def test_what_a_service_model_says_is_a_rule(models: Clients) -> None:
    found = faults(
        models,
        "aws:scheduler/schedule:Schedule",
        flexibleTimeWindow={"mode": "SOMETIMES"},
        scheduleExpression="rate(1 hour)",
        target={"arn": LATER, "roleArn": LATER, "input": ""},
    )
    assert (
        "be one of OFF, FLEXIBLE (botocore, scheduler: FlexibleTimeWindowMode)"
        in found["flexibleTimeWindow.mode"]
    )
    assert found.keys() == {"flexibleTimeWindow.mode", "target.input"}


def test_a_list_of_values_that_is_written_down_may_be_longer_than_the_services(models: Clients) -> None:
    token = "aws:s3/bucketVersioning:BucketVersioning"
    for status, is_right in (("Enabled", True), ("Disabled", True), ("disabled", False)):
        inputs = {"bucket": LATER, "versioningConfiguration": {"status": status}}
        assert (faults(models, token, **inputs) == {}) is is_right, status


def test_a_type_and_a_code_of_icmp_are_no_ports(models: Clients) -> None:
    token = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    rule = {"securityGroupId": LATER, "cidrIpv4": "10.0.0.0/16", "fromPort": 8, "toPort": 0}
    assert faults(models, token, ipProtocol="icmp", **rule) == {}
    assert "not above" in faults(models, token, ipProtocol="tcp", **{**rule, "toPort": 7})[""]


def test_a_wrong_kind_and_an_unknown_or_missing_name_are_told_at_every_depth(models: Clients) -> None:
    found = faults(
        models,
        "aws:cloudwatch/eventTarget:EventTarget",
        arn=["not", "a", "text"],
        retryPolicy={"maximumRetryAttempt": 3, "maximumEventAgeInSeconds": "soon"},
        inputTransformer={"inputPaths": {"id": "$.id"}},
    )
    assert "it must be a text" in found["arn"]
    assert "such as maximumRetryAttempts" in found["retryPolicy.maximumRetryAttempt"]
    assert "it must be a whole number" in found["retryPolicy.maximumEventAgeInSeconds"]
    assert "is missing" in found["inputTransformer.inputTemplate"]


@given(password=some.text(min_size=8))
def test_no_secret_is_repeated(models: Clients, password: str) -> None:
    found = faults(
        models,
        INSTANCE,
        instanceClass="db.t4g.micro",
        password=[password],
        passwordWo=[password],
        manageMasterUserPassword=True,
    )
    assert {"password", "passwordWo"} <= found.keys()
    assert not any(password in text.replace("password", "") for text in found.values() if len(password) > 12)
    assert "is something else" in found["password"]


@pytest.mark.parametrize("known", RULES)
def test_what_is_not_known_yet_is_not_judged(known: TypeRules, models: Clients) -> None:
    inputs = dict.fromkeys(type_schema(known.of).inputs, LATER)
    assert Validator(known.of, models).faults(inputs) == []


@given(least=some.integers(-1000, 1000), size=some.integers(0, 1000), number=some.integers(-3000, 3000))
def test_a_range_is_both_its_ends_and_all_between(least: int, size: int, number: int) -> None:
    is_within = least <= number <= least + size
    assert (checks.Range(least, least + size).given(number) is None) == is_within
    assert (checks.Range(least, least + size).given(str(number)) is None) == is_within


@given(address=some.integers(0, 2**32 - 1), mask=some.integers(0, 32))
def test_a_network_is_an_address_with_nothing_behind_its_mask(address: int, mask: int) -> None:
    written = f"{ipaddress.ip_address(address)}/{mask}"
    is_network = address % 2 ** (32 - mask) == 0
    assert (checks.Cidr(4).given(written) is None) == is_network
    assert (checks.Cidr().given(written) is None) == is_network
    assert checks.Cidr(6).given(written) is not None


@given(document=some.recursive(some.none() | some.booleans() | some.text(), some.lists, max_leaves=5))
def test_every_json_document_is_one_and_none_is_when_its_end_is_missing(document: Any) -> None:
    text = json.dumps({"it": document})
    assert checks.Json(is_object=True).given(text) is None
    assert checks.Json().given(text[:-1]) is not None


def test_a_path_leads_to_each_item_of_lists_and_each_value_of_maps() -> None:
    rule = Rule(path="rules[].labels.*", check=checks.Length(1, None), source="")
    inputs = {"rules": [{"labels": {"a": "x", "b": ""}}, {"labels": LATER}, {}]}
    assert list(rule.found(inputs)) == [("rules[0].labels.a", "x"), ("rules[0].labels.b", "")]


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [
        (r"[\w+=,.@-]+", "a@b", "a b"),
        (r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)", "Überprüfung 1", "50%"),
        (r"^[a-z]", "az", "1a"),
        (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*", "a\nb \U0001f600", "a\x00"),
    ],
)
def test_a_pattern_of_a_service_model_means_in_python_what_it_means_there(
    pattern: str, right: str, wrong: str
) -> None:
    check = checks.Pattern(python_pattern(pattern), "")
    assert check.given(right) is None
    assert check.given(wrong) is not None


def test_a_pattern_that_python_cannot_read_refuses_nothing() -> None:
    assert python_pattern(r"[^\p{Cntrl}]+") == ""
    assert python_pattern(r"(?<=a*)b(") == ""


def test_six_hundred_resources_take_a_fraction_of_a_second(models: Clients) -> None:
    validators = {token: Validator(token, models) for token in resource_types()}
    resources = [
        (validators[token], {**resource.example.inputs(later), "tags": {"Service": "example"}})
        for token, resource in resource_types().items()
    ]
    resources = (resources * (600 // len(resources) + 1))[:600]
    for validator, inputs in resources:
        validator.faults(inputs)  # reads the schemas and the service models, once a session
    begin = time.process_time()
    for validator, inputs in resources:
        validator.faults(inputs)
    assert time.process_time() - begin < 0.5
