"""The load balancer: where requests come in, and where a release shifts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import ports
from infra.naming import Label

# TLS 1.3, and 1.2 with forward secrecy and authenticated encryption only.
_TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
ACCESS_LOGS = "access"
CONNECTION_LOGS = "connection"


@dataclass(frozen=True, kw_only=True)
class EntranceArgs:
    label: Label
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    domain_name: str
    zone_id: pulumi.Input[str]
    certificate_arn: pulumi.Input[str]
    log_bucket_name: pulumi.Input[str]
    health_path: str
    client_cidrs: Sequence[str] = ("0.0.0.0/0",)
    # Who may try a release before the public gets it. With none, the test listener is closed.
    test_client_cidrs: Sequence[str] = ()
    deletion_protection: bool = True


class Entrance(pulumi.ComponentResource):
    """A public load balancer with two target groups, of which a release makes one or the other live.

    The rules are made with all requests going to blue. From then on ECS owns their weights: this program
    never compares or writes the actions of either rule again (docs/decisions/0001-who-owns-the-weights.md).
    """

    url: str
    dns_name: pulumi.Output[str]
    load_balancer_arn: pulumi.Output[str]
    load_balancer_dimension: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    target_group_arns: dict[str, pulumi.Output[str]]
    target_group_dimensions: dict[str, pulumi.Output[str]]
    production_rule_arn: pulumi.Output[str]
    test_rule_arn: pulumi.Output[str]

    def __init__(self, name: str, args: EntranceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:entrance:Entrance", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)

        self.security_group_id = self._make_security_group()
        balancer = self._make_load_balancer()
        groups = {colour: self._make_target_group(colour) for colour in ("blue", "green")}
        self._redirect_to_https(balancer)
        production = self._make_rule("production", balancer, ports.HTTPS, groups)
        test = self._make_rule("test", balancer, ports.TEST_HTTPS, groups)
        aws.route53.Record(
            f"{name}-address",
            zone_id=args.zone_id,
            name=args.domain_name,
            type="A",
            aliases=[
                aws.route53.RecordAliasArgs(
                    name=balancer.dns_name, zone_id=balancer.zone_id, evaluate_target_health=True
                )
            ],
            opts=self._child,
        )

        self.url = f"https://{args.domain_name}"
        self.dns_name = balancer.dns_name
        self.load_balancer_arn = balancer.arn
        self.load_balancer_dimension = balancer.arn_suffix
        self.target_group_arns = {colour: group.arn for colour, group in groups.items()}
        self.target_group_dimensions = {colour: group.arn_suffix for colour, group in groups.items()}
        self.production_rule_arn = production.arn
        self.test_rule_arn = test.arn
        self.register_outputs(
            {
                "url": self.url,
                "dns_name": self.dns_name,
                "load_balancer_arn": self.load_balancer_arn,
                "target_group_arns": self.target_group_arns,
                "production_rule_arn": self.production_rule_arn,
                "test_rule_arn": self.test_rule_arn,
            }
        )

    def _make_security_group(self) -> pulumi.Output[str]:
        label = self._args.label
        # Named by Pulumi, as AWS takes no two groups of a name when one replaces the other.
        group = aws.ec2.SecurityGroup(
            f"{self._name}-group",
            vpc_id=self._args.vpc_id,
            description="The load balancer",
            tags=label.tags("group"),
            opts=self._child,
        )
        clients = [(port, cidr) for port in (ports.HTTP, ports.HTTPS) for cidr in self._args.client_cidrs]
        testers = [(ports.TEST_HTTPS, cidr) for cidr in self._args.test_client_cidrs]
        for port, cidr in clients + testers:
            role = f"from-{cidr.translate({ord('.'): '-', ord('/'): '-'})}-{port}"
            aws.vpc.SecurityGroupIngressRule(
                f"{self._name}-{role}",
                security_group_id=group.id,
                description=f"Port {port} from {cidr}",
                cidr_ipv4=cidr,
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                tags=label.tags(role),
                opts=self._child,
            )
        return group.id

    def _make_load_balancer(self) -> aws.lb.LoadBalancer:
        args = self._args
        return aws.lb.LoadBalancer(
            f"{self._name}-balancer",
            name=args.label.name(limit=32),
            load_balancer_type="application",
            internal=False,
            subnets=args.subnet_ids,
            security_groups=[self.security_group_id],
            drop_invalid_header_fields=True,
            desync_mitigation_mode="defensive",
            enable_deletion_protection=args.deletion_protection,
            enable_waf_fail_open=False,
            access_logs=aws.lb.LoadBalancerAccessLogsArgs(
                bucket=args.log_bucket_name, prefix=ACCESS_LOGS, enabled=True
            ),
            connection_logs=aws.lb.LoadBalancerConnectionLogsArgs(
                bucket=args.log_bucket_name, prefix=CONNECTION_LOGS, enabled=True
            ),
            tags=args.label.tags("balancer"),
            opts=self._child,
        )

    def _make_target_group(self, colour: str) -> aws.lb.TargetGroup:
        # Named by Pulumi: a group in use cannot give up its name to the one that replaces it.
        return aws.lb.TargetGroup(
            f"{self._name}-{colour}",
            vpc_id=self._args.vpc_id,
            target_type="ip",
            protocol="HTTP",
            port=ports.SERVICE,
            deregistration_delay=30,
            health_check=aws.lb.TargetGroupHealthCheckArgs(
                enabled=True,
                protocol="HTTP",
                path=self._args.health_path,
                port="traffic-port",
                matcher="200",
                interval=10,
                timeout=5,
                healthy_threshold=2,
                unhealthy_threshold=3,
            ),
            tags=self._args.label.tags(colour),
            opts=self._child,
        )

    def _redirect_to_https(self, balancer: aws.lb.LoadBalancer) -> None:
        aws.lb.Listener(
            f"{self._name}-http",
            load_balancer_arn=balancer.arn,
            port=ports.HTTP,
            protocol="HTTP",
            default_actions=[
                aws.lb.ListenerDefaultActionArgs(
                    type="redirect",
                    redirect=aws.lb.ListenerDefaultActionRedirectArgs(
                        protocol="HTTPS", port=str(ports.HTTPS), status_code="HTTP_301"
                    ),
                )
            ],
            tags=self._args.label.tags("http"),
            opts=self._child,
        )

    def _make_rule(
        self, role: str, balancer: aws.lb.LoadBalancer, port: int, groups: dict[str, aws.lb.TargetGroup]
    ) -> aws.lb.ListenerRule:
        """A listener that answers 404 to any other name, and the rule that lets the service's requests in."""
        listener = aws.lb.Listener(
            f"{self._name}-{role}",
            load_balancer_arn=balancer.arn,
            port=port,
            protocol="HTTPS",
            ssl_policy=_TLS_POLICY,
            certificate_arn=self._args.certificate_arn,
            default_actions=[
                aws.lb.ListenerDefaultActionArgs(
                    type="fixed-response",
                    fixed_response=aws.lb.ListenerDefaultActionFixedResponseArgs(
                        content_type="text/plain", message_body="not found", status_code="404"
                    ),
                )
            ],
            tags=self._args.label.tags(role),
            opts=self._child,
        )
        return aws.lb.ListenerRule(
            f"{self._name}-{role}-rule",
            listener_arn=listener.arn,
            priority=100,
            conditions=[
                aws.lb.ListenerRuleConditionArgs(
                    host_header=aws.lb.ListenerRuleConditionHostHeaderArgs(values=[self._args.domain_name])
                )
            ],
            actions=[
                aws.lb.ListenerRuleActionArgs(
                    type="forward",
                    forward=aws.lb.ListenerRuleActionForwardArgs(
                        target_groups=[
                            aws.lb.ListenerRuleActionForwardTargetGroupArgs(
                                arn=groups["blue"].arn, weight=100
                            ),
                            aws.lb.ListenerRuleActionForwardTargetGroupArgs(
                                arn=groups["green"].arn, weight=0
                            ),
                        ]
                    ),
                )
            ],
            tags=self._args.label.tags(f"{role}-rule"),
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["actions"]),
        )
