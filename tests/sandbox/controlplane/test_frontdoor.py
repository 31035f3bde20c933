from __future__ import annotations

import json
import logging
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from moto.core.utils import utcnow
from moto.ec2.models.vpcs import VPCBackend
from moto.sts.models import sts_backends

# One read of a service of each dialect, and what AWS answers to an unknown key and to a wrong signature.
DIALECTS = [
    ("sts", "get_caller_identity", "InvalidClientTokenId", "SignatureDoesNotMatch", 403),
    ("ec2", "describe_vpcs", "AuthFailure", "AuthFailure", 401),
    ("s3", "list_buckets", "InvalidAccessKeyId", "SignatureDoesNotMatch", 403),
    ("route53", "list_hosted_zones", "InvalidClientTokenId", "SignatureDoesNotMatch", 403),
    ("kms", "list_keys", "UnrecognizedClientException", "InvalidSignatureException", 403),
    ("lambda", "list_functions", "UnrecognizedClientException", "InvalidSignatureException", 403),
    ("cloudwatch", "describe_alarms", "UnrecognizedClientException", "InvalidSignatureException", 403),
]
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def code_and_status(error: ClientError) -> tuple[str, int]:
    response = error.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(("service", "call", "code", "_", "status"), DIALECTS)
def test_a_key_that_nobody_made_is_refused_as_aws_refuses_it(
    cloud: Any, service: str, call: str, code: str, _: str, status: int
) -> None:
    client = cloud.client(service, aws_access_key_id="AKIAIOSFODNN7EXAMPLE")
    with pytest.raises(ClientError) as refused:
        getattr(client, call)()
    assert code_and_status(refused.value) == (code, status)


