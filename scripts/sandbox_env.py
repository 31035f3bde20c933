"""The variables by which a shell, the engine and every AWS client act in one environment of the sandbox."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from sandbox import daemon
from sandbox.credentials import load_credentials
from sandbox.environments import read_environments
from sandbox.errors import SandboxError
from sandbox.files import replace_file
from sandbox.layout import PROJECT_FILE, Layout
from scripts.aws import stack_secrets

# It protects nothing: its salt is in the stack files, and no secret ever enters the state.
_PASSPHRASE = "slipway"  # noqa: S105
# Of that passphrase; for a stack whose file names a key on AWS, which nobody can use from here.
SALT = "v1:tmh0J/G9xVc=:v1:Vyyd9d854yKlLrhP:2AcXZR8LMePx0WBDcZZM6dYW5rpbYg=="
# The engine takes each of its options from a variable too; here, --config-file.
CONFIG_FILE = "PULUMI_OPTION_CONFIG_FILE"


@dataclass(frozen=True, kw_only=True)
class ShellEnvironment:
    """`variables` to set; `unset` to remove, as they would win; `warning` for the person, or empty."""

    variables: dict[str, str]
    unset: tuple[str, ...]
    warning: str


def shell_environment(layout: Layout, environment: str) -> ShellEnvironment:
    """Return what a shell needs.

    Raises SandboxError if the sandbox does not run or the environment is unknown.
    """
    from scripts.engine import find_engine

    record = daemon.require_running(layout)
    served = record.environments.get(environment)
    if served is None:
        known = ", ".join(record.environments)
        raise SandboxError(f"no environment is called {environment}", f"there are: {known}")
    keys = load_credentials(layout.credentials, read_environments(layout.root)).access_key_by_environment
    variables = {
        "PULUMI_BACKEND_URL": layout.pulumi_backend.as_uri(),
        "PULUMI_HOME": str(layout.pulumi_home),
        "PULUMI_STACK": environment,
        "PULUMI_CONFIG_PASSPHRASE": _PASSPHRASE,
        "PULUMI_DEBUG_PROVIDERS": ",".join(
            f"{package}:{port}" for package, port in sorted(served.provider_ports.items())
        ),
        # the official command line would fetch the plugins of the packages that it is attached to
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "AWS_ENDPOINT_URL": record.endpoint_url,
        "AWS_ACCESS_KEY_ID": keys[environment].access_key_id,
        "AWS_SECRET_ACCESS_KEY": keys[environment].secret_access_key,
        "AWS_REGION": served.region,
        # boto3 and the older AWS clients read only this one.
        "AWS_DEFAULT_REGION": served.region,
        "SLIPWAY_PYTHON": sys.executable,
    }
    unset = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "PULUMI_CONFIG_PASSPHRASE_FILE"]
    warnings = []
    if copy := _copy_by_passphrase(layout, environment):
        variables[CONFIG_FILE] = str(copy)
        warnings.append(
            f"a key on AWS guards the secrets of Pulumi.{environment}.yaml: here the engine reads a copy of "
            "the file; evaluate this again when you have changed it"
        )
    else:
        unset.append(CONFIG_FILE)
    engine = find_engine()
    if engine is not None:
        variables["PATH"] = _first_on_path(str(engine.path.parent))
    else:
        warnings.append("the Pulumi engine is not there yet; get it with: make engine")
    return ShellEnvironment(variables=variables, unset=tuple(unset), warning="\n".join(warnings))


def _copy_by_passphrase(layout: Layout, environment: str) -> Path | None:
    """A copy of a stack file that `slipway bootstrap` bound to a key on AWS; of another there is none."""
    file = layout.stack_file(environment)
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    if not stack_secrets.provider(text):
        return None
    project = layout.root / PROJECT_FILE
    layout.stack_files.mkdir(exist_ok=True)
    replace_file(layout.stack_files / project.name, project.read_bytes())
    copy = layout.stack_files / file.name
    replace_file(copy, stack_secrets.by_passphrase(text, SALT).encode())
    return copy


def _first_on_path(folder: str) -> str:
    others = [entry for entry in os.environ.get("PATH", os.defpath).split(os.pathsep) if entry != folder]
    return os.pathsep.join([folder, *others])
