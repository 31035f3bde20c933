"""The database: Postgres that only the named groups reach, and that no program has a password for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import iam, ports
from infra.account import Account
from infra.components.log_group import LogGroup, LogGroupArgs, LogPolicy
from infra.components.role import Role, RoleArgs
from infra.database_settings import ENGINE_VERSION, EVENTS, FAMILY, LOGS, PARAMETERS
from infra.naming import Label

DATABASE_NAME = "triage"
# Not one of the names that are tried first. Only a migration takes it.
_ADMINISTRATOR = "triage_admin"
_CERTIFICATE_AUTHORITY = "rds-ca-rsa2048-g1"
# The one group of an account to which RDS reports what the operating systems of its instances do.
_SYSTEM_METRICS_GROUP = "RDSOSMetrics"
_MONITORING_SECONDS = 60
_INSIGHTS_DAYS = 7
# In UTC, and when the fewest tickets come. They must not overlap.
_BACKUP_WINDOW = "01:00-02:00"
_MAINTENANCE_WINDOW = "sun:02:30-sun:03:30"


@dataclass(frozen=True, kw_only=True)
class DatabaseArgs:
    label: Label
    account: Account
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]  # of the data tier
    # The security group of each client, by the client's name: "tasks".
    client_group_ids: Mapping[str, pulumi.Input[str]]
    key_arn: pulumi.Input[str]
    # Encrypts the administrator's password, which RDS makes and rotates.
    secrets_key_arn: pulumi.Input[str]
    boundary_arn: pulumi.Input[str]
    log_policy: LogPolicy
    alarm_topic_arn: pulumi.Input[str]
    instance_class: str
    storage_gib: int
    max_storage_gib: int
    multi_az: bool = True
    backup_retention_days: int = 35
    # False lets the database go with its stack, with its backups and without a last snapshot.
    deletion_protection: bool = True


class Database(pulumi.ComponentResource):
    """A Postgres instance in the data tier, encrypted, by TLS only, with what it takes to look after it.

    Programs log in by IAM (`connect_access`), as users whom a migration has granted `rds_iam`.
    """

    identifier: pulumi.Output[str]
    arn: pulumi.Output[str]
    address: pulumi.Output[str]
    resource_id: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    master_secret_arn: pulumi.Output[str]
    log_group_names: Sequence[pulumi.Output[str]]

    def __init__(self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:database:Database", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        # Known before the instance is, whose log groups and roles have to be there first.
        self._identifier = args.label.name(limit=63)

        self.security_group_id = self._make_group()
        parameters = aws.rds.ParameterGroup(
            f"{name}-parameters",
            # An instance moves to the group of its next major version while this one is still in use.
            name=args.label.name(FAMILY, limit=255),
            family=FAMILY,
            description=f"Settings of the database of {args.label.prefix}",
            parameters=[
                aws.rds.ParameterGroupParameterArgs(
                    name=each.name, value=each.value, apply_method=each.applies
                )
                for each in PARAMETERS
            ],
            tags=args.label.tags("parameters"),
            opts=self._child,
        )
        groups = self._make_log_groups()
        instance = self._make_instance(parameters, groups)
        self._subscribe({"db-instance": instance.identifier, "db-parameter-group": parameters.name})

        self.identifier = instance.identifier
        self.arn = instance.arn
        self.address = instance.address
        self.resource_id = instance.resource_id
        self.master_secret_arn = instance.master_user_secrets[0].secret_arn.apply(str)
        self.log_group_names = [group.name for group in groups]
        self.register_outputs(
            {
                "identifier": self.identifier,
                "arn": self.arn,
                "address": self.address,
                "resource_id": self.resource_id,
                "security_group_id": self.security_group_id,
                "master_secret_arn": self.master_secret_arn,
                "log_group_names": self.log_group_names,
            }
        )

    def connect_access(self, user: str) -> list[iam.Allow]:
        """Logs in as one user of the database, by a token and without a password."""
        account = self._args.account
        users = account.arn("rds-db", "dbuser:")
        return [iam.Allow(["rds-db:connect"], [pulumi.Output.concat(users, self.resource_id, f"/{user}")])]

    def master_secret_access(self) -> list[iam.Allow]:
        """Reads the administrator's password: only for the migration, which makes the other users."""
        return [
            iam.Allow(["secretsmanager:GetSecretValue"], [self.master_secret_arn]),
            iam.Allow(["kms:Decrypt"], [self._args.secrets_key_arn]),
        ]

    def _make_group(self) -> pulumi.Output[str]:
        name, args = self._name, self._args
        # Named by Pulumi, as AWS takes no two groups of a name when one replaces the other.
        group = aws.ec2.SecurityGroup(
            f"{name}-group",
            vpc_id=args.vpc_id,
            description="The database",
            tags=args.label.tags("group"),
            opts=self._child,
        )
        for client, client_group_id in args.client_group_ids.items():
            aws.vpc.SecurityGroupIngressRule(
                f"{name}-from-{client}",
                security_group_id=group.id,
                description=f"Queries of {client}",
                referenced_security_group_id=client_group_id,
                ip_protocol="tcp",
                from_port=ports.DATABASE,
                to_port=ports.DATABASE,
                tags=args.label.tags(f"from-{client}"),
                opts=self._child,
            )
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-{client}-out",
                security_group_id=client_group_id,
                description="Queries to the database",
                referenced_security_group_id=group.id,
                ip_protocol="tcp",
                from_port=ports.DATABASE,
                to_port=ports.DATABASE,
                tags=args.label.tags(f"{client}-out"),
                opts=self._child,
            )
        return group.id

    def _make_log_groups(self) -> list[LogGroup]:
        """The groups that RDS would make itself when they are not there, with no key and for ever."""
        names = {log: f"/aws/rds/instance/{self._identifier}/{log}" for log in LOGS}
        names["system-metrics"] = _SYSTEM_METRICS_GROUP
        return [
            LogGroup(
                f"{self._name}-{role}",
                LogGroupArgs(label=self._args.label, log_group_name=group_name, policy=self._args.log_policy),
                self._child,
            )
            for role, group_name in names.items()
        ]

    def _make_instance(
        self, parameters: aws.rds.ParameterGroup, log_groups: Sequence[LogGroup]
    ) -> aws.rds.Instance:
        name, args = self._name, self._args
        subnets = aws.rds.SubnetGroup(
            f"{name}-subnets",
            name=args.label.name("subnets", limit=255),
            description=f"The data tier of {args.label.prefix}",
            subnet_ids=args.subnet_ids,
            tags=args.label.tags("subnets"),
            opts=self._child,
        )
        monitoring = Role(
            f"{name}-monitoring",
            RoleArgs(
                label=args.label,
                role="monitoring",
                trust=trusted_instance(args.account, self._identifier),
                boundary_arn=args.boundary_arn,
                managed_policy_arn=(
                    f"arn:{args.account.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
                ),
            ),
            self._child,
        )
        return aws.rds.Instance(
            f"{name}-instance",
            identifier=self._identifier,
            engine="postgres",
            engine_version=ENGINE_VERSION,
            auto_minor_version_upgrade=True,
            instance_class=args.instance_class,
            storage_type="gp3",
            allocated_storage=args.storage_gib,
            max_allocated_storage=args.max_storage_gib,
            storage_encrypted=True,
            kms_key_id=args.key_arn,
            db_name=DATABASE_NAME,
            port=ports.DATABASE,
            username=_ADMINISTRATOR,
            manage_master_user_password=True,
            master_user_secret_kms_key_id=args.secrets_key_arn,
            iam_database_authentication_enabled=True,
            ca_cert_identifier=_CERTIFICATE_AUTHORITY,
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=[self.security_group_id],
            publicly_accessible=False,
            parameter_group_name=parameters.name,
            multi_az=args.multi_az,
            backup_retention_period=args.backup_retention_days,
            backup_window=_BACKUP_WINDOW,
            maintenance_window=_MAINTENANCE_WINDOW,
            copy_tags_to_snapshot=True,
            delete_automated_backups=not args.deletion_protection,
            skip_final_snapshot=not args.deletion_protection,
            final_snapshot_identifier=f"{self._identifier}-final" if args.deletion_protection else None,
            deletion_protection=args.deletion_protection,
            # What would stop a protected database waits for the window; another is not worth waiting for.
            apply_immediately=not args.deletion_protection,
            enabled_cloudwatch_logs_exports=list(LOGS),
            monitoring_interval=_MONITORING_SECONDS,
            monitoring_role_arn=monitoring.arn,
            performance_insights_enabled=True,
            performance_insights_kms_key_id=args.key_arn,
            performance_insights_retention_period=_INSIGHTS_DAYS,
            tags=args.label.tags(),
            opts=pulumi.ResourceOptions(
                parent=self, protect=args.deletion_protection, depends_on=list(log_groups)
            ),
        )

    def _subscribe(self, sources: Mapping[str, pulumi.Output[str]]) -> None:
        for kind, source_id in sources.items():
            aws.rds.EventSubscription(
                f"{self._name}-{kind}-events",
                name=self._args.label.name(f"{kind}-events", limit=255),
                sns_topic=self._args.alarm_topic_arn,
                source_type=kind,
                source_ids=[source_id],
                event_categories=list(EVENTS[kind]),
                tags=self._args.label.tags(f"{kind}-events"),
                opts=self._child,
            )


def trusted_instance(account: Account, identifier: str) -> iam.Allow:
    """Lets the monitoring of one instance take a role ("Protecting against the confused deputy problem")."""
    return iam.trust(
        "monitoring.rds.amazonaws.com",
        source_account_id=account.account_id,
        source_arn=account.arn("rds", f"db:{identifier}"),
    )
