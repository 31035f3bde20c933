"""AWS WAF: web ACLs and address sets."""

from __future__ import annotations

from awsmodel.names import Codec, Field, Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType, Tags

WAF_GONE = frozenset({"WAFNonexistentItemException"})
_TAGS = Tags(tag="tag_resource", untag="untag_resource", target="ResourceARN", read="list_tags_for_resource")
_IDENTITY = {"Name": "name", "Scope": "scope", "Id": "id"}

_REQUEST_BODIES = {
    "apiGateway": "API_GATEWAY",
    "appRunnerService": "APP_RUNNER_SERVICE",
    "cloudfront": "CLOUDFRONT",
    "cognitoUserPool": "COGNITO_USER_POOL",
    "verifiedAccessInstance": "VERIFIED_ACCESS_INSTANCE",
}


def _summary(operation: str, result: str) -> Call:
    """The listing: AWS describes an item only to those who know its name, and the id holds none."""
    return Call(
        operation=operation,
        identify={"Scope": "scope"},
        fixed={"Limit": 100},
        result=f"{result}[]",
        pick=_with_id,
        decode=_identified,
    )


def _with_id(summaries: list[Params], known: Properties) -> Params | None:
    # an imported id goes on with the name and the scope
    return next((each for each in summaries if each["Id"] == known["id"].partition("/")[0]), None)


def _identified(summary: Params) -> Properties:
    scope = "CLOUDFRONT" if ":global/" in summary["ARN"] else "REGIONAL"
    return {"id": summary["Id"], "scope": scope}


def _parse_id(identity: str) -> Properties:
    parts = identity.split("/")
    return {"name": parts[1], "scope": parts[2]} if len(parts) == 3 else {"scope": "REGIONAL"}


def _newest_token(describe: str) -> Call:
    """Each change needs the lock token that the change before it gave."""
    return Call(
        operation=describe,
        identify=_IDENTITY,
        result="LockToken",
        decode=lambda token: {"lockToken": token},
    )


def _request_bodies(bodies: list[Properties]) -> Params:
    return {
        _REQUEST_BODIES[name]: {"DefaultSizeInspectionLimit": body["defaultSizeInspectionLimit"]}
        for entry in bodies
        for name, body in entry.items()
    }


def _shown_request_bodies(bodies: Params) -> list[Properties]:
    names = {member: name for name, member in _REQUEST_BODIES.items()}
    return [
        {
            names[member]: {"defaultSizeInspectionLimit": body["DefaultSizeInspectionLimit"]}
            for member, body in bodies.items()
            if member in names
        }
    ]


_RESPONSE_BODIES = Codec(
    encode=lambda bodies: {
        body["key"]: {"ContentType": body["contentType"], "Content": body["content"]} for body in bodies
    },
    decode=lambda bodies: [
        {"key": key, "contentType": body["ContentType"], "content": body["Content"]}
        for key, body in bodies.items()
    ],
)

# AWS takes no empty description
_DESCRIPTION = Field("Description", Codec(encode=lambda text: text or None, decode=lambda text: text or None))

