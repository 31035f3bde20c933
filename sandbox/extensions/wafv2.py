"""WAF: capacity, and which resources an ACL protects."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from moto.core.common_types import TYPE_RESPONSE
from moto.core.utils import camelcase_to_underscores
from moto.wafv2.exceptions import WAFNonexistentItemException, WAFv2ClientError
from moto.wafv2.models import FakeWebACL, WAFV2Backend
from moto.wafv2.responses import WAFV2Response

from sandbox.extensions.registry import adds, replaces

# AWS WAF developer guide, "AWS Managed Rules rule groups list" and "Rule statements": web ACL capacity units.
_MANAGED_GROUP_UNITS = {
    "AWSManagedRulesAdminProtectionRuleSet": 100,
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesAnonymousIpList": 50,
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesLinuxRuleSet": 200,
    "AWSManagedRulesPHPRuleSet": 100,
    "AWSManagedRulesSQLiRuleSet": 200,
    "AWSManagedRulesUnixRuleSet": 100,
    "AWSManagedRulesWindowsRuleSet": 200,
    "AWSManagedRulesWordPressRuleSet": 100,
    "AWSManagedRulesBotControlRuleSet": 50,
}
_OPTIONAL = (
    "AssociationConfig",
    "CaptchaConfig",
    "ChallengeConfig",
    "CustomResponseBodies",
    "DataProtectionConfig",
    "TokenDomains",
)
_STATEMENT_UNITS = {
    "ByteMatchStatement": 10,
    "GeoMatchStatement": 1,
    "IPSetReferenceStatement": 1,
    "LabelMatchStatement": 1,
    "RateBasedStatement": 2,
    "RegexMatchStatement": 3,
    "RegexPatternSetReferenceStatement": 25,
    "SizeConstraintStatement": 1,
    "SqliMatchStatement": 20,
    "XssMatchStatement": 40,
}


@adds(WAFV2Response, "check_capacity")
def _check_capacity(self: WAFV2Response) -> TYPE_RESPONSE:
    """CheckCapacity, from AWS's published units; a managed group that is not in the table counts as none."""
    capacity = _capacity(json.loads(self.body)["Rules"])
    return 200, {"Content-Type": "application/json"}, json.dumps({"Capacity": capacity})


@replaces(FakeWebACL, "to_dict")
def _return_capacity(original: Callable[[Any], dict[str, Any]], self: FakeWebACL) -> dict[str, Any]:
    """An ACL's capacity follows from its rules, where moto's is always 3; its data protection reads back."""
    described = original(self) | {"DataProtectionConfig": getattr(self, "data_protection_config", None)}
    return described | {"Capacity": _capacity(described["Rules"])}


@replaces(WAFV2Response, "create_web_acl")
def _keep_data_protection(original: Callable[[Any], TYPE_RESPONSE], self: WAFV2Response) -> TYPE_RESPONSE:
    """DataProtectionConfig is kept."""
    status, headers, body = original(self)
    acl: Any = self.wafv2_backend.wacls[json.loads(body)["Summary"]["ARN"]]
    acl.data_protection_config = json.loads(self.body).get("DataProtectionConfig")
    return status, headers, body


@replaces(WAFV2Response, "update_web_acl")
def _update_whole_acl(original: Callable[[Any], TYPE_RESPONSE], self: WAFV2Response) -> TYPE_RESPONSE:
    """UpdateWebACL says all that the ACL is to be: what it leaves out is taken away."""
    answer = original(self)
    given = json.loads(self.body)
    acl: Any = self.wafv2_backend.get_web_acl(None, given["Name"], given["Id"])
    acl.rules = acl.rules if given.get("Rules") else []
    for name in _OPTIONAL:
        setattr(acl, camelcase_to_underscores(name), given.get(name))
    return answer


@adds(WAFV2Response, "list_resources_for_web_acl")
def _list_resources(self: WAFV2Response) -> TYPE_RESPONSE:
    """ListResourcesForWebACL: application load balancers, unless another type is asked for."""
    acl = self.wafv2_backend.wacls.get(self._get_param("WebACLArn"))
    if acl is None:
        raise WAFNonexistentItemException()
    wanted = self._get_param("ResourceType", "APPLICATION_LOAD_BALANCER")
    arns = [
        arn
        for arn in acl.associated_resources
        if (wanted == "APPLICATION_LOAD_BALANCER") == (":elasticloadbalancing:" in arn)
    ]
    return 200, {"Content-Type": "application/json"}, json.dumps({"ResourceArns": arns})


@replaces(WAFV2Backend, "associate_web_acl")
def _associate_once(
    original: Callable[..., None], self: WAFV2Backend, web_acl_arn: str, resource_arn: str
) -> None:
    """A resource has one ACL: a second association moves it, and repeating one changes nothing."""
    if web_acl_arn in self.wacls:
        self.disassociate_web_acl(resource_arn)
    original(self, web_acl_arn, resource_arn)


@replaces(WAFV2Backend, "delete_web_acl")
def _refuse_acl_in_use(
    original: Callable[..., None], self: WAFV2Backend, name: str, scope: str, _id: str, lock_token: str
) -> None:
    """An ACL that protects something cannot go."""
    if any(acl.id == _id and acl.associated_resources for acl in self.wacls.values()):
        raise WAFv2ClientError("WAFAssociatedItemException", "the web ACL is associated with a resource")
    original(self, name, scope, _id, lock_token)


def _capacity(rules: Iterable[dict[str, Any]]) -> int:
    return sum(_statement_units(rule["Statement"]) for rule in rules)


def _statement_units(statement: dict[str, Any]) -> int:
    units = 0
    for kind, body in statement.items():
        if not body:
            continue
        units += _STATEMENT_UNITS.get(kind, 0)
        if kind == "ManagedRuleGroupStatement":
            units += _MANAGED_GROUP_UNITS.get(body["Name"], 0)
        # Each transformation costs ten units.
        units += 10 * sum(entry["Type"] != "NONE" for entry in body.get("TextTransformations", []))
        inner = [body.get("Statement"), body.get("ScopeDownStatement"), *body.get("Statements", [])]
        units += sum(_statement_units(nested) for nested in inner if nested)
    return units
