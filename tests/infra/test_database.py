from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from infra.components.database import Database, DatabaseArgs
from infra.database_settings import EVENTS, PARAMETERS
from tests.infra import parts
from tests.infra.recorder import ACCOUNT_ID, Recording, record

CLIENTS = ("tasks", "migration")
INSTANCE = "rds/instance:Instance"
KEY = "arn:aws:kms:eu-west-1:111111111111:key/database"
SECRETS_KEY = "arn:aws:kms:eu-west-1:111111111111:key/secrets"
TOPIC = "arn:aws:sns:eu-west-1:111111111111:slipway-prod-alarms"


@cache
def made(**changes: Any) -> Recording:
    """A database with the given arguments, and what it grants."""

    def program() -> dict[str, Any]:
        database = Database(
            "database",
            DatabaseArgs(
                label=parts.label("database"),
                account=parts.ACCOUNT,
                vpc_id="vpc-1",
                subnet_ids=["subnet-data-a", "subnet-data-b"],
                client_group_ids={client: f"sg-{client}" for client in CLIENTS},
                key_arn=KEY,
                secrets_key_arn=SECRETS_KEY,
                boundary_arn=parts.BOUNDARY,
                log_policy=parts.LOG_POLICY,
                alarm_topic_arn=TOPIC,
                instance_class="db.t4g.medium",
                storage_gib=20,
                max_storage_gib=100,
                **changes,
            ),
        )
        return {
            "connect": parts.granted(database.connect_access("triage_api")),
            "master": parts.granted(database.master_secret_access()),
        }

    return record(program)


def test_the_database_is_private_and_encrypted_under_the_key_of_databases() -> None:
    instance = made().one(INSTANCE).inputs
    assert instance["publiclyAccessible"] is False
    assert instance["storageEncrypted"] is True
    assert instance["kmsKeyId"] == instance["performanceInsightsKmsKeyId"] == KEY
    subnets = made().one("rds/subnetGroup:SubnetGroup")
    assert instance["dbSubnetGroupName"] == subnets.inputs["name"]
    assert subnets.inputs["subnetIds"] == ["subnet-data-a", "subnet-data-b"]


def test_no_password_passes_through_the_program() -> None:
    instance = made().one(INSTANCE).inputs
    assert instance["manageMasterUserPassword"] is True
    assert instance["masterUserSecretKmsKeyId"] == SECRETS_KEY
    assert instance["iamDatabaseAuthenticationEnabled"] is True
    assert not [key for key in instance if "password" in key.lower() and key != "manageMasterUserPassword"]
    assert instance["username"] not in {"admin", "postgres", "root"}


def test_the_database_is_a_postgres_that_has_pgvector_and_takes_minor_versions() -> None:
    instance = made().one(INSTANCE).inputs
    assert (instance["engine"], instance["engineVersion"]) == ("postgres", "17")
    assert instance["autoMinorVersionUpgrade"] is True
    assert made().one("rds/parameterGroup:ParameterGroup").inputs["family"] == "postgres17"


@pytest.mark.parametrize(
    ("name", "value", "applies"),
    [
        ("rds.force_ssl", "1", "immediate"),
        ("log_connections", "1", "immediate"),
        ("log_disconnections", "1", "immediate"),
        ("log_min_duration_statement", "500", "immediate"),
        ("log_parameter_max_length", "0", "immediate"),
        ("pgaudit.log", "ddl,role", "immediate"),
        ("shared_preload_libraries", "pg_stat_statements,pgaudit", "pending-reboot"),
    ],
)
def test_the_parameter_group_says(name: str, value: str, applies: str) -> None:
    group = made().one("rds/parameterGroup:ParameterGroup").inputs
    assert {"name": name, "value": value, "applyMethod": applies} in group["parameters"]
    assert len(group["parameters"]) == len(PARAMETERS)
    assert made().one(INSTANCE).inputs["parameterGroupName"] == group["name"]


