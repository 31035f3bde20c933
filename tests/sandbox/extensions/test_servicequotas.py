from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

# those that the stacks may come up against
QUOTAS = [
    ("ec2", "L-0263D0A3", 5),
    ("elasticloadbalancing", "L-53DA6B97", 50),
    ("fargate", "L-3032A538", 6),
    ("lambda", "L-B99A9384", 1000),
    ("rds", "L-7B6409FD", 40),
    ("vpc", "L-29B6F2EB", 50),
    ("vpc", "L-F678F1CE", 5),
    ("vpc", "L-FE5A380F", 5),
]


@pytest.mark.parametrize(("service", "code", "value"), QUOTAS)
def test_a_quota_is_what_aws_begins_with(
    client: Callable[[str], Any], service: str, code: str, value: int
) -> None:
    quotas, wanted = client("service-quotas"), {"ServiceCode": service, "QuotaCode": code}
    applied = quotas.get_service_quota(**wanted)["Quota"]
    assert (applied["Value"], applied["ServiceCode"]) == (value, service)
    assert applied["QuotaArn"] == f"arn:aws:servicequotas:eu-west-1:111111111111:{service}/{code}"
    assert quotas.get_aws_default_service_quota(**wanted)["Quota"] == applied
    assert applied in quotas.list_service_quotas(ServiceCode=service)["Quotas"]


def test_a_quota_that_is_not_known_is_said_to_be_so(client: Callable[[str], Any]) -> None:
    quotas = client("service-quotas")
    for call in (quotas.get_service_quota, quotas.get_aws_default_service_quota):
        for service, code in (("nothing", "L-F678F1CE"), ("rds", "L-F678F1CE")):
            with pytest.raises(ClientError, match="NoSuchResourceException"):
                call(ServiceCode=service, QuotaCode=code)
    with pytest.raises(ClientError, match="NoSuchResourceException"):
        quotas.list_service_quotas(ServiceCode="nothing")
