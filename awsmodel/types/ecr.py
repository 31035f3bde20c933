"""ECR: repositories, what they keep, and who may use them."""

from awsmodel.resource import AutoName, Call, Example, ResourceType, Tags

_REPOSITORY = {"repositoryName": "id"}
_IS_GONE = frozenset({"RepositoryNotFoundException"})

REPOSITORY = ResourceType(
    token="aws:ecr/repository:Repository",
    service="ecr",
    create=Call(operation="create_repository"),
    id="{name}",
    read=Call(
        operation="describe_repositories", identify={"repositoryNames": "id"}, result="repositories[0]"
    ),
    updates=(
        Call(operation="put_image_scanning_configuration", identify=_REPOSITORY),
        Call(operation="put_image_tag_mutability", identify=_REPOSITORY, whole=True),
    ),
    delete=Call(
        operation="delete_repository",
        identify=_REPOSITORY,
        build=lambda known: {"force": bool(known.get("forceDelete"))},
    ),
    list=Call(operation="describe_repositories", result="repositories[].repositoryName"),
    names={
        "arn": "repositoryArn",
        "encryptionConfigurations": "encryptionConfiguration",
        "name": "repositoryName",
        "repositoryUrl": "repositoryUri",
    },
    defaults={"forceDelete": False, "imageTagMutability": "MUTABLE"},
    auto_name=AutoName(limit=256, lowercase=True),
    tags=Tags(
        tag="tag_resource",
        untag="untag_resource",
        target="resourceArn",
        untag_keys="tagKeys",
        read="list_tags_for_resource",
    ),
    unreadable={"forceDelete": "a switch of the delete; AWS does not know it"},
    gone=_IS_GONE,
    example=Example(
        inputs=lambda need: {
            "name": "example/one",
            "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": True},
            "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": need("aws:kms/key:Key", "arn")}],
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
            "imageTagMutabilityExclusionFilters": [{"filter": "dev-*", "filterType": "WILDCARD"}],
            "imageScanningConfiguration": {"scanOnPush": False},
            "forceDelete": True,
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {
            "name": "example/other",
            "encryptionConfigurations": [{"encryptionType": "AES256"}],
        },
    ),
)


def _lifecycle(kept: int) -> str:
    return (
        '{"rules":[{"rulePriority":1,"description":"keep the newest","selection":{"tagStatus":"any",'
        f'"countType":"imageCountMoreThan","countNumber":{kept}}},"action":{{"type":"expire"}}}}]}}'
    )


LIFECYCLE_POLICY = ResourceType(
    token="aws:ecr/lifecyclePolicy:LifecyclePolicy",
    service="ecr",
    create=Call(operation="put_lifecycle_policy"),
    id="{repository}",
    read=Call(operation="get_lifecycle_policy", identify=_REPOSITORY),
    updates=(Call(operation="put_lifecycle_policy", identify=_REPOSITORY),),
    delete=Call(operation="delete_lifecycle_policy", identify=_REPOSITORY),
    parse_id=lambda physical_id: {"repository": physical_id},
    names={"policy": "lifecyclePolicyText", "repository": "repositoryName"},
    gone=_IS_GONE | {"LifecyclePolicyNotFoundException"},
    example=Example(
        inputs=lambda need: {
            "repository": need("aws:ecr/repository:Repository", "id"),
            "policy": _lifecycle(30),
        },
        update=lambda need: {"policy": _lifecycle(10)},
        replace=lambda need: {"repository": "example/other"},
    ),
)


def _pull(action: str) -> str:
    return (
        '{"Version":"2012-10-17","Statement":[{"Sid":"Pull","Effect":"Allow",'
        f'"Principal":{{"AWS":"arn:aws:iam::222222222222:root"}},"Action":"ecr:{action}"}}]}}'
    )


REPOSITORY_POLICY = ResourceType(
    token="aws:ecr/repositoryPolicy:RepositoryPolicy",
    service="ecr",
    create=Call(operation="set_repository_policy"),
    id="{repository}",
    read=Call(operation="get_repository_policy", identify=_REPOSITORY),
    updates=(Call(operation="set_repository_policy", identify=_REPOSITORY),),
    delete=Call(operation="delete_repository_policy", identify=_REPOSITORY),
    parse_id=lambda physical_id: {"repository": physical_id},
    names={"policy": "policyText", "repository": "repositoryName"},
    gone=_IS_GONE | {"RepositoryPolicyNotFoundException"},
    example=Example(
        inputs=lambda need: {
            "repository": need("aws:ecr/repository:Repository", "id"),
            "policy": _pull("BatchGetImage"),
        },
        update=lambda need: {"policy": _pull("GetDownloadUrlForLayer")},
        replace=lambda need: {"repository": "example/other"},
    ),
)
