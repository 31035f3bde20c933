"""IAM's policy simulator, which moto lacks: what a principal, or a policy, may do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import NoSuchEntity, ValidationError
from moto.iam.models import IAMBackend, Role, User
from moto.iam.responses import IamResponse

from sandbox.extensions.registry import adds
from sandbox.iam import evaluation
from sandbox.iam.documents import Statement, read

_IAM_POLICY, _BOUNDARY = "IAM Policy", "Permissions Boundary Policy"


@adds(IamResponse, "simulate_principal_policy")
def _simulate_principal(self: IamResponse) -> ActionResult:
    """SimulatePrincipalPolicy: by the policies of a user or a role, its groups' and its boundary."""
    principal = _principal(self.backend, str(self._get_param("PolicySourceArn", "")))
    identity = [*_own(self.backend, principal), *_given(self, "PolicyInputList")]
    boundary = _boundary(self.backend, principal)
    given = [*_given(self, "PermissionsBoundaryPolicyInputList")]
    return _answer(self, identity, given or boundary)


@adds(IamResponse, "simulate_custom_policy")
def _simulate_custom(self: IamResponse) -> ActionResult:
    """SimulateCustomPolicy: by the documents of the call alone."""
    boundary = [*_given(self, "PermissionsBoundaryPolicyInputList")]
    return _answer(self, [*_given(self, "PolicyInputList")], boundary or None)


def _answer(response: Any, identity: list[Statement], boundary: list[Statement] | None) -> ActionResult:
    context = evaluation.context(
        {
            entry["ContextKeyName"]: [str(value) for value in entry.get("ContextKeyValues", [])]
            for entry in response._get_param("ContextEntries", [])
        }
    )
    actions: list[str] = response._get_param("ActionNames", [])
    resources: list[str] = response._get_param("ResourceArns", None) or ["*"]
    for action in actions:
        if ":" not in action:
            raise ValidationError(f"Invalid Entity Action: {action}")
    results = []
    for action, resource in product(actions, resources):
        request = evaluation.Request(action=action, resource=resource, context=context)
        decision = evaluation.decide(request, identity, boundary)
        results.append(_result(request, decision))
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def _result(request: evaluation.Request, decision: evaluation.Decision) -> dict[str, Any]:
    result: dict[str, Any] = {
        "EvalActionName": request.action,
        "EvalResourceName": request.resource,
        "EvalDecision": decision.effect.value,
        "MatchedStatements": [
            {"SourcePolicyId": each.policy, "SourcePolicyType": _IAM_POLICY} for each in decision.matched
        ],
        "MissingContextValues": list(decision.missing_keys),
    }
    if decision.allowed_by_boundary is not None:
        result["PermissionsBoundaryDecisionDetail"] = {
            "AllowedByPermissionsBoundary": decision.allowed_by_boundary
        }
    return result


def _principal(backend: IAMBackend, arn: str) -> Role | User:
    everyone: Iterable[Role | User] = [*backend.roles.values(), *backend.users.values()]
    for principal in everyone:
        if principal.arn == arn:
            return principal
    # the root user of an account is none: IAM user guide, "Testing IAM policies with the simulator"
    raise NoSuchEntity(f"Entity: {arn} does not exist, or is no user and no role.")


def _own(backend: IAMBackend, principal: Role | User) -> Iterator[Statement]:
    holders: list[Any] = [principal]
    if isinstance(principal, User):
        holders += backend.get_groups_for_user(principal.name)
    for holder in holders:
        for name, text in holder.policies.items():
            yield from _read(name, text)
        for policy in holder.managed_policies.values():
            yield from _read_managed(policy)


def _boundary(backend: IAMBackend, principal: Role | User) -> list[Statement] | None:
    # moto keeps no boundary of a user
    arn = getattr(principal, "permissions_boundary_arn", None)
    if not arn:
        return None
    policy = backend.get_policy(arn)
    return [*_read_managed(policy)]


def _given(response: Any, parameter: str) -> Iterator[Statement]:
    for number, text in enumerate(response._get_param(parameter, []), start=1):
        yield from _read(f"{parameter}.{number}", text)


def _read_managed(policy: Any) -> tuple[Statement, ...]:
    document = next(each.document for each in policy.versions if each.version_id == policy.default_version_id)
    return _read(policy.name, document)


def _read(name: str, text: str) -> tuple[Statement, ...]:
    try:
        return read(name, text)
    except ValueError as error:
        raise ValidationError(str(error)) from None
