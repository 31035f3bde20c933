"""The rotation of a signing key, in the four steps that Secrets Manager asks for.

The value of a secret is JSON with two keys: `current` signs, and both verify. So a token that was signed
before a rotation is good until it expires, if it lives for less than the time between two rotations.

Secrets Manager may ask for any step more than once, and each does its work once. No value enters a log
line or the text of an error.
"""

import hmac
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

_SCHEMA_VERSION = 1
# Letters and digits: 64 of 62 kinds are 381 bits, of which HMAC-SHA-256 uses 256.
_KEY_LENGTH = 64
_CALL = Config(connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
_CURRENT, _PENDING = "AWSCURRENT", "AWSPENDING"


class RotationError(Exception):
    """The rotation cannot go on. The message names the secret and the version, and no value."""


def handler(event: Mapping[str, Any], context: Any) -> None:
    """Do one step of the rotation of one version. Raises RotationError, which ends the rotation."""
    secret, token, step = (_text(event, key) for key in ("SecretId", "ClientRequestToken", "Step"))
    work = _STEPS.get(step)
    if work is None:
        raise RotationError(f"{secret}: step {step!r} is none of {', '.join(_STEPS)}")
    client = boto3.client("secretsmanager", config=_CALL)
    stages = _stages(client, secret, token)
    if _CURRENT in stages[token]:
        # The first value of a secret is current as soon as it is written; and a step may come again.
        _log("step_skipped", secret=secret, version=token, step=step, reason="the version is current")
        return
    if _PENDING not in stages[token]:
        raise RotationError(
            f"{secret}: version {token} is not labelled {_PENDING}, so it is not to be rotated in"
        )
    work(client, secret, token, stages)
    _log("step_done", secret=secret, version=token, step=step)


def _create(client: Any, secret: str, token: str, stages: Mapping[str, list[str]]) -> None:
    if _value(client, secret, token) is not None:
        return
    current = _version_with(stages, _CURRENT)
    previous = _value(client, secret, current) if current else None
    key = client.get_random_password(PasswordLength=_KEY_LENGTH, ExcludePunctuation=True)["RandomPassword"]
    value = {
        "schema_version": _SCHEMA_VERSION,
        "current": {"id": token, "key": key},
        "previous": _parse(previous, secret, current)["current"] if current and previous else None,
    }
    try:
        client.put_secret_value(
            SecretId=secret,
            ClientRequestToken=token,
            SecretString=json.dumps(value, sort_keys=True),
            VersionStages=[_PENDING],
        )
    except ClientError as error:
        # A call that ran at the same time has written the version, and its key is as good.
        if error.response["Error"]["Code"] != "ResourceExistsException":
            raise


def _set(client: Any, secret: str, token: str, stages: Mapping[str, list[str]]) -> None:
    """Nothing keeps a copy of the key: whoever signs or verifies reads it from the secret."""


def _test(client: Any, secret: str, token: str, stages: Mapping[str, list[str]]) -> None:
    pending = _parse(_value(client, secret, token), secret, token)
    current = _version_with(stages, _CURRENT)
    signed = _value(client, secret, current) if current else None
    if current and signed is not None:
        old = _parse(signed, secret, current)["current"]
        if not _verifies(_sign(old), pending):
            raise RotationError(
                f"{secret}: version {token} does not verify what version {current} has signed"
            )
    if not _verifies(_sign(pending["current"]), pending):
        raise RotationError(f"{secret}: version {token} does not verify what it has signed itself")


def _finish(client: Any, secret: str, token: str, stages: Mapping[str, list[str]]) -> None:
    _parse(_value(client, secret, token), secret, token)
    current = _version_with(stages, _CURRENT)
    # A secret that never had a value has no version to take the label from.
    origin = {"RemoveFromVersionId": current} if current else {}
    client.update_secret_version_stage(
        SecretId=secret, VersionStage=_CURRENT, MoveToVersionId=token, **origin
    )


_Step = Callable[[Any, str, str, Mapping[str, list[str]]], None]
_STEPS: Mapping[str, _Step] = {
    "createSecret": _create,
    "setSecret": _set,
    "testSecret": _test,
    "finishSecret": _finish,
}


def _text(event: Mapping[str, Any], key: str) -> str:
    value = event.get(key)
    if not isinstance(value, str) or not value:
        raise RotationError(f"{key} is missing from the call, or is not a text")
    return value


def _stages(client: Any, secret: str, token: str) -> Mapping[str, list[str]]:
    described = client.describe_secret(SecretId=secret)
    if not described.get("RotationEnabled"):
        raise RotationError(f"{secret} is not set up for rotation; start one with rotate-secret")
    stages: Mapping[str, list[str]] = described.get("VersionIdsToStages", {})
    if token not in stages:
        raise RotationError(f"{secret} has no version {token}, so there is nothing to rotate in")
    return stages


def _version_with(stages: Mapping[str, list[str]], label: str) -> str | None:
    return next((version for version, labels in stages.items() if label in labels), None)


def _value(client: Any, secret: str, version: str) -> str | None:
    """The value of a version; None for one that has none yet."""
    try:
        value: str = client.get_secret_value(SecretId=secret, VersionId=version)["SecretString"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return None
        raise
    return value


def _parse(value: str | None, secret: str, version: str) -> Mapping[str, Any]:
    """The two keys of a value. What is wrong with it is said without it, and without a cause that has it."""
    try:
        parsed = json.loads(value or "")
        keys = [parsed["current"], *([parsed["previous"]] if parsed["previous"] is not None else [])]
        is_whole = parsed["schema_version"] == _SCHEMA_VERSION and all(
            isinstance(each["id"], str) and len(str(each["key"])) >= _KEY_LENGTH for each in keys
        )
    except (ValueError, KeyError, TypeError):
        is_whole = False
    if not is_whole:
        raise RotationError(f"{secret}: version {version} does not hold a signing key of ours")
    result: Mapping[str, Any] = parsed
    return result


def _sign(key: Mapping[str, str]) -> tuple[str, str]:
    return key["id"], hmac.new(key["key"].encode(), b"rotation", "sha256").hexdigest()


def _verifies(signed: tuple[str, str], value: Mapping[str, Any]) -> bool:
    keys = [key for key in (value["current"], value["previous"]) if key is not None]
    return any(hmac.compare_digest(signed[1], _sign(key)[1]) for key in keys if key["id"] == signed[0])


def _log(event: str, **fields: str) -> None:
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()
