from __future__ import annotations

import errno
import json
import resource
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import moto
import pytest

from sandbox.controlplane import snapshot
from sandbox.controlplane.gate import Gate
from sandbox.controlplane.journal import Journal
from sandbox.controlplane.store import Store
from sandbox.files import replace_file

ROLE = "arn:aws:iam::111111111111:role/backup"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def fill(cloud: Any) -> dict[str, Any]:
    """Make one resource of each kind that is hard to write down, and return what to look at later."""
    ec2 = cloud.client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.create_security_group(GroupName="app", Description="app", VpcId=vpc_id)
    kms = cloud.client("kms")
    key_id = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    symmetric_id = kms.create_key()["KeyMetadata"]["KeyId"]
    cipher = kms.encrypt(KeyId=symmetric_id, Plaintext=b"text")["CiphertextBlob"]
    certificate = cloud.client("acm").request_certificate(DomainName="example.com")["CertificateArn"]
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="files", Key="large", Body=b"x" * 8_000_000)
    cloud.client("ssm").put_parameter(Name="/app/a", Value="1", Type="String")
    cloud.client("ecr").create_repository(repositoryName="app")
    cloud.client("secretsmanager").create_secret(Name="app", SecretString="value")
    iam = cloud.client("iam")
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=TRUST)
    iam.create_user(UserName="robot")
    access_key = iam.create_access_key(UserName="robot")["AccessKey"]
    cloud.client("lambda").list_functions()
    fill_data(cloud)
    cloud.client("sqs", "prod").create_queue(QueueName="jobs")
    return {
        "vpc": vpc_id,
        "key": key_id,
        "cipher": cipher,
        "certificate": certificate,
        "robot": {
            "aws_access_key_id": access_key["AccessKeyId"],
            "aws_secret_access_key": access_key["SecretAccessKey"],
        },
    }


def fill_data(cloud: Any) -> None:
    """What the extensions keep on moto's backends: of databases, tables, vaults and an account."""
    rds = cloud.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="app",
        Engine="postgres",
        DBInstanceClass="db.t4g.medium",
        MasterUsername="app_admin",
        ManageMasterUserPassword=True,
        MasterUserSecretKmsKeyId=cloud.client("kms").create_key()["KeyMetadata"]["Arn"],
        EnableCloudwatchLogsExports=["postgresql"],
    )
    logs = {"EnableLogTypes": ["upgrade"]}
    rds.modify_db_instance(DBInstanceIdentifier="app", MultiAZ=True, CloudwatchLogsExportConfiguration=logs)
    cloud.client("dynamodb").create_table(
        TableName="records",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        OnDemandThroughput={"MaxReadRequestUnits": 100},
    )
    backup = cloud.client("backup")
    backup.create_backup_vault(BackupVaultName="main")
    rules = [{"RuleName": "daily", "TargetBackupVaultName": "main"}]
    plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": "daily", "Rules": rules})
    backup.create_backup_selection(
        BackupPlanId=plan["BackupPlanId"], BackupSelection={"SelectionName": "all", "IamRoleArn": ROLE}
    )
    backup.start_backup_job(
        BackupVaultName="main", ResourceArn="arn:aws:dynamodb:::table/records", IamRoleArn=ROLE
    )
    cloud.client("ec2").enable_snapshot_block_public_access(State="block-all-sharing")


def check_data(cloud: Any) -> None:
    [instance] = cloud.client("rds").describe_db_instances()["DBInstances"]
    assert instance["PendingModifiedValues"] == {"MultiAZ": True}
    assert instance["EnabledCloudwatchLogsExports"] == ["postgresql", "upgrade"]
    secret = instance["MasterUserSecret"]["SecretArn"]
    assert cloud.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
    table = cloud.client("dynamodb").describe_table(TableName="records")["Table"]
    assert table["OnDemandThroughput"] == {"MaxReadRequestUnits": 100}
    backup = cloud.client("backup")
    [plan] = backup.list_backup_plans()["BackupPlansList"]
    assert len(backup.list_backup_selections(BackupPlanId=plan["BackupPlanId"])["BackupSelectionsList"]) == 1
    assert backup.describe_backup_vault(BackupVaultName="main")["NumberOfRecoveryPoints"] == 1
    state = cloud.client("ec2").get_snapshot_block_public_access_state()["State"]
    assert state == "block-all-sharing"


