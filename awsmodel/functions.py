"""The pulumi-aws functions (data sources) that the program calls, over the same clients.

A function takes the arguments in Pulumi's spelling and gives the results in it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from awsmodel.calls import AwsError
from awsmodel.catalogue import HOW_TO_ADD
from awsmodel.clients import Clients
from awsmodel.errors import ModelError

Arguments = Mapping[str, Any]
Results = dict[str, Any]
Function = Callable[[Clients, Arguments], Results]

FUNCTIONS: dict[str, Function] = {}


def invoke(token: str, clients: Clients, arguments: Arguments) -> Results:
    """Calls a function by its token, such as `aws:index/getRegion:getRegion`.

    Raises ModelError for an unknown token and AwsError for what AWS refuses.
    """
    function = FUNCTIONS.get(token)
    if function is None:
        raise ModelError(f"the function {token!r} is not modelled yet; {HOW_TO_ADD} shows how to add it")
    try:
        return function(clients, arguments)
    except ClientError as error:
        detail = error.response.get("Error", {})
        raise AwsError(
            detail.get("Code", "Unknown"), detail.get("Message", "no message"), error.operation_name
        ) from error


def _function(token: str) -> Callable[[Function], Function]:
    def register(function: Function) -> Function:
        FUNCTIONS[token] = function
        return function

    return register


@_function("aws:index/getCallerIdentity:getCallerIdentity")
def _caller_identity(clients: Clients, _: Arguments) -> Results:
    identity = clients.get("sts").get_caller_identity()
    return {
        "id": identity["Account"],
        "accountId": identity["Account"],
        "arn": identity["Arn"],
        "userId": identity["UserId"],
    }


@_function("aws:index/getRegion:getRegion")
def _region(clients: Clients, arguments: Arguments) -> Results:
    region = arguments.get("region") or arguments.get("name") or clients.scope.region
    return {
        "id": region,
        "name": region,
        "region": region,
        "endpoint": f"ec2.{region}.amazonaws.com",
        "description": region,
    }


@_function("aws:index/getPartition:getPartition")
def _partition(clients: Clients, _: Arguments) -> Results:
    partition = clients.scope.partition
    return {
        "id": partition,
        "partition": partition,
        "dnsSuffix": "amazonaws.com",
        "reverseDnsPrefix": "com.amazonaws",
    }


@_function("aws:index/getAvailabilityZones:getAvailabilityZones")
def _availability_zones(clients: Clients, arguments: Arguments) -> Results:
    filters = _filters(arguments)
    if arguments.get("state"):
        filters.append({"Name": "state", "Values": [arguments["state"]]})
    answer = clients.get("ec2", arguments.get("region")).describe_availability_zones(Filters=filters)
    zones = sorted(answer["AvailabilityZones"], key=lambda zone: str(zone["ZoneName"]))
    excluded = set(arguments.get("excludeNames") or ())
    zones = [zone for zone in zones if zone["ZoneName"] not in excluded]
    region = arguments.get("region") or clients.scope.region
    return {
        **arguments,
        "id": region,
        "region": region,
        "names": [zone["ZoneName"] for zone in zones],
        "zoneIds": [zone["ZoneId"] for zone in zones],
        "groupNames": sorted({zone.get("GroupName") or region for zone in zones}),
    }


@_function("aws:ec2/getManagedPrefixList:getManagedPrefixList")
def _managed_prefix_list(clients: Clients, arguments: Arguments) -> Results:
    filters = _filters(arguments)
    if arguments.get("name"):
        filters.append({"Name": "prefix-list-name", "Values": [arguments["name"]]})
    ids = [arguments["id"]] if arguments.get("id") else []
    answer = clients.get("ec2", arguments.get("region")).describe_managed_prefix_lists(
        Filters=filters, PrefixListIds=ids
    )
    found = answer["PrefixLists"]
    if len(found) != 1:
        raise ModelError(f"{len(found)} managed prefix lists match {dict(arguments)!r}; exactly one must")
    entry = found[0]
    return {
        **arguments,
        "id": entry["PrefixListId"],
        "arn": entry["PrefixListArn"],
        "name": entry["PrefixListName"],
        "ownerId": entry["OwnerId"],
        "addressFamily": entry.get("AddressFamily", "IPv4"),
        "version": entry.get("Version", 1),
        "maxEntries": entry.get("MaxEntries", 0),
        "entries": [],
        "tags": {},
        "region": clients.scope.region,
    }


@_function("aws:ecr/getAuthorizationToken:getAuthorizationToken")
def _authorization_token(clients: Clients, arguments: Arguments) -> Results:
    answer = clients.get("ecr", arguments.get("region")).get_authorization_token()
    data = answer["authorizationData"][0]
    user, _, password = base64.b64decode(data["authorizationToken"]).decode().partition(":")
    return {
        "id": clients.scope.region,
        "region": clients.scope.region,
        "authorizationToken": data["authorizationToken"],
        "userName": user,
        "password": password,
        "proxyEndpoint": data["proxyEndpoint"],
        "expiresAt": data["expiresAt"].isoformat(),
    }


def _filters(arguments: Arguments) -> list[dict[str, Any]]:
    return [
        {"Name": entry["name"], "Values": list(entry["values"])} for entry in arguments.get("filters") or ()
    ]
