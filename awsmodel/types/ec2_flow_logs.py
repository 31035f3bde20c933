"""Flow logs: what is recorded of the traffic of a VPC, a subnet or an interface."""

from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, Params, ResourceType
from awsmodel.types.ec2_network import ec2_arn, ec2_tags

# property → what the API calls that kind of resource, and how the ids of the kind begin
_WATCHED = {
    "vpcId": ("VPC", "vpc-"),
    "subnetId": ("Subnet", "subnet-"),
    "eniId": ("NetworkInterface", "eni-"),
}


def _watched(known: Properties) -> Params:
    return {
        member: value
        for name, (kind, _) in _WATCHED.items()
        if known.get(name)
        for member, value in (("ResourceType", kind), ("ResourceIds", [known[name]]))
    }


def _shown(item: Any) -> Properties:
    return {
        name: item["ResourceId"]
        for name, (_, prefix) in _WATCHED.items()
        if item["ResourceId"].startswith(prefix)
    }


FLOW_LOG = ResourceType(
    token="aws:ec2/flowLog:FlowLog",
    service="ec2",
    create=Call(
        operation="create_flow_logs",
        properties=frozenset(
            {
                *_WATCHED,
                "destinationOptions",
                "iamRoleArn",
                "logDestination",
                "logDestinationType",
                "logFormat",
                "maxAggregationInterval",
                "trafficType",
            }
        ),
        build=_watched,
    ),
    id="FlowLogIds[0]",
    read=Call(
        operation="describe_flow_logs",
        identify={"FlowLogIds": "id"},
        result="FlowLogs[0]",
        decode=_shown,
    ),
    delete=Call(operation="delete_flow_logs", identify={"FlowLogIds": "id"}),
    list=Call(operation="describe_flow_logs", result="FlowLogs[].FlowLogId"),
    names={"iamRoleArn": "DeliverLogsPermissionArn"},
    defaults={"logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600},
    tags=ec2_tags("vpc-flow-log"),
    derive=ec2_arn("vpc-flow-log"),
    gone=frozenset({"InvalidFlowLogId.NotFound"}),
    example=Example(
        inputs=lambda need: {
            "vpcId": need("aws:ec2/vpc:Vpc", "id"),
            "trafficType": "ALL",
            "iamRoleArn": "arn:aws:iam::111111111111:role/flow-logs",
            "logDestination": "arn:aws:logs:eu-west-1:111111111111:log-group:flow-logs",
            "maxAggregationInterval": 60,
        },
        update=lambda need: {"tags": {"Name": "changed"}},
        replace=lambda need: {"trafficType": "REJECT"},
    ),
)
