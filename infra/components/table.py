"""A table of records that are written once, looked up by key, and forgotten in time."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.iam import Allow
from infra.naming import Label

PARTITION_KEY = "pk"
SORT_KEY = "sk"
# Holds the second, since 1970, after which DynamoDB deletes a record.
EXPIRY = "expires_at"
# The most that AWS keeps.
_RECOVERY_DAYS = 35


@dataclass(frozen=True, kw_only=True)
class TableArgs:
    label: Label
    role: str  # what it holds: "releases"
    key_arn: pulumi.Input[str]
    # Paid by the request; a caller that runs away stops here.
    max_reads_per_second: int = 100
    max_writes_per_second: int = 100
    # False lets the table go with its stack, and with it what it holds.
    deletion_protection: bool = True


class Table(pulumi.ComponentResource):
    """A DynamoDB table under a key of ours, that can be brought back to any second of the last 35 days."""

    arn: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(self, name: str, args: TableArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:table:Table", name, None, opts)
        self._key_arn = args.key_arn
        table = aws.dynamodb.Table(
            f"{name}-table",
            name=args.label.name(args.role, limit=255),
            billing_mode="PAY_PER_REQUEST",
            on_demand_throughput=aws.dynamodb.TableOnDemandThroughputArgs(
                max_read_request_units=args.max_reads_per_second,
                max_write_request_units=args.max_writes_per_second,
            ),
            hash_key=PARTITION_KEY,
            range_key=SORT_KEY,
            attributes=[
                aws.dynamodb.TableAttributeArgs(name=key, type="S") for key in (PARTITION_KEY, SORT_KEY)
            ],
            ttl=aws.dynamodb.TableTtlArgs(attribute_name=EXPIRY, enabled=True),
            server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(
                enabled=True, kms_key_arn=args.key_arn
            ),
            point_in_time_recovery=aws.dynamodb.TablePointInTimeRecoveryArgs(
                enabled=True, recovery_period_in_days=_RECOVERY_DAYS
            ),
            deletion_protection_enabled=args.deletion_protection,
            tags=args.label.tags(args.role),
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        self.arn = table.arn
        self.name = table.name
        self.register_outputs({"arn": self.arn, "name": self.name})

    def read_access(self) -> list[Allow]:
        """Reads records by their key, or all of one partition, and never the whole table."""
        return [Allow(["dynamodb:GetItem", "dynamodb:Query"], [self.arn]), self._key_access()]

    def put_access(self) -> list[Allow]:
        """Writes records, and reads none."""
        return [Allow(["dynamodb:PutItem"], [self.arn]), self._key_access()]

    def _key_access(self) -> Allow:
        """DynamoDB opens the key of the table as whoever calls ("Encryption at rest: how it works")."""
        return Allow(["kms:Decrypt"], [self._key_arn])
