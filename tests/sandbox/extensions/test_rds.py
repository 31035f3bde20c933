from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

INSTANCE = {
    "DBInstanceIdentifier": "app",
    "Engine": "postgres",
    "DBInstanceClass": "db.t4g.medium",
    "AllocatedStorage": 20,
    "MasterUsername": "app_admin",
    "ManageMasterUserPassword": True,
}


def make_subnets(client: Callable[[str], Any], zones: str = "ab") -> list[str]:
    ec2 = client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=f"eu-west-1{zone}")[
            "Subnet"
        ]["SubnetId"]
        for index, zone in enumerate(zones)
    ]


def make_instance(client: Callable[[str], Any], **changes: Any) -> Any:
    rds = client("rds")
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    rds.create_db_instance(**{**INSTANCE, "MasterUserSecretKmsKeyId": key, **changes})
    return rds


def shown(rds: Any, name: str = "app") -> Any:
    return rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def test_a_subnet_group_that_is_modified_stays(client: Callable[[str], Any]) -> None:
    rds, subnets = client("rds"), make_subnets(client)
    rds.create_db_subnet_group(DBSubnetGroupName="main", DBSubnetGroupDescription="main", SubnetIds=subnets)
    rds.modify_db_subnet_group(DBSubnetGroupName="main", DBSubnetGroupDescription="new", SubnetIds=subnets)
    [group] = rds.describe_db_subnet_groups(DBSubnetGroupName="main")["DBSubnetGroups"]
    assert group["DBSubnetGroupDescription"] == "new"


def test_a_subnet_group_covers_two_zones_and_has_a_name_of_its_own(client: Callable[[str], Any]) -> None:
    rds, subnets = client("rds"), make_subnets(client, "aab")
    with pytest.raises(ClientError, match="DBSubnetGroupDoesNotCoverEnoughAZs"):
        rds.create_db_subnet_group(
            DBSubnetGroupName="main", DBSubnetGroupDescription="main", SubnetIds=subnets[:2]
        )
    main = {"DBSubnetGroupName": "main", "DBSubnetGroupDescription": "main", "SubnetIds": subnets[1:]}
    rds.create_db_subnet_group(**main)
    with pytest.raises(ClientError, match="DBSubnetGroupAlreadyExists"):
        rds.create_db_subnet_group(**main)


def test_groups_that_an_instance_is_in_stay(client: Callable[[str], Any]) -> None:
    rds = client("rds")
    rds.create_db_subnet_group(
        DBSubnetGroupName="main", DBSubnetGroupDescription="main", SubnetIds=make_subnets(client)
    )
    rds.create_db_parameter_group(
        DBParameterGroupName="main", DBParameterGroupFamily="postgres17", Description="main"
    )
    make_instance(client, DBSubnetGroupName="main", DBParameterGroupName="main")
    with pytest.raises(ClientError, match="InvalidDBSubnetGroupStateFault"):
        rds.delete_db_subnet_group(DBSubnetGroupName="main")
    with pytest.raises(ClientError, match="InvalidDBParameterGroupState"):
        rds.delete_db_parameter_group(DBParameterGroupName="main")
    rds.delete_db_instance(DBInstanceIdentifier="app", SkipFinalSnapshot=True)
    rds.delete_db_subnet_group(DBSubnetGroupName="main")
    rds.delete_db_parameter_group(DBParameterGroupName="main")


def test_a_parameter_that_is_reset_is_no_longer_set(client: Callable[[str], Any]) -> None:
    rds = client("rds")
    rds.create_db_parameter_group(
        DBParameterGroupName="main", DBParameterGroupFamily="postgres17", Description="main"
    )
    one, two = (
        {"ParameterName": name, "ParameterValue": "1", "ApplyMethod": "immediate"}
        for name in ("rds.force_ssl", "log_connections")
    )
    rds.modify_db_parameter_group(DBParameterGroupName="main", Parameters=[one, two])
    rds.reset_db_parameter_group(
        DBParameterGroupName="main",
        Parameters=[{"ParameterName": "log_connections", "ApplyMethod": "immediate"}],
    )
    answer = rds.describe_db_parameters(DBParameterGroupName="main", Source="user")
    assert answer["Parameters"] == [one | {"Source": "user"}]


def test_a_subscription_changes(client: Callable[[str], Any]) -> None:
    rds, sns = make_instance(client), client("sns")
    topics = [sns.create_topic(Name=name)["TopicArn"] for name in ("one", "two")]
    rds.create_event_subscription(SubscriptionName="a", SnsTopicArn=topics[0], SourceType="db-instance")
    rds.modify_event_subscription(
        SubscriptionName="a", SnsTopicArn=topics[1], EventCategories=["failure"], Enabled=False
    )
    rds.add_source_identifier_to_subscription(SubscriptionName="a", SourceIdentifier="app")
    [found] = rds.describe_event_subscriptions(SubscriptionName="a")["EventSubscriptionsList"]
    assert (found["SnsTopicArn"], found["Enabled"]) == (topics[1], False)
    assert (found["EventCategoriesList"], found["SourceIdsList"]) == (["failure"], ["app"])
    rds.remove_source_identifier_from_subscription(SubscriptionName="a", SourceIdentifier="app")
    with pytest.raises(ClientError, match="SourceNotFound"):
        rds.add_source_identifier_to_subscription(SubscriptionName="a", SourceIdentifier="nobody")