@pytest.mark.parametrize(("service", "call", "_", "code", "status"), DIALECTS)
def test_a_wrong_secret_is_refused_as_aws_refuses_it(
    cloud: Any, service: str, call: str, _: str, code: str, status: int
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(cloud.client(service, aws_secret_access_key="wrong"), call)()
    assert code_and_status(refused.value) == (code, status)


@pytest.mark.parametrize(("service", "call"), [entry[:2] for entry in DIALECTS])
def test_the_key_of_an_environment_is_let_through(cloud: Any, service: str, call: str) -> None:
    getattr(cloud.client(service), call)()


def test_what_one_account_makes_no_other_sees(cloud: Any) -> None:
    cloud.client("sqs").create_queue(QueueName="dev-only")
    cloud.client("s3").create_bucket(
        Bucket="dev-only", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    assert len(cloud.client("sqs").list_queues()["QueueUrls"]) == 1
    for other in ("staging", "prod"):
        assert "QueueUrls" not in cloud.client("sqs", other).list_queues()
        with pytest.raises(ClientError):
            cloud.client("s3", other).list_objects_v2(Bucket="dev-only")


def test_a_client_cannot_choose_its_account_by_header(cloud: Any) -> None:
    sts = cloud.client("sts")

    def choose(request: Any, **_: Any) -> None:
        request.headers["x-moto-account-id"] = "333333333333"

    sts.meta.events.register("before-send.sts", choose)
    assert sts.get_caller_identity()["Account"] == "111111111111"


def test_a_key_made_in_an_account_acts_in_it_until_it_is_made_inactive(cloud: Any) -> None:
    iam = cloud.client("iam", "staging")
    iam.create_user(UserName="robot")
    key = iam.create_access_key(UserName="robot")["AccessKey"]
    arguments = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    robot = cloud.client("sts", **arguments)
    assert robot.get_caller_identity()["Arn"] == "arn:aws:iam::222222222222:user/robot"
    iam.update_access_key(UserName="robot", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    with pytest.raises(ClientError, match="inactive"):
        robot.get_caller_identity()


def assume(cloud: Any) -> dict[str, str]:
    cloud.client("iam", "prod").create_role(RoleName="deploy", AssumeRolePolicyDocument=TRUST)
    answer = cloud.client("sts").assume_role(
        RoleArn="arn:aws:iam::333333333333:role/deploy", RoleSessionName="test"
    )
    credentials = answer["Credentials"]
    return {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }


def test_an_assumed_role_acts_in_its_account(cloud: Any) -> None:
    identity = cloud.client("sts", **assume(cloud)).get_caller_identity()
    assert identity["Arn"] == "arn:aws:sts::333333333333:assumed-role/deploy/test"


def test_an_assumed_role_needs_its_session_token(cloud: Any) -> None:
    session = assume(cloud) | {"aws_session_token": "another"}
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        cloud.client("sts", **session).get_caller_identity()


def test_an_assumed_role_expires(cloud: Any) -> None:
    session = assume(cloud)
    [made] = sts_backends["333333333333"]["aws"].assumed_roles
    made.expiration = utcnow() - timedelta(seconds=1)
    with pytest.raises(ClientError, match="ExpiredToken"):
        cloud.client("sts", **session).get_caller_identity()


def test_a_role_is_assumed_by_web_identity_without_a_signature(cloud: Any) -> None:
    cloud.client("iam", "prod").create_role(RoleName="ci", AssumeRolePolicyDocument=TRUST)
    sts = cloud.client("sts", config=Config(signature_version=UNSIGNED))
    arguments = {"RoleSessionName": "test", "WebIdentityToken": "a.b.c"}
    answer = sts.assume_role_with_web_identity(RoleArn="arn:aws:iam::333333333333:role/ci", **arguments)
    assert answer["AssumedRoleUser"]["Arn"].startswith("arn:aws:sts::333333333333:")
    for role_arn in ("arn:aws:iam::444444444444:role/ci", "arn:aws:iam::333333333333:role/no"):
        with pytest.raises(ClientError, match="AccessDenied"):
            sts.assume_role_with_web_identity(RoleArn=role_arn, **arguments)


@pytest.mark.parametrize(
    ("service", "call", "code"),
    [("sts", "get_caller_identity", "MissingAuthenticationToken"), ("s3", "list_buckets", "AccessDenied")],
)
def test_every_other_call_must_be_signed(cloud: Any, service: str, call: str, code: str) -> None:
    client = cloud.client(service, config=Config(signature_version=UNSIGNED))
    with pytest.raises(ClientError) as refused:
        getattr(client, call)()
    assert code_and_status(refused.value) == (code, 403)


def status_of(url: str, method: str = "GET") -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method)) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize(
    "path", ["/moto-api/reset", "/moto-api/data.json", "//moto-api/reset", "/latest/meta-data/"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_motos_own_endpoints_are_closed(cloud: Any, path: str, method: str) -> None:
    cloud.client("sqs").create_queue(QueueName="stays")
    assert status_of(cloud.plane.endpoint_url + path, method) == 403
    assert len(cloud.client("sqs").list_queues()["QueueUrls"]) == 1


def presign(cloud: Any, seconds: int) -> str:
    s3 = cloud.client("s3", config=Config(signature_version="s3v4"))
    s3.create_bucket(Bucket="shared", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="shared", Key="a b/ü.txt", Body=b"text")
    key = cloud.keys["dev"]
    request = AWSRequest("GET", f"{cloud.plane.endpoint_url}/shared/a%20b/%C3%BC.txt")
    credentials = Credentials(key.access_key_id, key.secret_access_key)
    S3SigV4QueryAuth(credentials, "s3", "eu-west-1", expires=seconds).add_auth(request)
    return str(request.url)


def test_a_presigned_address_works_for_whom_it_was_signed(cloud: Any) -> None:
    url = presign(cloud, 60)
    with urllib.request.urlopen(url) as response:
        assert response.read() == b"text"
    assert status_of(url.replace("%C3%BC", "u")) == 403


def test_a_presigned_address_expires(cloud: Any) -> None:
    assert status_of(presign(cloud, -1)) == 400


def test_a_service_that_moto_lacks_is_said_to_be_missing(cloud: Any) -> None:
    with pytest.raises(ClientError) as refused:
        cloud.client("grafana").list_workspaces()
    assert code_and_status(refused.value) == ("NotImplemented", 501)


def test_an_operation_that_moto_lacks_is_said_to_be_missing(cloud: Any) -> None:
    with pytest.raises(ClientError, match="get_context_keys_for_custom_policy") as refused:
        cloud.client("iam").get_context_keys_for_custom_policy(PolicyInputList=["{}"])
    assert code_and_status(refused.value) == ("NotImplemented", 501)


def test_a_failure_inside_moto_is_logged_and_can_be_retried(
    cloud: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answers: Iterator[Any] = iter([RuntimeError("dictionary changed size during iteration"), [], []])

    def fail_once(*_: Any, **__: Any) -> list[Any]:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        listed: list[Any] = answer
        return listed

    cloud.client("ec2").describe_vpcs()  # the first call of an account makes its default network
    monkeypatch.setattr(VPCBackend, "describe_vpcs", fail_once)
    ec2 = cloud.client("ec2", config=Config(retries={"total_max_attempts": 2, "mode": "standard"}))
    with caplog.at_level(logging.ERROR):
        assert ec2.describe_vpcs()["Vpcs"] == []
    assert "dictionary changed size" in caplog.text
    assert "ec2.DescribeVpcs failed" in caplog.text


@pytest.mark.parametrize("key", ["plain.txt", "a b/ü+%&=?~.txt", "./a/../b", "//double", "100%25"])
def test_an_object_comes_back_under_any_key(cloud: Any, key: str) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="keys", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="keys", Key=key, Body=b"x" * 100_000, Metadata={"kind": "test"})
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket="keys")["Contents"]] == [key]
    answer = s3.get_object(Bucket="keys", Key=key)
    assert (answer["Body"].read(), answer["Metadata"]) == (b"x" * 100_000, {"kind": "test"})
    assert s3.head_object(Bucket="keys", Key=key)["ContentLength"] == 100_000


def test_writes_side_by_side_have_one_winner(cloud: Any) -> None:
    ec2 = cloud.client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    def create(index: int) -> bool:
        try:
            ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.0.{index % 10}.0/24")
        except ClientError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(create, range(80))) == 10


