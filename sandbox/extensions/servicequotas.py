"""Service Quotas: what an account may have of a thing, before anybody asked for more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.servicequotas.exceptions import NoSuchResource
from moto.servicequotas.models import ServiceQuotasBackend
from moto.servicequotas.responses import ServiceQuotasResponse

from sandbox.extensions.registry import adds, replaces

# AWS General Reference, "Service endpoints and quotas", the page of each service; moto has those of VPC.
_DEFAULTS = (
    ("ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", 5),
    ("elasticloadbalancing", "L-53DA6B97", "Application Load Balancers per Region", 50),
    ("fargate", "L-3032A538", "Fargate On-Demand vCPU resource count", 6),
    ("lambda", "L-B99A9384", "Concurrent executions", 1000),
    ("rds", "L-7B6409FD", "DB instances", 40),
)
_SERVICE_NAMES = {
    "ec2": "Amazon Elastic Compute Cloud (Amazon EC2)",
    "elasticloadbalancing": "Elastic Load Balancing (ELB)",
    "fargate": "AWS Fargate",
    "lambda": "AWS Lambda",
    "rds": "Amazon Relational Database Service (Amazon RDS)",
}


@replaces(ServiceQuotasBackend, "list_aws_default_service_quotas")
def _know_more_services(
    original: Callable[..., list[dict[str, Any]]], self: ServiceQuotasBackend, service_code: str
) -> list[dict[str, Any]]:
    """Quotas of the services that our stacks use, each with its place; moto knows those of VPC."""
    found = original(self, service_code) if service_code == "vpc" else _defaults(service_code)
    if not found:
        raise NoSuchResource
    where = f"arn:{self.partition}:servicequotas:{self.region_name}:{self.account_id}:{service_code}"
    return [quota | {"QuotaArn": f"{where}/{quota['QuotaCode']}"} for quota in found]


@replaces(ServiceQuotasBackend, "get_service_quota")
def _get_of_any_service(
    original: Callable[..., dict[str, Any]], self: ServiceQuotasBackend, service_code: str, quota_code: str
) -> dict[str, Any]:
    """GetServiceQuota of any service that is known; nobody has asked for more than the default."""
    del original
    for quota in self.list_aws_default_service_quotas(service_code):
        if quota["QuotaCode"] == quota_code:
            return quota
    raise NoSuchResource


@adds(ServiceQuotasResponse, "list_service_quotas")
def _list_service_quotas(self: ServiceQuotasResponse) -> str:
    """ListServiceQuotas, all on one page."""
    return self.list_aws_default_service_quotas()


@adds(ServiceQuotasResponse, "get_aws_default_service_quota")
def _get_default(self: ServiceQuotasResponse) -> str:
    """GetAWSDefaultServiceQuota."""
    return self.get_service_quota()


def _defaults(service_code: str) -> list[dict[str, Any]]:
    return [
        {
            "ServiceCode": service,
            "ServiceName": _SERVICE_NAMES[service],
            "QuotaCode": code,
            "QuotaName": name,
            "Value": float(value),
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
        }
        for service, code, name, value in _DEFAULTS
        if service == service_code
    ]
