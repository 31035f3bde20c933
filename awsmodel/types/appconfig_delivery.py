"""AppConfig: where a configuration goes, how it spreads there, and that it does."""

from __future__ import annotations

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, Params, ResourceType
from awsmodel.types.appconfig import APPLICATION_ID, GONE, appconfig_tags, arn_of, of_application

_ENVIRONMENT = {**APPLICATION_ID, "EnvironmentId": "environmentId"}
_STRATEGY = {"DeploymentStrategyId": "id"}
_DEPLOYMENT = {**_ENVIRONMENT, "DeploymentNumber": "deploymentNumber"}
_GET_DEPLOYMENT = Call(
    operation="get_deployment",
    identify=_DEPLOYMENT,
    decode=lambda answer: {
        "kmsKeyArn": answer.get("KmsKeyArn"),
        "kmsKeyIdentifier": answer.get("KmsKeyIdentifier"),
    },
)
_PLACE = "aws:appconfig/environment:Environment"

ENVIRONMENT = ResourceType(
    token=_PLACE,
    service="appconfig",
    create=Call(operation="create_environment"),
    id=lambda known: f"{known['answer']['Id']}:{known['applicationId']}",
    read=Call(
        operation="get_environment",
        identify=_ENVIRONMENT,
        decode=lambda answer: {"environmentId": answer["Id"]},
    ),
    updates=(Call(operation="update_environment", identify=_ENVIRONMENT),),
    delete=Call(operation="delete_environment", identify=_ENVIRONMENT),
    parse_id=lambda physical_id: of_application(physical_id, "environmentId"),
    tags=appconfig_tags(),
    derive=lambda known, scope: {
        "arn": arn_of(
            f"application/{known['applicationId']}/environment/{known['environmentId']}", known, scope
        )
    },
    gone=GONE,
    # a deployment that was stopped takes a moment to go back
    busy=frozenset({"ConflictException"}),
    example=Example(
        inputs=lambda need: {
            "applicationId": need("aws:appconfig/application:Application", "id"),
            "name": "prod",
            "description": "where it counts",
            "monitors": [
                {
                    "alarmArn": "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:errors",
                    "alarmRoleArn": need("aws:iam/role:Role", "arn"),
                }
            ],
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "name": "production",
            "description": "where it counts most",
            "monitors": [
                {
                    "alarmArn": "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:latency",
                    "alarmRoleArn": need("aws:iam/role:Role", "arn"),
                }
            ],
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {
            "applicationId": need("aws:appconfig/application:Application", "id", name="second")
        },
    ),
)

DEPLOYMENT_STRATEGY = ResourceType(
    token="aws:appconfig/deploymentStrategy:DeploymentStrategy",
    service="appconfig",
    create=Call(operation="create_deployment_strategy"),
    id="Id",
    read=Call(operation="get_deployment_strategy", identify=_STRATEGY),
    updates=(Call(operation="update_deployment_strategy", identify=_STRATEGY),),
    delete=Call(operation="delete_deployment_strategy", identify=_STRATEGY),
    list=Call(operation="list_deployment_strategies", result="Items[?!starts_with(Id, 'AppConfig.')].Id"),
    defaults={"finalBakeTimeInMinutes": 0, "growthType": "LINEAR"},
    tags=appconfig_tags(),
    derive=lambda known, scope: {"arn": arn_of(f"deploymentstrategy/{known['id']}", known, scope)},
    gone=GONE,
    example=Example(
        inputs=lambda need: {
            "name": "slowly",
            "description": "step by step",
            "deploymentDurationInMinutes": 30,
            "growthFactor": 20.0,
            "finalBakeTimeInMinutes": 10,
            "replicateTo": "NONE",
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "description": "faster and faster",
            "deploymentDurationInMinutes": 20,
            "growthFactor": 10.0,
            "growthType": "EXPONENTIAL",
            "finalBakeTimeInMinutes": 5,
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"name": "at once", "replicateTo": "SSM_DOCUMENT"},
    ),
)


def _parse_deployment(physical_id: str) -> Properties:
    application_id, environment_id, number = physical_id.split("/")
    return {"applicationId": application_id, "environmentId": environment_id, "deploymentNumber": int(number)}


def _stop(known: Properties) -> Params | None:
    """What is under way is stopped; what has ended cannot be taken back."""
    return {} if known.get("state") in ("BAKING", "DEPLOYING", "VALIDATING") else None


DEPLOYMENT = ResourceType(
    token="aws:appconfig/deployment:Deployment",
    service="appconfig",
    create=Call(operation="start_deployment"),
    id=lambda known: "/".join(
        (known["applicationId"], known["environmentId"], str(known["answer"]["DeploymentNumber"]))
    ),
    read=_GET_DEPLOYMENT,
    delete=Call(operation="stop_deployment", identify=_DEPLOYMENT, look_up=_GET_DEPLOYMENT, build=_stop),
    parse_id=_parse_deployment,
    tags=appconfig_tags(),
    derive=lambda known, scope: {
        "arn": arn_of(
            f"application/{known['applicationId']}/environment/{known['environmentId']}"
            f"/deployment/{known['deploymentNumber']}",
            known,
            scope,
        )
    },
    gone=GONE,
    leaves="AppConfig keeps the record of every deployment",
    example=Example(
        inputs=lambda need: {
            "applicationId": need("aws:appconfig/application:Application", "id"),
            "environmentId": need(_PLACE, "environmentId"),
            "configurationProfileId": need(
                "aws:appconfig/configurationProfile:ConfigurationProfile", "configurationProfileId"
            ),
            "configurationVersion": str(
                need("aws:appconfig/hostedConfigurationVersion:HostedConfigurationVersion", "versionNumber")
            ),
            "deploymentStrategyId": need("aws:appconfig/deploymentStrategy:DeploymentStrategy", "id"),
            "description": "the first",
            "kmsKeyIdentifier": need("aws:kms/key:Key", "arn"),
            "tags": {"Service": "example"},
        },
        update=lambda need: {"tags": {"Service": "other", "Owner": "platform"}},
        replace=lambda need: {"configurationVersion": "2", "description": "the second"},
    ),
)
