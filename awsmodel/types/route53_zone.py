"""Hosted zones, public and private."""

from __future__ import annotations

import uuid
from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType, Tags


def _made(known: Properties) -> Params:
    """A private zone is made with the first of its VPCs, and gets the others later."""
    config: Params = {"Comment": known["comment"]} if known.get("comment") else {}
    given: Params = {"CallerReference": str(uuid.uuid4())}
    if known.get("vpcs"):
        config["PrivateZone"] = True
        given["VPC"] = _vpc({"vpcRegion": known["region"], **known["vpcs"][0]})
    return given | {"HostedZoneConfig": config}


def _vpc(vpc: Properties) -> Params:
    return {"VPCId": vpc["vpcId"], "VPCRegion": vpc["vpcRegion"]}


def _lacking(one: list[Properties] | None, other: list[Properties] | None, region: str) -> list[Params]:
    """A parameter for each VPC of `one` that is not in `other`."""
    present = {vpc["vpcId"] for vpc in other or ()}
    return [{"VPC": _vpc({"vpcRegion": region, **vpc})} for vpc in one or () if vpc["vpcId"] not in present]


def _shown(answer: dict[str, Any]) -> Properties:
    zone = answer["HostedZone"]
    return {
        "zoneId": zone["Id"].removeprefix("/hostedzone/"),
        "name": zone["Name"].rstrip("."),
        "comment": zone.get("Config", {}).get("Comment", ""),
        "nameServers": sorted(answer.get("DelegationSet", {}).get("NameServers", [])),
        "vpcs": [{"vpcId": vpc["VPCId"], "vpcRegion": vpc["VPCRegion"]} for vpc in answer.get("VPCs", [])],
    }


def _empty(client: Any, known: Properties) -> None:
    if not known.get("forceDestroy"):
        return
    for page in client.get_paginator("list_resource_record_sets").paginate(HostedZoneId=known["id"]):
        changes = [
            {"Action": "DELETE", "ResourceRecordSet": record}
            for record in page["ResourceRecordSets"]
            # these two belong to the zone itself
            if record["Type"] not in ("NS", "SOA")
        ]
        if changes:
            client.change_resource_record_sets(HostedZoneId=known["id"], ChangeBatch={"Changes": changes})


ZONE = ResourceType(
    token="aws:route53/zone:Zone",
    service="route53",
    create=Call(
        operation="create_hosted_zone",
        properties=frozenset({"name", "comment", "delegationSetId"}),
        build=_made,
    ),
    id=lambda known: str(known["answer"]["HostedZone"]["Id"]).removeprefix("/hostedzone/"),
    read=Call(operation="get_hosted_zone", identify={"Id": "id"}, decode=_shown),
    updates=(
        Call(operation="update_hosted_zone_comment", identify={"Id": "id"}),
        Call(
            operation="associate_vpc_with_hosted_zone",
            identify={"HostedZoneId": "id"},
            properties=frozenset({"vpcs"}),
            build=lambda known: _lacking(known.get("vpcs"), known["live"].get("vpcs"), known["region"]),
        ),
        Call(
            operation="disassociate_vpc_from_hosted_zone",
            identify={"HostedZoneId": "id"},
            properties=frozenset({"vpcs"}),
            build=lambda known: _lacking(known["live"].get("vpcs"), known.get("vpcs"), known["region"]),
        ),
    ),
    delete=Call(operation="delete_hosted_zone", identify={"Id": "id"}, before=_empty),
    list=Call(
        operation="list_hosted_zones",
        result="HostedZones[].Id",
        decode=lambda identity: {"id": identity.removeprefix("/hostedzone/")},
    ),
    defaults={"comment": "Managed by Pulumi", "forceDestroy": False},
    auto_name=AutoName(limit=255),
    tags=Tags(
        tag="change_tags_for_resource",
        untag="change_tags_for_resource",
        target="ResourceId",
        by="id",
        untag_keys="RemoveTagKeys",
        read="list_tags_for_resource",
        fixed={"ResourceType": "hostedzone"},
    ),
    unreadable={"forceDestroy": "AWS does not know it: it says what a destroy does"},
    derive=lambda known, scope: {"arn": f"arn:{scope.partition}:route53:::hostedzone/{known['zoneId']}"},
    gone=frozenset({"NoSuchHostedZone"}),
    example=Example(
        inputs=lambda need: {
            "name": "example.com",
            "vpcs": [{"vpcId": need("aws:ec2/vpc:Vpc", "id")}],
            "comment": "made for an example",
        },
        update=lambda need: {
            "comment": "changed",
            "vpcs": [
                {"vpcId": need("aws:ec2/vpc:Vpc", "id")},
                {"vpcId": need("aws:ec2/vpc:Vpc", "id", cidrBlock="10.8.0.0/16")},
            ],
            "forceDestroy": True,
            "tags": {"Owner": "platform"},
        },
        replace=lambda need: {"name": "example.org"},
    ),
)