def check(cloud: Any, made: dict[str, Any]) -> None:
    check_data(cloud)
    ec2 = cloud.client("ec2")
    assert ec2.describe_vpcs(VpcIds=[made["vpc"]])["Vpcs"][0]["CidrBlock"] == "10.0.0.0/16"
    filters = [{"Name": "vpc-id", "Values": [made["vpc"]]}]
    names = {group["GroupName"] for group in ec2.describe_security_groups(Filters=filters)["SecurityGroups"]}
    assert names == {"default", "app"}
    assert cloud.client("kms").get_public_key(KeyId=made["key"])["PublicKey"]
    certificate = cloud.client("acm").describe_certificate(CertificateArn=made["certificate"])
    assert certificate["Certificate"]["DomainName"] == "example.com"
    assert len(cloud.client("s3").get_object(Bucket="files", Key="large")["Body"].read()) == 8_000_000
    assert cloud.client("ssm").get_parameter(Name="/app/a")["Parameter"]["Value"] == "1"
    assert len(cloud.client("ecr").describe_repositories()["repositories"]) == 1
    assert cloud.client("secretsmanager").get_secret_value(SecretId="app")["SecretString"] == "value"
    robot = cloud.client("sts", **made["robot"])
    assert robot.get_caller_identity()["Arn"] == "arn:aws:iam::111111111111:user/robot"
    assert len(cloud.client("sqs", "prod").list_queues()["QueueUrls"]) == 1
    assert "QueueUrls" not in cloud.client("sqs").list_queues()
    # What came back can be written to.
    subnet = ec2.create_subnet(VpcId=made["vpc"], CidrBlock="10.0.1.0/24")["Subnet"]
    ec2.delete_subnet(SubnetId=subnet["SubnetId"])


def kill(cloud: Any) -> None:
    """Leave the folder as a kill -9 leaves it, whenever the store saves next."""
    cloud.plane.store.save = lambda: None


def test_what_was_made_is_there_after_a_stop(start_cloud: Callable[[], Any]) -> None:
    made = fill(start_cloud())
    cloud = start_cloud()
    check(cloud, made)
    assert cloud.client("kms").decrypt(CiphertextBlob=made["cipher"])["Plaintext"] == b"text"


def test_what_was_made_is_there_after_a_kill(start_cloud: Callable[[], Any]) -> None:
    cloud = start_cloud()
    kill(cloud)
    made = fill(cloud)
    cloud = start_cloud()
    check(cloud, made)
    assert "carried out again" in cloud.message


def test_what_was_made_after_the_last_save_is_there_after_a_kill(start_cloud: Callable[[], Any]) -> None:
    cloud = start_cloud()
    made = fill(cloud)
    cloud.plane.store.save()
    kill(cloud)
    cloud.client("ec2").create_tags(Resources=[made["vpc"]], Tags=[{"Key": "after", "Value": "save"}])
    cloud.client("sqs").create_queue(QueueName="second")
    cloud = start_cloud()
    kill(cloud)
    cloud.client("sqs").create_queue(QueueName="third")
    cloud = start_cloud()
    [vpc] = cloud.client("ec2").describe_vpcs(VpcIds=[made["vpc"]])["Vpcs"]
    assert vpc["Tags"] == [{"Key": "after", "Value": "save"}]
    assert len(cloud.client("sqs").list_queues()["QueueUrls"]) == 2
    assert cloud.client("kms").decrypt(CiphertextBlob=made["cipher"])["Plaintext"] == b"text"


def test_a_call_that_was_being_noted_at_the_kill_is_left_out(start_cloud: Callable[[], Any]) -> None:
    cloud = start_cloud()
    kill(cloud)
    for name in ("first", "second"):
        cloud.client("sqs").create_queue(QueueName=name)
    [journal] = (cloud.folder / "state").glob("journal.*")
    journal.write_bytes(journal.read_bytes()[:-10])
    assert len(start_cloud().client("sqs").list_queues()["QueueUrls"]) == 1


def test_a_snapshot_makes_its_journal_needless(start_cloud: Callable[[], Any]) -> None:
    cloud = start_cloud()
    cloud.client("sqs").create_queue(QueueName="jobs")
    cloud.plane.store.save()
    assert [path.name for path in (cloud.folder / "state").iterdir()] == ["aws.snapshot"]


def damage(content: bytes) -> bytes:
    return content[:-100] + b"?" * 100


def change_header(**changes: Any) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        line, _, payload = content.partition(b"\n")
        return json.dumps(json.loads(line) | changes).encode() + b"\n" + payload

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (damage, "damaged"),
        (lambda content: content[: len(content) // 2], "cut short"),
        (lambda _: b"", "not a snapshot"),
        (lambda _: b"\x00\xff" * 50, "not a snapshot"),
        (change_header(format=2), "format 2"),
        (change_header(format=2, unknown="field"), "format 2"),
        (change_header(moto="4.0.0"), "moto 4.0.0"),
        (change_header(python="3.9"), "Python 3.9"),
        (lambda _: snapshot.pack(b"no pickle", 0), "does not fit"),
    ],
)
def test_an_unusable_state_is_kept_aside_and_the_accounts_start_empty(
    start_cloud: Callable[[], Any],
    change: Callable[[bytes], bytes],
    reason: str,
) -> None:
    cloud = start_cloud()
    cloud.client("sqs").create_queue(QueueName="jobs")
    cloud.plane.store.save()
    path = cloud.folder / "state" / "aws.snapshot"
    kill(cloud)
    cloud.client("sqs").create_queue(QueueName="later")
    unusable = change(path.read_bytes())
    path.write_bytes(unusable)
    cloud = start_cloud()
    aside = cloud.folder / "state.unusable-1"
    assert reason in cloud.message
    assert str(aside) in cloud.message
    assert (aside / "aws.snapshot").read_bytes() == unusable
    assert len(list(aside.glob("journal.*"))) == 1
    assert "QueueUrls" not in cloud.client("sqs").list_queues()
    cloud.client("sqs").create_queue(QueueName="new")
    assert len(start_cloud().client("sqs").list_queues()["QueueUrls"]) == 1


