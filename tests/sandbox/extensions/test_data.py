from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_who_moves_the_label_moves_the_current_value(client: Callable[[str], Any]) -> None:
    secrets = client("secretsmanager")
    first = secrets.create_secret(Name="app", SecretString="one")["VersionId"]
    second = secrets.put_secret_value(SecretId="app", SecretString="two")["VersionId"]
    secrets.update_secret_version_stage(
        SecretId="app", VersionStage="AWSCURRENT", RemoveFromVersionId=second, MoveToVersionId=first
    )
    assert secrets.get_secret_value(SecretId="app")["SecretString"] == "one"


def test_a_certificate_is_issued_once_its_record_is_there(
    client: Callable[[str], Any], monkeypatch: Any
) -> None:
    # Plain moto issues it after this time, record or not.
    monkeypatch.setattr("moto.settings.ACM_VALIDATION_WAIT", -1)
    acm, route53 = client("acm"), client("route53")
    arn = acm.request_certificate(DomainName="example.com", SubjectAlternativeNames=["*.example.com"])[
        "CertificateArn"
    ]
    described = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    assert described["Status"] == "PENDING_VALIDATION"
    zone_id = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    changes = []
    for record in {
        option["ResourceRecord"]["Name"]: option["ResourceRecord"]
        for option in described["DomainValidationOptions"]
    }.values():
        values = [{"Value": record["Value"]}]
        record_set = {"Name": record["Name"], "Type": "CNAME", "TTL": 60, "ResourceRecords": values}
        changes.append({"Action": "UPSERT", "ResourceRecordSet": record_set})
    route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": changes})
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] == "ISSUED"
