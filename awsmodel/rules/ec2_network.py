"""Rules of networks: VPC, subnets, gateways, routes, endpoints, flow logs."""

from awsmodel.checks import OneOf, Pattern
from awsmodel.relations import Requires
from awsmodel.rule import Rule, TypeRules
from awsmodel.rule_words import (
    arn,
    between,
    cidr,
    exactly_one_of,
    exclusive,
    matches,
    one_of,
    policy,
    said,
    together,
)

_DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
_TARGETS = (
    "carrierGatewayId",
    "coreNetworkArn",
    "egressOnlyGatewayId",
    "gatewayId",
    "localGatewayId",
    "natGatewayId",
    "networkInterfaceId",
    "transitGatewayId",
    "vpcEndpointId",
    "vpcPeeringConnectionId",
)


def _mask(path: str, least: int, most: int, source: str) -> Rule:
    """The length of a network's mask, of a size between two."""
    masks = "|".join(str(each) for each in range(least, most + 1))
    return Rule(
        path=path, check=Pattern(rf"/({masks})\Z", f"have a mask of /{least} to /{most}"), source=source
    )


VPC = TypeRules(
    of="aws:ec2/vpc:Vpc",
    source="internal/service/ec2/vpc_.go",
    rules=(
        cidr("cidrBlock"),
        _mask("cidrBlock", 16, 28, "validation.IsCIDRNetwork(16, 28)"),
        one_of("instanceTenancy", "default", "dedicated"),
        exclusive("cidrBlock", "ipv4NetmaskLength"),
        together("ipv4NetmaskLength", "ipv4IpamPoolId"),
        exclusive("assignGeneratedIpv6CidrBlock", "ipv6IpamPoolId"),
        exclusive("ipv6CidrBlock", "assignGeneratedIpv6CidrBlock"),
        exclusive("ipv6CidrBlock", "ipv6NetmaskLength"),
        together("ipv6CidrBlock", "ipv6IpamPoolId"),
        together("ipv6CidrBlockNetworkBorderGroup", "assignGeneratedIpv6CidrBlock"),
        said("ipv6NetmaskLength", OneOf((44, 48, 52, 56, 60)), "validation.IntInSlice"),
    ),
)

SUBNET = TypeRules(
    of="aws:ec2/subnet:Subnet",
    source="internal/service/ec2/vpc_subnet.go",
    rules=(
        cidr("cidrBlock"),
        _mask("cidrBlock", 16, 28, "AWS: VPC User Guide, Subnet CIDR blocks"),
        cidr("ipv6CidrBlock", 6),
        _mask("ipv6CidrBlock", 44, 64, "AWS: VPC User Guide, Subnet CIDR blocks"),
        exclusive("availabilityZone", "availabilityZoneId"),
        arn("outpostArn"),
        one_of(
            "privateDnsHostnameTypeOnLaunch", "ip-name", "resource-name", source="enum.Validate[HostnameType]"
        ),
        together("mapCustomerOwnedIpOnLaunch", "customerOwnedIpv4Pool", "outpostArn"),
    ),
)

NAT_GATEWAY = TypeRules(
    of="aws:ec2/natGateway:NatGateway",
    source="internal/service/ec2/vpc_nat_gateway.go",
    rules=(
        one_of("availabilityMode", "zonal", "regional", source="enum.Validate[AvailabilityMode]"),
        said(
            "",
            Requires("connectivityType", ("private",), forbids=("allocationId", "secondaryAllocationIds")),
            "CustomizeDiff",
        ),
        exclusive("secondaryPrivateIpAddressCount", "secondaryPrivateIpAddresses"),
        said(
            "",
            Requires(
                "availabilityMode", ("regional",), needs=("vpcId",), forbids=("subnetId", "allocationId")
            ),
            "CustomizeDiff",
        ),
        said(
            "",
            Requires("availabilityMode", ("zonal",), needs=("subnetId",), absent_as="zonal"),
            "CustomizeDiff",
        ),
    ),
)

