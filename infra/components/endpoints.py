"""Private ways from the app tier to the AWS services that it uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import ports
from infra.account import Account
from infra.iam import Allow, Deny, Statement, document
from infra.naming import Label

GATEWAYS = ("s3", "dynamodb")


@dataclass(frozen=True, kw_only=True)
class EndpointsArgs:
    label: Label
    account: Account
    vpc_id: pulumi.Input[str]
    client_cidr: str  # whose addresses may call the interface endpoints
    subnet_ids: Sequence[pulumi.Input[str]]
    route_table_ids: Sequence[pulumi.Input[str]]


class Endpoints(pulumi.ComponentResource):
    """Endpoints that serve this account's principals, for the actions that the service needs.

    Whoever gets into a task and brings credentials of another account finds no way out through them.
    """

    security_group_id: pulumi.Output[str]
    prefix_list_ids: Sequence[pulumi.Output[str]]

    def __init__(self, name: str, args: EndpointsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:endpoints:Endpoints", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        access = access_by_service(args.account, args.label)

        # Named by Pulumi, as AWS takes no two groups of a name when one replaces the other.
        group = aws.ec2.SecurityGroup(
            f"{name}-group",
            vpc_id=args.vpc_id,
            description="Interface endpoints of AWS services",
            tags=args.label.tags("group"),
            opts=child,
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-from-app",
            security_group_id=group.id,
            description="TLS from the app tier",
            cidr_ipv4=args.client_cidr,
            ip_protocol="tcp",
            from_port=ports.HTTPS,
            to_port=ports.HTTPS,
            tags=args.label.tags("from-app"),
            opts=child,
        )
        prefix_lists = []
        for service in access:
            role = service.replace(".", "-")
            is_gateway = service in GATEWAYS
            endpoint = aws.ec2.VpcEndpoint(
                f"{name}-{role}",
                vpc_id=args.vpc_id,
                service_name=f"com.amazonaws.{args.account.region}.{service}",
                vpc_endpoint_type="Gateway" if is_gateway else "Interface",
                policy=document(access[service]),
                route_table_ids=args.route_table_ids if is_gateway else None,
                subnet_ids=None if is_gateway else args.subnet_ids,
                security_group_ids=None if is_gateway else [group.id],
                private_dns_enabled=None if is_gateway else True,
                tags=args.label.tags(role),
                opts=child,
            )
            if is_gateway:
                prefix_lists.append(endpoint.prefix_list_id)

        self.security_group_id = group.id
        self.prefix_list_ids = prefix_lists
        self.register_outputs(
            {"security_group_id": self.security_group_id, "prefix_list_ids": self.prefix_list_ids}
        )


def access_by_service(account: Account, label: Label) -> Mapping[str, list[Statement]]:
    """What may pass each endpoint. A need of the application that is not here is refused at the endpoint."""
    own_names = f"{label.prefix}-*"

    def own(actions: Sequence[str], *resources: str) -> Allow:
        return Allow(
            actions,
            resources,
            {"StringEquals": {"aws:PrincipalAccount": account.account_id}},
            principals="*",
        )

    images: list[Statement] = [
        own(["ecr:GetAuthorizationToken"], "*"),
        own(
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            account.arn("ecr", f"repository/{own_names}"),
        ),
    ]
    # ECR keeps its layers in a bucket of its own and hands out signed addresses, so that the principal
    # is not ours (ECR user guide, "Minimum Amazon S3 bucket permissions").
    layers = Allow(
        ["s3:GetObject"],
        [f"arn:{account.partition}:s3:::prod-{account.region}-starport-layer-bucket/*"],
        principals="*",
    )
    return {
        "s3": [
            layers,
            own(
                ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
                f"arn:{account.partition}:s3:::{own_names}-{account.account_id}/*",
            ),
        ],
        "dynamodb": [
            own(
                [
                    "dynamodb:ConditionCheckItem",
                    "dynamodb:DeleteItem",
                    "dynamodb:GetItem",
                    "dynamodb:PutItem",
                    "dynamodb:Query",
                    "dynamodb:UpdateItem",
                ],
                account.arn("dynamodb", f"table/{own_names}"),
            )
        ],
        "ecr.api": images,
        "ecr.dkr": images,
        "logs": [
            own(
                ["logs:CreateLogStream", "logs:PutLogEvents"],
                account.arn("logs", f"log-group:{label.path_prefix}/*"),
            )
        ],
        "secretsmanager": [
            own(
                ["secretsmanager:GetSecretValue"],
                account.arn("secretsmanager", f"secret:{own_names}"),
                # What RDS keeps of the master user of a database is named by RDS.
                account.arn("secretsmanager", "secret:rds!db-*"),
            )
        ],
        "kms": [own(["kms:Decrypt", "kms:GenerateDataKey"], account.arn("kms", "key/*"))],
        "sts": [own(["sts:GetCallerIdentity"], "*")],
        "sqs": [
            own(
                [
                    "sqs:ChangeMessageVisibility",
                    "sqs:DeleteMessage",
                    "sqs:GetQueueAttributes",
                    "sqs:GetQueueUrl",
                    "sqs:ReceiveMessage",
                    "sqs:SendMessage",
                ],
                account.arn("sqs", own_names),
            )
        ],
        # Applications of AppConfig are known by ids that AWS makes.
        "appconfigdata": [
            own(
                ["appconfig:GetLatestConfiguration", "appconfig:StartConfigurationSession"],
                account.arn("appconfig", "application/*"),
            )
        ],
        "bedrock-runtime": [
            own(
                ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
                # An inference profile asks the model in whichever of its regions has room.
                f"arn:{account.partition}:bedrock:*::foundation-model/*",
                account.arn("bedrock", "inference-profile/*"),
                account.arn("bedrock", "application-inference-profile/*"),
            ),
            own(["bedrock:ApplyGuardrail"], account.arn("bedrock", "guardrail/*")),
            # A key of Bedrock's own is a long-lived credential that no role of ours has.
            Deny(["bedrock:CallWithBearerToken"], ["*"], principals="*"),
        ],
    }
