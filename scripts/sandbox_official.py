"""A stack file with which the official AWS plugin acts in the sandbox, and not on AWS."""

from __future__ import annotations

from typing import Any

import yaml

from sandbox.layout import Layout
from scripts.aws import stack_secrets
from scripts.aws.program_types import program_services
from scripts.checks.machine import wanted_plugin
from scripts.sandbox_env import SALT, shell_environment

# Where the provider's key of an endpoint is not boto3's name without hyphens (pulumi-aws, `aws:endpoints`).
_KEYS = {"application-autoscaling": "appautoscaling"}


def endpoint_keys() -> dict[str, str]:
    """boto3's name of each service that the program calls → the provider's key of its endpoint."""
    return {service: _KEYS.get(service, service.replace("-", "")) for service in program_services()}


def official_stack_file(layout: Layout, environment: str) -> str:
    """The environment's stack file, with the settings of the provider and the passphrase of the sandbox.

    Raises SandboxError if the sandbox does not run or the environment is unknown.
    """
    variables = shell_environment(layout, environment).variables
    text = layout.stack_file(environment).read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(stack_secrets.by_passphrase(text, SALT))
    document["config"] |= provider_settings(
        variables["AWS_ENDPOINT_URL"], variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]
    )
    others = (each for each in variables["PULUMI_DEBUG_PROVIDERS"].split(",") if not each.startswith("aws:"))
    return _HEAD.format(name=environment, others=",".join(others), version=wanted_plugin()) + yaml.safe_dump(
        document, sort_keys=False, width=110
    )


def provider_settings(endpoint_url: str, access_key_id: str, secret_access_key: str) -> dict[str, Any]:
    """The provider's settings, as `config` of a stack file has them."""
    return {
        # a list of one, as the provider's own schema has it
        "aws:endpoints": [dict.fromkeys(sorted(endpoint_keys().values()), endpoint_url)],
        "aws:accessKey": access_key_id,
        "aws:secretKey": secret_access_key,
        # a bucket's name is no name of a host here
        "aws:s3UsePathStyle": True,
        "aws:skipCredentialsValidation": True,
        "aws:skipMetadataApiCheck": True,
        "aws:skipRegionValidation": True,
        # it is asked for: without it the provider could not hold to aws:allowedAccountIds
        "aws:skipRequestingAccountId": False,
    }


_HEAD = """\
# The official AWS plugin in the sandbox, with access keys that are worth nothing elsewhere. In a shell of
# `slipway sandbox env {name}`, with this text in official.yaml:
#   pulumi plugin install resource aws {version}
#   export PULUMI_DEBUG_PROVIDERS={others}
#   pulumi preview --stack {name} --config-file "$PWD/official.yaml"
"""
