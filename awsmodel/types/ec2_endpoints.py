"""VPC endpoints: ways to AWS services that stay inside of AWS."""

from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, Params, ResourceType
from awsmodel.types.ec2_network import ec2_arn, ec2_tags

# property → the members that add to it and take from it
_SETS = {
    "routeTableIds": ("AddRouteTableIds", "RemoveRouteTableIds"),
    "subnetIds": ("AddSubnetIds", "RemoveSubnetIds"),
    "securityGroupIds": ("AddSecurityGroupIds", "RemoveSecurityGroupIds"),
}
_OPTIONS = frozenset({"privateDnsEnabled", "ipAddressType", "dnsOptions"})


def _shown(endpoint: Any) -> Properties:
    return {"securityGroupIds": [group["GroupId"] for group in endpoint["Groups"]]}


def _exchanged(known: Properties) -> Params | None:
    members: Params = {}
    for name, (add, remove) in _SETS.items():
        wanted, live = set(known.get(name) or ()), set(known["live"].get(name) or ())
        members |= {add: sorted(wanted - live)} if wanted - live else {}
        members |= {remove: sorted(live - wanted)} if live - wanted else {}
    return members or None


def _prefix_list(found: Any) -> Properties:
    """Only the services of gateway endpoints have a list of their addresses."""
    return {"prefixListId": found["PrefixListId"], "cidrBlocks": found.get("Cidrs") or []} if found else {}


VPC_ENDPOINT = ResourceType(
    token="aws:ec2/vpcEndpoint:VpcEndpoint",
    service="ec2",
    create=Call(
        operation="create_vpc_endpoint",
        properties=frozenset({*_SETS, *_OPTIONS, "policy", "serviceName", "vpcEndpointType", "vpcId"}),
    ),
    id="VpcEndpoint.VpcEndpointId",
    read=Call(
        operation="describe_vpc_endpoints",
        identify={"VpcEndpointIds": "id"},
        result="VpcEndpoints[0]",
        decode=_shown,
    ),
    more_reads=(
        Call(
            operation="describe_prefix_lists",
            build=lambda known: {"Filters": [{"Name": "prefix-list-name", "Values": [known["serviceName"]]}]},
            result="PrefixLists[0]",
            decode=_prefix_list,
        ),
    ),
    updates=(
        Call(
            operation="modify_vpc_endpoint",
            identify={"VpcEndpointId": "id"},
            properties=frozenset(_SETS),
            build=_exchanged,
        ),
        Call(
            operation="modify_vpc_endpoint",
            identify={"VpcEndpointId": "id"},
            properties=_OPTIONS,
        ),
        Call(
            operation="modify_vpc_endpoint",
            identify={"VpcEndpointId": "id"},
            properties=frozenset({"policy"}),
            whole=True,
            build=lambda known: {} if known.get("policy") else {"ResetPolicy": True},
        ),
    ),
    delete=Call(operation="delete_vpc_endpoints", identify={"VpcEndpointIds": "id"}),
    list=Call(operation="describe_vpc_endpoints", result="VpcEndpoints[].VpcEndpointId"),
    names={"policy": "PolicyDocument"},
    defaults={"vpcEndpointType": "Gateway"},
    tags=ec2_tags("vpc-endpoint"),
    derive=ec2_arn("vpc-endpoint"),
    gone=frozenset({"InvalidVpcEndpointId.NotFound", "InvalidVpcEndpoint.NotFound"}),
    gone_when="State=='deleted'",
    # an endpoint of somebody else's service waits for its owner
    ready="State=='available' || State=='pendingAcceptance'",
    failed="State=='failed' && (LastError.Message || 'AWS does not say why')",
    example=Example(
        inputs=lambda need: {
            "vpcId": need("aws:ec2/vpc:Vpc", "id"),
            "serviceName": "com.amazonaws.eu-west-1.ecr.api",
            "vpcEndpointType": "Interface",
            "subnetIds": [need("aws:ec2/subnet:Subnet", "id")],
            "securityGroupIds": [need("aws:ec2/securityGroup:SecurityGroup", "id")],
            "privateDnsEnabled": True,
        },
        update=lambda need: {
            "policy": '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*",'
            '"Action":"*","Resource":"*"}]}',
            "privateDnsEnabled": False,
            "securityGroupIds": [need("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "id")],
        },
        replace=lambda need: {"serviceName": "com.amazonaws.eu-west-1.ecr.dkr"},
    ),
)
