"""The stack files of a checkout, each checked by itself and against the others."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from infra.settings import differences
from infra.settings.faults import Checked, ConfigError, Fault, check
from infra.settings.rules import touches
from infra.settings.sections import StackConfig
from infra.settings.values import Environment

PROJECT_FILE = "Pulumi.yaml"
STACK = "slipway:stack"
TEMPLATE = "slipway:template"
REGION = "aws:region"
ACCOUNTS = "aws:allowedAccountIds"
UPGRADING = "docs/upgrading.md"

# The number that a stack file of this version carries. Raise it when files of the version before need a hand.
TEMPLATE_NUMBER = 2
# The number that a file has which carries none.
_FIRST_TEMPLATE = 1
# Template → keys that are elsewhere since then.
MOVED: Mapping[int, Mapping[str, str]] = {2: {}}
# Staging is a rehearsal of prod, so that what differs between them needs a reason.
REHEARSAL = (Environment.STAGING, Environment.PROD)

_FILE_NAME = re.compile(r"Pulumi\.(?P<name>[A-Za-z0-9_-]+)\.yaml")
_ACCOUNT_ID = re.compile(r"[0-9]{12}")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")


@dataclass(frozen=True, kw_only=True)
class StackFile:
    """What `Pulumi.<name>.yaml` says. `salt` is empty where a key of AWS guards the secrets of the state."""

    name: str
    settings: Mapping[str, Any]
    salt: str

    @property
    def file_name(self) -> str:
        return f"Pulumi.{self.name}.yaml"

    @property
    def account_id(self) -> str:
        """The one account that the stack may touch, or nothing where the file does not say so rightly."""
        value = self.settings.get(ACCOUNTS)
        # `pulumi config set` writes a list as the JSON text of it.
        if isinstance(value, str):
            with suppress(ValueError):
                value = json.loads(value)
        ids = [str(each) for each in value] if isinstance(value, list) else []
        return ids[0] if len(ids) == 1 and _ACCOUNT_ID.fullmatch(ids[0]) else ""

    def checked(self) -> Checked:
        """The value of `slipway:stack`, with the faults that it has by itself."""
        value = self.settings.get(STACK)
        return check(value if isinstance(value, Mapping) else {}, _moved_since(self._template()))

    def flat(self, config: StackConfig) -> dict[str, Any]:
        """Every key that a person may write, with defaults filled in, by its path."""
        around = {REGION: self.settings.get(REGION), ACCOUNTS: self.account_id}
        return around | dict(differences.flatten(config.model_dump(mode="json")))

    def faults(self) -> Iterator[Fault]:
        """What is wrong with this file, whatever the others say."""
        yield from self._template_faults()
        region = self.settings.get(REGION)
        if not isinstance(region, str) or not _REGION.fullmatch(region):
            yield Fault(key=REGION, message=f"must be the name of a region such as eu-west-1, got {region!r}")
        if not self.account_id:
            yield Fault(
                key=ACCOUNTS,
                message="must list the one account that the stack may touch, 12 digits in quotes, got "
                f"{self.settings.get(ACCOUNTS)!r}",
            )
        if not isinstance(self.settings.get(STACK), Mapping):
            yield Fault(key=STACK, message="is not there; copy it from another stack file and change it")
            return
        checked = self.checked()
        yield from checked.faults
        environment = checked.config.environment
        if "environment" not in checked.wrong_keys and environment != self.name:
            yield Fault(
                key="environment",
                message=f"is {environment}, and the file is {self.file_name}: name one stack",
            )

    def _template(self) -> int:
        value = self.settings.get(TEMPLATE, _FIRST_TEMPLATE)
        return int(value) if str(value).isdecimal() else 0

    def _template_faults(self) -> Iterator[Fault]:
        number = self._template()
        if number > TEMPLATE_NUMBER:
            said = f"this file was written for template {number}, and this checkout is of {TEMPLATE_NUMBER}: "
            yield Fault(key=TEMPLATE, message=f"{said}bring the checkout up to date")
        elif number == 0:
            given = self.settings.get(TEMPLATE)
            yield Fault(key=TEMPLATE, message=f"must be a number, {TEMPLATE_NUMBER} now, got {given!r}")
        elif number < TEMPLATE_NUMBER:
            said = f"this file was written for template {number}, and this checkout is of {TEMPLATE_NUMBER}; "
            yield Fault(key=TEMPLATE, message=f"{said}{UPGRADING} tells what to change")


def find_root(start: Path) -> Path:
    """The folder that holds the stack files: the engine runs the program in a folder inside of it."""
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    raise ConfigError(f"{start} is not inside a checkout: no {PROJECT_FILE} here or in any folder above")


def names(root: Path) -> list[str]:
    """The stacks that have a file in a folder."""
    return sorted(found["name"] for path in root.iterdir() if (found := _FILE_NAME.fullmatch(path.name)))


def read(path: Path) -> StackFile:
    """One stack file. Raises ConfigError if it cannot be read, or is no stack file."""
    found = _FILE_NAME.fullmatch(path.name)
    if found is None:
        raise ConfigError(f"{path.name} is not called like a stack file, Pulumi.<name>.yaml")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"cannot read {path}: {' '.join(str(error).split())}") from error
    settings = content.get("config") if isinstance(content, dict) else None
    if not isinstance(settings, dict):
        raise ConfigError(f"{path.name} has no section config; copy it from another stack file and change it")
    return StackFile(name=found["name"], settings=settings, salt=str(content.get("encryptionsalt") or ""))


def find(root: Path, name: str) -> StackFile:
    """The file of a stack. Raises ConfigError if there is none, or if it cannot be read."""
    if name not in names(root):
        raise ConfigError(f"there is no Pulumi.{name}.yaml; there are: {', '.join(names(root)) or 'none'}")
    return read(root / f"Pulumi.{name}.yaml")


def load(root: Path, name: str) -> StackConfig:
    """The configuration of a stack, after all checks. Raises ConfigError with every fault at once."""
    return accept(find(root, name), root)


def accept(used: StackFile, root: Path) -> StackConfig:
    """The configuration of a stack whose file is `used`, after all checks, also against the files beside it.

    Raises ConfigError with every fault that touches this stack.
    """
    faults = list(used.faults())
    others = []
    for name in names(root):
        if name == used.name:
            continue
        try:
            others.append(read(root / f"Pulumi.{name}.yaml"))
        except ConfigError as error:
            faults.append(
                Fault(key=f"Pulumi.{name}.yaml", message=f"{error}; nothing can be checked against it")
            )
    faults += across(used, others)
    return _unless(used, faults)


def accept_alone(used: StackFile) -> StackConfig:
    """The same after the checks of this file only, for whoever compares two that may clash."""
    return _unless(used, list(used.faults()))


def _unless(used: StackFile, faults: Sequence[Fault]) -> StackConfig:
    if not faults:
        return used.checked().config
    places = f"{len(faults)} place{'s' if len(faults) > 1 else ''}"
    raise ConfigError(
        "\n".join([f"{used.file_name} is wrong in {places}:", *(f"  {fault}" for fault in faults)])
    )


def across(used: StackFile, others: Iterable[StackFile]) -> Iterator[Fault]:
    """What one stack file must not have in common with another, and what it must."""
    for other in others:
        for key, finds in _ACROSS.items():
            if said := finds(used, other):
                yield Fault(key=key, message=said)
        yield from _unlike_rehearsal(used, other)


def _same_account(used: StackFile, other: StackFile) -> str:
    if not used.account_id or used.account_id != other.account_id:
        return ""
    return f"{used.account_id} is the account of {other.name} too; each environment has one of its own"


def _same_salt(used: StackFile, other: StackFile) -> str:
    if not used.salt or used.salt != other.salt:
        return ""
    return f"is that of {other.file_name} too; take the line out, and `pulumi stack init` writes a new one"


def _same_domain(used: StackFile, other: StackFile) -> str:
    domain = _right_value(used, "domain")
    if domain is None or domain != _right_value(other, "domain"):
        return ""
    return f"{domain} is the domain of {other.name} too; give each environment its own"


def _overlap(used: StackFile, other: StackFile) -> str:
    mine, theirs = _right_value(used, "network.cidr"), _right_value(other, "network.cidr")
    if mine is None or theirs is None:
        return ""
    if not ipaddress.IPv4Network(mine).overlaps(ipaddress.IPv4Network(theirs)):
        return ""
    return f"{mine} overlaps {theirs} of {other.name}; two such networks can never be joined"


_ACROSS: Mapping[str, Callable[[StackFile, StackFile], str]] = {
    ACCOUNTS: _same_account,
    "encryptionsalt": _same_salt,
    "domain": _same_domain,
    "network.cidr": _overlap,
}


def _right_value(file: StackFile, key: str) -> Any:
    checked = file.checked()
    flat = dict(differences.flatten(checked.config.model_dump(mode="json")))
    return None if any(touches(key, wrong) for wrong in checked.wrong_keys) else flat[key]


def _unlike_rehearsal(used: StackFile, other: StackFile) -> Iterator[Fault]:
    if {used.name, other.name} != set(REHEARSAL):
        return
    staging, prod = sorted((used, other), key=lambda file: REHEARSAL.index(Environment(file.name)))
    checked = staging.checked(), prod.checked()
    if any(each.config.decommission for each in checked):
        # what is being taken down rehearses nothing, and needs no rehearsal
        return
    wrong = checked[0].wrong_keys | checked[1].wrong_keys
    flat = staging.flat(checked[0].config), prod.flat(checked[1].config)
    for found in differences.compare(*flat, differences.allowances()):
        if not found.reason and not any(touches(found.path, key) for key in wrong):
            yield Fault(
                key=found.path,
                message=f"is {found.left} in staging and {found.right} in prod: {found.complaint} "
                f"(infra/settings/{differences.ALLOWED_DIFFERENCES.name})",
            )


def _moved_since(template: int) -> Mapping[str, str]:
    """Where keys are now that a file of an older template has elsewhere."""
    moved: dict[str, str] = {}
    for number in sorted(MOVED):
        if number > template:
            moved = {old: MOVED[number].get(new, new) for old, new in moved.items()} | dict(MOVED[number])
    return moved
