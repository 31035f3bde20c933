"""The `aws` resource provider: pulumi-aws resource types over `awsmodel`."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path
from typing import Any

from awsmodel.catalogue import HOW_TO_ADD, resource_types
from awsmodel.errors import ModelError
from awsmodel.fault import Fault
from awsmodel.functions import invoke
from awsmodel.lifecycle import Lifecycle, Patience
from awsmodel.resource import ResourceType
from sandbox.providers.access import Access
from sandbox.providers.accounts import Account, Accounts
from sandbox.providers.assets import readable
from sandbox.providers.base import Difference, Failure, Package, Properties, Snapshot, Wish
from sandbox.providers.package_schema import package_schema
from sandbox.providers.values import UNKNOWN, Asset, has_unknown

_CONFIG_KEYS = frozenset(
    {"region", "allowedAccountIds", "forbiddenAccountIds", "defaultTags", "accessKey", "secretKey", "token"}
)
# the engine's own, and switches of the real provider that mean nothing here
_CONFIG_PASSED_OVER = frozenset(
    {
        "version",
        "skipCredentialsValidation",
        "skipMetadataApiCheck",
        "skipRegionValidation",
        "skipRequestingAccountId",
        "maxRetries",
    }
)

# the inputs that got a value here and not in the program; the engine does not show such names
_NAMED_HERE = "__defaults"
# inputs that Check adds, and gets back with what was imported
_ADDED_HERE = frozenset({"tagsAll", _NAMED_HERE})


def package(access: Access, endpoint_url: str, program_folder: Path) -> Package:
    """The package for one environment: its credentials are those that an attached provider acts with.

    `program_folder` is what relative paths of assets are relative to.
    """
    accounts = Accounts(access, endpoint_url)

    def configure(config: Mapping[str, Any]) -> AwsProvider:
        parsed = _parsed(config)
        return AwsProvider(parsed, accounts.of(parsed), program_folder)

    return Package(
        name="aws",
        version=version("pulumi-aws"),
        check_config=_check_config,
        schema=lambda: package_schema("aws", version("pulumi-aws"), resource_types()),
        configure=configure,
    )


def _parsed(config: Mapping[str, Any]) -> dict[str, Any]:
    """Provider configuration arrives as texts; what is no text is JSON in one."""
    return {
        name: json.loads(value) if isinstance(value, str) and value.startswith(("[", "{")) else value
        for name, value in config.items()
    }


def _check_config(config: Mapping[str, Any]) -> list[Failure]:
    allowed = ", ".join(sorted(_CONFIG_KEYS))
    return [
        Failure(
            property=name, reason=f"the sandbox's aws provider does not know {name!r}; it takes {allowed}"
        )
        for name in sorted(config.keys() - _CONFIG_KEYS - _CONFIG_PASSED_OVER)
    ]


class AwsProvider:
    """One configured provider: an account, a region, default tags.

    Raises ModelError when the credentials belong to an account that the configuration does not allow.
    """

    def __init__(self, config: Mapping[str, Any], account: Account, program_folder: Path) -> None:
        _check_account(config, account.clients.scope.account_id)
        self._account = account
        self._default_tags: dict[str, str] = (config.get("defaultTags") or {}).get("tags") or {}
        self._program_folder = program_folder
        self._cancelled = threading.Event()

    def check(
        self, wish: Wish, old: Properties, new: Properties, random_seed: bytes
    ) -> tuple[Properties, list[Failure]]:
        """The inputs with their defaults, name and tags; or what the official provider would refuse."""
        lifecycle = self._account.lifecycle(wish.token)
        failures = _failures(lifecycle, new)
        failures += [_failure(fault) for fault in self._account.validator(wish.token).faults(new)]
        inputs = {**lifecycle.resource.defaults, **new}
        _name(lifecycle.resource, wish, old, inputs, random_seed)
        if lifecycle.resource.tags and not has_unknown(inputs.get("tags")):
            inputs["tagsAll"] = {**self._default_tags, **(inputs.get("tags") or {})}
        elif lifecycle.resource.tags:
            inputs["tagsAll"] = UNKNOWN
        return inputs, failures

    def diff(self, wish: Wish, old: Properties, new: Properties, state: Properties) -> Difference:
        change = self._account.lifecycle(wish.token).change(_plain(old), _plain(new))
        return Difference(
            changed=change.changed,
            replaces=change.replaces,
            # a name that was made here is made anew for the replacement
            delete_before_replace=change.delete_before_replace and not new.get(_NAMED_HERE),
        )

    def preview(self, wish: Wish, inputs: Properties, state: Properties) -> Properties:
        """The state as far as it is known before anything is done."""
        unknown = dict.fromkeys(self._account.lifecycle(wish.token).schema.state, UNKNOWN)
        return {**unknown, **state, **_plain(inputs)}

    def create(self, wish: Wish, inputs: Properties, timeout_seconds: float) -> tuple[str, Properties]:
        lifecycle = self._account.lifecycle(wish.token)
        prepared = self._prepared(inputs)
        physical_id, state = lifecycle.create(prepared, self._patience(timeout_seconds))
        return physical_id, _recorded(state, inputs)

    def read(self, wish: Wish, physical_id: str, inputs: Properties, state: Properties) -> Snapshot | None:
        lifecycle = self._account.lifecycle(wish.token)
        live = lifecycle.read(physical_id, _plain(inputs), state)
        if live is None:
            return None
        return Snapshot(
            physical_id=live.get("id") or physical_id,
            inputs=_drifted(lifecycle, inputs, state, live) if inputs else _imported(lifecycle, live),
            state=_recorded(live, inputs),
        )

    def present(self, wish: Wish) -> frozenset[str]:
        return frozenset(self._account.lifecycle(wish.token).list())

    def find(
        self, wish: Wish, inputs: Properties, present: frozenset[str], taken: frozenset[str]
    ) -> str | None:
        made_here = {_NAMED_HERE, *inputs.get(_NAMED_HERE, ())}
        wanted = {name: value for name, value in self._prepared(inputs).items() if name not in made_here}
        return self._account.lifecycle(wish.token).find(wanted, present, taken)

    def update(
        self,
        wish: Wish,
        physical_id: str,
        old: Properties,
        new: Properties,
        state: Properties,
        timeout_seconds: float,
    ) -> Properties:
        lifecycle = self._account.lifecycle(wish.token)
        prepared = self._prepared(new)
        # an asset that is the same has the same content, which nobody needs to send again
        same_assets = {
            name: prepared[name]
            for name, value in _plain(old).items()
            if _is_same_asset(value, new.get(name))
        }
        live = lifecycle.update(
            physical_id, {**_plain(old), **same_assets}, prepared, state, self._patience(timeout_seconds)
        )
        return _recorded(live, new)

    def delete(self, wish: Wish, physical_id: str, state: Properties, timeout_seconds: float) -> None:
        self._account.lifecycle(wish.token).delete(physical_id, state, self._patience(timeout_seconds))

    def invoke(self, token: str, arguments: Properties) -> Properties:
        return invoke(token, self._account.clients, arguments)

    def cancel(self) -> None:
        self._cancelled.set()

    def _patience(self, timeout_seconds: float) -> Patience:
        return Patience.of(timeout_seconds, self._cancelled)

    def _prepared(self, inputs: Properties) -> Properties:
        """The inputs with the content of their assets in place of the assets."""
        return {
            name: readable(value, self._program_folder) if isinstance(value, Asset) else value
            for name, value in _plain(inputs).items()
        }


def _plain(inputs: Properties) -> Properties:
    """The inputs that are properties of the resource."""
    return {name: value for name, value in inputs.items() if name != _NAMED_HERE}


def _is_same_asset(old: Any, new: Any) -> bool:
    return isinstance(old, Asset) and old == new


def _check_account(config: Mapping[str, Any], account_id: str) -> None:
    allowed = [str(account) for account in config.get("allowedAccountIds") or ()]
    forbidden = [str(account) for account in config.get("forbiddenAccountIds") or ()]
    if (allowed and account_id not in allowed) or account_id in forbidden:
        limit = f"allows {', '.join(allowed)}" if allowed else f"forbids {', '.join(forbidden)}"
        raise ModelError(
            f"the credentials belong to account {account_id}, but the stack {limit} (aws:allowedAccountIds); "
            'choose the environment that belongs to the stack: eval "$(slipway sandbox env ENV)"'
        )


def _failure(fault: Fault) -> Failure:
    """The engine shows the value of the property that a failure names, so a secret's is not named."""
    if fault.is_secret or not fault.given.startswith("is "):
        return Failure(property="", reason=fault.text)
    return Failure(property=fault.path, reason=fault.demand)


