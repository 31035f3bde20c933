"""A check of the domain: whether those who ask for it are sent to the zone of the stack."""

from __future__ import annotations

from collections.abc import Callable

from scripts.checks import dns
from scripts.checks.finding import Check, Finding, Patient, unknown, well, wrong


def domain(
    patient: Patient, ask: Callable[[str, list[tuple[str, int]]], set[str]] = dns.name_servers
) -> Finding:
    name = patient.place.config.domain
    own = _zone_servers(patient, name)
    if not own:
        return well(f"{name} has no zone yet: the first up makes it, and then it is to be delegated")
    if not patient.shell.is_aws:
        return well(f"{name} has a zone; it is not AWS's, and no public name leads there")
    try:
        public = ask(name, dns.resolvers())
    except dns.NoAnswerError as error:
        return unknown(f"no resolver answered who serves {name}: {error}", f"dig NS {name}")
    if public != own:
        found = ", ".join(sorted(public)) or "nobody"
        return wrong(
            f"{name} is delegated to {found}",
            f"in the zone above it, set NS of {name} to {', '.join(sorted(own))}",
        )
    return well(f"{name} is delegated to the stack's zone")


def _zone_servers(patient: Patient, name: str) -> set[str]:
    route53 = patient.shell.client("route53")
    for zone in route53.list_hosted_zones_by_name(DNSName=name)["HostedZones"]:
        if zone["Name"] == f"{name}." and not zone["Config"].get("PrivateZone"):
            servers = route53.get_hosted_zone(Id=zone["Id"])["DelegationSet"]["NameServers"]
            return {server.rstrip(".").lower() for server in servers}
    return set()


CHECKS = (Check(name="domain", look=domain),)