WEB_ACL = ResourceType(
    token="aws:wafv2/webAcl:WebAcl",
    service="wafv2",
    create=Call(operation="create_web_acl"),
    id="Summary.Id",
    read=_summary("list_web_acls", "WebACLs"),
    more_reads=(Call(operation="get_web_acl", identify=_IDENTITY, result="WebACL"),),
    updates=(
        Call(
            operation="update_web_acl",
            identify={**_IDENTITY, "LockToken": "lockToken"},
            look_up=_newest_token("get_web_acl"),
            whole=True,
        ),
    ),
    delete=Call(
        operation="delete_web_acl",
        identify={**_IDENTITY, "LockToken": "lockToken"},
        look_up=_newest_token("get_web_acl"),
    ),
    list=Call(operation="list_web_acls", fixed={"Scope": "REGIONAL", "Limit": 100}, result="WebACLs[].Id"),
    parse_id=_parse_id,
    names={
        "associationConfig.requestBodies": Field(
            "RequestBody", Codec(encode=_request_bodies, decode=_shown_request_bodies)
        ),
        "description": _DESCRIPTION,
        "customResponseBodies": Field("CustomResponseBodies", _RESPONSE_BODIES),
        "*.asnLists": "AsnList",
        "*.headerOrders": "HeaderOrder",
        "*.matchPatterns": "MatchPattern",
    },
    auto_name=AutoName(limit=128),
    tags=_TAGS,
    gone=WAF_GONE,
    busy=frozenset({"WAFAssociatedItemException", "WAFUnavailableEntityException"}),
    example=Example(
        inputs=lambda need: {
            "name": "example-acl",
            "description": "made for an example",
            "scope": "REGIONAL",
            "defaultAction": {"allow": {}},
            "visibilityConfig": _visibility("example-acl"),
            "rules": [
                {
                    "name": "common",
                    "priority": 1,
                    "overrideAction": {"none": {}},
                    "statement": {
                        "managedRuleGroupStatement": {
                            "name": "AWSManagedRulesCommonRuleSet",
                            "vendorName": "AWS",
                            "ruleActionOverrides": [
                                {"name": "SizeRestrictions_BODY", "actionToUse": {"count": {}}}
                            ],
                        }
                    },
                    "visibilityConfig": _visibility("common"),
                },
                {
                    "name": "rate",
                    "priority": 2,
                    "action": {"block": {"customResponse": {"responseCode": 429}}},
                    "statement": {
                        "rateBasedStatement": {
                            "limit": 2000,
                            "aggregateKeyType": "IP",
                            "evaluationWindowSec": 300,
                        }
                    },
                    "visibilityConfig": _visibility("rate"),
                },
            ],
        },
        update=lambda need: {
            "defaultAction": {
                "block": {"customResponse": {"responseCode": 403, "customResponseBodyKey": "no"}}
            },
            "customResponseBodies": [{"key": "no", "contentType": "TEXT_PLAIN", "content": "no"}],
            "rules": [
                {
                    "name": "path",
                    "priority": 1,
                    "action": {"count": {}},
                    "statement": {
                        "andStatement": {
                            "statements": [
                                {
                                    "byteMatchStatement": {
                                        "searchString": "/admin",
                                        "fieldToMatch": {"uriPath": {}},
                                        "positionalConstraint": "STARTS_WITH",
                                        "textTransformations": [{"priority": 0, "type": "LOWERCASE"}],
                                    }
                                },
                                {"geoMatchStatement": {"countryCodes": ["AQ"]}},
                            ]
                        }
                    },
                    "visibilityConfig": _visibility("path"),
                }
            ],
            "tags": {"Owner": "platform"},
        },
        replace=lambda need: {"name": "other"},
    ),
)

IP_SET = ResourceType(
    token="aws:wafv2/ipSet:IpSet",
    service="wafv2",
    create=Call(operation="create_ip_set"),
    id="Summary.Id",
    read=_summary("list_ip_sets", "IPSets"),
    more_reads=(Call(operation="get_ip_set", identify=_IDENTITY, result="IPSet"),),
    updates=(
        Call(
            operation="update_ip_set",
            identify={**_IDENTITY, "LockToken": "lockToken"},
            look_up=_newest_token("get_ip_set"),
            whole=True,
        ),
    ),
    delete=Call(
        operation="delete_ip_set",
        identify={**_IDENTITY, "LockToken": "lockToken"},
        look_up=_newest_token("get_ip_set"),
    ),
    list=Call(operation="list_ip_sets", fixed={"Scope": "REGIONAL", "Limit": 100}, result="IPSets[].Id"),
    parse_id=_parse_id,
    names={"description": _DESCRIPTION},
    defaults={"addresses": []},
    auto_name=AutoName(limit=128),
    tags=_TAGS,
    gone=WAF_GONE,
    busy=frozenset({"WAFAssociatedItemException"}),
    example=Example(
        inputs=lambda need: {
            "name": "example-set",
            "scope": "REGIONAL",
            "ipAddressVersion": "IPV4",
            "addresses": ["192.0.2.0/24"],
        },
        update=lambda need: {"addresses": ["198.51.100.0/24"], "tags": {"Owner": "platform"}},
        replace=lambda need: {"ipAddressVersion": "IPV6"},
    ),
)


def _visibility(name: str) -> Properties:
    return {"cloudwatchMetricsEnabled": True, "metricName": name, "sampledRequestsEnabled": True}
