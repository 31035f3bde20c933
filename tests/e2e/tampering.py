"""What somebody could change by hand in an account: properties on which the security of a stack rests."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# A resource of the program by its name: its outputs, with the `id` among them.
Find = Callable[[str], Mapping[str, Any]]

_EVERYBODY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
    }
)
# By its own switches a bucket refuses a policy that is open to everybody, but not one for a stranger.
_STRANGER = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
                "Action": "s3:GetObject",
                "Resource": "*",
            }
        ],
    }
)
_TAKEN_BY_ANYBODY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
)
_ANYTHING = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)


@dataclass(frozen=True, kw_only=True)
class Tampering:
    """A change by hand, and the resource and property at which a report has to show it."""

    what: str
    service: str
    act: Callable[[Any, Find], object]
    resource: str
    property: str = ""  # none: the whole resource is gone


def _weaken_firewall(wafv2: Any, find: Find) -> None:
    acl = find("firewall-acl")
    name = {"Name": acl["name"], "Scope": "REGIONAL", "Id": acl["id"]}
    live = wafv2.get_web_acl(**name)
    wafv2.update_web_acl(
        **name,
        LockToken=live["LockToken"],
        DefaultAction=live["WebACL"]["DefaultAction"],
        VisibilityConfig=live["WebACL"]["VisibilityConfig"],
        Rules=live["WebACL"]["Rules"][:1],
    )


def _stop_recording(config: Any, find: Find) -> None:
    config.stop_configuration_recorder(ConfigurationRecorderName=find("config-recorder")["name"])


def _open_database_rule(ec2: Any, find: Find) -> None:
    rule = find("database-from-service")
    changed = {
        "IpProtocol": "tcp",
        "FromPort": 0,
        "ToPort": 65535,
        "ReferencedGroupId": rule["referencedSecurityGroupId"],
    }
    ec2.modify_security_group_rules(
        GroupId=rule["securityGroupId"],
        SecurityGroupRules=[{"SecurityGroupRuleId": rule["id"], "SecurityGroupRule": changed}],
    )


def _open_access_list(ec2: Any, find: Find) -> None:
    rule = find("network-access-data-in-100")
    ec2.replace_network_acl_entry(
        NetworkAclId=rule["networkAclId"],
        RuleNumber=100,
        Egress=False,
        Protocol="6",
        RuleAction="allow",
        CidrBlock="0.0.0.0/0",
        PortRange={"From": 5432, "To": 5432},
    )


TAMPERINGS = (
    Tampering(
        what="a security group lets in all ports",
        service="ec2",
        act=_open_database_rule,
        resource="database-from-service",
        property="fromPort",
    ),
    Tampering(
        what="a network ACL lets in everybody",
        service="ec2",
        act=_open_access_list,
        resource="network-access-data-in-100",
        property="cidrBlock",
    ),
    Tampering(
        what="the flow log is deleted",
        service="ec2",
        act=lambda ec2, find: ec2.delete_flow_logs(FlowLogIds=[find("network-flows")["id"]]),
        resource="network-flows",
    ),
    Tampering(
        what="an endpoint lets everything through",
        service="ec2",
        act=lambda ec2, find: ec2.modify_vpc_endpoint(
            VpcEndpointId=find("endpoints-s3")["id"], PolicyDocument=_EVERYBODY
        ),
        resource="endpoints-s3",
        property="policy",
    ),
    Tampering(
        what="a bucket may be public",
        service="s3",
        act=lambda s3, find: s3.put_public_access_block(
            Bucket=find("exports-bucket")["id"],
            PublicAccessBlockConfiguration={"BlockPublicAcls": False, "BlockPublicPolicy": False},
        ),
        resource="exports-public-access",
        property="blockPublicPolicy",
    ),
    Tampering(
        what="a bucket is open to a stranger, and without TLS",
        service="s3",
        act=lambda s3, find: s3.put_bucket_policy(Bucket=find("audit-bucket")["id"], Policy=_STRANGER),
        resource="audit-policy",
        property="policy",
    ),
    Tampering(
        what="a bucket is no longer under our key",
        service="s3",
        act=lambda s3, find: s3.delete_bucket_encryption(Bucket=find("exports-bucket")["id"]),
        resource="exports-encryption",
    ),
    Tampering(
        what="a bucket keeps no versions",
        service="s3",
        act=lambda s3, find: s3.put_bucket_versioning(
            Bucket=find("exports-bucket")["id"], VersioningConfiguration={"Status": "Suspended"}
        ),
        resource="exports-versioning",
        property="versioningConfiguration",
    ),
    Tampering(
        what="the account may have public buckets",
        service="s3control",
        act=lambda s3control, find: s3control.delete_public_access_block(
            AccountId=find("guard-public-access")["id"]
        ),
        resource="guard-public-access",
    ),
    Tampering(
        what="a key no longer rotates",
        service="kms",
        act=lambda kms, find: kms.disable_key_rotation(KeyId=find("encryption-database")["id"]),
        resource="encryption-database",
        property="enableKeyRotation",
    ),
    Tampering(
        what="a key is everybody's",
        service="kms",
        act=lambda kms, find: kms.put_key_policy(
            KeyId=find("encryption-storage")["id"], PolicyName="default", Policy=_EVERYBODY
        ),
        resource="encryption-storage",
        property="policy",
    ),
    Tampering(
        what="everybody may take a role",
        service="iam",
        act=lambda iam, find: iam.update_assume_role_policy(
            RoleName=find("service-task-task-role")["name"], PolicyDocument=_TAKEN_BY_ANYBODY
        ),
        resource="service-task-task-role",
        property="assumeRolePolicy",
    ),
    Tampering(
        what="a role may do everything",
        service="iam",
        act=lambda iam, find: iam.put_role_policy(
            RoleName=find("worker-task-task-role")["name"], PolicyName="grants", PolicyDocument=_ANYTHING
        ),
        resource="worker-task-task-grants",
        property="policy",
    ),
    Tampering(
        what="a role has no boundary",
        service="iam",
        act=lambda iam, find: iam.delete_role_permissions_boundary(
            RoleName=find("migration-task-task-role")["name"]
        ),
        resource="migration-task-task-role",
        property="permissionsBoundary",
    ),
    Tampering(
        what="the database is reachable from outside",
        service="rds",
        act=lambda rds, find: rds.modify_db_instance(
            DBInstanceIdentifier=find("database-instance")["identifier"],
            PubliclyAccessible=True,
            ApplyImmediately=True,
        ),
        resource="database-instance",
        property="publiclyAccessible",
    ),
    Tampering(
        what="the database speaks without TLS",
        service="rds",
        act=lambda rds, find: rds.modify_db_parameter_group(
            DBParameterGroupName=find("database-parameters")["name"],
            Parameters=[
                {"ParameterName": "rds.force_ssl", "ParameterValue": "0", "ApplyMethod": "immediate"}
            ],
        ),
        resource="database-parameters",
        property="parameters",
    ),
    Tampering(
        what="a table cannot be brought back",
        service="dynamodb",
        act=lambda dynamodb, find: dynamodb.update_continuous_backups(
            TableName=find("releases-table")["name"],
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False},
        ),
        resource="releases-table",
        property="pointInTimeRecovery",
    ),
    Tampering(
        what="the trail records nothing",
        service="cloudtrail",
        act=lambda cloudtrail, find: cloudtrail.stop_logging(Name=find("trail-trail")["name"]),
        resource="trail-trail",
        property="enableLogging",
    ),
    Tampering(
        what="the configuration is not recorded",
        service="config",
        act=_stop_recording,
        resource="config-status",
        property="isEnabled",
    ),
    Tampering(
        what="nobody looks for threats",
        service="guardduty",
        act=lambda guardduty, find: guardduty.update_detector(
            DetectorId=find("threats-detector")["id"], Enable=False
        ),
        resource="threats-detector",
        property="enable",
    ),
    Tampering(
        what="a log is kept for ever",
        service="logs",
        act=lambda logs, find: logs.delete_retention_policy(
            logGroupName=find("service-task-logs-group")["name"]
        ),
        resource="service-task-logs-group",
        property="retentionInDays",
    ),
    Tampering(
        what="the firewall lets more through",
        service="wafv2",
        act=_weaken_firewall,
        resource="firewall-acl",
        property="rules",
    ),
    Tampering(
        what="the entrance takes old TLS",
        service="elbv2",
        act=lambda elbv2, find: elbv2.modify_listener(
            ListenerArn=find("entrance-production")["arn"], SslPolicy="ELBSecurityPolicy-2016-08"
        ),
        resource="entrance-production",
        property="sslPolicy",
    ),
    Tampering(
        what="the load balancer may be deleted",
        service="elbv2",
        act=lambda elbv2, find: elbv2.modify_load_balancer_attributes(
            LoadBalancerArn=find("entrance-balancer")["arn"],
            Attributes=[{"Key": "deletion_protection.enabled", "Value": "false"}],
        ),
        resource="entrance-balancer",
        property="enableDeletionProtection",
    ),
    Tampering(
        what="a queue is everybody's",
        service="sqs",
        act=lambda sqs, find: sqs.set_queue_attributes(
            QueueUrl=find("tickets-queue")["id"], Attributes={"Policy": _EVERYBODY}
        ),
        resource="tickets-policy",
        property="policy",
    ),
    Tampering(
        what="everybody may publish to a topic",
        service="sns",
        act=lambda sns, find: sns.set_topic_attributes(
            TopicArn=find("alarm-topic-page")["arn"], AttributeName="Policy", AttributeValue=_EVERYBODY
        ),
        resource="alarm-topic-page",
        property="policy",
    ),
    Tampering(
        what="a secret has no policy",
        service="secretsmanager",
        act=lambda secretsmanager, find: secretsmanager.delete_resource_policy(
            SecretId=find("secrets-desk-api-token")["arn"]
        ),
        resource="secrets-desk-api-token-policy",
    ),
    Tampering(
        what="a secret is no longer rotated",
        service="secretsmanager",
        act=lambda secretsmanager, find: secretsmanager.cancel_rotate_secret(
            SecretId=find("secrets-token-signing-key")["arn"]
        ),
        resource="rotation-token-signing-key",
    ),
    Tampering(
        what="a tag of an image may be moved",
        service="ecr",
        act=lambda ecr, find: ecr.put_image_tag_mutability(
            repositoryName=find("registry-repository")["name"], imageTagMutability="MUTABLE"
        ),
        resource="registry-repository",
        property="imageTagMutability",
    ),
    Tampering(
        what="an alarm tells nobody",
        service="cloudwatch",
        act=lambda cloudwatch, find: cloudwatch.disable_alarm_actions(
            AlarmNames=[find("detections-root-use")["name"]]
        ),
        resource="detections-root-use",
        property="actionsEnabled",
    ),
    Tampering(
        what="a shell may be opened in a task",
        service="ecs",
        act=lambda ecs, find: ecs.update_service(
            cluster=find("cluster-cluster")["arn"],
            service=find("service-service")["name"],
            enableExecuteCommand=True,
        ),
        resource="service-service",
        property="enableExecuteCommand",
    ),
    Tampering(
        what="recovery points may be deleted",
        service="backup",
        act=lambda backup, find: backup.delete_backup_vault_access_policy(
            BackupVaultName=find("backups-vault-vault")["name"]
        ),
        resource="backups-vault-policy",
    ),
    Tampering(
        what="nobody is told what it costs",
        service="budgets",
        act=lambda budgets, find: budgets.delete_budget(
            AccountId=find("guard-public-access")["id"], BudgetName=find("budget-budget")["name"]
        ),
        resource="budget-budget",
    ),
)
