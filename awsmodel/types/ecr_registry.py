"""ECR: what holds for all repositories of an account in a region: one registry."""

from awsmodel.resource import Call, Example, ResourceType

REGISTRY_SCANNING_CONFIGURATION = ResourceType(
    token="aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
    service="ecr",
    create=Call(operation="put_registry_scanning_configuration"),
    # the documented import id is the account, which the answer does not name
    id=lambda known: known.get("region") or "this-registry",
    read=Call(operation="get_registry_scanning_configuration"),
    updates=(Call(operation="put_registry_scanning_configuration", whole=True),),
    delete=Call(operation="put_registry_scanning_configuration", fixed={"scanType": "BASIC", "rules": []}),
    names={
        "rules": "rules|scanningConfiguration.rules",
        "scanType": "scanType|scanningConfiguration.scanType",
    },
    derive=lambda known, scope: {"id": known["registryId"]},
    leaves="every registry has one: it goes back to basic scanning by hand",
    example=Example(
        inputs=lambda need: {
            "scanType": "ENHANCED",
            "rules": [
                {
                    "scanFrequency": "CONTINUOUS_SCAN",
                    "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}],
                }
            ],
        },
        update=lambda need: {
            "scanType": "BASIC",
            "rules": [
                {
                    "scanFrequency": "SCAN_ON_PUSH",
                    "repositoryFilters": [{"filter": "example-*", "filterType": "WILDCARD"}],
                }
            ],
        },
    ),
)


def _replication(account: str) -> str:
    return (
        '{"Version":"2012-10-17","Statement":[{"Sid":"Replicate","Effect":"Allow",'
        f'"Principal":{{"AWS":"arn:aws:iam::{account}:root"}},"Action":["ecr:ReplicateImage"],'
        '"Resource":["arn:aws:ecr:eu-west-1:111111111111:repository/*"]}]}'
    )


REGISTRY_POLICY = ResourceType(
    token="aws:ecr/registryPolicy:RegistryPolicy",
    service="ecr",
    create=Call(operation="put_registry_policy"),
    id="registryId",
    read=Call(operation="get_registry_policy"),
    updates=(Call(operation="put_registry_policy"),),
    delete=Call(operation="delete_registry_policy"),
    names={"policy": "policyText"},
    gone=frozenset({"RegistryPolicyNotFoundException"}),
    example=Example(
        inputs=lambda need: {"policy": _replication("222222222222")},
        update=lambda need: {"policy": _replication("333333333333")},
    ),
)