def test_insights_are_kept_and_change(client: Callable[[str], Any]) -> None:
    rds = make_instance(client, EnablePerformanceInsights=True)
    assert shown(rds)["PerformanceInsightsEnabled"]
    assert shown(rds)["PerformanceInsightsRetentionPeriod"] == 7
    with pytest.raises(ClientError, match="InvalidParameterCombination"):
        rds.modify_db_instance(DBInstanceIdentifier="app", DatabaseInsightsMode="advanced")
    assert shown(rds)["DatabaseInsightsMode"] == "standard"
    rds.modify_db_instance(
        DBInstanceIdentifier="app",
        DatabaseInsightsMode="advanced",
        EnablePerformanceInsights=True,
        PerformanceInsightsRetentionPeriod=465,
    )
    assert shown(rds)["DatabaseInsightsMode"] == "advanced"
    rds.modify_db_instance(
        DBInstanceIdentifier="app", DatabaseInsightsMode="standard", EnablePerformanceInsights=False
    )
    assert not shown(rds)["PerformanceInsightsEnabled"]


def test_a_change_waits_unless_it_is_to_be_made_at_once(client: Callable[[str], Any]) -> None:
    rds = make_instance(client)
    rds.modify_db_instance(DBInstanceIdentifier="app", MultiAZ=True, CopyTagsToSnapshot=True)
    assert (shown(rds)["MultiAZ"], shown(rds)["CopyTagsToSnapshot"]) == (False, True)
    assert shown(rds)["PendingModifiedValues"] == {"MultiAZ": True}
    rds.modify_db_instance(DBInstanceIdentifier="app", DBPortNumber=5433, ApplyImmediately=True)
    assert (shown(rds)["MultiAZ"], shown(rds)["Endpoint"]["Port"]) == (True, 5433)
    assert not shown(rds).get("PendingModifiedValues")


def test_each_instance_has_a_resource_id_of_its_own(client: Callable[[str], Any]) -> None:
    rds = make_instance(client)
    make_instance(client, DBInstanceIdentifier="other")
    assert shown(rds)["DbiResourceId"] != shown(rds, "other")["DbiResourceId"]


def test_a_major_version_gets_a_minor_one(client: Callable[[str], Any]) -> None:
    rds = make_instance(client, EngineVersion="16")
    assert shown(rds)["EngineVersion"].startswith("16.")


def test_an_instance_goes_with_a_last_snapshot_or_a_word_that_there_is_none(
    client: Callable[[str], Any],
) -> None:
    rds = make_instance(client)
    with pytest.raises(ClientError, match="FinalDBSnapshotIdentifier is required"):
        rds.delete_db_instance(DBInstanceIdentifier="app")
    rds.delete_db_instance(DBInstanceIdentifier="app", FinalDBSnapshotIdentifier="app-last")
    assert len(rds.describe_db_snapshots(DBSnapshotIdentifier="app-last")["DBSnapshots"]) == 1


def test_the_backups_of_an_instance_go_with_it_or_stay_out_of_the_way(client: Callable[[str], Any]) -> None:
    rds = make_instance(client)
    rds.modify_db_instance(DBInstanceIdentifier="app", NewDBInstanceIdentifier="renamed")
    rds.delete_db_instance(DBInstanceIdentifier="renamed", SkipFinalSnapshot=True)
    assert rds.describe_db_snapshots()["DBSnapshots"] == []
    for _ in range(2):
        make_instance(client)
        rds.delete_db_instance(
            DBInstanceIdentifier="app", SkipFinalSnapshot=True, DeleteAutomatedBackups=False
        )
    assert len(rds.describe_db_snapshots()["DBSnapshots"]) == 2


def test_the_secret_is_the_master_user_s_and_stays_while_it_is_managed(client: Callable[[str], Any]) -> None:
    rds = make_instance(client)
    secret = shown(rds)["MasterUserSecret"]["SecretArn"]
    rds.modify_db_instance(DBInstanceIdentifier="app", ManageMasterUserPassword=True, ApplyImmediately=True)
    assert shown(rds)["MasterUserSecret"]["SecretArn"] == secret
    value = client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
    assert json.loads(value)["username"] == "app_admin"


def test_to_look_at_an_instance_makes_no_parameter_group(client: Callable[[str], Any]) -> None:
    rds = make_instance(client)
    shown(rds)
    assert rds.describe_db_parameter_groups()["DBParameterGroups"] == []


def test_an_instance_goes_back_to_the_default_parameters(client: Callable[[str], Any]) -> None:
    rds = client("rds")
    rds.create_db_parameter_group(
        DBParameterGroupName="main", DBParameterGroupFamily="postgres17", Description="main"
    )
    make_instance(client, DBParameterGroupName="main")
    rds.modify_db_instance(DBInstanceIdentifier="app", DBParameterGroupName="default.postgres17")
    rds.delete_db_parameter_group(DBParameterGroupName="main")
    assert shown(rds)["DBParameterGroups"][0]["DBParameterGroupName"] == "default.postgres17"
