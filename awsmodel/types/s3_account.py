"""What holds for all buckets of an account."""

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, Params, ResourceType
from awsmodel.types.s3_protection import PUBLIC_ACCESS_BLOCK


def _account(known: Properties) -> Params:
    return {"AccountId": known.get("accountId") or known["account_id"]}


ACCOUNT_PUBLIC_ACCESS_BLOCK = ResourceType(
    token="aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
    service="s3control",
    create=Call(operation="put_public_access_block", build=_account),
    id=lambda known: known.get("accountId") or known["account_id"],
    parse_id=lambda physical_id: {"accountId": physical_id},
    read=Call(operation="get_public_access_block", build=_account),
    updates=(Call(operation="put_public_access_block", build=_account, whole=True),),
    delete=Call(operation="delete_public_access_block", build=_account),
    list=Call(
        operation="get_public_access_block",
        identify={"AccountId": "account_id"},
        result="['{account_id}']",
        unless=frozenset({"NoSuchPublicAccessBlockConfiguration"}),
    ),
    names=PUBLIC_ACCESS_BLOCK.names,
    defaults=PUBLIC_ACCESS_BLOCK.defaults,
    replace_on=frozenset({"accountId"}),
    gone=frozenset({"NoSuchPublicAccessBlockConfiguration"}),
    example=Example(
        inputs=lambda need: {"blockPublicAcls": True, "blockPublicPolicy": True},
        update=lambda need: {"blockPublicAcls": False, "restrictPublicBuckets": True},
        replace=lambda need: {"accountId": "222222222222"},
    ),
)
