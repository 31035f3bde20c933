"""Who may use a DynamoDB table."""

from awsmodel.resource import Call, Example, ResourceType


def _policy(action: str) -> str:
    return (
        f'{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Principal":"*","Action":"dynamodb:{action}",'
        '"Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}'
    )


RESOURCE_POLICY = ResourceType(
    token="aws:dynamodb/resourcePolicy:ResourcePolicy",
    service="dynamodb",
    create=Call(operation="put_resource_policy"),
    id="{resourceArn}",
    parse_id=lambda physical_id: {"resourceArn": physical_id},
    read=Call(operation="get_resource_policy", identify={"ResourceArn": "id"}),
    updates=(Call(operation="put_resource_policy", identify={"ResourceArn": "id"}, whole=True),),
    delete=Call(operation="delete_resource_policy", identify={"ResourceArn": "id"}),
    unreadable={"confirmRemoveSelfResourceAccess": "a switch of the call that sets the policy"},
    gone=frozenset({"PolicyNotFoundException", "ResourceNotFoundException"}),
    busy=frozenset({"ResourceInUseException"}),
    example=Example(
        inputs=lambda need: {
            "resourceArn": need("aws:dynamodb/table:Table", "arn"),
            "policy": _policy("DeleteItem"),
        },
        update=lambda need: {"policy": _policy("PutItem")},
        replace=lambda need: {"resourceArn": need("aws:dynamodb/table:Table", "arn", name="example-two")},
    ),
)
