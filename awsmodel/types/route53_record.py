"""Records of a hosted zone, alias records included."""

from __future__ import annotations

import re
from collections.abc import Callable

from awsmodel.names import Codec, Field, Properties
from awsmodel.resource import Call, Example, Params, ResourceType

_TYPES = "A|AAAA|CAA|CNAME|DS|HTTPS|MX|NAPTR|NS|PTR|SOA|SPF|SRV|SSHFP|SVCB|TLSA|TXT"
_SETTABLE = frozenset(
    {
        "aliases",
        "cidrRoutingPolicy",
        "failoverRoutingPolicies",
        "geolocationRoutingPolicies",
        "healthCheckId",
        "latencyRoutingPolicies",
        "multivalueAnswerRoutingPolicy",
        "records",
        "ttl",
        "weightedRoutingPolicies",
    }
)


def _full_name(known: Properties) -> str:
    """A name that does not end in the zone's is relative to it, and an empty one is the zone's own."""
    name, zone = known["name"].rstrip(".").lower(), known["zoneName"]
    return str(name if name == zone or name.endswith(f".{zone}") else f"{name}.{zone}".lstrip("."))


def _start(known: Properties) -> Params:
    return _set(
        {
            "StartRecordName": _full_name(known),
            "StartRecordType": known["type"],
            "StartRecordIdentifier": known.get("setIdentifier"),
        }
    )


def _pick(records: list[Params], known: Properties) -> Params | None:
    """The record itself, under the name that the program gave it: the listing goes on with others."""
    name = known["name"].rstrip(".").lower()
    for record in records:
        full = record["Name"].rstrip(".").replace("\\052", "*")
        if (
            (full == name or full.startswith(f"{name}.") or not name)
            and record["Type"] == known["type"]
            and record.get("SetIdentifier") == known.get("setIdentifier")
        ):
            return {**record, "Name": known["name"], "fqdn": full, "itself": record}
    return None


def _change(action: Callable[[Properties], str]) -> Callable[[Properties], Params]:
    return lambda known: _batch(action(known), _record(known))


def _batch(action: str, record: Params) -> Params:
    return {"ChangeBatch": {"Changes": [{"Action": action, "ResourceRecordSet": record}]}}


def _record(known: Properties) -> Params:
    def first(name: str) -> Properties:
        entries = known.get(name) or [{}]
        return dict(entries[0])

    alias, place, cidr = (
        first("aliases"),
        first("geolocationRoutingPolicies"),
        known.get("cidrRoutingPolicy") or {},
    )
    quoted = known["type"] in ("TXT", "SPF")
    return _set(
        {
            "Name": _full_name(known),
            "Type": known["type"],
            "TTL": known.get("ttl"),
            "SetIdentifier": known.get("setIdentifier"),
            "HealthCheckId": known.get("healthCheckId"),
            "ResourceRecords": [
                {"Value": f'"{value}"' if quoted else value} for value in known.get("records") or ()
            ],
            "AliasTarget": _set(
                {
                    "DNSName": alias.get("name"),
                    "HostedZoneId": alias.get("zoneId"),
                    "EvaluateTargetHealth": alias.get("evaluateTargetHealth", False) if alias else None,
                }
            ),
            "Weight": first("weightedRoutingPolicies").get("weight"),
            "Region": first("latencyRoutingPolicies").get("region"),
            "Failover": first("failoverRoutingPolicies").get("type"),
            "MultiValueAnswer": known.get("multivalueAnswerRoutingPolicy") or None,
            "GeoLocation": _set(
                {
                    "ContinentCode": place.get("continent"),
                    "CountryCode": place.get("country"),
                    "SubdivisionCode": place.get("subdivision"),
                }
            ),
            "CidrRoutingConfig": _set(
                {"CollectionId": cidr.get("collectionId"), "LocationName": cidr.get("locationName")}
            ),
        }
    )


def _set(params: Params) -> Params:
    return {name: value for name, value in params.items() if value not in (None, "", [], {})}


def _parse_id(identity: str) -> Properties:
    """Takes `{zone}_{name}_{type}` apart, with `_{set identifier}` where there is one; names may hold `_`."""
    found = re.fullmatch(
        rf"(?P<zoneId>[^_]+)_(?P<name>.*?)_(?P<type>{_TYPES})(_(?P<setIdentifier>.+))?", identity
    )
    return {name: part for name, part in found.groupdict().items() if part is not None} if found else {}


