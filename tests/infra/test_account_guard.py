from __future__ import annotations

from infra.components.account_guard import AccountGuard, AccountGuardArgs
from tests.infra.recorder import ACCOUNT_ID, Recording, record


def _recorded() -> Recording:
    def program() -> None:
        AccountGuard("guard", AccountGuardArgs(account_id=ACCOUNT_ID))

    return record(program)


def test_no_bucket_of_the_account_can_be_public() -> None:
    block = _recorded().one("s3/accountPublicAccessBlock:AccountPublicAccessBlock").inputs
    assert block == {
        "accountId": ACCOUNT_ID,
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }


def test_disks_are_encrypted_and_snapshots_cannot_be_shared_with_everyone() -> None:
    recorded = _recorded()
    assert recorded.one("ebs/encryptionByDefault:EncryptionByDefault").inputs == {"enabled": True}
    snapshots = recorded.one("ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess").inputs
    assert snapshots == {"state": "block-all-sharing"}


def test_an_instance_gives_its_credentials_to_no_request_without_a_token() -> None:
    metadata = _recorded().one("ec2/instanceMetadataDefaults:InstanceMetadataDefaults").inputs
    assert metadata["httpTokens"] == "required"
    assert metadata["httpPutResponseHopLimit"] == 1


def test_the_serial_console_is_off() -> None:
    assert _recorded().one("ec2/serialConsoleAccess:SerialConsoleAccess").inputs == {"enabled": False}


def test_a_password_is_long_mixed_changed_and_not_used_again() -> None:
    policy = _recorded().one("iam/accountPasswordPolicy:AccountPasswordPolicy").inputs
    assert policy["minimumPasswordLength"] >= 14
    assert policy["passwordReusePrevention"] == 24
    assert policy["maxPasswordAge"] <= 90
    for kind in ("LowercaseCharacters", "UppercaseCharacters", "Numbers", "Symbols"):
        assert policy[f"require{kind}"] is True
