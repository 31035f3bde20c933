"""The web application firewall in front of the load balancer."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.components.log_group import LogGroup, LogGroupArgs, LogPolicy
from infra.naming import Label

# In the order in which they are asked: what costs least to refuse comes first.
_MANAGED_GROUPS = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesSQLiRuleSet",
    "AWSManagedRulesCommonRuleSet",
)
# Headers that carry who somebody is.
_REDACTED_HEADERS = ("authorization", "cookie")


@dataclass(frozen=True, kw_only=True)
class FirewallArgs:
    label: Label
    load_balancer_arn: pulumi.Input[str]
    log_policy: LogPolicy
    # From one address in five minutes; AWS takes no less than 10.
    requests_per_five_minutes: int = 2000


class Firewall(pulumi.ComponentResource):
    """A web ACL on a load balancer: rule groups of AWS, a limit for each address, and a log of requests."""

    web_acl_arn: pulumi.Output[str]

    def __init__(self, name: str, args: FirewallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:firewall:Firewall", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        acl = aws.wafv2.WebAcl(
            f"{name}-acl",
            name=args.label.name("acl", limit=128),
            description=f"Guards the entrance of {args.label.prefix}",
            scope="REGIONAL",
            default_action={"allow": {}},
            rules=[
                _rate_rule(args.label, 0, args.requests_per_five_minutes),
                *(_managed_rule(args.label, 1 + place, group) for place, group in enumerate(_MANAGED_GROUPS)),
            ],
            visibility_config=aws.wafv2.WebAclVisibilityConfigArgs(
                cloudwatch_metrics_enabled=True,
                metric_name=args.label.name("acl", limit=128),
                sampled_requests_enabled=True,
            ),
            tags=args.label.tags("acl"),
            opts=child,
        )
        aws.wafv2.WebAclAssociation(
            f"{name}-association", resource_arn=args.load_balancer_arn, web_acl_arn=acl.arn, opts=child
        )
        logs = LogGroup(
            f"{name}-logs",
            LogGroupArgs(
                label=args.label,
                # The firewall writes only to groups whose names begin so.
                log_group_name=f"aws-waf-logs-{args.label.name()}",
                policy=args.log_policy,
            ),
            child,
        )
        aws.wafv2.WebAclLoggingConfiguration(
            f"{name}-logging",
            resource_arn=acl.arn,
            log_destination_configs=[logs.arn],
            redacted_fields=[
                aws.wafv2.WebAclLoggingConfigurationRedactedFieldArgs(
                    single_header=aws.wafv2.WebAclLoggingConfigurationRedactedFieldSingleHeaderArgs(
                        name=header
                    )
                )
                for header in _REDACTED_HEADERS
            ],
            opts=child,
        )

        self.web_acl_arn = acl.arn
        self.register_outputs({"web_acl_arn": self.web_acl_arn})


def _managed_rule(label: Label, priority: int, group: str) -> aws.wafv2.WebAclRuleArgsDict:
    return aws.wafv2.WebAclRuleArgsDict(
        name=group,
        priority=priority,
        # "none" keeps what the group decides: none of its rules is turned into counting.
        override_action={"none": {}},
        statement={"managed_rule_group_statement": {"vendor_name": "AWS", "name": group}},
        visibility_config=_visible(f"{label.name()}-{group}"),
    )


def _rate_rule(label: Label, priority: int, limit: int) -> aws.wafv2.WebAclRuleArgsDict:
    return aws.wafv2.WebAclRuleArgsDict(
        name="rate-per-address",
        priority=priority,
        action={"block": {}},
        statement={
            "rate_based_statement": {
                "limit": limit,
                "aggregate_key_type": "IP",
                "evaluation_window_sec": 300,
            }
        },
        visibility_config=_visible(label.name("rate-per-address", limit=128)),
    )


def _visible(metric_name: str) -> aws.wafv2.WebAclRuleVisibilityConfigArgsDict:
    return aws.wafv2.WebAclRuleVisibilityConfigArgsDict(
        cloudwatch_metrics_enabled=True, metric_name=metric_name, sampled_requests_enabled=True
    )
