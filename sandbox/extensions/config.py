"""AWS Config: how often a recorder looks, what a rule is about, and the order in which they come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.config.exceptions import NoAvailableConfigurationRecorderException, NoSuchBucketException
from moto.config.models import (
    ConfigBackend,
    ConfigRule,
    Scope,
    Source,
    SourceDetail,
    convert_to_class_args,
)
from moto.s3.models import s3_backends

from sandbox.extensions.registry import replaces


@replaces(ConfigBackend, "put_configuration_recorder")
def _keep_mode(original: Callable[..., None], self: ConfigBackend, config_recorder: dict[str, Any]) -> None:
    """A recorder's mode is kept; one that nobody told anything looks all the time."""
    original(self, config_recorder)
    recorder: Any = self.recorders[config_recorder["name"]]
    recorder.recording_mode = config_recorder.get("recordingMode") or {"recordingFrequency": "CONTINUOUS"}


@replaces(ConfigBackend, "put_delivery_channel")
def _refuse_missing_bucket(
    original: Callable[..., None], self: ConfigBackend, delivery_channel: dict[str, Any]
) -> None:
    """A channel delivers to a bucket that exists."""
    if delivery_channel["s3BucketName"] not in s3_backends.bucket_accounts:
        raise NoSuchBucketException()
    original(self, delivery_channel)


@replaces(ConfigBackend, "put_config_rule")
def _refuse_rule_without_recorder(
    original: Callable[..., str],
    self: ConfigBackend,
    config_rule: dict[str, Any],
    tags: list[dict[str, str]] | None = None,
) -> str:
    """There must be a recorder before there is a rule; an update of a rule leaves its tags."""
    if not self.recorders:
        raise NoAvailableConfigurationRecorderException()
    before = self.config_rules.get(config_rule.get("ConfigRuleName", ""))
    kept = before.tags if before else None
    answer = original(self, config_rule, tags)
    if before is not None and kept is not None:
        before.tags = kept
    return answer


@replaces(ConfigRule, "modify_fields")
def _keep_modes_of_evaluation(
    original: Callable[..., None],
    self: ConfigRule,
    region: str,
    config_rule: dict[str, Any],
    tags: dict[str, str],
) -> None:
    """A rule's modes of evaluation are kept; one that nobody told anything detects."""
    original(self, region, config_rule, tags)
    rule: Any = self
    rule.evaluation_modes = config_rule.get("EvaluationModes") or [{"Mode": "DETECTIVE"}]


@replaces(Scope, "to_dict")
def _show_the_tag(original: Callable[..., dict[str, Any]], self: Scope) -> dict[str, Any]:
    """A scope that is a tag shows its key and value."""
    described = original(self)
    for key, value in (described.pop("Tags", None) or {}).items():
        described |= {"TagKey": key} | ({"TagValue": value} if value else {})
    return described


@replaces(Source, "__init__")
def _take_a_policy_of_its_own(
    original: Callable[..., None],
    self: Source,
    account_id: str,
    region: str,
    owner: str,
    source_identifier: str | None = None,
    source_details: Any = None,
    custom_policy_details: dict[str, Any] | None = None,
) -> None:
    """A rule can hold its own policy, which is named nowhere else."""
    if owner != "CUSTOM_POLICY":
        original(self, account_id, region, owner, source_identifier, source_details)
        return
    super(Source, self).__init__(capitalize_start=True, capitalize_arn=False)
    source: Any = self
    source.owner = owner
    source.source_details = [SourceDetail(**convert_to_class_args(detail)) for detail in source_details or ()]
    source.custom_policy_details = custom_policy_details