def test_only_the_named_clients_reach_the_database_and_it_reaches_nobody() -> None:
    recording = made()
    group = recording.one("ec2/securityGroup:SecurityGroup")
    assert "egress" not in group.inputs
    assert "ingress" not in group.inputs
    ingress = recording.of("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    egress = recording.of("vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    database = f"{group.name}-id"
    assert {rule.inputs["referencedSecurityGroupId"] for rule in ingress} == {"sg-tasks", "sg-migration"}
    assert {rule.inputs["securityGroupId"] for rule in ingress} == {database}
    assert {rule.inputs["securityGroupId"] for rule in egress} == {"sg-tasks", "sg-migration"}
    assert {rule.inputs["referencedSecurityGroupId"] for rule in egress} == {database}
    for rule in (*ingress, *egress):
        assert (rule.inputs["fromPort"], rule.inputs["toPort"], rule.inputs["ipProtocol"]) == (
            5432,
            5432,
            "tcp",
        )


def test_the_log_groups_are_there_before_rds_would_make_them_without_a_key() -> None:
    recording = made()
    instance = recording.one(INSTANCE)
    groups = {group.inputs["name"]: group for group in recording.of("cloudwatch/logGroup:LogGroup")}
    identifier = instance.inputs["identifier"]
    exported = {f"/aws/rds/instance/{identifier}/{log}" for log in ("postgresql", "upgrade")}
    assert set(groups) == {*exported, "RDSOSMetrics"}
    assert instance.inputs["enabledCloudwatchLogsExports"] == ["postgresql", "upgrade"]
    for group in groups.values():
        assert group.inputs["kmsKeyId"] == parts.LOG_POLICY.key_arn
        assert group.inputs["retentionInDays"] == parts.LOG_POLICY.retention_days
        assert group.name in instance.dependencies


def test_a_protected_database_survives_a_mistake() -> None:
    instance = made().one(INSTANCE)
    assert instance.protect
    assert instance.inputs["deletionProtection"] is True
    assert instance.inputs["skipFinalSnapshot"] is False
    assert instance.inputs["finalSnapshotIdentifier"] == f"{instance.inputs['identifier']}-final"
    assert instance.inputs["deleteAutomatedBackups"] is False
    assert instance.inputs["applyImmediately"] is False


def test_a_database_that_is_not_protected_goes_with_its_stack() -> None:
    instance = made(deletion_protection=False).one(INSTANCE)
    assert not instance.protect
    assert instance.inputs["deletionProtection"] is False
    assert instance.inputs["skipFinalSnapshot"] is True
    assert "finalSnapshotIdentifier" not in instance.inputs


def test_without_a_word_the_database_stands_in_two_zones_and_keeps_backups_for_35_days() -> None:
    instance = made().one(INSTANCE).inputs
    assert instance["multiAz"] is True
    assert instance["backupRetentionPeriod"] == 35
    assert instance["copyTagsToSnapshot"] is True


def test_the_windows_of_backup_and_maintenance_do_not_overlap() -> None:
    instance = made().one(INSTANCE).inputs
    _, backup_end = instance["backupWindow"].split("-")
    start, _ = instance["maintenanceWindow"].split("-")
    assert start.startswith("sun:")
    assert start.removeprefix("sun:") >= backup_end


def test_the_role_of_monitoring_is_bounded_and_serves_this_instance_only() -> None:
    recording = made()
    role = recording.one("iam/role:Role")
    assert role.inputs["permissionsBoundary"] == parts.BOUNDARY
    (trust,) = parts.statements(recording, "iam/role:Role", role.name, "assumeRolePolicy")
    assert trust["Principal"] == {"Service": "monitoring.rds.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT_ID},
        "ArnLike": {"aws:SourceArn": f"arn:aws:rds:eu-west-1:{ACCOUNT_ID}:db:slipway-prod-database"},
    }
    assert recording.one(INSTANCE).inputs["monitoringInterval"] == 60


def test_what_happens_to_the_database_is_told_to_the_alarm_topic() -> None:
    subscriptions = made().of("rds/eventSubscription:EventSubscription")
    assert {each.inputs["sourceType"] for each in subscriptions} == set(EVENTS)
    for each in subscriptions:
        assert each.inputs["snsTopic"] == TOPIC
        assert len(each.inputs["sourceIds"]) == 1
        assert each.inputs["eventCategories"] == list(EVENTS[each.inputs["sourceType"]])


def test_a_program_logs_in_as_one_user_of_this_database() -> None:
    (statement,) = made().outputs["connect"]
    assert statement["Action"] == ["rds-db:connect"]
    assert statement["Resource"] == [
        f"arn:aws:rds-db:eu-west-1:{ACCOUNT_ID}:dbuser:database-instance-resource-id/triage_api"
    ]


def test_the_password_of_the_administrator_is_read_by_its_secret_and_its_key_only() -> None:
    read, opened = made().outputs["master"]
    assert read["Action"] == ["secretsmanager:GetSecretValue"]
    assert [arn.rpartition(":")[2] for arn in read["Resource"]] == ["rds!db-database-instance"]
    assert (opened["Action"], opened["Resource"]) == (["kms:Decrypt"], [SECRETS_KEY])
