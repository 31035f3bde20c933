"""What a stack promises to those who read it: scripts, tests, other stacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pydantic import BaseModel, ConfigDict, ValidationError


class StackOutputs(BaseModel):
    """The outputs of a stack. Each is a name, an address or an ARN; none is a secret."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    environment: str
    account_id: str
    region: str
    url: str
    name_servers: tuple[str, ...]
    vpc_id: str
    public_subnet_ids: tuple[str, ...]
    app_subnet_ids: tuple[str, ...]
    data_subnet_ids: tuple[str, ...]
    load_balancer_arn: str
    load_balancer_dns_name: str
    production_rule_arn: str
    test_rule_arn: str
    target_group_arns: dict[str, str]
    repository_url: str
    image: str
    cluster_name: str
    service_name: str
    task_definition_arn: str
    service_log_group_name: str
    worker_service_name: str
    worker_task_definition_arn: str
    worker_log_group_name: str
    migration_task_definition_arn: str
    migration_log_group_name: str
    task_group_ids: dict[str, str]
    judge_function_name: str
    release_table_name: str
    rollback_alarm_names: tuple[str, ...]
    secret_arns: dict[str, str]
    access_log_bucket_name: str
    audit_bucket_name: str
    exports_bucket_name: str
    trail_bucket_name: str
    database_identifier: str
    database_address: str
    ticket_queue_url: str
    ticket_dead_letter_queue_url: str
    schedule_group_name: str
    flags_application_id: str
    flags_environment_id: str
    flags_profile_id: str
    guardrail_id: str
    model_profile_arns: dict[str, str]
    alarm_topic_arns: dict[str, str]
    dashboard_name: str
    backup_vault_name: str
    restore_role_arn: str
    plan_role_arn: str
    deploy_role_arn: str


def export(values: Mapping[str, Any]) -> None:
    """Make the values outputs of the stack. Raises ValueError for one too few or one too many."""
    promised, given = set(StackOutputs.model_fields), set(values)
    if promised != given:
        faults = [
            f"{what}: {', '.join(sorted(names))}"
            for what, names in (("missing", promised - given), ("not promised", given - promised))
            if names
        ]
        raise ValueError(f"the outputs of the stack are not those of StackOutputs; {'; '.join(faults)}")
    for name, value in values.items():
        pulumi.export(name, value)


def read(values: Mapping[str, Any]) -> StackOutputs:
    """The outputs, from what `pulumi stack output --json` gives. Raises ValueError if they do not fit."""
    try:
        return StackOutputs.model_validate(dict(values))
    except ValidationError as error:
        names = sorted(
            {str(fault["loc"][0]) for fault in error.errors(include_input=False, include_url=False)}
        )
        raise ValueError(
            f"the stack's outputs do not fit this version of the program in: {', '.join(names)}; "
            "run `pulumi up` to bring them up to date"
        ) from None
