"""The zone of an environment, and the certificate for its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class DomainArgs:
    label: Label
    domain_name: str
    # The zone that replaces one has other name servers, which somebody delegates to by hand. Without
    # protection it also goes with the records that others put into it.
    deletion_protection: bool = True


class Domain(pulumi.ComponentResource):
    """A hosted zone, and a certificate that AWS renews as long as the zone answers for it.

    On a first `up` the certificate is issued as soon as the parent zone delegates to `name_servers`.
    The zone is made first and shows them; the `up` waits for the certificate meanwhile.
    """

    zone_id: pulumi.Output[str]
    name_servers: pulumi.Output[Sequence[str]]
    certificate_arn: pulumi.Output[str]

    def __init__(self, name: str, args: DomainArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:domain:Domain", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        zone = aws.route53.Zone(
            f"{name}-zone",
            name=args.domain_name,
            comment=f"Names of {args.label.prefix}",
            force_destroy=not args.deletion_protection,
            tags=args.label.tags("zone"),
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        certificate = aws.acm.Certificate(
            f"{name}-certificate",
            domain_name=args.domain_name,
            validation_method="DNS",
            key_algorithm="EC_prime256v1",
            tags=args.label.tags("certificate"),
            opts=child,
        )
        # One name has one record to prove it.
        proof = certificate.domain_validation_options[0]
        record = aws.route53.Record(
            f"{name}-proof",
            zone_id=zone.zone_id,
            name=proof.resource_record_name,
            type=proof.resource_record_type,
            records=[proof.resource_record_value],
            ttl=60,
            # A certificate that replaces another of the same name is proved by the same record.
            allow_overwrite=True,
            opts=child,
        )
        issued = aws.acm.CertificateValidation(
            f"{name}-issued",
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn],
            opts=child,
        )

        self.zone_id = zone.zone_id
        self.name_servers = zone.name_servers
        self.certificate_arn = issued.certificate_arn
        self.register_outputs(
            {
                "zone_id": self.zone_id,
                "name_servers": self.name_servers,
                "certificate_arn": self.certificate_arn,
            }
        )
