"""Checks of quotas: one a quota, so that each is a line of its own."""

from __future__ import annotations

from functools import partial

from scripts.aws.quotas import QUOTAS, Quota
from scripts.aws.shell import unless
from scripts.checks.finding import Check, Finding, Patient, unknown, well, wrong


def judge(quota: Quota, *, limit: float, needed: float, used: float) -> Finding:
    """Whether a limit holds what is needed beside what others use."""
    said = f"{needed:g} needed" + (f", {used:g} in use by others" if used else "") + f", {limit:g} allowed"
    if needed + used <= limit:
        return well(said)
    return wrong(
        said,
        "ask for more, which may take AWS a day: aws service-quotas request-service-quota-increase "
        f"--service-code {quota.service} --quota-code {quota.code} --desired-value {needed + used:g}",
    )


def look(quota: Quota, patient: Patient) -> Finding:
    client = patient.shell.client("service-quotas")
    asked = {"ServiceCode": quota.service, "QuotaCode": quota.code}
    # an account that never came near a quota may have no value of its own
    answer = unless(lambda: client.get_service_quota(**asked), "NoSuchResourceException") or unless(
        lambda: client.get_aws_default_service_quota(**asked), "NoSuchResourceException"
    )
    if answer is None:
        return unknown(
            f"{quota.service} has no quota {quota.code} in {patient.place.account.region}",
            "look in the console, Service Quotas",
        )
    return judge(
        quota,
        limit=answer["Quota"]["Value"],
        needed=quota.needed(patient.place.config, patient.place.scope),
        used=quota.used(patient.shell, patient.place.scope.label),
    )


CHECKS = tuple(Check(name=f"quota: {quota.name}", look=partial(look, quota)) for quota in QUOTAS)