def _failures(lifecycle: Lifecycle, new: Properties) -> list[Failure]:
    token = lifecycle.resource.token
    failures = []
    for name in sorted(new.keys() - lifecycle.modelled - _ADDED_HERE):
        if name not in lifecycle.schema.inputs:
            close = get_close_matches(name, lifecycle.schema.inputs, n=1)
            meant = f"; did you mean {close[0]!r}?" if close else ""
            reason = f"{token} has no property {name!r}{meant}"
        else:
            why = lifecycle.resource.not_modelled.get(name)
            reason = f"the model of {token} does not act on {name!r} yet" + (f" ({why})" if why else "")
            reason += f"; {HOW_TO_ADD} shows how to add it"
        failures.append(Failure(property=name, reason=reason))
    for name in sorted(lifecycle.schema.required - new.keys()):
        failures.append(Failure(property=name, reason=f"{token} needs {name!r}, which is missing"))
    return failures


def _name(
    resource: ResourceType, wish: Wish, old: Properties, inputs: Properties, random_seed: bytes
) -> None:
    """Gives a physical name where the program gave none; the one it has stays."""
    auto = resource.auto_name
    if auto is None or auto.property in inputs:
        return
    inputs[_NAMED_HERE] = [auto.property]
    if auto.property in old.get(_NAMED_HERE, ()):
        inputs[auto.property] = old[auto.property]
        return
    distinction = f"-{hashlib.sha256(random_seed or wish.urn.encode()).hexdigest()[:7]}"
    inputs[auto.property] = auto.made(wish.name, distinction, inputs)


def _recorded(state: Properties, inputs: Properties) -> Properties:
    """The state to record: assets as the program gave them."""
    return {**state, **{name: value for name, value in inputs.items() if isinstance(value, Asset)}}


def _drifted(lifecycle: Lifecycle, inputs: Properties, state: Properties, live: Properties) -> Properties:
    """The inputs that would make what is there now: the old ones, but for what somebody changed since."""
    compare = lifecycle.compare
    return {
        name: value
        if compare.same(name, state.get(name), live.get(name)) or compare.covers(name, value, live.get(name))
        else compare.in_the_spelling_of(name, value, live.get(name))
        for name, value in inputs.items()
    }


def _imported(lifecycle: Lifecycle, live: Properties) -> Properties:
    """The inputs that would make an imported resource."""
    return {
        name: value
        for name, value in live.items()
        if name in lifecycle.modelled - {"region"} and value not in (None, "", [], {})
    } | ({"tagsAll": live["tagsAll"]} if "tagsAll" in live else {})
