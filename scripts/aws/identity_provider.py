"""GitHub's identity provider, of which an account has one, whatever stacks it holds."""

from __future__ import annotations

from typing import Any

from infra.ci.scope import ISSUER
from scripts.aws.place import Place
from scripts.aws.shell import Shell, unless
from scripts.aws.steps import Step

# What GitHub's own action says a token is for.
_AUDIENCE = "sts.amazonaws.com"


class IdentityProvider:
    """Lets the workflows of GitHub prove who they are; which may take a role, the role itself says."""

    def __init__(self, place: Place, shell: Shell) -> None:
        self._place, self._iam = place, shell.client("iam")
        self._arn = place.scope.provider_arn

    def steps(self) -> list[Step]:
        return [
            Step(look=self._look, change=self._make),
            Step(look=self._look_at_audience, change=self._add_audience),
        ]

    def is_there(self) -> bool:
        return self._found() is not None

    def _found(self) -> Any:
        return unless(
            lambda: self._iam.get_open_id_connect_provider(OpenIDConnectProviderArn=self._arn), "NoSuchEntity"
        )

    def _look(self) -> str:
        return "" if self.is_there() else f"let the account know GitHub's identity provider, {ISSUER}"

    def _make(self) -> None:
        # AWS checks GitHub's certificate by its own list of authorities, so that no thumbprint is due.
        self._iam.create_open_id_connect_provider(
            Url=f"https://{ISSUER}",
            ClientIDList=[_AUDIENCE],
            # Not the environment's: whoever comes second in this account finds it made.
            Tags=[
                {"Key": key, "Value": value}
                for key, value in self._place.label.tags("github").items()
                if key in ("Project", "Owner", "ManagedBy")
            ],
        )

    def _look_at_audience(self) -> str:
        found = self._found()
        if not found or _AUDIENCE in found["ClientIDList"]:
            return ""  # it is made with its audience
        return f"take tokens of {ISSUER} that are for {_AUDIENCE}"

    def _add_audience(self) -> None:
        self._iam.add_client_id_to_open_id_connect_provider(
            OpenIDConnectProviderArn=self._arn, ClientID=_AUDIENCE
        )