ROUTE = TypeRules(
    of="aws:ec2/route:Route",
    source="internal/service/ec2/vpc_route.go",
    rules=(
        exactly_one_of(*_DESTINATIONS),
        exactly_one_of(*_TARGETS),
        cidr("destinationCidrBlock"),
        cidr("destinationIpv6CidrBlock", 6),
        arn("coreNetworkArn", "networkmanager"),
        exclusive("egressOnlyGatewayId", "destinationCidrBlock"),
    ),
)

ROUTE_TABLE = TypeRules(
    of="aws:ec2/routeTable:RouteTable",
    source="internal/service/ec2/vpc_route_table.go",
    rules=(cidr("routes[].cidrBlock"), cidr("routes[].ipv6CidrBlock", 6)),
)

ROUTE_TABLE_ASSOCIATION = TypeRules(
    of="aws:ec2/routeTableAssociation:RouteTableAssociation",
    source="internal/service/ec2/vpc_route_table_association.go",
    rules=(exactly_one_of("subnetId", "gatewayId"),),
)

VPC_ENDPOINT = TypeRules(
    of="aws:ec2/vpcEndpoint:VpcEndpoint",
    source="internal/service/ec2/vpc_endpoint.go",
    rules=(
        exactly_one_of(
            "serviceName", "serviceNetworkArn", "resourceConfigurationArn", source="ConflictsWith, and AWS"
        ),
        policy(source="sdkv2.IAMPolicyDocumentSchemaOptionalComputed"),
        said(
            "",
            Requires(
                "vpcEndpointType",
                ("Gateway",),
                forbids=("subnetIds", "securityGroupIds"),
                absent_as="Gateway",
            ),
            "AWS: EC2 API Reference, CreateVpcEndpoint",
        ),
        said(
            "",
            Requires("vpcEndpointType", ("Interface",), forbids=("routeTableIds",)),
            "AWS: EC2 API Reference, CreateVpcEndpoint",
        ),
    ),
)

FLOW_LOG = TypeRules(
    of="aws:ec2/flowLog:FlowLog",
    source="internal/service/ec2/vpc_flow_log.go",
    rules=(
        exactly_one_of(
            "eniId",
            "regionalNatGatewayId",
            "subnetId",
            "vpcId",
            "transitGatewayId",
            "transitGatewayAttachmentId",
        ),
        arn("deliverCrossAccountRole", "iam"),
        arn("iamRoleArn", "iam"),
        arn("logDestination"),
        said("maxAggregationInterval", OneOf((60, 600)), "validation.IntInSlice"),
        said(
            "",
            Requires("vpcId", needs=("trafficType",)),
            "AWS: EC2 API Reference, CreateFlowLogs",
        ),
    ),
)

EIP = TypeRules(
    of="aws:ec2/eip:Eip",
    source="internal/service/ec2/ec2_eip.go",
    rules=(
        exclusive("instance", "networkInterface"),
        said(
            "",
            Requires("associateWithPrivateIp", needs=("networkInterface|instance",)),
            "associate_with_private_ip",
        ),
    ),
)

DHCP_OPTIONS = TypeRules(
    of="aws:ec2/vpcDhcpOptions:VpcDhcpOptions",
    source="internal/service/ec2/vpc_dhcp_options.go",
    rules=(
        matches(
            "netbiosNodeType", r"\A[1248]\Z", "be 1, 2, 4 or 8", "AWS: EC2 API Reference, CreateDhcpOptions"
        ),
        between(
            "ipv6AddressPreferredLeaseTime", 140, 2147483647, "AWS: EC2 API Reference, CreateDhcpOptions"
        ),
    ),
)

METADATA_DEFAULTS = TypeRules(
    of="aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
    source="internal/service/ec2/ec2_instance_metadata_defaults.go",
    rules=(
        said("httpPutResponseHopLimit", OneOf((-1, *range(1, 65))), "int32validator.Any(-1, Between(1, 64))"),
    ),
)
