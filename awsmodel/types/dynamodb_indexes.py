"""The keys of a DynamoDB table and of its indexes: what a program writes, and what AWS keeps."""

from collections.abc import Mapping
from typing import Any

from awsmodel.compare import covers
from awsmodel.names import Properties
from awsmodel.resource import Params

_KEYS = {"hashKey": "HASH", "rangeKey": "RANGE"}
_THROUGHPUT = {"readCapacity": "ReadCapacityUnits", "writeCapacity": "WriteCapacityUnits"}
ON_DEMAND = {"maxReadRequestUnits": "MaxReadRequestUnits", "maxWriteRequestUnits": "MaxWriteRequestUnits"}
_WARM = {"readUnitsPerSecond": "ReadUnitsPerSecond", "writeUnitsPerSecond": "WriteUnitsPerSecond"}
# what of an index changes in place
_IN_PLACE = frozenset({"onDemandThroughput", "readCapacity", "warmThroughput", "writeCapacity"})


def keys(known: Properties) -> Params:
    """The parameter that says which attributes a table is found by."""
    return {
        "KeySchema": [
            {"AttributeName": known[name], "KeyType": kind} for name, kind in _KEYS.items() if known.get(name)
        ]
    }


def shown_keys(table: Mapping[str, Any]) -> Properties:
    """The attributes that a table is found by."""
    by_kind = {key["KeyType"]: key["AttributeName"] for key in table["KeySchema"]}
    return {name: by_kind.get(kind) for name, kind in _KEYS.items()}


def members(wanted: Mapping[str, Any], names: Mapping[str, str]) -> Params:
    """The members of those properties that have a value."""
    return {member: wanted[name] for name, member in names.items() if wanted.get(name) is not None}


def index(wanted: Mapping[str, Any]) -> Params:
    """A global index as the API takes it."""
    projection: Params = {"ProjectionType": wanted["projectionType"]}
    if wanted.get("nonKeyAttributes"):
        projection["NonKeyAttributes"] = wanted["nonKeyAttributes"]
    return {
        "IndexName": wanted["name"],
        "KeySchema": [
            {"AttributeName": key["attributeName"], "KeyType": key["keyType"]} for key in wanted["keySchemas"]
        ],
        "Projection": projection,
    } | _throughput(wanted)


def shown_index(shown: Mapping[str, Any]) -> Properties:
    """A global index as a program writes it."""
    projection, capacity = shown["Projection"], shown.get("ProvisionedThroughput") or {}
    limits = shown.get("OnDemandThroughput") or {}
    warm = shown.get("WarmThroughput") or {}
    return {
        "name": shown["IndexName"],
        "keySchemas": [
            {"attributeName": key["AttributeName"], "keyType": key["KeyType"]} for key in shown["KeySchema"]
        ],
        "projectionType": projection["ProjectionType"],
        "nonKeyAttributes": projection.get("NonKeyAttributes", []),
        "onDemandThroughput": {name: limits.get(member) for name, member in ON_DEMAND.items()},
        "warmThroughput": {name: warm.get(member) for name, member in _WARM.items()},
    } | {name: capacity.get(member) for name, member in _THROUGHPUT.items() if capacity.get(member)}


def index_changes(known: Properties) -> list[Params]:
    """The calls that bring the global indexes to what is wanted: AWS takes one at a time."""
    live = {each["name"]: each for each in known["live"].get("globalSecondaryIndexes") or ()}
    wanted = {each["name"]: each for each in known.get("globalSecondaryIndexes") or ()}
    made_anew = {name for name, each in wanted.items() if name in live and not _same_index(each, live[name])}
    changes: list[Params] = [
        {"Delete": {"IndexName": name}} for name in live if name not in wanted or name in made_anew
    ]
    changes += [
        {"Create": index(each)} for name, each in wanted.items() if name not in live or name in made_anew
    ]
    changes += [
        {"Update": {"IndexName": name, **_throughput(each)}}
        for name, each in wanted.items()
        if name in live and name not in made_anew and _throughput(each) and not covers(each, live[name])
    ]
    attributes = [
        {"AttributeName": each["name"], "AttributeType": each["type"]} for each in known["attributes"]
    ]
    return [
        {"GlobalSecondaryIndexUpdates": [change]}
        | ({"AttributeDefinitions": attributes} if "Create" in change else {})
        for change in changes
    ]


def _same_index(wanted: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    return covers(
        {name: value for name, value in wanted.items() if name not in _IN_PLACE},
        live,
    )


def _throughput(wanted: Mapping[str, Any]) -> Params:
    groups = {
        "ProvisionedThroughput": members(wanted, _THROUGHPUT),
        "OnDemandThroughput": members(wanted.get("onDemandThroughput") or {}, ON_DEMAND),
        "WarmThroughput": members(wanted.get("warmThroughput") or {}, _WARM),
    }
    return {name: group for name, group in groups.items() if group}
