"""What an update touches, and what it leaves alone."""

from __future__ import annotations

from awsmodel.catalogue import resource_type
from awsmodel.clients import Clients
from awsmodel.lifecycle import Lifecycle, Patience


def test_an_update_leaves_alone_what_somebody_else_changed_since(clients: Clients) -> None:
    lifecycle = Lifecycle(resource_type("aws:ec2/vpc:Vpc"), clients)
    old = {"cidrBlock": "10.9.0.0/16", "enableDnsSupport": True, "enableDnsHostnames": False, "tagsAll": {}}
    physical_id, state = lifecycle.create(old, Patience.of(30))
    clients.get("ec2").modify_vpc_attribute(VpcId=physical_id, EnableDnsHostnames={"Value": True})
    new = {**old, "tags": {"Owner": "platform"}, "tagsAll": {"Owner": "platform"}}
    updated = lifecycle.update(physical_id, old, new, state, Patience.of(30))
    assert updated["enableDnsHostnames"] is True
    assert updated["tags"] == {"Owner": "platform"}
    lifecycle.delete(physical_id, updated, Patience.of(30))
