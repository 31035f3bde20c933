"""EC2: security groups as AWS keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupBackend, SecurityGroupRule
from moto.elbv2.models import elbv2_backends

from sandbox.extensions.registry import replaces


@replaces(SecurityGroup, "__init__")
def _open_default_group_to_itself(
    original: Callable[..., None], self: SecurityGroup, *args: Any, **kwargs: Any
) -> None:
    """A VPC's default group lets its members reach each other; no control on it passes by chance."""
    original(self, *args, **kwargs)
    if self.is_default:
        itself = {"GroupId": self.id, "UserId": self.owner_id, "OwnerId": self.owner_id}
        self.ingress_rules.append(
            SecurityGroupRule(self.ec2_backend, "-1", self.id, None, None, None, itself, is_egress=False)
        )


@replaces(SecurityGroupRule, "__init__")
def _keep_description_of_prefix_list(
    original: Callable[..., None],
    self: Any,
    ec2_backend: Any,
    ip_protocol: str,
    group_id: str,
    from_port: str | None,
    to_port: str | None,
    ip_range: dict[str, str] | None,
    source_group: dict[str, str] | None = None,
    prefix_list_id: dict[str, str] | None = None,
    **kwargs: Any,
) -> None:
    """A rule for a prefix list keeps its description; moto keeps the list's id alone."""
    original(
        self,
        ec2_backend,
        ip_protocol,
        group_id,
        from_port,
        to_port,
        ip_range,
        source_group,
        prefix_list_id,
        **kwargs,
    )
    self.prefix_list_description = (prefix_list_id or {}).get("Description")


@replaces(SecurityGroupRule, "description")
def _describe_every_rule(original: Callable[[Any], str | None], self: Any) -> str | None:
    """DescribeSecurityGroupRules returns the description of rules for a group or a prefix list, too."""
    return (
        original(self)
        or self.source_group.get("Description")
        or getattr(self, "prefix_list_description", None)
    )


@replaces(SecurityGroupBackend, "modify_security_group_rules")
def _modify_every_rule(
    original: Callable[..., None], self: Any, group_id: str, rules: dict[str, dict[str, Any]]
) -> None:
    """A rule for all protocols has no ports to give; a referenced group, list or IPv6 range can change."""
    for rule in rules.values():
        if rule.get("IpProtocol") == "-1":
            rule |= {"FromPort": -1, "ToPort": -1}
    original(self, group_id, rules)
    group = self.get_security_group_by_name_or_id(group_id)
    for rule_id, rule in rules.items():
        existing = group.get_rule(rule_id)
        if existing.ip_protocol == "-1":
            existing.from_port = existing.to_port = None
        if "ReferencedGroupId" in rule:
            existing.source_group["GroupId"] = rule["ReferencedGroupId"]
            existing.source_group["Description"] = existing.ip_range.pop("Description", "")
        elif "PrefixListId" in rule:
            existing.prefix_list_id = rule["PrefixListId"]
            existing.prefix_list_description = existing.ip_range.pop("Description", None)
        elif "CidrIpv6" in rule:
            existing.ip_range["CidrIpv6"] = rule["CidrIpv6"]


@replaces(SecurityGroupBackend, "delete_security_group")
def _refuse_group_in_use(
    original: Callable[..., None], self: EC2Backend, name: str | None = None, group_id: str | None = None
) -> None:
    """A group that a rule, an interface or a balancer names cannot go, so that a wrong order shows."""
    group = self.get_security_group_by_name_or_id(group_id or name or "")
    if group is not None and group.is_default:
        raise _CannotDeleteError(
            f'the specified group: "{group.id}" name: "default" cannot be deleted by a user'
        )
    if group is not None and any(_users(self, group.id)):
        raise DependencyViolationError(f"resource {group.id} has a dependent object")
    original(self, name, group_id)


class _CannotDeleteError(EC2ClientError):
    def __init__(self, message: str) -> None:
        super().__init__("CannotDelete", message)


def _users(backend: EC2Backend, group_id: str) -> Iterator[str]:
    """Yield what uses the group."""
    for groups in backend.groups.values():
        for group in groups.values():
            rules = [*group.ingress_rules, *group.egress_rules]
            if group.id != group_id and any(rule.source_group.get("GroupId") == group_id for rule in rules):
                yield group.id
    for interface in backend.enis.values():
        if any(group.id == group_id for group in interface.group_set):
            yield interface.id
    for balancer in elbv2_backends[backend.account_id][backend.region_name].load_balancers.values():
        if group_id in (balancer.security_groups or []):
            yield balancer.arn
