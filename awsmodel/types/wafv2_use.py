"""AWS WAF: what a web ACL protects, and its log."""

from __future__ import annotations

from awsmodel.resource import Call, Example, ResourceType
from awsmodel.types.wafv2_acl import WAF_GONE

WEB_ACL_ASSOCIATION = ResourceType(
    token="aws:wafv2/webAclAssociation:WebAclAssociation",
    service="wafv2",
    create=Call(operation="associate_web_acl"),
    id="{webAclArn},{resourceArn}",
    read=Call(
        operation="get_web_acl_for_resource",
        identify={"ResourceArn": "resourceArn"},
        result="WebACL",
        decode=lambda acl: {"webAclArn": acl["ARN"]},
    ),
    delete=Call(operation="disassociate_web_acl", identify={"ResourceArn": "resourceArn"}),
    parse_id=lambda identity: dict(zip(("webAclArn", "resourceArn"), identity.split(","), strict=True)),
    gone=WAF_GONE,
    example=Example(
        inputs=lambda need: {
            "webAclArn": need("aws:wafv2/webAcl:WebAcl", "arn"),
            "resourceArn": need("aws:lb/loadBalancer:LoadBalancer", "arn"),
        },
        replace=lambda need: {"webAclArn": need("aws:wafv2/webAcl:WebAcl", "arn", name="other-acl")},
    ),
)

WEB_ACL_LOGGING_CONFIGURATION = ResourceType(
    token="aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    service="wafv2",
    create=Call(operation="put_logging_configuration"),
    id="LoggingConfiguration.ResourceArn",
    read=Call(
        operation="get_logging_configuration",
        identify={"ResourceArn": "id"},
        result="LoggingConfiguration",
    ),
    updates=(Call(operation="put_logging_configuration", whole=True),),
    delete=Call(operation="delete_logging_configuration", identify={"ResourceArn": "id"}),
    list=Call(
        operation="list_logging_configurations",
        fixed={"Scope": "REGIONAL", "Limit": 100},
        result="LoggingConfigurations[].ResourceArn",
    ),
    names={
        name: f"LoggingConfiguration.{member}|{member}"
        for name, member in (
            ("resourceArn", "ResourceArn"),
            ("logDestinationConfigs", "LogDestinationConfigs"),
            ("loggingFilter", "LoggingFilter"),
            ("redactedFields", "RedactedFields"),
        )
    },
    replace_on=frozenset({"resourceArn"}),
    gone=WAF_GONE,
    example=Example(
        inputs=lambda need: {
            "resourceArn": need("aws:wafv2/webAcl:WebAcl", "arn"),
            "logDestinationConfigs": ["arn:aws:logs:eu-west-1:111111111111:log-group:aws-waf-logs-example"],
            "redactedFields": [{"singleHeader": {"name": "authorization"}}],
        },
        update=lambda need: {
            "redactedFields": [{"singleHeader": {"name": "cookie"}}],
            "loggingFilter": {
                "defaultBehavior": "DROP",
                "filters": [
                    {
                        "behavior": "KEEP",
                        "requirement": "MEETS_ANY",
                        "conditions": [{"actionCondition": {"action": "BLOCK"}}],
                    }
                ],
            },
        },
        replace=lambda need: {"resourceArn": need("aws:wafv2/webAcl:WebAcl", "arn", name="other-acl")},
    ),
)