def _identity(known: Properties) -> str:
    parts = (known["zoneId"], known["name"].rstrip(".").lower(), known["type"], known.get("setIdentifier"))
    return "_".join(part for part in parts if part is not None)


def _unquoted(values: list[Params]) -> list[str]:
    texts = [str(value["Value"]) for value in values]
    return [text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text for text in texts]


def _one(member: str, name: str) -> Field:
    """A policy of one value, which the API keeps in the record itself."""
    return Field(member, Codec(encode=list, decode=lambda value: [{name: value}]))


def _plain_alias(aliases: list[Properties]) -> list[Properties]:
    """AWS writes the target in small letters with a dot at its end, and may put `dualstack.` before it."""
    return [
        {
            **alias,
            "name": alias["name"].rstrip(".").lower().removeprefix("dualstack."),
            "evaluateTargetHealth": bool(alias.get("evaluateTargetHealth")),
        }
        for alias in aliases
    ]


def _validation(zone_id: str, options: list[Properties]) -> Properties:
    """The record that proves to ACM that a certificate's domain is ours."""
    return {
        "zoneId": zone_id,
        "name": options[0]["resourceRecordName"].rstrip("."),
        "type": options[0]["resourceRecordType"],
        "ttl": 60,
        "records": [options[0]["resourceRecordValue"]],
    }


_ZONE_NAME = Call(
    operation="get_hosted_zone",
    identify={"Id": "zoneId"},
    result="HostedZone.Name",
    decode=lambda name: {"zoneName": name.rstrip(".")},
)
_READ = Call(
    operation="list_resource_record_sets",
    identify={"HostedZoneId": "zoneId"},
    fixed={"MaxItems": "10"},
    look_up=_ZONE_NAME,
    build=_start,
    result="ResourceRecordSets[]",
    pick=_pick,
    decode=lambda record: {"fqdn": record["fqdn"], "itself": record["itself"]} if record else {},
)

RECORD = ResourceType(
    token="aws:route53/record:Record",
    service="route53",
    create=Call(
        operation="change_resource_record_sets",
        identify={"HostedZoneId": "zoneId"},
        properties=_SETTABLE | {"zoneId", "name", "type", "setIdentifier"},
        look_up=_ZONE_NAME,
        build=_change(lambda known: "UPSERT" if known.get("allowOverwrite") else "CREATE"),
    ),
    id=_identity,
    read=_READ,
    updates=(
        Call(
            operation="change_resource_record_sets",
            identify={"HostedZoneId": "zoneId"},
            properties=_SETTABLE,
            look_up=_ZONE_NAME,
            build=_change(lambda known: "UPSERT"),
        ),
    ),
    delete=Call(
        operation="change_resource_record_sets",
        identify={"HostedZoneId": "zoneId"},
        # AWS deletes a record only to those who know all of it
        look_up=_READ,
        build=lambda known: _batch("DELETE", known["itself"]) if known.get("itself") else None,
    ),
    parse_id=_parse_id,
    names={
        "aliases": "AliasTarget",
        "aliases.name": "DNSName",
        "aliases.zoneId": "HostedZoneId",
        "cidrRoutingPolicy": "CidrRoutingConfig",
        "failoverRoutingPolicies": Field(
            "Failover", Codec(encode=list, decode=lambda kind: [{"type": kind}])
        ),
        "geolocationRoutingPolicies": "GeoLocation",
        "geolocationRoutingPolicies.continent": "ContinentCode",
        "geolocationRoutingPolicies.country": "CountryCode",
        "geolocationRoutingPolicies.subdivision": "SubdivisionCode",
        "latencyRoutingPolicies": _one("Region", "region"),
        "multivalueAnswerRoutingPolicy": "MultiValueAnswer",
        "records": Field("ResourceRecords", Codec(encode=list, decode=_unquoted)),
        "weightedRoutingPolicies": _one("Weight", "weight"),
    },
    canonical={"aliases": _plain_alias},
    unreadable={"allowOverwrite": "AWS does not know it: it says what a create does"},
    defaults={"allowOverwrite": False},
    gone=frozenset({"NoSuchHostedZone"}),
    example=Example(
        inputs=lambda need: _validation(
            need("aws:route53/zone:Zone", "id"),
            need("aws:acm/certificate:Certificate", "domainValidationOptions"),
        ),
        update=lambda need: {"ttl": 300, "records": ["elsewhere.example.com"]},
        replace=lambda need: {"name": "other.example.com"},
    ),
)
