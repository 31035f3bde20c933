"""DHCP options: which name and time servers a VPC hands out."""

from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, Params, ResourceType
from awsmodel.types.ec2_network import ec2_arn, ec2_tags

_TEXTS = {"domainName": "domain-name", "netbiosNodeType": "netbios-node-type"}
_LISTS = {
    "domainNameServers": "domain-name-servers",
    "netbiosNameServers": "netbios-name-servers",
    "ntpServers": "ntp-servers",
}


def _configurations(known: Properties) -> Params:
    given = {_TEXTS[name]: [known[name]] for name in _TEXTS if known.get(name)} | {
        _LISTS[name]: known[name] for name in _LISTS if known.get(name)
    }
    return {"DhcpConfigurations": [{"Key": key, "Values": values} for key, values in given.items()]}


def _shown(item: Any) -> Properties:
    values = {
        entry["Key"]: [value["Value"] for value in entry["Values"]] for entry in item["DhcpConfigurations"]
    }
    return {name: values[key][0] for name, key in _TEXTS.items() if key in values} | {
        name: values[key] for name, key in _LISTS.items() if key in values
    }


VPC_DHCP_OPTIONS = ResourceType(
    token="aws:ec2/vpcDhcpOptions:VpcDhcpOptions",
    service="ec2",
    create=Call(
        operation="create_dhcp_options",
        properties=frozenset({*_TEXTS, *_LISTS}),
        build=_configurations,
    ),
    id="DhcpOptions.DhcpOptionsId",
    read=Call(
        operation="describe_dhcp_options",
        identify={"DhcpOptionsIds": "id"},
        result="DhcpOptions[0]",
        decode=_shown,
    ),
    delete=Call(operation="delete_dhcp_options", identify={"DhcpOptionsId": "id"}),
    list=Call(operation="describe_dhcp_options", result="DhcpOptions[].DhcpOptionsId"),
    tags=ec2_tags("dhcp-options"),
    derive=ec2_arn("dhcp-options"),
    gone=frozenset({"InvalidDhcpOptionsID.NotFound", "InvalidDhcpOptionID.NotFound"}),
    busy=frozenset({"DependencyViolation"}),
    example=Example(
        inputs=lambda need: {
            "domainName": "example.internal",
            "domainNameServers": ["AmazonProvidedDNS"],
            "ntpServers": ["169.254.169.123"],
        },
        update=lambda need: {"tags": {"Name": "changed"}},
        replace=lambda need: {"domainName": "changed.internal"},
    ),
)


def _pair(physical_id: str) -> Properties:
    options_id, _, vpc_id = physical_id.rpartition("-vpc-")
    return {"dhcpOptionsId": options_id, "vpcId": f"vpc-{vpc_id}"} if options_id else {"vpcId": physical_id}


VPC_DHCP_OPTIONS_ASSOCIATION = ResourceType(
    token="aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation",
    service="ec2",
    create=Call(operation="associate_dhcp_options"),
    id="{dhcpOptionsId}-{vpcId}",
    parse_id=_pair,
    read=Call(
        operation="describe_vpcs",
        identify={"VpcIds": "vpcId"},
        result="Vpcs[?DhcpOptionsId!='default'] | [0]",
    ),
    updates=(Call(operation="associate_dhcp_options", identify={"VpcId": "vpcId"}),),
    # a VPC always has options; those of the account's default set are what it began with
    delete=Call(
        operation="associate_dhcp_options",
        identify={"VpcId": "vpcId"},
        fixed={"DhcpOptionsId": "default"},
    ),
    list=None,
    derive=lambda known, _: {"id": f"{known['dhcpOptionsId']}-{known['vpcId']}"},
    gone=frozenset({"InvalidVpcID.NotFound"}),
    example=Example(
        inputs=lambda need: {
            "vpcId": need("aws:ec2/vpc:Vpc", "id"),
            "dhcpOptionsId": need("aws:ec2/vpcDhcpOptions:VpcDhcpOptions", "id"),
        },
        replace=lambda need: {"vpcId": "vpc-0123456789abcdef0"},
    ),
)
