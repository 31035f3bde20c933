"""`slipway bootstrap`: what an account needs before its first `pulumi up`, made once and by a person."""

from __future__ import annotations

import base64
import json
import secrets
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from sandbox.files import replace_file
from sandbox.layout import Layout
from scripts.aws import place as places
from scripts.aws import stack_secrets
from scripts.aws.first_resources import first_targets
from scripts.aws.identity_provider import IdentityProvider
from scripts.aws.place import Place
from scripts.aws.shell import Caller
from scripts.aws.state_bucket import StateBucket
from scripts.aws.state_key import StateKey
from scripts.aws.steps import Step, take
from scripts.engine import ensure_engine
from scripts.errors import CommandError
from scripts.options import Environment
from scripts.sandbox_env import CONFIG_FILE
from scripts.stacks import Stack

_DATA_KEY_BYTES = 32  # AES-256, of which the engine makes its own use


def run(
    environment: Environment,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the changes, and make none.")] = False,
) -> None:
    """Make what a stack needs on AWS before its first up, in the account that its file names.

    The bucket and the key of its state, GitHub's identity provider, and the roles of CI, by this shell's
    credentials. Each change is printed before it is made; safe to run again, which changes nothing.
    """
    console = Console(highlight=False)
    root = Layout.find(Path.cwd()).root
    place, shell = places.find(root, environment)
    caller = shell.caller()
    refuse_other_account(place, caller)
    console.print(f"account  {caller.account_id}, {place.account.region}, as {caller.arn}", soft_wrap=True)
    key = StateKey(place, shell)
    bucket = StateBucket(place, shell, key)
    ground = _Ground(place=place, bucket=bucket, console=console)
    changes = take(
        [
            *key.steps(),
            *bucket.steps(),
            *IdentityProvider(place, shell).steps(),
            stack_file(place, key, bucket),
            *ground.steps(),
        ],
        lambda what: console.print(f"{'would' if dry_run else 'now':<9}{escape(what)}", soft_wrap=True),
        dry_run=dry_run,
    )
    _conclude(place, changes, console, dry_run=dry_run)


def refuse_other_account(place: Place, caller: Caller) -> None:
    """Raises CommandError where the shell is in another account than the stack file names."""
    if caller.account_id != place.account.account_id:
        raise CommandError(
            f"this shell is in account {caller.account_id} ({caller.arn}), and {place.stack_file.name} "
            f"names {place.account.account_id}",
            "take credentials of that account, or correct aws:allowedAccountIds; nothing was changed",
        )


def aws_stack(place: Place, engine: Path) -> Stack:
    """The stack on AWS, in the backend that bootstrap makes, by the stack file as it is."""
    return Stack(
        name=place.environment,
        engine=engine,
        folder=place.root,
        variables={"PULUMI_BACKEND_URL": place.backend_url, CONFIG_FILE: str(place.stack_file)},
        project=place.label.project,
    )


def stack_file(place: Place, key: StateKey, bucket: StateBucket) -> Step:
    """The line of the stack file by which the engine finds the key. Raises CommandError for another key."""

    def look() -> str:
        text = place.stack_file.read_text(encoding="utf-8")
        named = stack_secrets.provider(text)
        if named not in ("", place.secrets_provider):
            raise CommandError(
                f"{place.stack_file.name} names another secrets provider: {named}",
                f"`pulumi stack change-secrets-provider '{place.secrets_provider}'` moves a stack to this "
                "key; where there is no stack yet, take the lines secretsprovider and encryptedkey out",
            )
        if named and key.opens(stack_secrets.encrypted_key(text)):
            return ""
        if bucket.holds_state(place.environment):
            raise CommandError(
                f"there is a state, and {place.stack_file.name} does not hold the key of its secrets",
                "take the lines secretsprovider and encryptedkey from where the stack was last brought up: "
                "a new key would not open what is in the state",
            )
        return f"write into {place.stack_file.name} that the key guards the secrets of the state: commit it"

    def change() -> None:
        text = place.stack_file.read_text(encoding="utf-8")
        encrypted = base64.b64encode(key.encrypt(secrets.token_bytes(_DATA_KEY_BYTES))).decode()
        mode = place.stack_file.stat().st_mode
        replace_file(
            place.stack_file, stack_secrets.by_cloud(text, place.secrets_provider, encrypted).encode()
        )
        place.stack_file.chmod(mode)

    return Step(look=look, change=change)


@dataclass(kw_only=True)
class _Ground:
    """The stack in its new backend, with nothing in it but what CI may not make and cannot go without."""

    place: Place
    bucket: StateBucket
    console: Console
    _stack: Stack | None = None
    _targets: tuple[str, ...] = ()

    def steps(self) -> list[Step]:
        return [
            Step(look=self._look_for_stack, change=lambda: self._open().create()),
            Step(look=self._look_for_ground, change=self._bring),
        ]

    def _open(self) -> Stack:
        if self._stack is None:
            self._stack = aws_stack(self.place, ensure_engine(console=self.console).path)
        return self._stack

    def _look_for_stack(self) -> str:
        if self.bucket.is_there() and self._open().exists():
            return ""
        return f"make the stack {self.place.environment} in {self.place.backend_url}, empty"

    def _look_for_ground(self) -> str:
        what = f"bring the roles of CI for {self.place.config.repository}, the boundaries and the trail"
        if not self.bucket.is_there() or not self._open().exists():
            return what
        with self.console.status("asking the engine what they need"):
            answer = self._open().ask("preview", "--json", "--show-sames", "--stack", self.place.environment)
        steps = json.loads(answer)["steps"]
        self._targets = first_targets(steps)
        changes = Counter(
            step["op"] for step in steps if step["urn"] in self._targets and step["op"] != "same"
        )
        told = ", ".join(f"{count} to {operation}" for operation, count in sorted(changes.items()))
        return f"{what}: {told}" if changes else ""

    def _bring(self) -> None:
        targets = [part for urn in self._targets for part in ("--target", urn)]
        code = self._open().show("up", "--yes", "--skip-preview", "--suppress-outputs", *targets)
        if code != 0:
            raise CommandError(
                f"the roles of CI and what they need are not all there (pulumi ended with {code})",
                f"mend what is named above and run `slipway bootstrap {self.place.environment}` again: "
                "it goes on from there",
            )


def _conclude(place: Place, changes: int, console: Console, *, dry_run: bool) -> None:
    name = place.environment
    counted = "1 change" if changes == 1 else f"{changes} changes"
    if dry_run and changes:
        console.print(f"\n[bold]{name}[/]: {counted} to make; nothing was changed")
        return
    said = f"{counted} made" if changes else "all is there, nothing was changed"
    console.print(f"\n[bold]{name}[/]: {said}")
    console.print(
        f"""
state    export PULUMI_BACKEND_URL='{place.backend_url}'
roles    {place.account.global_arn("iam", f"role/{place.scope.role_name('plan')}")}
         {place.account.global_arn("iam", f"role/{place.scope.role_name('deploy')}")}
next     slipway doctor {name}
         pulumi up --stack {name}""",
        soft_wrap=True,
        markup=False,
    )