def test_a_long_poll_keeps_nobody_out(cloud: Any) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(sqs.receive_message, QueueUrl=url, WaitTimeSeconds=20)
        cloud.client("sqs").send_message(QueueUrl=url, MessageBody="work")
        assert waiting.result()["Messages"][0]["Body"] == "work"


def test_only_this_machine_can_call(cloud: Any) -> None:
    assert cloud.plane.endpoint_url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("token", ["", "Bearer wrong", "Basic token"])
def test_the_daemons_own_calls_ask_for_the_token(cloud: Any, token: str) -> None:
    request = urllib.request.Request(f"{cloud.plane.endpoint_url}/_sandbox/status")
    request.add_header("Authorization", token)
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request)


def test_the_accounts_resources_are_counted(cloud: Any) -> None:
    cloud.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")
    cloud.client("iam", "prod").create_role(RoleName="app", AssumeRolePolicyDocument=TRUST)
    counts = admin(cloud, "status")["resources_by_account"]
    assert counts["111111111111"]["ec2"] >= 1
    assert (counts["222222222222"], counts["333333333333"]) == ({}, {"iam": 1})


def test_what_is_deleted_does_not_count(cloud: Any) -> None:
    kms = cloud.client("kms")
    kms.schedule_key_deletion(KeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    route53 = cloud.client("route53")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]
    route53.delete_hosted_zone(Id=zone["Id"])
    assert admin(cloud, "status")["resources_by_account"]["111111111111"] == {}


def test_a_reset_empties_the_accounts_that_it_names(cloud: Any) -> None:
    for environment in ("dev", "prod"):
        cloud.client("sqs", environment).create_queue(QueueName="jobs")
        cloud.client("s3", environment).create_bucket(
            Bucket=f"{environment}-files", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
    admin(cloud, "reset", {"account_ids": ["111111111111"]})
    assert "QueueUrls" not in cloud.client("sqs").list_queues()
    assert len(cloud.client("sqs", "prod").list_queues()["QueueUrls"]) == 1
    # Its bucket's name is free again, for anybody.
    cloud.client("s3", "staging").create_bucket(
        Bucket="dev-files", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )


def admin(cloud: Any, path: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{cloud.plane.endpoint_url}/_sandbox/{path}", data=data)
    request.add_header("Authorization", "Bearer token")
    with urllib.request.urlopen(request) as response:
        return json.load(response)
