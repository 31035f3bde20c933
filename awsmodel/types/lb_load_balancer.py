"""Load balancers: application, network and gateway."""

from __future__ import annotations

from typing import Any

from awsmodel.names import Codec, Field, Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType
from awsmodel.types.lb_attributes import LB_TAGS, Attributes

_TYPE = "aws:lb/loadBalancer:LoadBalancer"

# Elastic Load Balancing API reference, LoadBalancerAttribute
_FOR_ALL = {
    "enableDeletionProtection": "deletion_protection.enabled",
    "enableZonalShift": "zonal_shift.config.enabled",
    "accessLogs.enabled": "access_logs.s3.enabled",
    "accessLogs.bucket": "access_logs.s3.bucket",
    "accessLogs.prefix": "access_logs.s3.prefix",
}
_ATTRIBUTES_OF = {
    "application": Attributes(
        _TYPE,
        _FOR_ALL
        | {
            "clientKeepAlive": "client_keep_alive.seconds",
            "connectionLogs.enabled": "connection_logs.s3.enabled",
            "connectionLogs.bucket": "connection_logs.s3.bucket",
            "connectionLogs.prefix": "connection_logs.s3.prefix",
            "desyncMitigationMode": "routing.http.desync_mitigation_mode",
            "dropInvalidHeaderFields": "routing.http.drop_invalid_header_fields.enabled",
            "enableHttp2": "routing.http2.enabled",
            "enableTlsVersionAndCipherSuiteHeaders": (
                "routing.http.x_amzn_tls_version_and_cipher_suite.enabled"
            ),
            "enableWafFailOpen": "waf.fail_open.enabled",
            "enableXffClientPort": "routing.http.xff_client_port.enabled",
            "healthCheckLogs.enabled": "health_check_logs.s3.enabled",
            "healthCheckLogs.bucket": "health_check_logs.s3.bucket",
            "healthCheckLogs.prefix": "health_check_logs.s3.prefix",
            "idleTimeout": "idle_timeout.timeout_seconds",
            "preserveHostHeader": "routing.http.preserve_host_header.enabled",
            "xffHeaderProcessingMode": "routing.http.xff_header_processing.mode",
        },
    ),
    "network": Attributes(
        _TYPE,
        _FOR_ALL
        | {
            "dnsRecordClientRoutingPolicy": "dns_record.client_routing_policy",
            "enableCrossZoneLoadBalancing": "load_balancing.cross_zone.enabled",
            "secondaryIpsAutoAssignedPerSubnet": "secondary_ips.auto_assigned.per_subnet",
        },
    ),
    "gateway": Attributes(
        _TYPE,
        {
            "enableDeletionProtection": "deletion_protection.enabled",
            "enableCrossZoneLoadBalancing": "load_balancing.cross_zone.enabled",
        },
    ),
}
_ATTRIBUTES = frozenset().union(*(attributes.properties for attributes in _ATTRIBUTES_OF.values()))


def _changed_attributes(known: Properties) -> Params | None:
    """AWS refuses an attribute on a type of load balancer that does not have it."""
    changes = _ATTRIBUTES_OF[known.get("loadBalancerType") or "application"].changes(known)
    return {"Attributes": changes} if changes else None


def _shown_attributes(answer: dict[str, Any]) -> Properties:
    # what a type of load balancer does not have, it does not show
    given = answer["Attributes"]
    application = any(entry["Key"] == "idle_timeout.timeout_seconds" for entry in given)
    return _ATTRIBUTES_OF["application" if application else "network"].read(given)


def _zones(balancer: dict[str, Any]) -> Properties:
    zones = balancer.get("AvailabilityZones", [])
    return {
        "subnets": [zone["SubnetId"] for zone in zones],
        "subnetMappings": [
            {"subnetId": zone["SubnetId"]}
            | {
                name: address[member]
                for address in zone.get("LoadBalancerAddresses", [])[:1]
                for name, member in (
                    ("allocationId", "AllocationId"),
                    ("privateIpv4Address", "PrivateIPv4Address"),
                    ("ipv6Address", "IPv6Address"),
                )
                if address.get(member)
            }
            for zone in zones
        ],
    }


LOAD_BALANCER = ResourceType(
    token=_TYPE,
    service="elbv2",
    create=Call(operation="create_load_balancer"),
    id="LoadBalancers[0].LoadBalancerArn",
    read=Call(
        operation="describe_load_balancers",
        identify={"LoadBalancerArns": "id"},
        result="LoadBalancers[0]",
        decode=_zones,
    ),
    more_reads=(
        Call(
            operation="describe_load_balancer_attributes",
            identify={"LoadBalancerArn": "id"},
            decode=_shown_attributes,
        ),
    ),
    updates=(
        Call(
            operation="set_subnets",
            identify={"LoadBalancerArn": "id"},
            properties=frozenset({"subnets", "subnetMappings"}),
        ),
        Call(
            operation="set_security_groups",
            identify={"LoadBalancerArn": "id"},
            properties=frozenset({"securityGroups"}),
        ),
        Call(
            operation="set_ip_address_type",
            identify={"LoadBalancerArn": "id"},
            properties=frozenset({"ipAddressType"}),
        ),
        Call(
            operation="modify_load_balancer_attributes",
            identify={"LoadBalancerArn": "id"},
            properties=_ATTRIBUTES,
            build=_changed_attributes,
        ),
    ),
    delete=Call(operation="delete_load_balancer", identify={"LoadBalancerArn": "id"}),
    list=Call(operation="describe_load_balancers", result="LoadBalancers[].LoadBalancerArn"),
    names={
        "arn": "LoadBalancerArn",
        "name": "Name|LoadBalancerName",
        "loadBalancerType": "Type",
        "zoneId": "CanonicalHostedZoneId",
        "internal": Field(
            "Scheme",
            Codec(
                encode=lambda internal: "internal" if internal else "internet-facing",
                decode=lambda scheme: scheme == "internal",
            ),
        ),
    },
    defaults={
        "clientKeepAlive": 3600,
        "desyncMitigationMode": "defensive",
        "dropInvalidHeaderFields": False,
        "enableDeletionProtection": False,
        "enableHttp2": True,
        "enableTlsVersionAndCipherSuiteHeaders": False,
        "enableWafFailOpen": False,
        "enableXffClientPort": False,
        "enableZonalShift": False,
        "idleTimeout": 60,
        "internal": False,
        "loadBalancerType": "application",
        "preserveHostHeader": False,
        "xffHeaderProcessingMode": "append",
    },
    auto_name=AutoName(limit=32),
    tags=LB_TAGS,
    derive=lambda known, scope: {"arnSuffix": known["arn"].partition(":loadbalancer/")[2]},
    gone=frozenset({"LoadBalancerNotFound"}),
    ready="State.Code=='active'",
    failed="State.Code=='failed' && State.Reason",
    example=Example(
        inputs=lambda need: {
            "name": "example-balancer",
            "internal": True,
            "subnets": [
                need("aws:ec2/subnet:Subnet", "id"),
                need("aws:ec2/subnet:Subnet", "id", cidrBlock="10.0.9.0/24", availabilityZone="eu-west-1b"),
            ],
            "dropInvalidHeaderFields": True,
        },
        update=lambda need: {
            "idleTimeout": 120,
            "enableHttp2": False,
            "tags": {"Owner": "platform"},
        },
        replace=lambda need: {"internal": False},
    ),
)
