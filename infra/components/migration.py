"""The one-off task that brings the database to the version of the image."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from infra.components.workload import Workload, WorkloadArgs


@dataclass(frozen=True, kw_only=True)
class MigrationArgs:
    workload: WorkloadArgs


class Migration(pulumi.ComponentResource):
    """A task that belongs to no service. The program never runs it, since an `up` that fails in the middle
    would leave a schema that nothing asked for: a release does, once, before tasks of the new image start.
    """

    task_definition_arn: pulumi.Output[str]
    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: MigrationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:migration:Migration", name, None, opts)
        workload = Workload(f"{name}-task", args.workload, pulumi.ResourceOptions(parent=self))
        self.task_definition_arn = workload.task_definition_arn
        self.log_group_name = workload.log_group_name
        self.register_outputs(
            {"task_definition_arn": self.task_definition_arn, "log_group_name": self.log_group_name}
        )
