"""Where a stack lives on AWS: its account, and where its state is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from infra.account import Account
from infra.ci.scope import CiScope
from infra.naming import Label
from infra.settings import stack_files
from infra.settings.sections import StackConfig
from sandbox.layout import Layout
from scripts.aws.shell import Shell
from scripts.stacks import project_name


@dataclass(frozen=True, kw_only=True)
class Place:
    """What the stack file says, as names of AWS."""

    root: Path
    config: StackConfig
    scope: CiScope

    @property
    def environment(self) -> str:
        return str(self.config.environment)

    @property
    def account(self) -> Account:
        return self.scope.account

    @property
    def label(self) -> Label:
        """Of what `slipway bootstrap` makes."""
        return self.scope.label.of("state")

    @property
    def stack_file(self) -> Path:
        return Layout(self.root).stack_file(self.environment)

    @property
    def backend_url(self) -> str:
        return f"s3://{self.scope.state_bucket_name}?region={self.account.region}"

    @property
    def secrets_provider(self) -> str:
        """As the engine names a key of KMS (Pulumi's "Secrets", the provider awskms)."""
        return f"awskms:///{quote(self.scope.state_key_alias)}?region={self.account.region}"


def find(root: Path, environment: str) -> tuple[Place, Shell]:
    """The place of an environment, and the shell with which it is reached; nothing is asked of AWS.

    Raises ConfigError with every fault of the stack file.
    """
    config = stack_files.load(root, environment)
    flat = stack_files.find(root, environment)
    shell = Shell(str(flat.settings[stack_files.REGION]))
    label = Label(
        project=project_name(root),
        environment=environment,
        owner=config.owner,
        cost_center=config.cost_center,
    )
    account = Account(partition=shell.partition, account_id=flat.account_id, region=shell.region)
    scope = CiScope(
        account=account,
        label=label,
        repository=config.repository,
        deletion_protection=config.deletion_protection,
    )
    return Place(root=root, config=config, scope=scope), shell