@pytest.fixture
def full_disk() -> Iterator[Callable[[int], None]]:
    """Lets no file of this process grow beyond a size, which the system itself enforces."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size_bytes: resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, limits[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_full_disk_is_told_and_leaves_the_state_saved_before_whole(
    cloud: Any, full_disk: Callable[[int], None], caplog: pytest.LogCaptureFixture
) -> None:
    path = cloud.folder / "state" / "aws.snapshot"
    cloud.client("sqs").create_queue(QueueName="jobs")
    cloud.plane.store.save()
    before = path.read_bytes()
    full_disk(1000)
    cloud.client("sqs").create_queue(QueueName="more")
    cloud.plane.store.save()
    assert path.read_bytes() == before
    assert cloud.plane.store.last_save.error.startswith(f"cannot write {path}")
    assert "Free some space" in caplog.text
    assert len(cloud.client("sqs").list_queues()["QueueUrls"]) == 2
    assert not list(path.parent.glob(".*"))


def test_after_a_full_disk_the_next_save_has_everything(
    start_cloud: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = start_cloud()
    with monkeypatch.context() as context:
        context.setattr("sandbox.controlplane.store.replace_file", _no_space)
        context.setattr("sandbox.controlplane.journal.os.write", _no_space)
        cloud.client("sqs").create_queue(QueueName="jobs")
        cloud.plane.store.save()
        assert "No space" in cloud.plane.store.last_save.error
    cloud.client("sqs").create_queue(QueueName="more")
    cloud.plane.store.save()
    kill(cloud)
    assert len(start_cloud().client("sqs").list_queues()["QueueUrls"]) == 2


def _no_space(*_: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_save_that_is_cut_off_leaves_the_file_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    replace_file(path, b"old")

    def fail(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("sandbox.files.os.fsync", fail)
    with pytest.raises(OSError, match="Input"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_of_secrets_is_the_users_alone(tmp_path: Path) -> None:
    replace_file(tmp_path / "file", b"secret")
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_changes_are_saved_when_they_settle(cloud: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = threading.Event()
    save = cloud.plane.store.save

    def save_and_tell() -> None:
        save()
        saved.set()

    monkeypatch.setattr(cloud.plane.store, "save", save_and_tell)
    cloud.client("sqs").create_queue(QueueName="jobs")
    assert saved.wait(30)


def test_a_read_is_no_change(cloud: Any) -> None:
    cloud.client("sqs").list_queues()
    cloud.client("ec2").describe_vpcs()
    cloud.client("s3").list_buckets()
    assert cloud.plane.store._first_change is None


def test_what_moto_cannot_write_does_not_end_the_saving(
    start_cloud: Callable[[], Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cloud = start_cloud()
    tried = threading.Event()

    def fail(_: object) -> bytes:
        tried.set()
        raise TypeError("cannot pickle 'generator' object")

    with monkeypatch.context() as context:
        context.setattr(snapshot, "dump", fail)
        cloud.client("sqs").create_queue(QueueName="jobs")
        assert tried.wait(30)
    cloud.client("sqs").create_queue(QueueName="more")
    assert len(start_cloud().client("sqs").list_queues()["QueueUrls"]) == 2
    assert "cannot be saved" in caplog.text


def test_accounts_that_are_not_of_the_checkout_are_not_saved(tmp_path: Path, cloud: Any) -> None:
    # moto makes backends of its own default account while it looks addresses up.
    cloud.client("ec2").describe_vpcs()
    assert b"123456789012" not in snapshot.dump(cloud.plane.store._account_ids)
    assert moto.__version__ in json.loads(snapshot.pack(b"", 0).splitlines()[0])["moto"]


def test_a_store_of_an_empty_folder_is_empty(tmp_path: Path) -> None:
    store = Store(tmp_path / "aws.snapshot", frozenset(), Gate())
    store.load(lambda *_: [])
    assert list(tmp_path.iterdir()) == []
    assert Journal(tmp_path).replay(0, lambda *_: []) == 0


def test_a_read_before_the_kill_changes_no_id_after_it(start_cloud: Callable[[], Any]) -> None:
    cloud = start_cloud()
    kill(cloud)
    ec2 = cloud.client("ec2")
    default = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    made = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    vpcs = start_cloud().client("ec2").describe_vpcs()["Vpcs"]
    assert {vpc["VpcId"] for vpc in vpcs} == {default, made}
