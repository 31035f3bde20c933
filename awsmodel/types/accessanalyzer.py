"""IAM Access Analyzer: who from outside an account can reach into it, and what nobody uses."""

from awsmodel.resource import AutoName, Call, Example, ResourceType, Tags

ANALYZER = ResourceType(
    token="aws:accessanalyzer/analyzer:Analyzer",
    service="accessanalyzer",
    create=Call(operation="create_analyzer"),
    id="{analyzerName}",
    parse_id=lambda physical_id: {"analyzerName": physical_id},
    read=Call(operation="get_analyzer", identify={"analyzerName": "id"}, result="analyzer"),
    delete=Call(operation="delete_analyzer", identify={"analyzerName": "id"}),
    list=Call(operation="list_analyzers", result="analyzers[].name"),
    defaults={"type": "ACCOUNT"},
    auto_name=AutoName(property="analyzerName", limit=255),
    tags=Tags(
        tag="tag_resource",
        untag="untag_resource",
        target="resourceArn",
        untag_keys="tagKeys",
        read="list_tags_for_resource",
    ),
    gone=frozenset({"ResourceNotFoundException"}),
    example=Example(
        inputs=lambda need: {
            "analyzerName": "example",
            "type": "ACCOUNT_UNUSED_ACCESS",
            "configuration": {
                "unusedAccess": {
                    "unusedAccessAge": 90,
                    "analysisRule": {"exclusions": [{"resourceTags": [{"Break-glass": "true"}]}]},
                }
            },
            "tags": {"Service": "example"},
        },
        update=lambda need: {"tags": {"Service": "other", "Owner": "platform"}},
        replace=lambda need: {"configuration": {"unusedAccess": {"unusedAccessAge": 30}}},
    ),
)
