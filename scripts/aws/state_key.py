"""The key of the state: it encrypts the bucket, and is the engine's secrets provider."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from scripts.aws import documents
from scripts.aws.place import Place
from scripts.aws.shell import Shell, unless
from scripts.aws.steps import Step
from scripts.errors import CommandError

_POLICY = "default"  # the only name that a key's policy may have


class StateKey:
    """A key of KMS that is known by its alias."""

    def __init__(self, place: Place, shell: Shell) -> None:
        self._place, self._kms = place, shell.client("kms")
        self._alias = place.scope.state_key_alias

    def steps(self) -> list[Step]:
        return [
            Step(look=self._look, change=self._make),
            Step(look=self._look_at_rotation, change=self._rotate),
            Step(look=self._look_at_policy, change=self._put_policy),
        ]

    def arn(self) -> str:
        """Where the key is, or nothing while it is not. Raises CommandError if it cannot be used."""
        found = self._described(self._alias)
        if not found:
            return ""
        if found["KeyState"] != "Enabled":
            raise CommandError(
                f"the key {self._alias} is {found['KeyState']}: no state can be read or written",
                f"call it back with `aws kms cancel-key-deletion --key-id {found['KeyId']}`, then enable-key",
            )
        return str(found["Arn"])

    def encrypt(self, plain: bytes) -> bytes:
        answer = self._kms.encrypt(KeyId=self._alias, Plaintext=plain)
        return bytes(answer["CiphertextBlob"])

    def opens(self, encrypted: str) -> bool:
        """Whether it decrypts what is here in base64."""
        try:
            blob = base64.b64decode(encrypted, validate=True)
        except binascii.Error:
            return False
        if not blob or not self.arn():
            return False
        opened = unless(
            lambda: self._kms.decrypt(KeyId=self._alias, CiphertextBlob=blob),
            "IncorrectKeyException",
            "InvalidCiphertextException",
        )
        return opened is not None

    def _look(self) -> str:
        return "" if self.arn() else f"make the key {self._alias} in KMS, for the state and its secrets"

    def _make(self) -> None:
        key_id = next(self._without_alias(), "")
        if not key_id:
            key_id = self._kms.create_key(
                Description=f"Encrypts the Pulumi state of {self._place.label.prefix} and its secrets",
                Policy=json.dumps(documents.key_policy(self._place.account)),
                Tags=[{"TagKey": key, "TagValue": value} for key, value in self._tags.items()],
            )["KeyMetadata"]["KeyId"]
        self._kms.create_alias(AliasName=self._alias, TargetKeyId=key_id)

    def _without_alias(self) -> Iterator[str]:
        """A key that a run made which was interrupted before it gave the alias."""
        for page in self._kms.get_paginator("list_keys").paginate():
            for key in page["Keys"]:
                found = unless(
                    partial(self._kms.list_resource_tags, KeyId=key["KeyId"]),
                    # of another's key, such as AWS's own
                    "AccessDeniedException",
                )
                tags = {each["TagKey"]: each["TagValue"] for each in (found or {}).get("Tags", ())}
                if tags == self._tags and self._described(key["KeyId"]).get("KeyState") == "Enabled":
                    yield key["KeyId"]

    def _look_at_rotation(self) -> str:
        if (arn := self.arn()) and self._kms.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"]:
            return ""
        return f"rotate the key {self._alias} every year"

    def _rotate(self) -> None:
        self._kms.enable_key_rotation(KeyId=self.arn())

    def _look_at_policy(self) -> str:
        if not (arn := self.arn()):
            return ""  # it is made with its policy
        found = json.loads(self._kms.get_key_policy(KeyId=arn, PolicyName=_POLICY)["Policy"])
        if documents.meaning(found) == documents.meaning(documents.key_policy(self._place.account)):
            return ""
        return f"put back the policy of the key {self._alias}"

    def _put_policy(self) -> None:
        document = json.dumps(documents.key_policy(self._place.account))
        self._kms.put_key_policy(KeyId=self.arn(), PolicyName=_POLICY, Policy=document)

    def _described(self, key: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = (
            unless(lambda: self._kms.describe_key(KeyId=key)["KeyMetadata"], "NotFoundException") or {}
        )
        return found

    @property
    def _tags(self) -> dict[str, str]:
        return self._place.label.tags("key")
