"""Checks of what a stack stands on: what `slipway bootstrap` makes, and names that must be free."""

from __future__ import annotations

from functools import partial

from infra.ci.scope import ISSUER
from scripts.aws import stack_secrets
from scripts.aws.bucket_names import bucket_names
from scripts.aws.identity_provider import IdentityProvider
from scripts.aws.shell import code_of, unless
from scripts.aws.state_bucket import StateBucket
from scripts.aws.state_key import StateKey
from scripts.checks.finding import Check, Finding, Patient, well, wrong


def backend(patient: Patient) -> Finding:
    place = patient.place
    key = StateKey(place, patient.shell)
    if not StateBucket(place, patient.shell, key).is_there():
        return wrong(f"there is no bucket {place.scope.state_bucket_name}", _bootstrap(patient))
    patient.shell.client("s3").list_objects_v2(Bucket=place.scope.state_bucket_name, MaxKeys=1)
    if not key.arn():
        return wrong(f"there is no key {place.scope.state_key_alias}", _bootstrap(patient))
    named = stack_secrets.provider(place.stack_file.read_text(encoding="utf-8"))
    if named != place.secrets_provider:
        found = f"the secrets provider {named}" if named else "a passphrase"
        return wrong(
            f"{place.stack_file.name} names {found}, and not {place.secrets_provider}", _bootstrap(patient)
        )
    return well(place.backend_url)


def identity_provider(patient: Patient) -> Finding:
    if not IdentityProvider(patient.place, patient.shell).is_there():
        return wrong(f"the account does not know {ISSUER}", _bootstrap(patient))
    return well(patient.place.scope.provider_arn)


def roles(patient: Patient) -> Finding:
    iam, scope = patient.shell.client("iam"), patient.place.scope
    names = [scope.role_name(role) for role in ("plan", "deploy")]
    missing = [name for name in names if unless(partial(iam.get_role, RoleName=name), "NoSuchEntity") is None]
    if missing:
        return wrong(f"there is no role {' and no role '.join(missing)}", _bootstrap(patient))
    return well(", ".join(names))


def names(patient: Patient) -> Finding:
    """Bucket names: each is free, or the account's own."""
    s3, owner = patient.shell.client("s3"), patient.place.account.account_id
    wanted, taken = bucket_names(patient.place.scope), []
    for name in wanted:
        try:
            unless(
                partial(s3.head_bucket, Bucket=name, ExpectedBucketOwner=owner),
                "404",
                "NoSuchBucket",
            )
        except s3.exceptions.ClientError as error:
            if code_of(error) not in ("403", "AccessDenied"):
                raise
            taken.append(name)
    if taken:
        return wrong(
            f"taken by somebody else: {', '.join(taken)}",
            "rename the project (`name` in Pulumi.yaml), from which every name is made",
        )
    return well(f"{len(wanted)} bucket names are free, or this account's")


def _bootstrap(patient: Patient) -> str:
    return f"slipway bootstrap {patient.place.environment}"


CHECKS = (
    Check(name="state backend", look=backend),
    Check(name="identity provider", look=identity_provider),
    Check(name="roles of CI", look=roles),
    Check(name="bucket names", look=names),
)
