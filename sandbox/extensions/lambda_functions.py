"""Lambda: the settings of a function that moto drops, and updates that it does not apply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.ec2.models import ec2_backends

from sandbox.extensions.registry import replaces

_KEPT = ("DeadLetterConfig", "FileSystemConfigs", "LoggingConfig", "SnapStart")


@replaces(LambdaFunction, "__init__")
def _keep_settings(
    original: Callable[..., None],
    self: Any,
    account_id: str,
    spec: dict[str, Any],
    region: str,
    version: str | int = 1,
) -> None:
    """A function keeps where its failures and its log lines go, and what it mounts."""
    original(self, account_id, spec, region, version)
    self.kept_settings = {name: spec[name] for name in _KEPT if spec.get(name)}


@replaces(LambdaFunction, "update_configuration")
def _apply_whole_update(
    original: Callable[..., dict[str, Any]], self: Any, config_updates: dict[str, Any]
) -> dict[str, Any]:
    """UpdateFunctionConfiguration changes tracing, the key, the disk and the kept settings too."""
    for name, value in config_updates.items():
        if name in _KEPT:
            vars(self).setdefault("kept_settings", {})[name] = value
        elif name == "TracingConfig":
            self.tracing_config = value
        elif name == "KMSKeyArn":
            self.kms_key_arn = value or None
        elif name == "EphemeralStorage":
            self.ephemeral_storage = value["Size"]
    original(self, config_updates)
    configuration: dict[str, Any] = self.get_configuration()
    return configuration


@replaces(LambdaFunction, "update_function_code")
def _change_architecture(
    original: Callable[..., dict[str, Any]], self: Any, updated_spec: dict[str, Any]
) -> dict[str, Any]:
    """UpdateFunctionCode can bring code for another processor."""
    if updated_spec.get("Architectures") and not updated_spec.get("DryRun"):
        self.architectures = updated_spec["Architectures"]
    return original(self, updated_spec)


@replaces(LambdaFunction, "get_configuration")
def _return_whole_configuration(
    original: Callable[..., dict[str, Any]], self: Any, on_create: bool = False
) -> dict[str, Any]:
    """A function's configuration is what was asked for, with AWS's defaults, and names its real VPC."""
    configuration = original(self, on_create)
    # a function out of a snapshot may be older than this extension
    kept: dict[str, Any] = getattr(self, "kept_settings", {})
    configuration["LoggingConfig"] = _logging(kept.get("LoggingConfig") or {}, self.logs_group_name)
    if kept.get("SnapStart"):
        configuration["SnapStart"] = {"OptimizationStatus": "Off", **kept["SnapStart"]}
    if (kept.get("DeadLetterConfig") or {}).get("TargetArn"):
        configuration["DeadLetterConfig"] = kept["DeadLetterConfig"]
    if kept.get("FileSystemConfigs"):
        configuration["FileSystemConfigs"] = kept["FileSystemConfigs"]
    network = configuration.get("VpcConfig")
    if network and network.get("SubnetIds"):
        subnet = ec2_backends[self.account_id][self.region].get_subnet(network["SubnetIds"][0])
        configuration["VpcConfig"] = {**network, "VpcId": subnet.vpc_id}
    return configuration


def _logging(given: dict[str, Any], log_group: str) -> dict[str, Any]:
    levels = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
    defaults = {"LogFormat": "Text", "LogGroup": log_group}
    return {**defaults, **(levels if given.get("LogFormat") == "JSON" else {}), **given}
