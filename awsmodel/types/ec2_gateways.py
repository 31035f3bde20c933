"""Internet gateways, elastic addresses and NAT gateways: the ways out of a VPC."""

from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, Params, ResourceType, Scope
from awsmodel.types.ec2_network import ec2_arn, ec2_tags


def _attached_to(item: Any) -> Properties:
    attachments = item.get("Attachments")
    return {"vpcId": attachments[0]["VpcId"]} if attachments else {}


def _detach(client: Any, known: Properties) -> None:
    found = client.describe_internet_gateways(InternetGatewayIds=[known["id"]])
    for attachment in found["InternetGateways"][0]["Attachments"]:
        client.detach_internet_gateway(InternetGatewayId=known["id"], VpcId=attachment["VpcId"])


def _detached(known: Properties) -> Params | None:
    vpc_id = known["live"].get("vpcId")
    return {"VpcId": vpc_id} if vpc_id else None


INTERNET_GATEWAY = ResourceType(
    token="aws:ec2/internetGateway:InternetGateway",
    service="ec2",
    create=Call(operation="create_internet_gateway"),
    id="InternetGateway.InternetGatewayId",
    read=Call(
        operation="describe_internet_gateways",
        identify={"InternetGatewayIds": "id"},
        result="InternetGateways[0]",
        decode=_attached_to,
    ),
    updates=(
        Call(
            operation="detach_internet_gateway",
            identify={"InternetGatewayId": "id"},
            properties=frozenset({"vpcId"}),
            build=_detached,
        ),
        Call(
            operation="attach_internet_gateway",
            identify={"InternetGatewayId": "id"},
            properties=frozenset({"vpcId"}),
            build=lambda known: {} if known.get("vpcId") else None,
        ),
    ),
    delete=Call(operation="delete_internet_gateway", identify={"InternetGatewayId": "id"}, before=_detach),
    list=Call(operation="describe_internet_gateways", result="InternetGateways[].InternetGatewayId"),
    tags=ec2_tags("internet-gateway"),
    derive=ec2_arn("internet-gateway"),
    gone=frozenset({"InvalidInternetGatewayID.NotFound"}),
    # addresses of the VPC that are still mapped keep the gateway attached
    busy=frozenset({"DependencyViolation"}),
    example=Example(
        inputs=lambda need: {"vpcId": need("aws:ec2/vpc:Vpc", "id"), "tags": {"Name": "example"}},
        update=lambda need: {"vpcId": None, "tags": {"Name": "changed"}},
    ),
)

EGRESS_ONLY_INTERNET_GATEWAY = ResourceType(
    token="aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
    service="ec2",
    create=Call(operation="create_egress_only_internet_gateway"),
    id="EgressOnlyInternetGateway.EgressOnlyInternetGatewayId",
    read=Call(
        operation="describe_egress_only_internet_gateways",
        identify={"EgressOnlyInternetGatewayIds": "id"},
        result="EgressOnlyInternetGateways[0]",
        decode=_attached_to,
    ),
    delete=Call(
        operation="delete_egress_only_internet_gateway", identify={"EgressOnlyInternetGatewayId": "id"}
    ),
    list=Call(
        operation="describe_egress_only_internet_gateways",
        result="EgressOnlyInternetGateways[].EgressOnlyInternetGatewayId",
    ),
    tags=ec2_tags("egress-only-internet-gateway"),
    gone=frozenset({"InvalidGatewayID.NotFound"}),
    example=Example(
        inputs=lambda need: {"vpcId": need("aws:ec2/vpc:Vpc", "id")},
        update=lambda need: {"tags": {"Name": "changed"}},
        replace=lambda need: {"vpcId": "vpc-0123456789abcdef0"},
    ),
)

_ASSOCIATION = {"instance": "InstanceId", "networkInterface": "NetworkInterfaceId"}


def _shown_association(item: Any) -> Properties:
    return {name: item.get(member) or None for name, member in _ASSOCIATION.items()}


def _associated(known: Properties) -> Params | None:
    # an address of an instance shows the instance's interface too; only what is to change is asked for
    wanted = {
        member: known[name]
        for name, member in _ASSOCIATION.items()
        if known.get(name) and known[name] != known["live"].get(name)
    }
    return wanted or None


def _disassociated(known: Properties) -> Params | None:
    association_id = known["live"].get("associationId")
    return {"AssociationId": association_id} if association_id else None


