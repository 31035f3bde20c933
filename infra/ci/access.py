"""What continuous integration may do in an environment's account, as policy documents.

Two roles, taken by GitHub's OIDC tokens: `plan` reads what a preview, a refresh or a drift report reads, and
`deploy` does what an `up` does. Neither reads a secret or anybody's data. Deploy destroys nothing that is
withheld (infra/ci/withheld.py), changes neither itself nor its limits, and makes roles only under the
boundary of the stack; whatever that leaves is done by an administrator, through `slipway bootstrap`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from infra.ci import platform, stores, watch
from infra.ci.identity import identity_reads, identity_writes, key_use, state_reads, state_writes
from infra.ci.rights import Rights
from infra.ci.scope import ISSUER, CiScope
from infra.ci.withheld import WITHHELD
from infra.documents.ceilings import boundary_arns
from infra.iam import Allow, Ceiling, Conditions, Deny, Statement

# Group → its rows; a group is a managed policy of the deploy role.
RIGHTS = {
    "network": platform.NETWORK,
    "entrance": platform.ENTRANCE,
    "compute": platform.COMPUTE,
    "delivery": platform.DELIVERY,
    "data": stores.DATA,
    "stores": stores.STORES,
    "watch": watch.WATCH,
    "protection": watch.PROTECTION,
}
_PLAN_GROUPS = {
    "read-platform": ("network", "entrance", "compute", "delivery"),
    "read-rest": ("data", "stores", "watch", "protection"),
}

_CHANGES = ("Add", "Attach", "Create", "Delete", "Detach", "Pass", "Put", "Remove", "Tag", "Untag", "Update")


def trust(scope: CiScope, role: str) -> Allow:
    """Lets the workflows of one repository take a role, in the GitHub environment that is kept for it.

    Deploy is for the environment of the stack's own name, where GitHub asks for approval; plan is for
    `<environment>-plan`, which asks for none. A pull request's own subject gets neither.
    """
    environment = scope.label.environment if role == "deploy" else f"{scope.label.environment}-{role}"
    return Allow(
        ["sts:AssumeRoleWithWebIdentity"],
        conditions={
            "StringEquals": {
                f"{ISSUER}:aud": "sts.amazonaws.com",
                f"{ISSUER}:sub": f"repo:{scope.repository}:environment:{environment}",
            }
        },
        principals={"Federated": scope.provider_arn},
    )


def plan_policies(scope: CiScope) -> Mapping[str, list[Statement]]:
    """The plan role's managed policies by name."""
    reads: dict[str, list[Statement]] = {
        name: [*_merged(_reads(scope, row) for group in groups for row in RIGHTS[group])]
        for name, groups in _PLAN_GROUPS.items()
    }
    return {**reads, "read-state": [*identity_reads(scope), *state_reads(scope)]}


def deploy_policies(scope: CiScope) -> Mapping[str, list[Statement]]:
    """The deploy role's managed policies by name; a role takes ten of them (IAM and AWS STS quotas)."""
    by_group: dict[str, list[Statement]] = {
        group: [*_merged(part for row in rows for part in (_reads(scope, row), _writes(scope, row)))]
        for group, rows in RIGHTS.items()
    }
    if not scope.deletion_protection:
        images, objects = scope.arns(["ecr:{here}:repository/{prefix}-*", "s3:::{prefix}-*-{account}/*"])
        by_group["compute"].append(Allow(["ecr:BatchDeleteImage"], [images]))
        by_group["stores"].append(Allow(["s3:DeleteObject", "s3:DeleteObjectVersion"], [objects]))
    by_group["data"] += key_use(scope)
    identity = [
        *identity_reads(scope),
        *identity_writes(scope),
        *state_reads(scope),
        *state_writes(scope),
    ]
    return {**by_group, "identity": [*identity]}


def ceiling(scope: CiScope) -> list[Statement]:
    """The boundary of both roles: the services of the table, and the guards once more.

    The 6,144 characters of a boundary do not hold the name of each action, so that it names services. It
    is what is left to a role if somebody attaches another policy to it.
    """
    services = {row.service for rows in RIGHTS.values() for row in rows} | {"iam"}
    return [Ceiling([f"{service}:*" for service in services], ["*"], sid="Services"), *guards(scope)]


def guards(scope: CiScope) -> list[Deny]:
    """What neither role does, whatever else it is given."""
    role = scope.account.global_arn("iam", f"role/{scope.role_name('')}-*")
    policy = scope.account.global_arn("iam", f"policy/{scope.role_name('')}-*")
    (state,) = scope.arns([f"s3:::{scope.state_bucket_name}"])
    evidence = scope.arns(
        f"s3:::{{prefix}}-*{kind}-{{account}}{rest}" for kind in ("audit", "trail") for rest in ("", "/*")
    )
    return [
        Deny(
            [f"iam:{change}*" for change in _CHANGES],
            [role, policy, *boundary_arns(scope.account, scope.label), scope.provider_arn],
            sid="ChangesNeitherItselfNorItsLimits",
        ),
        Deny(sorted(WITHHELD), ["*"], sid="Withheld"),
        Deny(
            [
                "s3:DeleteBucket*",
                "s3:DeleteObjectVersion*",
                "s3:PutBucket*",
                "s3:PutEncryptionConfiguration",
                "s3:PutLifecycleConfiguration",
            ],
            [state, f"{state}/*"],
            sid="LeavesTheStateWhereItIs",
        ),
        Deny(["s3:DeleteBucket*", "s3:DeleteObject*", "s3:PutObject*"], evidence, sid="LeavesEvidenceAlone"),
    ]


def actions(policies: Mapping[str, Iterable[Statement]]) -> set[str]:
    """Each action that some statement of the policies allows."""
    return {
        action
        for statements in policies.values()
        for statement in statements
        if statement.effect == "Allow"
        for action in statement.actions
    }


def _reads(scope: CiScope, row: Rights) -> list[Allow]:
    return [Allow(_named(row, row.reads), scope.arns(row.on))] if row.reads else []


def _writes(scope: CiScope, row: Rights) -> list[Allow]:
    ours: Conditions = {"StringEquals": scope.tags("ResourceTag")} if row.tagged else {}
    given: Conditions = {"StringEquals": scope.tags("RequestTag")}
    statements = []
    if row.writes or row.tags:
        statements.append(Allow(_named(row, f"{row.writes} {row.tags}"), scope.arns(row.on), ours))
    if row.creates:
        statements.append(Allow(_named(row, row.creates), scope.arns(row.made), given))
    if row.tags:
        born: Conditions = {**given, "Null": {"aws:ResourceTag/Project": "true"}}
        statements.append(Allow(_named(row, row.tags), scope.arns(row.on), born))
    return statements


def _named(row: Rights, words: str) -> list[str]:
    return [f"{row.service}:{word}" for word in words.split()]


def _merged(parts: Iterable[Iterable[Allow]]) -> list[Allow]:
    """The statements, those on everything and without a condition as one: that is fewer characters."""
    everywhere: list[str] = []
    others: list[Allow] = []
    for statement in (each for part in parts for each in part):
        if list(statement.resources) == ["*"] and not statement.conditions:
            everywhere += statement.actions
        else:
            others.append(statement)
    return [*([Allow(everywhere, ["*"], sid="WhatKnowsNoResource")] if everywhere else []), *others]
