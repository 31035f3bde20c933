"""What a drift report makes of the steps of a refresh."""

from __future__ import annotations

from typing import Any

from scripts.drift import differences, ignored

RULE = "urn:pulumi:dev::slipway::slipway:entrance:Entrance$aws:lb/listenerRule:ListenerRule::entrance-rule"
VPC = "urn:pulumi:dev::slipway::slipway:network:Network$aws:ec2/vpc:Vpc::network-vpc"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}


def step(urn: str, op: str = "update", **values: tuple[Any, Any]) -> dict[str, Any]:
    """A step of a refresh in which each value goes from the first to the second."""
    return {
        "urn": urn,
        "op": op,
        "detailedDiff": {name: {"kind": "update"} for name in values},
        "oldState": {"outputs": {name: pair[0] for name, pair in values.items()}},
        "newState": {"outputs": {name: pair[1] for name, pair in values.items()}},
    }


def test_a_changed_property_is_named_with_what_is_recorded_and_what_is_live() -> None:
    (found,) = differences([step(VPC, enableDnsHostnames=(True, False))], {})
    assert (found.resource, found.type) == ("network-vpc", "aws:ec2/vpc:Vpc")
    assert (found.property, found.recorded, found.live) == ("enableDnsHostnames", True, False)
    assert not found.owner


def test_a_resource_that_nobody_touched_is_not_named() -> None:
    assert differences([step(VPC, op="refresh"), step(VPC, op="same")], {}) == []


def test_a_resource_that_is_gone_is_named() -> None:
    (found,) = differences([step(VPC, op="delete")], {})
    assert (found.property, found.live) == ("", "gone")


def test_of_a_long_value_only_the_leaves_that_differ_are_told() -> None:
    before = [{"forward": {"groups": [{"arn": "a", "weight": 100}, {"arn": "b", "weight": 0}]}}]
    after = [
        {
            "forward": {
                "groups": [{"arn": "a", "weight": 90}, {"arn": "b", "weight": 10}],
                "sticky": {"on": False},
            }
        }
    ]
    found = differences([step(RULE, actions=(before, after))], {})
    assert [(each.property, each.recorded, each.live) for each in found] == [
        ("actions[0].forward.groups[0].weight", 100, 90),
        ("actions[0].forward.groups[1].weight", 0, 10),
    ]


def test_an_entry_that_was_added_to_a_list_is_told_with_the_whole_list() -> None:
    (found,) = differences([step(VPC, cidrs=(["a"], ["a", "b"]))], {})
    assert (found.recorded, found.live) == (["a"], ["a", "b"])


def test_a_secret_is_not_told() -> None:
    (found,) = differences([step(VPC, password=(SECRET, "hunter2"))], {})
    assert found.recorded == "(secret)"


def test_what_the_program_leaves_to_others_has_its_owner() -> None:
    resources: list[dict[str, Any]] = [{"urn": RULE, "ignoreChanges": ["actions"]}, {"urn": VPC}]
    changes = [step(RULE, actions=(["a"], ["b"]), priority=(1, 2)), step(VPC, actions=(["a"], ["b"]))]
    owners = {(each.resource, each.property): each.owner for each in differences(changes, ignored(resources))}
    assert owners == {
        ("entrance-rule", "actions[0]"): "release",
        ("entrance-rule", "priority"): "",
        ("network-vpc", "actions[0]"): "",
    }
