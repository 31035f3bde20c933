"""IAM: what is in use cannot be deleted; the audiences of an identity provider can be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.exceptions import DeleteConflictException
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse

from sandbox.extensions.registry import adds, replaces


@replaces(IAMBackend, "delete_policy")
def _refuse_policy_in_use(original: Callable[..., None], self: IAMBackend, policy_arn: str) -> None:
    """A policy that is attached or has other versions cannot go, or a role is left without it."""
    policy = self.get_policy(policy_arn)
    if policy is not None and policy.attachment_count:
        raise DeleteConflictException("Cannot delete a policy attached to entities.")
    if policy is not None and len(policy.versions) > 1:
        raise DeleteConflictException(
            "This policy has more than one version. Delete the other versions first."
        )
    original(self, policy_arn)


@adds(IamResponse, "add_client_id_to_open_id_connect_provider")
def _add_client_id(self: IamResponse) -> ActionResult:
    """AddClientIDToOpenIDConnectProvider: the audiences of a provider change in place."""
    client_ids = _client_ids(self)
    client_id = self._get_param("ClientID")
    if client_id not in client_ids:
        client_ids.append(client_id)
    return EmptyResult()


@adds(IamResponse, "remove_client_id_from_open_id_connect_provider")
def _remove_client_id(self: IamResponse) -> ActionResult:
    """RemoveClientIDFromOpenIDConnectProvider: the audiences of a provider change in place."""
    client_ids = _client_ids(self)
    client_id = self._get_param("ClientID")
    if client_id in client_ids:
        client_ids.remove(client_id)
    return EmptyResult()


def _client_ids(response: Any) -> list[str]:
    provider = response.backend.get_open_id_connect_provider(response._get_param("OpenIDConnectProviderArn"))
    client_ids: list[str] = provider.client_id_list
    return client_ids
