"""Which models may be asked, behind which guardrail, and what is written down of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from infra import iam
from infra.account import Account
from infra.components.log_group import LogGroup, LogGroupArgs, LogPolicy
from infra.components.role import Role, RoleArgs
from infra.documents.guardrail import guardrail_rules
from infra.model_ids import Model, resolve
from infra.naming import Label

_SERVICE = "bedrock.amazonaws.com"
_INVOKE = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
# Where in the bucket the bodies lie, if they are kept; Bedrock adds `AWSLogs/<account>` to it.
BODY_PREFIX = "model-invocations"
_BLOCKED_INPUT = "This request cannot be handled automatically. A person will look at it."
_BLOCKED_OUTPUT = "No automatic answer can be given. A person will look at it."


@dataclass(frozen=True, kw_only=True)
class ModelsArgs:
    label: Label
    account: Account
    boundary_arn: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    log_policy: LogPolicy
    text_model_ids: Sequence[str]
    embedding_model_ids: Sequence[str] = ()
    # Given, requests and answers are kept in this bucket word for word: tickets, with all that customers
    # write. None keeps who asked which model when, and how many tokens it took.
    body_bucket_name: pulumi.Input[str] | None = None


class Models(pulumi.ComponentResource):
    """The guardrail, a profile per model so that its cost carries the stack's tags, and a log of each call.

    Logging is one setting of an account and region: a stack may own it because it has an account of its own.
    """

    guardrail_id: pulumi.Output[str]
    guardrail_arn: pulumi.Output[str]
    guardrail_version: pulumi.Output[str]
    # By the model as the stack file names it; what a request names instead.
    profile_arn_by_model: Mapping[str, pulumi.Output[str]]
    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: ModelsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:models:Models", name, None, opts)
        self._name, self._args = name, args
        self._child = child = pulumi.ResourceOptions(parent=self)
        self._text = [resolve(each, args.account) for each in args.text_model_ids]
        self._embedding = [resolve(each, args.account) for each in args.embedding_model_ids]

        rules = guardrail_rules()
        guardrail = aws.bedrock.Guardrail(
            f"{name}-guardrail",
            name=args.label.name(limit=50),
            description=f"What the models of {args.label.prefix} may be asked and may say",
            blocked_input_messaging=_BLOCKED_INPUT,
            blocked_outputs_messaging=_BLOCKED_OUTPUT,
            kms_key_arn=args.key_arn,
            tags=args.label.tags("guardrail"),
            opts=child,
            **rules,
        )
        version = aws.bedrock.GuardrailVersion(
            f"{name}-guardrail-version",
            guardrail_arn=guardrail.guardrail_arn,
            # A version is a copy that never changes: other rules say another digest, and that makes another.
            description=f"rules {_digest(rules)}",
            # A release that is taken back asks for the version that it was tried with.
            skip_destroy=True,
            opts=child,
        )
        self.profile_arn_by_model = {model.model_id: self._make_profile(model) for model in self._text}
        self.guardrail_id = guardrail.guardrail_id
        self.guardrail_arn = guardrail.guardrail_arn
        self.guardrail_version = version.version
        self.log_group_name = self._log_invocations()
        self.register_outputs(
            {
                "guardrail_id": self.guardrail_id,
                "guardrail_arn": self.guardrail_arn,
                "guardrail_version": self.guardrail_version,
                "profile_arn_by_model": self.profile_arn_by_model,
                "log_group_name": self.log_group_name,
            }
        )

    def _make_profile(self, model: Model) -> pulumi.Output[str]:
        role = re.sub("[^a-z0-9]+", "-", model.model_id).strip("-")
        return aws.bedrock.InferenceProfile(
            f"{self._name}-{role}",
            name=self._args.label.name(role),
            description=f"{model.model_id} for {self._args.label.prefix}",
            model_source=aws.bedrock.InferenceProfileModelSourceArgs(copy_from=model.source_arn),
            tags=self._args.label.tags(role),
            opts=self._child,
        ).arn

    def _log_invocations(self) -> pulumi.Output[str]:
        name, args = self._name, self._args
        logs = LogGroup(
            f"{name}-logs",
            LogGroupArgs(label=args.label, log_group_name=args.label.path(), policy=args.log_policy),
            self._child,
        )
        role = Role(
            f"{name}-logging-role",
            RoleArgs(
                label=args.label,
                role="logging",
                trust=iam.trust(_SERVICE, source_account_id=args.account.account_id),
                boundary_arn=args.boundary_arn,
                grants=logs.write_access(),
            ),
            self._child,
        )
        aws.bedrockmodel.InvocationLoggingConfiguration(
            f"{name}-logging",
            logging_config=_logging(logs.name, role.arn, args.body_bucket_name),
            opts=self._child,
        )
        return logs.name

    def invoke_access(self) -> list[iam.Statement]:
        """Asks the listed models and no other: by the stack's profiles, and behind the guardrail.

        Converse is allowed by the same actions. Any published version of the guardrail will do, and not its
        draft: during a release two of them are in use. A model that makes embeddings takes no guardrail.
        """
        behind_guardrail = {
            "StringLike": {"bedrock:GuardrailIdentifier": pulumi.Output.concat(self.guardrail_arn, ":*")},
            "StringNotEquals": {
                "bedrock:GuardrailIdentifier": pulumi.Output.concat(self.guardrail_arn, ":DRAFT")
            },
        }
        profiles = list(self.profile_arn_by_model.values())
        statements: list[iam.Statement] = [
            no_bearer_tokens(),
            iam.Allow(["bedrock:ApplyGuardrail"], [self.guardrail_arn], sid="ApplyGuardrail"),
            iam.Allow(["kms:Decrypt"], [self._args.key_arn], sid="ReadGuardrail"),
        ]
        if profiles:
            by_profile = {"ArnEquals": {"bedrock:InferenceProfileArn": profiles}}
            statements += [
                iam.Allow(_INVOKE, profiles, behind_guardrail, sid="AskByProfile"),
                # What a profile sends on is checked too, in the region that answers (Bedrock user guide,
                # "Prerequisites for inference profiles").
                iam.Allow(
                    _INVOKE,
                    _unique(arn for model in self._text for arn in model.called_arns),
                    {**behind_guardrail, **by_profile},
                    sid="AnswerProfile",
                ),
            ]
        if self._embedding:
            statements.append(
                iam.Allow(
                    _INVOKE[:1],
                    _unique(arn for model in self._embedding for arn in model.called_arns),
                    sid="MakeEmbeddings",
                )
            )
        return statements


def no_bearer_tokens() -> iam.Deny:
    """Refuses the API keys of Bedrock: who asks a model signs each request with credentials that end."""
    return iam.Deny(["bedrock:CallWithBearerToken"], ["*"], sid="NoBearerTokens")


def _logging(
    log_group_name: pulumi.Input[str],
    role_arn: pulumi.Input[str],
    body_bucket_name: pulumi.Input[str] | None,
) -> aws.bedrockmodel.InvocationLoggingConfigurationLoggingConfigArgs:
    # What is switched on goes to every destination: with bodies, the log group gets nothing at all.
    to_log_group = aws.bedrockmodel.InvocationLoggingConfigurationLoggingConfigCloudwatchConfigArgs(
        log_group_name=log_group_name, role_arn=role_arn
    )
    keeps_bodies = body_bucket_name is not None
    to_bucket = (
        aws.bedrockmodel.InvocationLoggingConfigurationLoggingConfigS3ConfigArgs(
            bucket_name=body_bucket_name, key_prefix=BODY_PREFIX
        )
        if body_bucket_name is not None
        else None
    )
    return aws.bedrockmodel.InvocationLoggingConfigurationLoggingConfigArgs(
        cloudwatch_config=None if keeps_bodies else to_log_group,
        s3_config=to_bucket,
        text_data_delivery_enabled=keeps_bodies,
        embedding_data_delivery_enabled=False,
        image_data_delivery_enabled=False,
        video_data_delivery_enabled=False,
    )


def _digest(rules: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()[:16]


def _unique(arns: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(arns))
