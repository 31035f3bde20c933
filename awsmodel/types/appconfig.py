"""AppConfig: applications, the profiles of their configurations, and the configurations themselves."""

from __future__ import annotations

import json
from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, ResourceType, Scope, Tags

GONE = frozenset({"ResourceNotFoundException"})
APPLICATION_ID = {"ApplicationId": "applicationId"}
FEATURE_FLAGS = "AWS.AppConfig.FeatureFlags"
_PROFILE = {**APPLICATION_ID, "ConfigurationProfileId": "configurationProfileId"}
_VERSION = {**_PROFILE, "VersionNumber": "versionNumber"}


def appconfig_tags() -> Tags:
    """AppConfig tags everything by its ARN."""
    return Tags(
        tag="tag_resource", untag="untag_resource", target="ResourceArn", read="list_tags_for_resource"
    )


def arn_of(path: str, known: Properties, scope: Scope) -> str:
    """The ARN of what lies at a path, such as `application/abc1234`."""
    return f"arn:{scope.partition}:appconfig:{known['region']}:{scope.account_id}:{path}"


def of_application(physical_id: str, name: str) -> Properties:
    """The properties in an id such as `<id>:<application>`."""
    return dict(zip((name, "applicationId"), physical_id.split(":"), strict=True))


APPLICATION = ResourceType(
    token="aws:appconfig/application:Application",
    service="appconfig",
    create=Call(operation="create_application"),
    id="Id",
    read=Call(operation="get_application", identify={"ApplicationId": "id"}),
    updates=(Call(operation="update_application", identify={"ApplicationId": "id"}),),
    delete=Call(operation="delete_application", identify={"ApplicationId": "id"}),
    list=Call(operation="list_applications", result="Items[].Id"),
    tags=appconfig_tags(),
    derive=lambda known, scope: {"arn": arn_of(f"application/{known['id']}", known, scope)},
    gone=GONE,
    example=Example(
        inputs=lambda need: {"name": "example", "description": "one", "tags": {"Service": "example"}},
        update=lambda need: {
            "name": "other",
            "description": "another",
            "tags": {"Service": "other", "Owner": "platform"},
        },
    ),
)


def _key_taken_away(known: Properties) -> Properties:
    """An empty identifier takes the key away; leaving it out keeps it."""
    return {"KmsKeyIdentifier": known.get("kmsKeyIdentifier") or ""}


def _schema(maximum: int) -> str:
    return json.dumps(
        {
            "$schema": "http://json-schema.org/draft-04/schema#",
            "type": "object",
            "properties": {"limit": {"type": "integer", "maximum": maximum}},
            "required": ["limit"],
        }
    )


CONFIGURATION_PROFILE = ResourceType(
    token="aws:appconfig/configurationProfile:ConfigurationProfile",
    service="appconfig",
    create=Call(operation="create_configuration_profile"),
    id=lambda known: f"{known['answer']['Id']}:{known['applicationId']}",
    read=Call(
        operation="get_configuration_profile",
        identify=_PROFILE,
        decode=lambda answer: {"configurationProfileId": answer["Id"]},
    ),
    updates=(
        Call(
            operation="update_configuration_profile",
            identify=_PROFILE,
            properties=frozenset({"description", "name", "retrievalRoleArn", "validators"}),
        ),
        Call(
            operation="update_configuration_profile",
            identify=_PROFILE,
            properties=frozenset({"kmsKeyIdentifier"}),
            build=_key_taken_away,
        ),
    ),
    delete=Call(operation="delete_configuration_profile", identify=_PROFILE),
    parse_id=lambda physical_id: of_application(physical_id, "configurationProfileId"),
    defaults={"type": "AWS.Freeform"},
    tags=appconfig_tags(),
    derive=lambda known, scope: {
        "arn": arn_of(
            f"application/{known['applicationId']}/configurationprofile/{known['configurationProfileId']}",
            known,
            scope,
        )
    },
    gone=GONE,
    example=Example(
        inputs=lambda need: {
            "applicationId": need("aws:appconfig/application:Application", "id"),
            "name": "limits",
            "description": "what it may do",
            "locationUri": "hosted",
            "kmsKeyIdentifier": need("aws:kms/key:Key", "arn"),
            "validators": [{"type": "JSON_SCHEMA", "content": _schema(100)}],
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "name": "bounds",
            "description": "what it may do at most",
            "kmsKeyIdentifier": need("aws:kms/key:Key", "arn", description="another"),
            "validators": [
                {"type": "JSON_SCHEMA", "content": _schema(10)},
                {"type": "LAMBDA", "content": need("aws:lambda/function:Function", "arn")},
            ],
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {
            "type": FEATURE_FLAGS,
            "applicationId": need("aws:appconfig/application:Application", "id", name="second"),
        },
    ),
)


def without_stamps(content: Any) -> Any:
    """Feature flags without the times that AppConfig writes into them; any other content as it is."""
    try:
        document = json.loads(content)
    except (TypeError, ValueError):
        return content
    if not isinstance(document, dict) or document.get("version") != "1":
        return content
    for part in ("flags", "values"):
        for entry in (document.get(part) or {}).values():
            for stamp in ("_createdAt", "_updatedAt"):
                entry.pop(stamp, None)
    return json.dumps(document, sort_keys=True)


def _content(answer: Any) -> Properties:
    return {"content": answer["Content"].read().decode()}


def _parse_version(physical_id: str) -> Properties:
    application_id, profile_id, number = physical_id.split("/")
    return {
        "applicationId": application_id,
        "configurationProfileId": profile_id,
        "versionNumber": int(number),
    }


HOSTED_CONFIGURATION_VERSION = ResourceType(
    token="aws:appconfig/hostedConfigurationVersion:HostedConfigurationVersion",
    service="appconfig",
    create=Call(operation="create_hosted_configuration_version"),
    id=lambda known: "/".join(
        (known["applicationId"], known["configurationProfileId"], str(known["answer"]["VersionNumber"]))
    ),
    read=Call(operation="get_hosted_configuration_version", identify=_VERSION, decode=_content),
    delete=Call(operation="delete_hosted_configuration_version", identify=_VERSION),
    parse_id=_parse_version,
    canonical={"content": without_stamps},
    derive=lambda known, scope: {
        "arn": arn_of(
            f"application/{known['applicationId']}/configurationprofile/{known['configurationProfileId']}"
            f"/hostedconfigurationversion/{known['versionNumber']}",
            known,
            scope,
        )
    },
    gone=GONE,
    example=Example(
        inputs=lambda need: {
            "applicationId": need("aws:appconfig/application:Application", "id"),
            "configurationProfileId": need(
                "aws:appconfig/configurationProfile:ConfigurationProfile", "configurationProfileId"
            ),
            "content": '{"limit": 10}',
            "contentType": "application/json",
            "description": "the first",
            "versionLabel": "v-1",
        },
        replace=lambda need: {"content": '{"limit": 20}', "description": "the second"},
    ),
)
