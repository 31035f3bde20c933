"""GuardDuty: a region's detector, and what it looks at."""

from __future__ import annotations

from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, Params, ResourceType, Scope, Tags, with_member

_DETECTOR = {"DetectorId": "id"}
_OF_DETECTOR = {"DetectorId": "detectorId"}


def _is_there(detectors: Any, known: Properties) -> Any:
    """GuardDuty has one error for a detector that is not there and for most others: a listing tells."""
    return {"id": known["id"]} if known["id"] in detectors else None


def _if_there(known: Properties) -> Params | None:
    return {} if known["id"] in known["detectors"] else None


def _arn(known: Properties, scope: Scope) -> Properties:
    where = f"{known['region']}:{scope.account_id}"
    return {
        "accountId": scope.account_id,
        "arn": f"arn:{scope.partition}:guardduty:{where}:detector/{known['id']}",
    }


DETECTOR = ResourceType(
    token="aws:guardduty/detector:Detector",
    service="guardduty",
    create=Call(operation="create_detector"),
    id="DetectorId",
    read=Call(operation="list_detectors", result="DetectorIds", pick=_is_there),
    more_reads=(
        Call(
            operation="get_detector",
            identify=_DETECTOR,
            decode=lambda detector: {"enable": detector["Status"] == "ENABLED"},
        ),
    ),
    updates=(Call(operation="update_detector", identify=_DETECTOR),),
    delete=Call(
        operation="delete_detector",
        identify=_DETECTOR,
        look_up=Call(
            operation="list_detectors",
            result="DetectorIds",
            decode=lambda detectors: {"detectors": detectors or []},
        ),
        build=_if_there,
    ),
    list=Call(operation="list_detectors", result="DetectorIds"),
    defaults={"enable": True, "findingPublishingFrequency": "SIX_HOURS"},
    derive=_arn,
    tags=Tags(
        tag="tag_resource", untag="untag_resource", target="ResourceArn", read="list_tags_for_resource"
    ),
    example=Example(
        inputs=lambda need: {
            "findingPublishingFrequency": "FIFTEEN_MINUTES",
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "enable": False,
            "findingPublishingFrequency": "ONE_HOUR",
            "tags": {"Service": "other", "Owner": "platform"},
        },
    ),
)


def _parsed(physical_id: str) -> Properties:
    return dict(zip(("detectorId", "name"), physical_id.split("/"), strict=True))


def _switched_on(configurations: Any) -> list[str]:
    """AWS shows each part of a feature; one that the program does not name is off."""
    return sorted(each["name"] for each in configurations if each["status"] == "ENABLED")


DETECTOR_FEATURE = ResourceType(
    token="aws:guardduty/detectorFeature:DetectorFeature",
    service="guardduty",
    create=Call(
        operation="update_detector",
        inside="Features",
        identify=_OF_DETECTOR,
        properties=frozenset({"additionalConfigurations", "detectorId", "name", "status"}),
    ),
    id="{detectorId}/{name}",
    parse_id=_parsed,
    read=Call(
        operation="get_detector",
        identify=_OF_DETECTOR,
        result="Features[]",
        pick=with_member("Name", "name"),
    ),
    updates=(
        Call(
            operation="update_detector",
            inside="Features",
            identify=_OF_DETECTOR,
            properties=frozenset({"additionalConfigurations", "name", "status"}),
            whole=True,
        ),
    ),
    delete=None,
    names={"additionalConfigurations": "AdditionalConfiguration"},
    canonical={"additionalConfigurations": _switched_on},
    replace_on=frozenset({"name"}),
    # the detector that it was a feature of
    gone=frozenset({"BadRequestException"}),
    leaves="a detector has each feature: it stays as it is",
    example=Example(
        inputs=lambda need: {
            "detectorId": need("aws:guardduty/detector:Detector", "id"),
            "name": "RUNTIME_MONITORING",
            "status": "ENABLED",
            "additionalConfigurations": [
                {"name": "ECS_FARGATE_AGENT_MANAGEMENT", "status": "ENABLED"},
                {"name": "EC2_AGENT_MANAGEMENT", "status": "DISABLED"},
            ],
        },
        update=lambda need: {
            "status": "DISABLED",
            "additionalConfigurations": [
                {"name": "ECS_FARGATE_AGENT_MANAGEMENT", "status": "DISABLED"},
                {"name": "EC2_AGENT_MANAGEMENT", "status": "ENABLED"},
            ],
        },
        replace=lambda need: {"name": "S3_DATA_EVENTS"},
    ),
)
