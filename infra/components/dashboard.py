"""One page on which a person sees how an environment is doing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.alarms.slo import APPLICATION_NAMESPACE, PERIOD_DAYS, Slo
from infra.alarms.widgets import PERIOD_SECONDS, Widget, alarm_widgets, graph, metric, placed
from infra.naming import Label

_SLO_SECONDS = PERIOD_DAYS * 86400


@dataclass(frozen=True, kw_only=True)
class DashboardArgs:
    label: Label
    region: str
    load_balancer_dimension: pulumi.Input[str]
    target_group_dimensions: Mapping[str, pulumi.Input[str]]  # by colour
    cluster_name: pulumi.Input[str]
    service_names: Mapping[str, pulumi.Input[str]]  # by what each is: "api"
    application: str  # the value of the dimension Service in the application's metrics
    queue_name: pulumi.Input[str]
    dead_letter_queue_names: Mapping[str, pulumi.Input[str]]
    database_identifier: pulumi.Input[str]
    # The value of the dimension ModelId, by the name that people know the model by.
    model_ids: Mapping[str, pulumi.Input[str]]
    slos: Sequence[Slo]
    alarm_arns: Sequence[pulumi.Input[str]]


class Dashboard(pulumi.ComponentResource):
    """A CloudWatch dashboard whose text changes only when what it shows does."""

    name: pulumi.Output[str]

    def __init__(self, name: str, args: DashboardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:dashboard:Dashboard", name, None, opts)
        dashboard = aws.cloudwatch.Dashboard(
            f"{name}-dashboard",
            dashboard_name=args.label.name(),
            dashboard_body=pulumi.Output.json_dumps(body(args), sort_keys=True, separators=(",", ":")),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = dashboard.dashboard_name
        self.register_outputs({"name": self.name})


def body(args: DashboardArgs) -> dict[str, Any]:
    """The dashboard as data; its dimensions may still be outputs."""
    rows = [
        alarm_widgets(args.alarm_arns),
        [_budget_left(args, slo) for slo in args.slos],
        [_requests(args), _errors(args), _latency(args)],
        [_by_release(args, name) for name in ("Requests", "Errors", "Slow", "SchemaFailures")],
        [_by_release(args, name) for name in ("Escalations", "LowConfidence", "GuardrailActivations")],
        [_tasks(args), _load(args)],
        [_queue_age(args), _dead_letters(args)],
        [_database_load(args), _database_storage(args)],
        [_cost(args), _model_calls(args), _model_troubles(args)],
    ]
    return {"start": "-PT3H", "periodOverride": "inherit", "widgets": placed(rows)}


def _budget_left(args: DashboardArgs, slo: Slo) -> Widget:
    measured = [
        metric(
            measure.namespace,
            measure.name,
            measure.dimensions,
            id=query_id,
            stat=measure.stat,
            period=_SLO_SECONDS,
            visible=False,
        )
        for query_id, measure in slo.metrics.items()
    ]
    parts = {"bad": slo.bad, "total": slo.total, "left": slo.budget_left()}
    expressions = [
        [{"id": query_id, "expression": expression, "label": query_id, "visible": query_id == "left"}]
        for query_id, expression in parts.items()
    ]
    return graph(
        args.region,
        f"{slo.name}: % of the error budget left ({slo.objective:.3%} over {PERIOD_DAYS} days)",
        [*expressions, *measured],
        view="singleValue",
        period=_SLO_SECONDS,
        start=f"-P{PERIOD_DAYS}D",
        end="P0D",
    )


def _requests(args: DashboardArgs) -> Widget:
    return graph(
        args.region,
        "Requests by target group",
        [_of_group(args, colour, "RequestCount", "Sum") for colour in _colours(args)],
    )


def _errors(args: DashboardArgs) -> Widget:
    return graph(
        args.region,
        "Errors",
        [
            *(_of_group(args, colour, "HTTPCode_Target_5XX_Count", "Sum") for colour in _colours(args)),
            metric(
                "AWS/ApplicationELB",
                "HTTPCode_ELB_5XX_Count",
                {"LoadBalancer": args.load_balancer_dimension},
                stat="Sum",
                label="load balancer",
            ),
        ],
    )


def _latency(args: DashboardArgs) -> Widget:
    return graph(
        args.region,
        "Latency in seconds by target group",
        [
            _of_group(args, colour, "TargetResponseTime", stat)
            for colour in _colours(args)
            for stat in ("p50", "p95", "p99")
        ],
    )


def _colours(args: DashboardArgs) -> list[str]:
    return sorted(args.target_group_dimensions)


def _of_group(args: DashboardArgs, colour: str, name: str, stat: str) -> list[Any]:
    dimensions = {
        "LoadBalancer": args.load_balancer_dimension,
        "TargetGroup": args.target_group_dimensions[colour],
    }
    label = colour if stat == "Sum" else f"{colour} {stat}"
    return metric("AWS/ApplicationELB", name, dimensions, stat=stat, label=label)


def _by_release(args: DashboardArgs, name: str) -> Widget:
    """Each release that has sent the metric lately, side by side: which there will be, nobody knows yet."""
    search = (
        f'SEARCH(\'{{{APPLICATION_NAMESPACE},Service,Release}} MetricName="{name}" '
        f"Service=\"{args.application}\"', 'Sum', {PERIOD_SECONDS})"
    )
    return graph(
        args.region,
        f"{name} by release",
        [[{"expression": search, "id": "each", "label": "${PROP('Dim.Release')}"}]],
    )


def _tasks(args: DashboardArgs) -> Widget:
    return graph(
        args.region,
        "Tasks: wanted and running",
        [
            _of_service(args, role, "ECS/ContainerInsights", name, "Average", word)
            for role in sorted(args.service_names)
            for name, word in (("DesiredTaskCount", "wanted"), ("RunningTaskCount", "running"))
        ],
    )


def _load(args: DashboardArgs) -> Widget:
    return graph(
        args.region,
        "CPU and memory in percent",
        [
            _of_service(args, role, "AWS/ECS", name, "Average", word)
            for role in sorted(args.service_names)
            for name, word in (("CPUUtilization", "CPU"), ("MemoryUtilization", "memory"))
        ],
    )


def _of_service(args: DashboardArgs, role: str, namespace: str, name: str, stat: str, word: str) -> list[Any]:
    dimensions = {"ClusterName": args.cluster_name, "ServiceName": args.service_names[role]}
    return metric(namespace, name, dimensions, stat=stat, label=f"{role} {word}")


def _queue_age(args: DashboardArgs) -> Widget:
    queue = {"QueueName": args.queue_name}
    return graph(
        args.region,
        "Queue: age of the oldest message, and how many wait",
        [
            metric("AWS/SQS", "ApproximateAgeOfOldestMessage", queue, stat="Maximum", label="seconds"),
            metric(
                "AWS/SQS",
                "ApproximateNumberOfMessagesVisible",
                queue,
                stat="Maximum",
                label="messages",
                yAxis="right",
            ),
        ],
    )


def _dead_letters(args: DashboardArgs) -> Widget:
    return graph(
        args.region,
        "Messages given up",
        [
            metric(
                "AWS/SQS",
                "ApproximateNumberOfMessagesVisible",
                {"QueueName": queue_name},
                stat="Maximum",
                label=role,
            )
            for role, queue_name in sorted(args.dead_letter_queue_names.items())
        ],
    )


def _database_load(args: DashboardArgs) -> Widget:
    return graph(
        args.region,
        "Database: CPU in percent, connections",
        [
            _of_database(args, "CPUUtilization", "Average", label="CPU"),
            _of_database(args, "DatabaseConnections", "Maximum", label="connections", yAxis="right"),
        ],
    )


def _database_storage(args: DashboardArgs) -> Widget:
    return graph(
        args.region,
        "Database: free bytes, and latency in seconds",
        [
            _of_database(args, "FreeStorageSpace", "Minimum", label="storage"),
            _of_database(args, "FreeableMemory", "Minimum", label="memory"),
            _of_database(args, "ReadLatency", "Average", label="read", yAxis="right"),
            _of_database(args, "WriteLatency", "Average", label="write", yAxis="right"),
        ],
    )


def _of_database(args: DashboardArgs, name: str, stat: str, **options: Any) -> list[Any]:
    return metric("AWS/RDS", name, {"DBInstanceIdentifier": args.database_identifier}, stat=stat, **options)


def _cost(args: DashboardArgs) -> Widget:
    return graph(
        args.region,
        "Models: cost in US dollars an hour",
        [
            [{"expression": "micro_usd / 1000000", "id": "usd", "label": "USD"}],
            metric(
                APPLICATION_NAMESPACE,
                "CostMicroUsd",
                {"Service": args.application},
                id="micro_usd",
                stat="Sum",
                visible=False,
            ),
        ],
        period=3600,
    )


def _model_calls(args: DashboardArgs) -> Widget:
    return graph(
        args.region,
        "Models: calls",
        [_of_model(args, model, "Invocations", "Sum") for model in sorted(args.model_ids)],
    )


def _model_troubles(args: DashboardArgs) -> Widget:
    return graph(
        args.region,
        "Models: throttles, errors, p95 latency in ms",
        [
            _of_model(args, model, name, stat, **options)
            for model in sorted(args.model_ids)
            for name, stat, options in (
                ("InvocationThrottles", "Sum", {}),
                ("InvocationServerErrors", "Sum", {}),
                ("InvocationLatency", "p95", {"yAxis": "right"}),
            )
        ],
    )


def _of_model(args: DashboardArgs, model: str, name: str, stat: str, **options: Any) -> list[Any]:
    dimensions = {"ModelId": args.model_ids[model]}
    return metric("AWS/Bedrock", name, dimensions, stat=stat, label=f"{model} {name}", **options)
