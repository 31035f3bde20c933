from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infra.settings import differences, stack_files
from infra.settings.differences import ABSENT, Allowance, Comparator, compare, flatten
from infra.settings.faults import ConfigError
from scripts.diff_resources import Surroundings, Told, tell
from scripts.diff_rows import Pair, Row
from tests.infra.conftest import ROOT
from tests.infra.recorder import ACCOUNT_ID, REGION, Recording

ANY = Allowance(paths=("domain", "tags.*"), comparator=Comparator.ANY, reason="each has its own")
SMALLER = Allowance(paths=("size",), comparator=Comparator.NOT_LARGER, reason="staging is smaller")


def only(left: Any, right: Any, *allowances: Allowance, path: str = "size") -> differences.Difference:
    (found,) = compare({path: left}, {path: right}, allowances)
    return found


def test_what_is_the_same_is_no_difference() -> None:
    assert compare({"a": 1, "b": [1]}, {"b": [1], "a": 1}, []) == []


def test_a_difference_on_the_list_has_its_reason_and_another_says_that_it_has_none() -> None:
    assert only("x", "y", ANY, path="domain").reason == "each has its own"
    assert only("x", ABSENT, ANY, path="tags.Team.Name").reason == "each has its own"
    unknown = only(1, 2, ANY)
    assert (unknown.reason, unknown.complaint) == ("", "not on the list of allowed differences")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (1, 2),
        (0.5, 0.6),
        ("256", "1024"),
        ("db.m7g.large", "db.m7g.2xlarge"),
        ("db.t4g.micro", "db.t4g.small"),
    ],
)
def test_what_is_not_larger_is_allowed_and_what_is_larger_is_not(left: Any, right: Any) -> None:
    assert only(left, right, SMALLER).reason == "staging is smaller"
    assert only(right, left, SMALLER).complaint == "allowed only where it is not larger: staging is smaller"


@pytest.mark.parametrize(
    ("left", "right"),
    [("db.t4g.large", "db.m7g.large"), (False, True), ("a", "b"), (ABSENT, 2), (1, ABSENT), ([1], [2])],
)
def test_what_has_no_order_is_never_smaller(left: Any, right: Any) -> None:
    assert only(left, right, SMALLER).reason == ""


def test_an_allowance_may_name_the_resource_that_it_is_for() -> None:
    kind = "aws:cloudwatch/metricAlarm:MetricAlarm"
    allowance = Allowance(
        paths=(f"{kind}::one-*.threshold",), comparator=Comparator.ANY, reason="because it is so"
    )
    reasons = [
        compare({f"{kind}.threshold": 1}, {f"{kind}.threshold": 2}, [allowance], name)[0].reason
        for name in ("one-alarm", "other-alarm", "")
    ]
    assert reasons == ["because it is so", "", ""]


def test_a_configuration_is_flat_with_lists_as_they_are() -> None:
    assert dict(flatten({"a": {"b": 1, "c": {}}, "d": [1, 2]})) == {"a.b": 1, "a.c": {}, "d": [1, 2]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- paths: [a]\n  comparator: larger\n  reason: because it is so\n", "0.comparator: Input should be"),
        ("- paths: ['*']\n  comparator: any\n  reason: because it is so\n", "0.paths.0: "),
        ("- paths: [a]\n  comparator: any\n  reason: so\n", "0.reason: "),
        ("- paths: []\n  comparator: any\n  reason: because it is so\n", "0.paths: "),
        ("[", "cannot read"),
    ],
)
def test_a_wrong_list_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str) -> None:
    path = tmp_path / "allowed_differences.yaml"
    path.write_text(text)
    monkeypatch.setattr(differences, "ALLOWED_DIFFERENCES", path)
    differences.allowances.cache_clear()
    with pytest.raises(ConfigError, match="allowed_differences") as caught:
        differences.allowances()
    differences.allowances.cache_clear()
    assert words in str(caught.value)


def told(recording: Recording, environment: str) -> dict[str, Told]:
    """What the program asks for, as the state of the stack would have it."""

    def urn(kind: str, name: str) -> str:
        return f"urn:pulumi:{environment}::slipway::{kind}::{name}"

    config = stack_files.load(ROOT, environment)
    state = [
        {
            "urn": urn(each.type, each.name),
            "type": each.type,
            "custom": not each.is_component,
            "parent": urn(each.parent_type, each.parent_name),
            # an archive is an object of this process, and the same in both
            "inputs": {key: value for key, value in each.inputs.items() if key != "code"},
            "ignoreChanges": list(each.ignore_changes),
        }
        for each in recording.resources
    ]
    around = Surroundings(
        environment=environment,
        account_id=ACCOUNT_ID,
        region=REGION,
        domain=config.domain,
        cost_center=config.cost_center,
        cidr=config.network.cidr,
    )
    return tell(state, around)


@pytest.fixture
def rows(staging: Recording, prod: Recording) -> list[Row]:
    """Every difference of staging and prod, as their files and the program make them."""
    pair = Pair(left="staging", right="prod", allowances=differences.allowances())
    files = [stack_files.find(ROOT, name) for name in ("staging", "prod")]
    flat = [file.flat(stack_files.accept_alone(file)) for file in files]
    return [
        *pair.config_rows(*flat),
        *pair.resource_rows(told(staging, "staging"), told(prod, "prod")),
    ]


def test_every_difference_of_staging_and_prod_has_a_reason(rows: list[Row]) -> None:
    without = [(row.names, row.difference) for row in rows if not row.difference.reason]
    assert without == []


def test_every_allowed_difference_is_one_that_there_is(rows: list[Row]) -> None:
    paths = [(row.difference.path, name) for row in rows for name in row.names or ("",)]
    lasting = [each for each in differences.allowances() if not each.comes_and_goes]
    listed = [path for allowance in lasting for path in allowance.paths]
    assert [each for each in listed if not any(differences.matches([each], *path) for path in paths)] == []
    assert len(set(listed)) == len(listed)
