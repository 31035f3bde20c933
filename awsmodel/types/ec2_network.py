"""VPCs and subnets: the network itself."""

from collections.abc import Callable

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, ResourceType, Scope, Tags


def ec2_tags(specification: str) -> Tags:
    """EC2 tags every kind of resource by its id."""
    return Tags(
        tag="create_tags",
        untag="delete_tags",
        target="Resources",
        by="id",
        untag_keys="Tags",
        specification=specification,
    )


def ec2_arn(kind: str) -> Callable[[Properties, Scope], Properties]:
    """What gives the ARN of an EC2 resource of this kind; most of EC2's descriptions leave it out."""
    return lambda known, scope: {
        "arn": f"arn:{scope.partition}:ec2:{scope.region}:{scope.account_id}:{kind}/{known['id']}"
    }


def _attribute(name: str) -> Call:
    """EC2 changes one attribute a call."""
    return Call(operation="modify_vpc_attribute", identify={"VpcId": "id"}, properties=frozenset({name}))


def _read_attribute(name: str) -> Call:
    return Call(operation="describe_vpc_attribute", identify={"VpcId": "id"}, fixed={"Attribute": name})


VPC = ResourceType(
    token="aws:ec2/vpc:Vpc",
    service="ec2",
    create=Call(operation="create_vpc"),
    id="Vpc.VpcId",
    read=Call(operation="describe_vpcs", identify={"VpcIds": "id"}, result="Vpcs[0]"),
    more_reads=(
        _read_attribute("enableDnsSupport"),
        _read_attribute("enableDnsHostnames"),
    ),
    updates=(
        _attribute("enableDnsSupport"),
        _attribute("enableDnsHostnames"),
    ),
    delete=Call(operation="delete_vpc", identify={"VpcId": "id"}),
    list=Call(operation="describe_vpcs", result="Vpcs[].VpcId"),
    defaults={"instanceTenancy": "default", "enableDnsSupport": True, "enableDnsHostnames": False},
    tags=ec2_tags("vpc"),
    derive=ec2_arn("vpc"),
    gone=frozenset({"InvalidVpcID.NotFound"}),
    busy=frozenset({"DependencyViolation"}),
    example=Example(
        inputs=lambda need: {
            "cidrBlock": "10.0.0.0/16",
            "enableDnsHostnames": True,
            "tags": {"Name": "example"},
        },
        update=lambda need: {"enableDnsHostnames": False, "tags": {"Name": "changed", "Owner": "platform"}},
        replace=lambda need: {"cidrBlock": "10.1.0.0/16"},
    ),
)

SUBNET = ResourceType(
    token="aws:ec2/subnet:Subnet",
    service="ec2",
    create=Call(operation="create_subnet"),
    id="Subnet.SubnetId",
    read=Call(operation="describe_subnets", identify={"SubnetIds": "id"}, result="Subnets[0]"),
    updates=(
        Call(
            operation="modify_subnet_attribute",
            identify={"SubnetId": "id"},
            properties=frozenset({"mapPublicIpOnLaunch"}),
        ),
    ),
    delete=Call(operation="delete_subnet", identify={"SubnetId": "id"}),
    list=Call(operation="describe_subnets", result="Subnets[].SubnetId"),
    names={"arn": "SubnetArn"},
    defaults={"mapPublicIpOnLaunch": False},
    tags=ec2_tags("subnet"),
    gone=frozenset({"InvalidSubnetID.NotFound"}),
    busy=frozenset({"DependencyViolation"}),
    example=Example(
        inputs=lambda need: {
            "vpcId": need("aws:ec2/vpc:Vpc", "id"),
            "cidrBlock": "10.0.1.0/24",
            "availabilityZone": "eu-west-1a",
        },
        update=lambda need: {"mapPublicIpOnLaunch": True, "tags": {"Tier": "public"}},
        replace=lambda need: {"cidrBlock": "10.0.2.0/24"},
    ),
)
