"""The key and the bucket of the state, made in the control plane."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.aws import documents
from scripts.aws import place as places
from scripts.aws.place import Place
from scripts.aws.shell import Shell
from scripts.aws.state_bucket import StateBucket
from scripts.aws.state_key import StateKey
from scripts.aws.steps import take
from scripts.errors import CommandError
from tests.scripts.accounts import ALIAS, BUCKET, Account


def bring(account: Account, *, dry_run: bool = False) -> list[str]:
    told: list[str] = []
    take([*account.key.steps(), *account.bucket.steps()], told.append, dry_run=dry_run)
    return told


def test_what_is_missing_is_told_and_made_and_then_there_is_nothing_to_do(account: Account) -> None:
    told = bring(account)
    assert [words for words in told if ALIAS in words and "make" in words]
    assert [words for words in told if BUCKET in words and "make" in words]
    assert bring(account) == []


def test_a_dry_run_tells_the_same_and_makes_nothing(account: Account) -> None:
    would = bring(account, dry_run=True)
    assert account.client("s3").list_buckets()["Buckets"] == []
    assert account.client("kms").list_keys()["Keys"] == []
    assert bring(account) == would


def test_the_key_rotates_and_only_this_account_uses_it(account: Account) -> None:
    bring(account)
    kms = account.client("kms")
    key = kms.describe_key(KeyId=ALIAS)["KeyMetadata"]
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"]
    statements = json.loads(kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"])[
        "Statement"
    ]
    (use,) = (each for each in statements if each["Sid"] == "UseByThisAccount")
    assert use["Condition"] == {"StringEquals": {"kms:CallerAccount": "111111111111"}}
    assert key["Description"].endswith("of slipway-dev and its secrets")


def test_the_bucket_is_versioned_encrypted_private_and_takes_tls_alone(account: Account) -> None:
    bring(account)
    s3 = account.client("s3")
    (rule,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == account.key.arn()
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    assert set(s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"].values()) == {True}
    statements = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])["Statement"]
    assert {each["Sid"]: each["Effect"] for each in statements} == {
        "TlsOnly": "Deny",
        "RecentTlsOnly": "Deny",
    }
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert rule["NoncurrentVersionExpiration"]["NewerNoncurrentVersions"] > 1


# What somebody may have done to the bucket or the key.
TAMPERINGS: dict[str, Callable[[Any, Any], Any]] = {
    "versions": lambda s3, kms: s3.put_bucket_versioning(
        Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"}
    ),
    "public": lambda s3, kms: s3.delete_public_access_block(Bucket=BUCKET),
    "encrypt": lambda s3, kms: s3.put_bucket_encryption(
        Bucket=BUCKET,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
    ),
    "TLS": lambda s3, kms: s3.delete_bucket_policy(Bucket=BUCKET),
    "old versions": lambda s3, kms: s3.delete_bucket_lifecycle(Bucket=BUCKET),
    "list of rights": lambda s3, kms: s3.delete_bucket_ownership_controls(Bucket=BUCKET),
    "tag": lambda s3, kms: s3.delete_bucket_tagging(Bucket=BUCKET),
    "rotate": lambda s3, kms: kms.disable_key_rotation(KeyId=key_id(kms)),
    "policy of the key": lambda s3, kms: kms.put_key_policy(
        KeyId=key_id(kms),
        PolicyName="default",
        Policy=json.dumps({"Version": "2012-10-17", "Statement": []}),
    ),
}


@pytest.mark.parametrize("word", TAMPERINGS)
def test_what_was_changed_by_hand_is_put_back(account: Account, word: str) -> None:
    bring(account)
    TAMPERINGS[word](account.client("s3"), account.client("kms"))
    (told,) = bring(account)
    assert word in told
    assert bring(account) == []


def key_id(kms: Any) -> str:
    return str(kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["KeyId"])


def test_a_key_that_an_interrupted_run_left_without_its_alias_is_taken_up(account: Account) -> None:
    bring(account)
    kms = account.client("kms")
    before = key_id(kms)
    kms.delete_alias(AliasName=ALIAS)
    assert any(ALIAS in told for told in bring(account))
    assert key_id(kms) == before


def test_a_key_that_is_about_to_be_deleted_is_told_with_how_to_call_it_back(account: Account) -> None:
    bring(account)
    kms = account.client("kms")
    kms.schedule_key_deletion(KeyId=key_id(kms))
    with pytest.raises(CommandError, match="PendingDeletion") as refused:
        bring(account)
    assert "cancel-key-deletion" in refused.value.hint


def test_a_bucket_of_somebody_else_is_told_and_left_alone(account: Account) -> None:
    others = account.client("s3", "prod")
    others.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    with pytest.raises(CommandError, match=f"{BUCKET} is taken by somebody else") as refused:
        bring(account)
    assert "rename the project" in refused.value.hint
    assert "Status" not in others.get_bucket_versioning(Bucket=BUCKET)


def test_a_bucket_in_another_region_is_told(account: Account) -> None:
    bucket = StateBucket(_elsewhere(account.place), account.shell, account.key)
    bring(account)
    with pytest.raises(CommandError, match="is in eu-west-1, and the stack is in eu-central-1"):
        bucket.is_there()


def _elsewhere(place: Place) -> Place:
    account = replace(place.account, region="eu-central-1")
    return replace(place, scope=replace(place.scope, account=account))


def test_in_the_first_region_of_aws_no_location_is_given(account: Account) -> None:
    file = account.place.stack_file
    file.write_text(file.read_text().replace("aws:region: eu-west-1", "aws:region: us-east-1"))
    place, shell = places.find(account.root, "dev")
    first = Account(cloud=account.cloud, place=place, shell=shell)
    assert any("make the bucket" in told for told in bring(first))
    assert bring(first) == []


def test_whoever_may_not_make_keys_is_told_what_is_not_allowed(account: Account) -> None:
    shell = Shell("eu-west-1")
    refusal = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "CreateKey")
    kms = account.shell.client("kms")
    shell._clients["kms"] = _Refusing(kms, "create_key", refusal)
    with pytest.raises(CommandError, match="CreateKey is not allowed"):
        take(StateKey(account.place, shell).steps(), lambda _: None, dry_run=False)


class _Refusing:
    def __init__(self, client: Any, refused: str, error: Exception) -> None:
        self._client, self._refused, self._error = client, refused, error

    def __getattr__(self, name: str) -> Any:
        if name != self._refused:
            return getattr(self._client, name)

        def refuse(**_: Any) -> None:
            raise self._error

        return refuse


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ({"Action": "s3:*"}, {"Action": ["s3:*"]}, True),
        ({"Action": ["a", "b"]}, {"Action": ["b", "a"]}, True),
        ({"Action": ["a", "b"]}, {"Action": ["a"]}, False),
        ({"Statement": [{"Sid": "a"}]}, {"Statement": [{"Sid": "b"}]}, False),
    ],
)
def test_a_policy_is_the_same_however_aws_writes_it(left: Any, right: Any, same: bool) -> None:
    assert (documents.meaning(left) == documents.meaning(right)) is same
