"""Certificates, and the wait until they are issued."""

from __future__ import annotations

from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, ResourceType, Tags


def _validation_method(certificate: dict[str, Any]) -> Properties:
    options = certificate.get("DomainValidationOptions") or [{}]
    return {"validationMethod": options[0].get("ValidationMethod", "NONE")}


_DESCRIBE = Call(
    operation="describe_certificate",
    identify={"CertificateArn": "id"},
    result="Certificate",
    decode=_validation_method,
)
_IMPORTED = "only certificates that ACM itself issues are modelled, so that no private key is in a state"
_FAILED = "contains(['FAILED', 'VALIDATION_TIMED_OUT', 'REVOKED'], Status) && not_null(FailureReason, Status)"

CERTIFICATE = ResourceType(
    token="aws:acm/certificate:Certificate",
    service="acm",
    create=Call(operation="request_certificate"),
    id="CertificateArn",
    read=_DESCRIBE,
    updates=(Call(operation="update_certificate_options", identify={"CertificateArn": "id"}),),
    delete=Call(operation="delete_certificate", identify={"CertificateArn": "id"}),
    list=Call(
        operation="list_certificates",
        # without this, AWS leaves out all but the RSA certificates of 1024 and 2048 bits
        fixed={
            "Includes": {
                "keyTypes": [
                    "RSA_1024",
                    "RSA_2048",
                    "RSA_3072",
                    "RSA_4096",
                    "EC_prime256v1",
                    "EC_secp384r1",
                    "EC_secp521r1",
                ]
            }
        },
        result="CertificateSummaryList[].CertificateArn",
    ),
    names={
        "arn": "CertificateArn",
        "domainValidationOptions.resourceRecordName": "ResourceRecord.Name",
        "domainValidationOptions.resourceRecordType": "ResourceRecord.Type",
        "domainValidationOptions.resourceRecordValue": "ResourceRecord.Value",
    },
    tags=Tags(
        tag="add_tags_to_certificate",
        untag="remove_tags_from_certificate",
        target="CertificateArn",
        by="id",
        untag_keys="Tags",
        read="list_tags_for_certificate",
    ),
    not_modelled={
        "certificateBody": _IMPORTED,
        "certificateChain": _IMPORTED,
        "privateKey": _IMPORTED,
        "privateKeyWo": _IMPORTED,
    },
    gone=frozenset({"ResourceNotFoundException"}),
    # the records that prove the domain appear some seconds after the request
    ready="not_null(DomainValidationOptions)[?ValidationMethod!='DNS' || ResourceRecord] || Type=='IMPORTED'",
    failed=_FAILED,
    busy=frozenset({"ResourceInUseException"}),
    example=Example(
        inputs=lambda need: {
            "domainName": "app.example.com",
            "validationMethod": "DNS",
            "keyAlgorithm": "EC_prime256v1",
            "options": {"certificateTransparencyLoggingPreference": "ENABLED"},
        },
        update=lambda need: {
            "options": {"certificateTransparencyLoggingPreference": "DISABLED"},
            "tags": {"Owner": "platform"},
        },
        replace=lambda need: {"domainName": "other.example.com"},
    ),
)

CERTIFICATE_VALIDATION = ResourceType(
    token="aws:acm/certificateValidation:CertificateValidation",
    service="acm",
    # AWS has no such thing: it stands for the wait until the certificate is issued
    create=Call(
        operation="describe_certificate",
        identify={"CertificateArn": "certificateArn"},
        properties=frozenset({"certificateArn", "validationRecordFqdns"}),
    ),
    id="Certificate.CertificateArn",
    read=_DESCRIBE,
    delete=None,
    gone=frozenset({"ResourceNotFoundException"}),
    gone_when="Status!='ISSUED'",
    failed=_FAILED,
    unreadable={"validationRecordFqdns": "they only make the program wait for the records"},
    replace_on=frozenset({"validationRecordFqdns"}),
    example=Example(
        inputs=lambda need: {
            "certificateArn": need("aws:acm/certificate:Certificate", "arn"),
            "validationRecordFqdns": [need("aws:route53/record:Record", "fqdn")],
        },
        replace=lambda need: {"validationRecordFqdns": ["other.example.com"]},
    ),
)