def _disassociate(client: Any, known: Properties) -> None:
    for address in client.describe_addresses(AllocationIds=[known["id"]])["Addresses"]:
        if address.get("AssociationId"):
            client.disassociate_address(AssociationId=address["AssociationId"])


def _address_names(known: Properties, scope: Scope) -> Properties:
    """The host names that AWS's resolver gives to an address; the oldest region has names of its own."""
    public = known["publicIp"].replace(".", "-")
    private = (known.get("privateIp") or "").replace(".", "-")
    is_oldest = scope.region == "us-east-1"
    public_zone = "compute-1" if is_oldest else f"{scope.region}.compute"
    private_zone = "ec2.internal" if is_oldest else f"{scope.region}.compute.internal"
    return ec2_arn("elastic-ip")(known, scope) | {
        "publicDns": f"ec2-{public}.{public_zone}.amazonaws.com",
        "privateDns": f"ip-{private}.{private_zone}" if private else None,
    }


EIP = ResourceType(
    token="aws:ec2/eip:Eip",
    service="ec2",
    create=Call(operation="allocate_address", properties=frozenset({"domain", "networkBorderGroup"})),
    id="AllocationId",
    read=Call(
        operation="describe_addresses",
        identify={"AllocationIds": "id"},
        result="Addresses[0]",
        decode=_shown_association,
    ),
    updates=(
        Call(
            operation="disassociate_address",
            properties=frozenset(_ASSOCIATION),
            build=_disassociated,
        ),
        Call(
            operation="associate_address",
            identify={"AllocationId": "id"},
            properties=frozenset(_ASSOCIATION),
            build=_associated,
        ),
    ),
    delete=Call(operation="release_address", identify={"AllocationId": "id"}, before=_disassociate),
    list=Call(operation="describe_addresses", result="Addresses[?AllocationId].AllocationId"),
    names={"privateIp": "PrivateIpAddress"},
    tags=ec2_tags("elastic-ip"),
    derive=_address_names,
    gone=frozenset({"InvalidAllocationID.NotFound"}),
    # a NAT gateway that is being deleted still holds its address
    busy=frozenset({"InvalidIPAddress.InUse", "AuthFailure"}),
    example=Example(
        inputs=lambda need: {"domain": "vpc", "tags": {"Name": "example"}},
        update=lambda need: {
            "networkInterface": need("aws:ec2/vpcEndpoint:VpcEndpoint", "networkInterfaceIds")[0]
        },
        replace=lambda need: {"networkBorderGroup": "eu-west-1-lhr-1"},
    ),
)


def _primary_address(item: Any) -> Properties:
    addresses = item.get("NatGatewayAddresses") or [{}]
    primary = next((address for address in addresses if address.get("IsPrimary")), addresses[0])
    return {
        "allocationId": primary.get("AllocationId"),
        "associationId": primary.get("AssociationId"),
        "networkInterfaceId": primary.get("NetworkInterfaceId"),
        "privateIp": primary.get("PrivateIp"),
        "publicIp": primary.get("PublicIp"),
    }


NAT_GATEWAY = ResourceType(
    token="aws:ec2/natGateway:NatGateway",
    service="ec2",
    create=Call(
        operation="create_nat_gateway",
        properties=frozenset({"subnetId", "allocationId", "connectivityType"}),
    ),
    id="NatGateway.NatGatewayId",
    read=Call(
        operation="describe_nat_gateways",
        identify={"NatGatewayIds": "id"},
        result="NatGateways[0]",
        decode=_primary_address,
    ),
    delete=Call(operation="delete_nat_gateway", identify={"NatGatewayId": "id"}),
    list=Call(operation="describe_nat_gateways", result="NatGateways[?State!='deleted'].NatGatewayId"),
    defaults={"connectivityType": "public"},
    tags=ec2_tags("natgateway"),
    gone=frozenset({"NatGatewayNotFound", "InvalidNatGatewayID.NotFound"}),
    gone_when="State=='deleted'",
    ready="State=='available'",
    failed="State=='failed' && FailureMessage",
    example=Example(
        inputs=lambda need: {
            "subnetId": need("aws:ec2/subnet:Subnet", "id"),
            "allocationId": need("aws:ec2/eip:Eip", "id"),
            "tags": {"Name": "example"},
        },
        update=lambda need: {"tags": {"Name": "changed"}},
        replace=lambda need: {"connectivityType": "private", "allocationId": None},
    ),
)
